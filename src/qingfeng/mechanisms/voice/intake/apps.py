"""Intake as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """Messages taken in and handed out."""

    name = "qingfeng.mechanisms.voice.intake"
    label = "intake"
    verbose_name = _("Messages taken in")
