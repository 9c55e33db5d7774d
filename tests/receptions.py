"""A reception, a budget and a return of expenses, brought to a state by the people of the cast."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.attachments.intake import FILES
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.record.books import Book
from qingfeng.mechanisms.restraint.reception.models import ExpenseBudget, ExpenseReturn, Reception
from tests import cast
from tests.cast import FOUNDED, NOW, do

YUAN = 100
DAY_OF_VISIT = date(2026, 3, 12)
"""Thursday."""
VISIT = datetime(2026, 3, 12, 6, 0, tzinfo=NOW.tzinfo)
AT_TABLE = [
    {"side": "guest", "name": "来宾甲", "organ": "云川市住建局", "post": "处长"},
    {"side": "guest", "name": "来宾乙", "organ": "云川市住建局", "post": "干部"},
    {"side": "companion", "name": "己一", "organ": "住建局", "post": "局长"},
]


def file(who: str | Actor = "clerk_housing", name: str = "公函.pdf") -> str:
    """A file somebody handed in and has not used yet."""
    acting = cast.actor(who) if isinstance(who, str) else who
    content = name.encode()
    held = Attachment.objects.create(
        jurisdiction=cast.jurisdiction(),
        account_id=acting.account_id,
        name=name,
        media_type="application/pdf",
        size=len(content),
        digest=FILES.put([content], NOW),
        received_at=NOW,
    )
    assert isinstance(held.pk, UUID)
    return str(held.pk)


def budget(
    headcount: int = 100,
    reception: int = 100_000 * YUAN,
    since: str = "2026-01-01",
    unit: str = "housing",
    **more: int,
) -> ExpenseBudget:
    """The year's budget of a unit, in force: finance enters it, a leader puts it in force."""
    row = {"unit": cast.unit(unit).pk, "headcount": headcount, "reception": reception}
    entered = do(
        "expense_budget.enter",
        "finance",
        at=FOUNDED,
        since=since,
        basis="清人发〔2026〕1号",
        rows=[row | {"vehicles": 0, "overseas": 0} | more],
    )
    matter = do("expense_budget.put_in_force", "leader", entered.matter, at=FOUNDED).matter
    assert isinstance(matter, ExpenseBudget)
    return matter


def wanted(who: str | Actor = "clerk_housing", **other: Any) -> dict[str, Any]:
    """What a reception is asked for with: two guests, one companion, one meal, 300 yuan."""
    asked = {
        "letter_organ": "云川市住建局",
        "has_letter": True,
        "letter_number": "云建函〔2026〕15号",
        "letter_date": "2026-03-09",
        "purpose": "调研老旧小区改造。",
        "day": DAY_OF_VISIT.isoformat(),
        "place": "机关食堂",
        "guests": 2,
        "companions": 1,
        "meals": 1,
        "estimate": 300 * YUAN,
    } | other
    return asked if "letter" in asked else asked | {"letter": [file(who)]}


def numbered(number: int) -> str:
    """The number of another letter of the same organ."""
    return f"云建函〔2026〕{number}号"


STATES = ("asked", "approved", "held", "submitted", "settled")


def reception(state: str = "asked", **other: Any) -> Reception:
    """A reception of housing in a state; the year's budget has to stand."""
    matter = do("reception.ask", "clerk_housing", **wanted(**other)).matter
    steps: list[tuple[str, str, datetime, dict[str, Any]]] = [
        ("approve", "leader", NOW, {}),
        ("hand_in_list", "clerk_housing", VISIT, {"at_table": AT_TABLE}),
        ("settle", "clerk_housing", VISIT + timedelta(hours=20), {"cost": 260 * YUAN}),
        ("close", "finance", VISIT + timedelta(hours=22), {}),
    ]
    for name, who, at, raw in steps[: STATES.index(state)]:
        if name == "settle":
            raw = raw | {"invoice": [file(name="发票.pdf")]}
        matter = do(f"reception.{name}", who, matter, at, **raw).matter
    assert isinstance(matter, Reception)
    return matter


def books(unit: str = "housing", year: int = 2026) -> dict[str, tuple[int, int, int]]:
    """What each of the unit's two books says in fen: credited, reserved, committed."""
    owner = f"unit:{cast.unit(unit).pk}"
    return {
        book.kind: (book.credited, book.reserved, book.committed)
        for book in Book.objects.filter(
            owner=owner, period=str(year), kind__in=("reception.limit", "reception.budget")
        )
    }


def expenses(
    year: int, period: str = "year", publish: bool = True, **spent: tuple[int, int, int]
) -> ExpenseReturn:
    """A return by finance: of each unit what it spent on the three lines, in yuan; published by a leader."""
    rows = [
        {"unit": cast.unit(code).pk, "reception": r * YUAN, "vehicles": v * YUAN, "overseas": o * YUAN}
        for code, (r, v, o) in spent.items()
    ]
    matter = do("expenses.enter", "finance", year=year, period=period, rows=rows).matter
    if publish:
        matter = do("expenses.publish", "leader", matter).matter
    assert isinstance(matter, ExpenseReturn)
    return matter
