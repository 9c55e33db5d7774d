"""Tables as policy: each row typed, each key known, nothing twice."""

from dataclasses import dataclass

import pytest

from qingfeng.kernel.regime.parameters import Count, Text, UnfitValue, plain
from qingfeng.kernel.regime.tables import OneOf, Several, Table, TimeOfDay


@dataclass(frozen=True)
class Rung:
    who: str
    offices: tuple[str, ...]
    upto: int = 0


LADDER = Table(
    Rung,
    {"who": OneOf(), "offices": Several(OneOf(("head", "leader"))), "upto": Count("days", 0, 30)},
    unique=("who", "upto"),
    checks=lambda rows: "" if any(row.upto == 0 for row in rows) else "No row is for any length.",
)
ROW = {"who": "any", "offices": ["head", "leader"]}


def test_rows_are_read_and_written_back_plainly() -> None:
    rows = LADDER.read([{**ROW, "upto": 3}, ROW])
    assert rows == (Rung("any", ("head", "leader"), 3), Rung("any", ("head", "leader"), 0))
    assert plain(rows) == [
        {"who": "any", "offices": ["head", "leader"], "upto": 3},
        {"who": "any", "offices": ["head", "leader"], "upto": 0},
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        [{"who": "any"}],
        [{**ROW, "to": 3}],
        [{**ROW, "upto": 31}],
        [{**ROW, "offices": []}],
        [{**ROW, "offices": ["head", "head"]}],
        [{**ROW, "offices": ["mayor"]}],
        [{**ROW, "who": "Any one"}],
        [ROW, ROW],
        [{**ROW, "upto": 3}],
    ],
)
def test_what_does_not_fit_is_refused(wrong: object) -> None:
    with pytest.raises(UnfitValue, match=r"wanted|out of bounds|this is|twice|two rows|No row"):
        LADDER.read(wrong)


def test_a_time_of_the_day_is_written_in_hours_and_minutes() -> None:
    assert TimeOfDay().read("08:30") == 510
    for wrong in ("8:30", "24:00", 830, None):
        with pytest.raises(UnfitValue, match="A time of the day is wanted"):
            TimeOfDay().read(wrong)


def test_a_table_names_the_kind_of_each_field_and_no_other() -> None:
    with pytest.raises(ValueError, match="Rung"):
        Table(Rung, {"who": OneOf(), "offices": Text()})
