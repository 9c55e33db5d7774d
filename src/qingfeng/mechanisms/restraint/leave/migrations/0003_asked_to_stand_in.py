"""Who is asked to stand in, and has not said yet."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0017_drafts"), ("leave", "0002_absences")]

    operations = [
        migrations.AddField(
            model_name="leave",
            name="asked_to_stand_in",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.person",
                verbose_name="who is asked to stand in",
            ),
        ),
    ]
