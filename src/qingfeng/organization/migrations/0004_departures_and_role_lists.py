"""Departures, and lists of roles for people who are there already."""

import django.db.models.deletion
from django.db import migrations, models


def matter(name: str, plural: str, *fields: tuple[str, models.Field]) -> dict[str, object]:
    pointer = models.OneToOneField(
        auto_created=True,
        on_delete=django.db.models.deletion.CASCADE,
        parent_link=True,
        primary_key=True,
        serialize=False,
        to="kernel.matter",
    )
    return {
        "fields": [("matter_ptr", pointer), *fields],
        "options": {"verbose_name": name, "verbose_name_plural": plural},
        "bases": ("kernel.matter",),
    }


def person(name: str, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="kernel.person",
        verbose_name=name,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0011_account_epoch"),
        ("organization", "0003_county"),
    ]

    operations = [
        migrations.CreateModel(
            "Departure",
            **matter(
                "departure",
                "departures",
                ("last_day", models.DateField(verbose_name="last day")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("person", person("person")),
                ("successor", person("who takes over", null=True)),
            ),
        ),
        migrations.CreateModel(
            "RoleList",
            **matter(
                "list of roles",
                "lists of roles",
                ("basis", models.CharField(max_length=200, verbose_name="document the list rests on")),
                ("since", models.DateField(verbose_name="From")),
                ("size", models.PositiveIntegerField(default=0, verbose_name="number of rows")),
            ),
        ),
        migrations.AlterField(
            "accounthelp",
            "wanted",
            models.CharField(
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
    ]
