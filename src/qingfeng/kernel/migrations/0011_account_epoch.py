"""What ends the sign-ins and tokens of an account for good."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0010_sealed_by_key")]

    operations = [
        migrations.AddField("account", "epoch", models.PositiveIntegerField(default=0, editable=False)),
    ]
