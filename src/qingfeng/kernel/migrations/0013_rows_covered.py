"""Entries speak of more classes of rows; personal values are salted; upgrades restate rows."""

import secrets

import django.db.models.deletion
from django.db import migrations, models


def salted(model, personal):
    """Give each row that has a personal value a salt of its own."""
    rows = []
    for row in model.objects.iterator(2000):
        if any(getattr(row, name) for name in personal):
            row.salt = secrets.token_hex(16)
            rows.append(row)
        if len(rows) == 2000:
            model.objects.bulk_update(rows, ["salt"])
            rows.clear()
    model.objects.bulk_update(rows, ["salt"])


def salt(apps, schema_editor):
    salted(apps.get_model("kernel", "Person"), ("name",))
    salted(apps.get_model("kernel", "Account"), ("username", "email"))


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0012_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="salt",
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name="person",
            name="salt",
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
        migrations.RunPython(salt, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="fieldlist",
            name="mechanism",
            field=models.CharField(max_length=100),
        ),
        migrations.CreateModel(
            name="Restatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("of", models.CharField(max_length=100)),
                ("row", models.CharField(max_length=36)),
                ("schema", models.CharField(max_length=16)),
                ("digest", models.CharField(max_length=64)),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restatements",
                        to="kernel.entry",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["of", "row"], name="restated_rows")],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "position"), name="one_restatement_a_place")
                ],
            },
        ),
    ]
