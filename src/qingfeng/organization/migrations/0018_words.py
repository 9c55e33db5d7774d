import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0010_sealed_by_key"), ("organization", "0007_regimes_end")]

    operations = [
        migrations.AlterField(
            model_name="appointment",
            name="holding",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.roleholding",
                verbose_name="role holding",
            ),
        ),
    ]
