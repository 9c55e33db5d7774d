"""Meetings and papers as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Meetings, papers and celebrations under the caps in force."""

    name = "qingfeng.mechanisms.restraint.meetings"
    label = "meetings"
    verbose_name = _("Meetings and papers")
