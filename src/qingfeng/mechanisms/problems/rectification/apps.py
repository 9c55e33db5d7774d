"""Rectification as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RectificationConfig(AppConfig):
    """Problems put right on one sheet each."""

    name = "qingfeng.mechanisms.problems.rectification"
    label = "rectification"
    verbose_name = _("Rectification")
