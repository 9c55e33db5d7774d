"""The number of statements an act makes: asserted, so that nobody adds one unseen."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingfeng.kernel.acts.engine import perform
from tests import cast
from tests.cast import NOW, act, actor
from tests.sheets import FOUND, sheet

pytestmark = pytest.mark.django_db

CASES = {
    "register": ("office_a", None, FOUND, 10),
    "assign": ("office_a", "verified", {"requirement": "整改。"}, 16),
    "sign": ("clerk_housing", "assigned", {}, 12),
    "report": (
        "clerk_housing",
        "rectifying",
        {"result": "已整改。", "no_evidence": "已由科室现场看过。"},
        15,
    ),
    "send_back": ("office_b", "reported", {"reason": "再查。"}, 20),
    "write_off": ("office_b", "reported", {"finding": "属实。"}, 16),
}


def statements(name: str, who: str, state: str | None, raw: dict[str, Any]) -> list[str]:
    matter_id = sheet(state).pk if state else None
    if name == "assign":
        raw = {**raw, "responsible": cast.unit("housing").pk}
    acting = actor(who)
    with CaptureQueriesContext(connection) as captured:
        perform(act(f"rectification.{name}"), acting, raw, NOW, matter_id=matter_id)
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("name", CASES)
def test_an_act_makes_no_more_statements_than_it_did(name: str) -> None:
    who, state, raw, most = CASES[name]
    # Only SQLite's index of words has no statement that puts a row in or replaces it.
    most += name == "register" and connection.vendor == "sqlite"
    # The first one fills what is kept per process: parsed regimes, the calendar, the keys of the year.
    statements(name, who, state, raw)
    first, second = (statements(name, who, state, raw) for _again in range(2))
    assert (len(first), len(second)) == (most, most), "\n".join(line[:100] for line in first)
