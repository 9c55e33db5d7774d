"""The account's epoch that a token was issued in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial"), ("kernel", "0011_account_epoch")]

    operations = [
        migrations.AddField("token", "epoch", models.PositiveIntegerField(default=0)),
    ]
