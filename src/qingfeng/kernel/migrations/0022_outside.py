"""Parties outside the staff: villages, households, firms, delegates, supervisors, experts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0021_weeks"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutsideParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="to")),
                ("salt", models.CharField(blank=True, editable=False, max_length=32)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("village", "village"),
                            ("household", "household"),
                            ("firm", "firm"),
                            ("delegate", "delegate"),
                            ("supervisor", "social supervisor"),
                            ("expert", "expert"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="contact")),
                ("erased_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outside_parties",
                        to="kernel.jurisdiction",
                    ),
                ),
                (
                    "kept_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outside_parties",
                        to="kernel.unit",
                        verbose_name="unit that keeps it",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outside_party",
                        to="kernel.person",
                        verbose_name="who signs in",
                    ),
                ),
            ],
            options={
                "verbose_name": "party outside the staff",
                "verbose_name_plural": "parties outside the staff",
            },
        ),
    ]
