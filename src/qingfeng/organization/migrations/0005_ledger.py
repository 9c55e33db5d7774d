import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0012_history"),
        ("organization", "0004_departures_and_role_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoryGap",
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
                ("after_number", models.PositiveIntegerField(verbose_name="last checkpoint that is there")),
                ("after_head", models.CharField(blank=True, max_length=64, verbose_name="its head")),
                ("upto_number", models.PositiveIntegerField(verbose_name="last checkpoint that was signed")),
                ("upto_head", models.CharField(max_length=64, verbose_name="its head")),
                ("lost", models.CharField(max_length=200, verbose_name="what is lost")),
                ("why", models.CharField(max_length=200, verbose_name="why")),
            ],
            options={
                "verbose_name": "gap in the ledger",
                "verbose_name_plural": "gaps in the ledger",
            },
            bases=("kernel.matter",),
        ),
        migrations.CreateModel(
            name="KeyChange",
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
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("key", models.CharField(blank=True, max_length=16, verbose_name="signing key")),
            ],
            options={
                "verbose_name": "change of the signing key",
                "verbose_name_plural": "changes of the signing key",
            },
            bases=("kernel.matter",),
        ),
    ]
