"""What is counted of matters is kept as sums, and what each block of matters adds to them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0022_outside")]

    operations = [
        migrations.CreateModel(
            name="KeptUpTo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("upto", models.PositiveBigIntegerField(default=0)),
                ("seen", models.PositiveBigIntegerField(default=0)),
                ("horizon", models.PositiveBigIntegerField(default=0)),
                ("matters", models.PositiveBigIntegerField(default=0)),
                ("whole", models.BooleanField(default=False)),
                ("tallies", models.CharField(max_length=64)),
                ("made", models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="KeptBlock",
            fields=[
                ("id", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("packed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="KeptSum",
            fields=[
                ("place", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("tally", models.CharField(max_length=120)),
                ("jurisdiction", models.PositiveBigIntegerField()),
                ("readership", models.PositiveBigIntegerField()),
                ("year", models.PositiveSmallIntegerField()),
                ("key", models.TextField()),
                ("figures", models.JSONField()),
            ],
            options={
                "indexes": [models.Index(fields=["tally", "year", "readership"], name="kept_sum_read")],
            },
        ),
        migrations.CreateModel(
            name="Readership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReadershipHolder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holder", models.CharField(max_length=64)),
                (
                    "readership",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holders",
                        to="kernel.readership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("holder", "readership"), name="one_holder_a_readership")
                ],
            },
        ),
    ]
