"""The console as a Django app."""

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    """The staff's pages."""

    name = "qingfeng.faces.console"
    label = "console"
    verbose_name = _("Console")

    def ready(self) -> None:
        from qingfeng.faces.console import checks as own

        checks.register(own.codes)
