"""Leave as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeaveConfig(AppConfig):
    """Leave asked for, taken and cancelled."""

    name = "qingfeng.mechanisms.restraint.leave"
    label = "leave"
    verbose_name = _("Leave of absence")
