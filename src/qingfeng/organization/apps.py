"""Organization as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationConfig(AppConfig):
    """The acts upon parties and upon the regime."""

    name = "qingfeng.organization"
    label = "organization"
    verbose_name = _("Organization")
