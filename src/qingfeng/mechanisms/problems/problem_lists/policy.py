"""What own problem lists read from the regime besides the kinds of problem."""

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import Count, parameter

REMIND_BEFORE = parameter(
    "problem_lists.remind_before",
    _("Days of reminder"),
    Count("days", 0, 366),
    _("How many days before the day in its timetable the unit is reminded of a problem of its own."),
)
