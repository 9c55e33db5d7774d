"""Whatever acts meet: nobody has half a day twice, and a balance is the sum of its entries."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.record.books import Book, BookEntry
from qingfeng.kernel.refusals import Barred, Conflict, Invalid, NotFound
from qingfeng.mechanisms.restraint.leave.models import HalfDay, Leave
from tests import cast
from tests.cast import do
from tests.leaves import at, in_service

BEGIN = date(2026, 3, 9)
SETTLED = {"cancelled", "refused", "withdrawn", "lapsed"}

part = st.sampled_from(["am", "pm"])
day = st.integers(0, 13)
asking = st.tuples(
    st.just("request"), st.sampled_from(["annual", "personal", "sick"]), day, part, st.integers(0, 4), part
)
moving = st.tuples(
    st.sampled_from(
        [
            ("cadre", "withdraw"),
            ("cadre", "give_up"),
            ("cadre", "extend"),
            ("cadre", "return_early"),
            ("cadre", "cancel"),
            ("head_housing", "decide"),
            ("head_housing", "decide_more"),
            ("leader", "decide"),
            ("clock", "lapse"),
            ("clock", "begin"),
            ("clock", "end"),
        ]
    ),
    st.integers(0, 5),
    st.booleans(),
    day,
    part,
)


keeping = st.tuples(st.sampled_from(["enter_holidays", "withhold", "restore"]))


def asked(step: tuple[Any, ...]) -> dict[str, Any]:
    _request, kind, first, first_half, length, last_half = step
    return {
        "kind": kind,
        "first_day": str(BEGIN + timedelta(days=first)),
        "first_half": first_half,
        "last_day": str(BEGIN + timedelta(days=first + length)),
        "last_half": last_half,
        "reason": "有事。",
    }


def input_of(act: str, agrees: bool, number: int, half: str) -> dict[str, Any]:
    if act in ("decide", "decide_more"):
        return {"agrees": agrees, "proof_seen": True}
    if act == "extend":
        return {"more_day": str(BEGIN + timedelta(days=number)), "more_half": half, "reason": "未办完。"}
    return {}


def kept(act: str) -> dict[str, Any]:
    """School holidays entered, leave that is not due withheld, what was withheld restored."""
    cadre = cast.person("cadre").pk
    more: dict[str, dict[str, Any]] = {
        "enter_holidays": {"basis": "名册", "rows": [{"person": cadre, "days": 60}]},
        "restore": {"person": cadre, "why": "登记有误。"},
    }
    return {"year": 2026, **more.get(act, {})}


def held() -> Counter[tuple[int, date, int]]:
    return Counter(HalfDay.objects.filter(released=False).values_list("person", "day", "half"))


def faults() -> list[str]:
    """What must never be, in words."""
    found = [f"{half} twice" for half, times in held().items() if times > 1]
    found += [
        f"leave {row.leave_id} keeps half days and came to nothing"
        for row in HalfDay.objects.filter(released=False, leave__state__in=SETTLED - {"cancelled"})
    ]
    for leave in Leave.objects.all():
        counted = HalfDay.objects.filter(leave=leave, released=False, counted=True).count()
        if leave.state not in SETTLED and counted != leave.length:
            found.append(f"{leave.state}: {leave.length} half days said, {counted} held")
    for book in Book.objects.all():
        own = HalfDay.objects.filter(
            leave__group="annual", released=False, counted=True, day__year=int(book.period)
        )
        if book.used != own.count() or book.used > book.credited:
            found.append(f"{book.period}: {book.used} of {book.credited} used, {own.count()} half days held")
        sums = BookEntry.objects.filter(book=book).values_list("operation").annotate(Sum("amount"))
        entered = dict(sums.order_by())
        if book.credited != entered.get("credit", 0) - entered.get("debit", 0):
            found.append(f"{book.period}: not the sum of its entries")
    return found + [str(fault) for fault in verify()]


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.one_of(asking, moving, keeping), min_size=4, max_size=16))
def test_no_half_day_twice_and_balances_are_sums_whatever_is_done(steps: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        in_service("cadre", "2016-03-12")
        made: list[Matter] = []
        for number, step in enumerate(steps):
            moment = at("2026-03-10 07:00") + timedelta(hours=7 * number)
            try:
                if step[0] == "request":
                    made.append(do("leave.request", "cadre", at=moment, **asked(step)).matter)
                elif len(step) == 1:
                    do(f"leave_balances.{step[0]}", "department_a", at=moment, **kept(step[0]))
                elif made:
                    (who, act), which, agrees, on, half = step
                    acting = cast.the_system("clock") if who == "clock" else who
                    leave = made[which % len(made)]
                    do(f"leave.{act}", acting, leave, at=moment, **input_of(act, agrees, on, half))
            except (Barred, Conflict, Invalid, NotFound):
                continue
        assert faults() == []
        transaction.set_rollback(True)
