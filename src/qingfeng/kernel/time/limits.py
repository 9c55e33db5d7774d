"""Time limits as they are told 时限: each by its name and its last day, not by the midnight behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import formats, timezone

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import clocks_of, mechanisms
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.clocks import Running

MOMENT = timedelta(microseconds=1)


class Limit(NamedTuple):
    """When something is due, what it is, and whether whoever does it later is late (a day appointed binds nobody)."""

    due: datetime
    label: Words = ""
    binds: bool = True

    def __str__(self) -> str:
        return f"{self.label} {self.told}".strip()

    @property
    def told(self) -> str:
        """Its end, without its name."""
        return told(self.due)


def told(due: datetime, pattern: str = "Y-m-d", with_time: bool = True) -> str:
    """The end of a time limit in the country's time. What ends at midnight ends with the day before, at 24:00."""
    local = timezone.localtime(due)
    # 00:00 would be read as a day more than there is: people and papers say 24:00 of the day before.
    midnight = (local.hour, local.minute) == (0, 0)
    day = formats.date_format(local - MOMENT if midnight else local, pattern)
    if not with_time:
        return day
    return f"{day} 24:00" if midnight else f"{day} {formats.date_format(local, 'H:i')}"


def last(due: datetime) -> date:
    """The end of a time limit as a value: its last day where that is midnight, else the moment."""
    local = timezone.localtime(due)
    return (local - MOMENT).date() if (local.hour, local.minute) == (0, 0) else due


def limits(matters: Collection[Matter]) -> Mapping[int, list[Limit]]:
    """The limits that time runs on in some matters, read before, the next one first; by matter id."""
    kinds = {matter.pk: clocks_of(mechanisms()[matter.mechanism]) for matter in matters}
    rows = Running.objects.filter(matter__in=kinds, stopped_at=None, paused_at=None).order_by("due_at", "id")
    found: dict[int, list[Limit]] = defaultdict(list)
    for matter_id, name, due in rows.values_list("matter_id", "name", "due_at") if kinds else ():
        clock = kinds[matter_id].get(name)
        found[matter_id].append(Limit(due, clock.label, clock.binds) if clock else Limit(due))
    return found


def next_limit(found: Collection[Limit]) -> Limit | None:
    """The next of a matter's limits; one that only appoints a day gives way to those that bind."""
    return next(iter([one for one in found if one.binds] or found), None)


def limit_at(found: Collection[Limit], due: datetime | None) -> Limit | None:
    """The one of a matter's limits that ends at a moment; where none does any more, the moment alone."""
    if due is None:
        return None
    return next_limit([one for one in found if one.due == due]) or Limit(due)
