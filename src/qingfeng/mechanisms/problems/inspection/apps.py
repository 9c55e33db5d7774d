"""Inspection as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionConfig(AppConfig):
    """Plans, rounds and visits of inspection, and campaigns."""

    name = "qingfeng.mechanisms.problems.inspection"
    label = "inspection"
    verbose_name = _("Inspection")
