"""The REST interface as a Django app: it keeps tokens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Operations from declarations, and the tokens that open them."""

    name = "qingfeng.faces.api"
    label = "api"
    verbose_name = _("REST interface")
