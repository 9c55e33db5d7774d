"""Upgrades are entered; the personal values of cadre records are salted."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models


def salt(apps, schema_editor):
    import_module("qingfeng.kernel.migrations.0013_rows_covered").salted(
        apps.get_model("organization", "CadreRecord"), ("rank", "service_since")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0013_rows_covered"),
        ("organization", "0005_ledger"),
    ]

    operations = [
        migrations.CreateModel(
            name="Upgrade",
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
                ("lists", models.JSONField(default=list, editable=False)),
                ("left", models.JSONField(default=dict, editable=False)),
                ("after", models.CharField(blank=True, editable=False, max_length=36)),
                (
                    "restated",
                    models.PositiveBigIntegerField(default=0, editable=False, verbose_name="rows restated"),
                ),
                (
                    "unheld",
                    models.PositiveBigIntegerField(
                        default=0, editable=False, verbose_name="rows left as faults"
                    ),
                ),
            ],
            options={
                "verbose_name": "upgrade",
                "verbose_name_plural": "upgrades",
            },
            bases=("kernel.matter",),
        ),
        migrations.AddField(
            model_name="cadrerecord",
            name="salt",
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
        migrations.RunPython(salt, migrations.RunPython.noop),
    ]
