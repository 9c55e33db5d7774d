"""Homes visited, and an opinion asked of an expert."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0022_outside"),
        ("toys", "0002_bills"),
    ]

    operations = [
        migrations.CreateModel(
            name="HomeVisits",
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "入户走访",
                "verbose_name_plural": "入户走访",
            },
            bases=("kernel.matter",),
        ),
        migrations.CreateModel(
            name="Home",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="to")),
                ("number", models.PositiveIntegerField()),
                ("need", models.CharField(max_length=200, verbose_name="需求")),
                ("met_by", models.CharField(blank=True, max_length=200, verbose_name="如何解决")),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.outsideparty",
                        verbose_name="农户",
                    ),
                ),
                (
                    "visits",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="toys.homevisits"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Review",
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
                ("opinion", models.CharField(blank=True, max_length=500, verbose_name="意见")),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.outsideparty",
                        verbose_name="评审人",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.outsideparty",
                        verbose_name="会审人",
                    ),
                ),
            ],
            options={
                "verbose_name": "专家评审",
                "verbose_name_plural": "专家评审",
            },
            bases=("kernel.matter",),
        ),
    ]
