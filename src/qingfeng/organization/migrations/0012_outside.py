"""Lists, accounts and erasure of parties outside the staff."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0022_outside"),
        ("organization", "0011_code_characters"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutsideAccount",
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
                (
                    "wanted",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unlock", "unlock it"),
                            ("password", "take the password away, to be set anew"),
                            ("sign_ins", "end its sign-ins and tokens"),
                            ("second_factor", "take the second factor away, to be set up anew"),
                            ("close", "close it"),
                            ("open", "open it again"),
                        ],
                        max_length=20,
                        verbose_name="what is to be done",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.outsideparty",
                        verbose_name="party outside the staff",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.unit",
                        verbose_name="unit that keeps it",
                    ),
                ),
            ],
            options={
                "verbose_name": "account of a party outside the staff",
                "verbose_name_plural": "accounts of parties outside the staff",
            },
            bases=("kernel.matter",),
        ),
        migrations.CreateModel(
            name="OutsideErasure",
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
                ("basis", models.CharField(max_length=200, verbose_name="legal basis")),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.outsideparty",
                        verbose_name="party outside the staff",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.unit",
                        verbose_name="unit that keeps it",
                    ),
                ),
            ],
            options={
                "verbose_name": "erasure of a party outside the staff",
                "verbose_name_plural": "erasures of parties outside the staff",
            },
            bases=("kernel.matter",),
        ),
        migrations.CreateModel(
            name="OutsideList",
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
                ("basis", models.CharField(max_length=200, verbose_name="document the list rests on")),
                ("size", models.PositiveIntegerField(default=0, verbose_name="number of rows")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.unit",
                        verbose_name="unit that keeps them",
                    ),
                ),
            ],
            options={
                "verbose_name": "list of parties outside the staff",
                "verbose_name_plural": "lists of parties outside the staff",
            },
            bases=("kernel.matter",),
        ),
    ]
