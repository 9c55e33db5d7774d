"""Meetings, papers and celebrations brought to a state by the people of the cast."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qingfeng.kernel.record.books import Book
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.mechanisms.restraint.meetings.meeting import Meeting
from tests import cast
from tests.cast import NOW, do

SOON = "2026-04-15 09:00"
"""A Wednesday, the 15th, after NOW."""
ON_THE_DAY = datetime(2026, 4, 15, 9, tzinfo=ZONE)


def wanted(**changed: Any) -> dict[str, Any]:
    """A department's meeting at all its limits: 100 people, half a day, on the 15th."""
    speaker = {"unit": cast.unit("housing").pk, "post": "局长", "topic": "工作安排", "minutes": 8}
    return {
        "title": "全区住房保障工作会议",
        "kind": "department",
        "fee_class": "fourth",
        "starts": SOON,
        "minutes": 240,
        "people": 100,
        "budget": 0,
        "place": "区会议中心",
        "agenda": [speaker, {**speaker, "post": "区委书记", "main": True, "minutes": 60}],
        **changed,
    }


def convener(raw: Mapping[str, Any]) -> str:
    """A clerk of a unit that may convene such a meeting: district meetings are the information centre's."""
    return "clerk_housing" if raw["kind"] in ("department", "discussion") else "finance_clerk"


def asked(who: str = "", at: datetime = NOW, **changed: Any) -> Meeting:
    raw = wanted(**changed)
    return meeting(do("meetings.ask", who or convener(raw), at=at, **raw).matter)


def approved(who: str = "", at: datetime = NOW, **changed: Any) -> Meeting:
    return meeting(do("meetings.approve", "office_a", asked(who, at, **changed), at).matter)


def in_session(**changed: Any) -> Meeting:
    return meeting(do("meetings.begin", "clerk_housing", approved(**changed), ON_THE_DAY).matter)


def meeting(matter: Any) -> Meeting:
    assert isinstance(matter, Meeting)
    return matter


def facts(*names: str) -> dict[str, int]:
    """The sums of the facts left by the acts of a test, by name."""
    found: dict[str, int] = dict.fromkeys(names, 0)
    for name, quantity in Fact.objects.filter(name__in=names).values_list("name", "quantity"):
        found[name] += quantity
    return found


def used(year: str = "2026") -> int:
    return sum(book.used for book in Book.objects.filter(kind="meetings.department", period=year))


def put_in_force(text: str) -> None:
    """Have the county's office put a regime into force."""
    proposed = do("regime.propose", "office_a", text=text)
    do("regime.activate", "office_b", proposed.matter)


def statutory() -> str:
    """The national rules that are shipped."""
    return cast.statutory("meetings")
