"""Leave as the tests ask for it: on and around Tuesday, 10 March 2026."""

from datetime import datetime, timedelta
from typing import Any

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.refusals import Invalid, Refusal
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.mechanisms.restraint.leave.models import Leave
from tests import cast
from tests.cast import NOW, do

WEDNESDAY, THURSDAY, FRIDAY = "2026-03-11", "2026-03-12", "2026-03-13"
DAY = timedelta(days=1)


def at(said: str) -> datetime:
    """A moment in Shanghai, written 2026-03-10 09:00."""
    return datetime.fromisoformat(said).replace(tzinfo=ZONE)


def asked(**other: Any) -> dict[str, Any]:
    """Two working days of personal leave, Wednesday and Thursday."""
    return {
        "kind": "personal",
        "first_day": WEDNESDAY,
        "last_day": THURSDAY,
        "reason": "家中有事。",
        **other,
    }


def told(who: str = "cadre", **other: Any) -> dict[str, Any]:
    """An emergency told by phone, today."""
    today = "2026-03-10"
    return {
        "person": cast.person(who).pk,
        "channel": "phone",
        "urgent": True,
        "kind": "personal",
        "first_day": today,
        "last_day": WEDNESDAY,
        "reason": "家人急病。",
        **other,
    }


def request(who: str = "cadre", moment: datetime = NOW, **other: Any) -> Matter:
    return do("leave.request", who, at=moment, **asked(**other)).matter


def approved(who: str = "cadre", moment: datetime = NOW, **other: Any) -> Matter:
    return do("leave.decide", "head_housing", request(who, moment, **other), at=moment, agrees=True).matter


def answered(leave: Matter, who: str, moment: datetime = NOW, agrees: bool = True) -> Matter:
    """Whoever was asked to stand in has said whether they do."""
    return do("leave.answer", who, leave, at=moment, agrees=agrees).matter


def away(who: str = "cadre", **other: Any) -> Matter:
    """Approved on Tuesday and begun on Wednesday morning."""
    return clock("begin", approved(who, **other), "2026-03-11 08:30")


def over(who: str = "cadre", **other: Any) -> Matter:
    """Over with Thursday, not cancelled."""
    return clock("end", away(who, **other), "2026-03-13 00:00")


def phoned(moment: str = "2026-03-10 10:00", recorder: str = "clerk_housing", **other: Any) -> Matter:
    return do("leave.record", recorder, at=at(moment), **told(**other)).matter


def clock(act: str, leave: Matter, moment: str) -> Matter:
    return do(f"leave.{act}", cast.the_system("clock"), leave, at=at(moment)).matter


def fresh(leave: Matter) -> Leave:
    return Leave.objects.get(pk=leave.pk)


def in_service(who: str, since: str, rank: str = "clerk") -> None:
    """Have the cadre register say since when somebody serves."""
    person = cast.person(who)
    row = {
        "person": person.pk,
        "unit": person.holdings.get().unit_id,
        "rank": rank,
        "service_since": since,
        "since": "2026-01-05",
    }
    listed = do("cadres.propose", "department_a", basis="干部名册", rows=[row]).matter
    do("cadres.confirm", "department_b", listed)


def words(refusal: BaseException) -> str:
    """All that a refusal says: reason, clause and remedy, or the sentences at the fields."""
    if isinstance(refusal, Invalid):
        return " ".join(str(sentence) for sentences in refusal.fields.values() for sentence in sentences)
    assert isinstance(refusal, Refusal)
    return f"{refusal.reason} {refusal.clause} {refusal.remedy}"
