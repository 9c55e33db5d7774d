"""Whether annual leave of a year is due 不享受年休假的情形 (职工带薪年休假条例 art. 4).

Reckoned from the sealed kinds of what was taken. The answer never says by which of the article's cases: that would tell
of someone's health (个人信息保护法 art. 28).
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from enum import Enum

from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.sealing.keystore import KeyDestroyed
from qingfeng.kernel.sealing.models import SealedValue, opened
from qingfeng.kernel.vocabulary import Person, reads
from qingfeng.mechanisms.restraint.leave import rules
from qingfeng.mechanisms.restraint.leave.declarations import BEGUN
from qingfeng.mechanisms.restraint.leave.policy import ANNUAL_DAYS, LOSSES, MONTH, PERSONAL_PAID
from qingfeng.mechanisms.restraint.leave.registers import HalfDay, SchoolHolidays, Withheld


class LeaveEntitlement(Enum):
    """Whether annual leave of a year is due; ``NOT_BY_LEAVE`` costs the next year's where it was taken before."""

    DUE = "due"
    NOT_BY_HOLIDAYS = "not by holidays"
    NOT_BY_LEAVE = "not by leave"


@reads(LOSSES, MONTH, PERSONAL_PAID, ANNUAL_DAYS)
def due(policy: Policy, today: date, person: Person, year: int, years: int) -> LeaveEntitlement:
    """Whether a person of so many years of service has annual leave of a year, by what was taken until today."""
    if Withheld.objects.filter(person=person, found_in=year, lifted=True).exists():
        return LeaveEntitlement.DUE
    taken = _taken(policy, today, person, year)
    if rules.loses(policy.value(LOSSES), years, policy.value(MONTH), taken):
        return LeaveEntitlement.NOT_BY_LEAVE
    holidays = SchoolHolidays.objects.filter(person=person, year=year).first()
    if holidays and 2 * holidays.days > rules.entitled(policy.value(ANNUAL_DAYS), years):
        return LeaveEntitlement.NOT_BY_HOLIDAYS
    return LeaveEntitlement.DUE


def _taken(policy: Policy, today: date, person: Person, year: int) -> Counter[str]:
    """Half days begun of each kind; of personal leave none where pay is cut for it, nor of what was erased."""
    begun = HalfDay.objects.filter(
        person=person, day__year=year, day__lte=today, released=False, counted=True, leave__state__in=BEGUN
    ).exclude(leave__group="annual")
    if not policy.value(PERSONAL_PAID):
        begun = begun.exclude(leave__group="personal")
    halves = Counter(begun.values_list("leave_id", flat=True))
    found: Counter[str] = Counter()
    sealed = SealedValue.objects.filter(entry__matter__in=halves, name="kind").order_by("id")
    for value in {
        value.entry.matter_id: value for value in reversed(sealed.select_related("entry"))
    }.values():
        try:
            found[opened(value)] += halves[value.entry.matter_id]
        except KeyDestroyed:
            continue
    return found
