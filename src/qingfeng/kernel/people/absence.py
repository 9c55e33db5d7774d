"""Absence 不在岗: whether anybody is there of those an act waits on.

The kernel knows roles and who stands in; who is away, a mechanism knows. It says so by ``@knows_away``, and says no
more than every colleague may know: never why, nor how long.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date

from qingfeng.kernel.people.models import Person
from qingfeng.kernel.people.roles import behind, lent_on

Knows = Callable[[Collection[int], date], Collection[int]]
"""Which of some persons are away on a day, by their ids."""

_KNOWN: list[Knows] = []


def knows_away(knows: Knows) -> Knows:
    """Have a mechanism say who is away."""
    _KNOWN.append(knows)
    return knows


def unattended(holders: Iterable[str], on: date) -> dict[str, list[str]]:
    """Those holders of a role behind whom everybody is away and nobody stands in, each with the names of who is.

    A person's own key is left out: what only they can do, waits for them.
    """
    found: dict[str, list[str]] = {}
    for holder in dict.fromkeys(holders):
        persons = set(behind(holder, on).values_list("person_id", flat=True))
        if not persons:
            continue
        stand_ins = lent_on(on).filter(holding__in=behind(holder, on).values("pk"))
        there = persons | set(stand_ins.values_list("delegate_id", flat=True))
        if there <= {person for knows in _KNOWN for person in knows(there, on)}:
            found[holder] = [str(person) for person in Person.objects.filter(pk__in=persons).order_by("pk")]
    return found
