"""The toys as a Django app."""

from django.apps import AppConfig


class ToysDutyConfig(AppConfig):
    """Sheets and meetings."""

    name = "tests.toys.duty"
    label = "toys_duty"
    verbose_name = "演练"
