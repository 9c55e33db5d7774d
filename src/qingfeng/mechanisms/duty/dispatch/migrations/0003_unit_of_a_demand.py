import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The unit of a task comes from the shape; no column changes."""

    dependencies = [
        ("dispatch", "0002_monthly_check"),
    ]

    operations = [
        migrations.AlterField(
            model_name="task",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="kernel.unit",
                verbose_name="responsible unit",
            ),
        ),
    ]
