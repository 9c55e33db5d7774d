import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "matter_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="kernel.matter",
                    ),
                ),
                ("period", models.CharField(max_length=20, verbose_name="期间")),
            ],
            options={
                "verbose_name": "调度会",
                "verbose_name_plural": "调度会",
            },
            bases=("kernel.matter",),
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                (
                    "matter_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="kernel.matter",
                    ),
                ),
                ("wording", models.TextField(blank=True, verbose_name="行文")),
                ("reason", models.CharField(blank=True, max_length=100, verbose_name="事由")),
            ],
            options={
                "verbose_name": "演练单",
                "verbose_name_plural": "演练单",
            },
            bases=("kernel.matter",),
        ),
    ]
