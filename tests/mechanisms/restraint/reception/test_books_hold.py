"""Whatever the order of acts, and however many write at once: no limit is passed, and no two figures disagree."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.record.books import Book, BookEntry
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Refusal
from qingfeng.mechanisms.restraint.reception.models import Reception
from tests import cast
from tests.cast import do
from tests.receptions import AT_TABLE, VISIT, YUAN, books, budget, file, numbered, wanted

LIMIT = 50_000 * YUAN
"""50 on the payroll, at 1,000 yuan each."""

STEPS = {
    "asked": ["approve", "refuse", "withdraw"],
    "approved": ["hand_in_list", "withdraw"],
    "held": ["settle"],
    "submitted": ["close", "send_back"],
}
WHO = {"approve": "leader", "refuse": "leader", "close": "finance", "send_back": "finance"}
REASON = {"reason": "因故。"}

moves = st.lists(
    st.tuples(
        st.sampled_from(["ask", "step", "step", "step", "budget"]),
        st.integers(0, 5),
        st.integers(0, 60_000 * YUAN),
        st.integers(0, 2),
    ),
    min_size=3,
    max_size=12,
)


def raw_of(name: str, amount: int) -> dict[str, Any]:
    if name == "hand_in_list":
        return {"at_table": AT_TABLE}
    if name == "settle":
        return {"cost": amount, "invoice": [file()]}
    return REASON if name in ("refuse", "withdraw", "send_back") else {}


def agree() -> None:
    """The two books, the receptions, the movements and the facts say the same, and no limit is passed."""
    held = books()
    limit, line = held.get("reception.limit", (0, 0, 0)), held["reception.budget"]
    assert limit[1:] == line[1:]
    assert sum(limit) <= LIMIT
    assert sum(line[1:]) <= line[0]
    receptions = Reception.objects.all()
    settled = sum(one.cost or 0 for one in receptions if one.state == "settled")
    waiting = sum(one.reserved for one in receptions if one.state in STEPS)
    assert line[1:] == (waiting, settled)
    spent = Fact.objects.filter(name="reception.spent").values_list("quantity", flat=True)
    assert sum(spent) == settled
    for book in Book.objects.all():
        moved = dict.fromkeys(BookEntry.Operation.values, 0)
        for operation, amount in book.entries.values_list("operation", "amount"):
            moved[operation] += amount
        assert book.credited == moved["credit"] - moved["debit"]
        assert book.reserved == moved["reserve"] - moved["release"] - moved["commit"]
        assert book.committed == moved["commit"]


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(moves=moves)
def test_no_order_of_acts_passes_a_limit_or_makes_two_figures_disagree(
    moves: list[tuple[str, int, int, int]],
) -> None:
    with transaction.atomic():
        budget(50, 40_000 * YUAN)
        asked: list[Matter] = []
        letters = itertools.count(1)
        for kind, place, amount, way in moves:
            try:
                # What is refused takes nothing with it; the savepoint is that of its own request.
                with transaction.atomic():
                    if kind == "budget":
                        budget(50, min(amount, LIMIT))
                    elif kind == "ask" or not asked:
                        number = numbered(next(letters))
                        asked.append(
                            do(
                                "reception.ask",
                                "clerk_housing",
                                **wanted(letter_number=number, estimate=amount),
                            ).matter
                        )
                    else:
                        matter = asked[place % len(asked)]
                        names = STEPS.get(matter.state, ["withdraw"])
                        name = names[way % len(names)]
                        at = (
                            VISIT
                            if name not in ("approve", "refuse", "withdraw")
                            else VISIT - timedelta(days=1)
                        )
                        done = do(
                            f"reception.{name}",
                            WHO.get(name, "clerk_housing"),
                            matter,
                            at,
                            **raw_of(name, amount),
                        )
                        asked[place % len(asked)] = done.matter
            except Refusal:
                pass
            agree()
        assert list(verify()) == []
        transaction.set_rollback(True)


def at_once(count: int, work: Callable[[int], Any]) -> list[bool]:
    """Eight writers, each piece of work done or refused."""

    def one(number: int) -> bool:
        try:
            work(number)
        except Refusal:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as writers:
        return [*writers.map(one, range(count))]


def test_eight_writers_that_ask_at_once_never_pass_the_limit(fresh_database: str) -> None:
    budget(50, LIMIT)
    acting = cast.actor("clerk_housing")
    asked = [wanted(acting, letter_number=numbered(number), estimate=7_000 * YUAN) for number in range(16)]
    granted = at_once(16, lambda number: do("reception.ask", acting, **asked[number]))
    assert sum(granted) == LIMIT // (7_000 * YUAN)
    agree()
    connection.close()


def test_eight_writers_that_settle_refuse_withdraw_and_cut_at_once_leave_figures_that_agree(
    fresh_database: str,
) -> None:
    budget(50, LIMIT)
    clerk, leader, finance = (cast.actor(name) for name in ("clerk_housing", "leader", "finance"))
    matters = [
        do(
            "reception.ask", clerk, **wanted(clerk, letter_number=numbered(number), estimate=5_000 * YUAN)
        ).matter
        for number in range(9)
    ]
    for place, matter in enumerate(matters[:6]):
        matters[place] = do("reception.approve", leader, matter, VISIT - timedelta(days=1)).matter
        matters[place] = do("reception.hand_in_list", clerk, matters[place], VISIT, at_table=AT_TABLE).matter
    for place in range(3):
        paid = do("reception.settle", clerk, matters[place], VISIT, cost=4_000 * YUAN, invoice=[file()])
        matters[place] = paid.matter
    invoices = [file() for _number in range(3)]
    # Three cost 3,000 yuan more than was reserved, and only 5,000 are left: not all three can have them.
    works: list[Callable[[], Any]] = [
        *(
            lambda place=place: do(
                "reception.settle",
                clerk,
                matters[3 + place],
                VISIT,
                cost=8_000 * YUAN,
                invoice=[invoices[place]],
            )
            for place in range(3)
        ),
        *(lambda place=place: do("reception.close", finance, matters[place], VISIT) for place in range(3)),
        lambda: do("reception.refuse", leader, matters[6], **REASON),
        lambda: do("reception.withdraw", clerk, matters[7], **REASON),
        lambda: do(
            "reception.ask", clerk, **wanted(clerk, letter_number=numbered(90), estimate=6_000 * YUAN)
        ),
        lambda: budget(50, 42_000 * YUAN),
    ]
    at_once(len(works), lambda number: works[number]())
    agree()
    assert list(verify()) == []
    connection.close()


def test_eight_writers_that_want_a_meal_under_one_letter_get_one(fresh_database: str) -> None:
    budget(50, LIMIT)
    acting = cast.actor("clerk_housing")
    asked = [wanted(acting, estimate=1) for _number in range(8)]
    granted = at_once(8, lambda number: do("reception.ask", acting, **asked[number]))
    assert sum(granted) == 1
    connection.close()
