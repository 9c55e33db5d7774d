"""Files as other cities publish them, each taken in whole: every row stored, or named.

They lie beside the project, not in it; where they are absent, these tests say so.
"""

from pathlib import Path

import pytest

from qingfeng.kernel.ledger.verify import verify
from tests.messages import batch

ROOT = Path(__file__).resolve().parents[3]
FOLDER = next(
    (found for above in ROOT.parents if (found := above / "shared" / "data" / "complaints").is_dir()),
    Path("absent"),
)
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not FOLDER.is_dir(), reason="../shared/data is absent: published files are tried where they lie"
    ),
]
FILES = {
    "messages_labelled_400.xlsx": 400,
    "messages_with_votes_1082.xlsx": 1082,
    "messages_with_replies_120.xlsx": 120,
    "hotline_cases_300.csv": 300,
    "fuzhou_leader_message_board_120_masked.csv": 120,
}


@pytest.mark.parametrize(("name", "rows"), FILES.items())
def test_every_row_of_a_published_file_is_stored_or_named(name: str, rows: int) -> None:
    matter = batch((FOLDER / name).read_bytes(), name, "office_a")
    assert {"title", "text", "received", "number"} <= set(matter.columns)
    assert (matter.state, matter.rows, matter.read + matter.unread) == ("taken_in", rows, rows)
    assert matter.messages.count() == matter.read
    assert matter.unread_rows.count() == matter.unread
    assert matter.read >= 0.99 * rows
    stored = {
        *matter.messages.values_list("row", flat=True),
        *matter.unread_rows.values_list("row", flat=True),
    }
    assert stored == set(range(2, rows + 2))
    assert list(verify()) == []


def test_days_without_a_time_and_days_with_one_stand_side_by_side() -> None:
    matter = batch((FOLDER / "hotline_cases_300.csv").read_bytes(), "hotline_cases_300.csv", "office_a")
    timed = matter.messages.exclude(received_at=None).count()
    assert matter.messages.exclude(received_on=None).count() == matter.read > timed


def test_a_number_that_stands_twice_is_shown_and_both_stay() -> None:
    found = {
        name: matter.messages.filter(twin__same_number=True).count()
        for name in FILES
        for matter in [batch((FOLDER / name).read_bytes(), name, "office_a", source=name)]
    }
    assert sum(found.values()) >= 1
