"""Who is back from leave and who is not 返岗: the days of approved leave, and the watch over its end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import standing
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.vocabulary import Do, Person
from qingfeng.mechanisms.restraint.leave import rules
from qingfeng.mechanisms.restraint.leave.declarations import GRANTED, NOT_BACK
from qingfeng.mechanisms.restraint.leave.policy import ABSENT_ON_END, Staff
from qingfeng.mechanisms.restraint.leave.registers import HalfDay

if TYPE_CHECKING:
    from qingfeng.mechanisms.restraint.leave.models import Leave


def serving(do: Do, person: Person) -> int:
    """The id of the unit in which somebody serves."""
    held = RoleHolding.objects.filter(standing(do.today), person=person).order_by("id").first()
    if held is None:
        do.refuse(_("This person serves in no unit any more."), remedy=_("There is nothing to note."))
    return held.unit_id


def days_on_leave(person: Person) -> frozenset[date]:
    """The days for which somebody has approved leave, be it for half of them."""
    held = HalfDay.objects.filter(person=person, released=False, leave__state__in=GRANTED)
    rows = held.select_related("leave")
    # More that is asked for and not approved yet is none.
    return frozenset(row.day for row in rows if row.when <= row.leave.last)


def on_leave(person: Person, first: date, last: date) -> HalfDay | None:
    """The first half day, between two days, for which somebody has approved leave; none: there is none."""
    held = HalfDay.objects.filter(person=person, released=False, day__range=(first, last))
    granted = held.filter(leave__state__in=GRANTED).select_related("leave").order_by("day", "half")
    # More that is asked for and not approved yet is none.
    return next((row for row in granted if row.when <= row.leave.last), None)


def watch_return(leave: Leave, do: Do) -> None:
    """Have it noticed when somebody is not back for longer after their leave than the law lets pass."""
    parameter = ABSENT_ON_END[Staff.CIVIL_SERVANT]
    if do.policy.levels(parameter):
        most: int = do.value(parameter)
        do.clocks.start(NOT_BACK, None, rules.day_over(leave.last_day + timedelta(days=most + 1)))
