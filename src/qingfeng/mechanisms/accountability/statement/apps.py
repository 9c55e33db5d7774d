"""Statements as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatementConfig(AppConfig):
    """What units and persons are asked to explain."""

    name = "qingfeng.mechanisms.accountability.statement"
    label = "statement"
    verbose_name = _("Statements")
