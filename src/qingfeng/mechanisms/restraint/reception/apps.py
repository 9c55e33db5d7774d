"""Reception as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReceptionConfig(AppConfig):
    """Receptions and the three public expenses."""

    name = "qingfeng.mechanisms.restraint.reception"
    label = "reception"
    verbose_name = _("Reception and the three public expenses")
