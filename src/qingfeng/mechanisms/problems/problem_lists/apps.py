"""Own problem lists as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProblemListsConfig(AppConfig):
    """Problem lists that units draw up of themselves."""

    name = "qingfeng.mechanisms.problems.problem_lists"
    label = "problem_lists"
    verbose_name = _("Own problem lists")
