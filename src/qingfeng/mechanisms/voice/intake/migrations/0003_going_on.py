from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("intake", "0002_halt")]

    operations: ClassVar = [
        migrations.AddField(
            "sorting", "claim", models.CharField(blank=True, default="", max_length=32), False
        ),
        migrations.AddField("sorting", "claimed_until", models.DateTimeField(null=True)),
        migrations.AddField("sorting", "compared_to", models.BigIntegerField(default=0)),
        migrations.AddField("sorting", "looked_at", models.PositiveIntegerField(default=0)),
        migrations.AddField("sorting", "to_look_at", models.PositiveIntegerField(default=0)),
    ]
