"""Dispatch as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    """Recurring meetings and the tasks they set."""

    name = "qingfeng.mechanisms.duty.dispatch"
    label = "dispatch"
    verbose_name = _("Dispatch and tasks")
