"""The tables say everything there is to say, and nothing of what is not there."""

from collections.abc import Iterator

import pytest

from qingfeng.kernel.matters.registry import acts_of, mechanisms, states_of
from qingfeng.kernel.matters.states import NEW
from qingfeng.kernel.reads import READS
from tests.cast import PARTS
from tests.walk.table import COLUMNS, Faulty, names, table, who


def lacking(code: str) -> Iterator[str]:
    """What a mechanism's table leaves out or has too much of, in words."""
    matter, said = mechanisms()[code], table(code)
    acts, states = acts_of(matter), states_of(matter)
    yield from _compared(f"{code}.yaml, open", {act.name for act in acts.values() if act.opens}, set(said.open))
    yield from _compared(f"{code}.yaml, states", set(states), set(said.scenes))
    for state, scene in said.scenes.items():
        if state not in states:
            continue
        possible = {act for act in acts.values() if not act.opens and act.starts_from(states[state])}
        yield from _compared(f"{code}.yaml, {state}, acts", {act.name for act in possible}, set(scene.rows))
        owed = {act.name for act in possible if act.owed}
        yield from _compared(f"{code}.yaml, {state}, waits_on", owed, set(scene.waits_on))


def _compared(where: str, declared: set[str], said: set[str]) -> Iterator[str]:
    for name in sorted(declared - said):
        yield f"{where}: there is no row for “{name}”"
    for name in sorted(said - declared):
        yield f"{where}: “{name}” is not declared there; take the row out"


def test_every_mechanism_has_a_table_and_every_table_a_mechanism() -> None:
    assert not list(_compared("tests/walk", set(mechanisms()), set(names())))


@pytest.mark.parametrize("code", names())
def test_a_table_has_a_row_for_every_act_in_every_state_and_none_besides(code: str) -> None:
    faults = list(lacking(code))
    assert not faults, "\n".join(faults)


def test_every_reading_is_walked_and_named_in_a_column() -> None:
    assert not list(_compared("who.yaml, reads", set(READS), set(who().reads)))
    assert set(who().reads.values()) <= COLUMNS


def test_everyone_of_the_cast_walks() -> None:
    assert not list(_compared("who.yaml, seats", set(PARTS), set(who().seats) & set(PARTS)))
    assert {"nobody", "bearer", "system_clock"} < set(who().seats)


def test_a_row_that_is_missing_is_named_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = table("rectification").scenes["reported"]
    monkeypatch.setattr("tests.walk.test_tables.table", lambda code: _without(code, "write_off"))
    assert "write_off" in scene.rows
    assert list(lacking("rectification")) == [
        "rectification.yaml, reported, acts: there is no row for “write_off”"
    ]


def test_a_seat_that_is_forgotten_is_named_in_words() -> None:
    with pytest.raises(Faulty, match="nothing is said of .*nobody"):
        who().spread({"may": ["county"], "barred": ["beside", "city", "systems"]}, "here")


def test_a_seat_that_stands_in_two_columns_is_named_in_words() -> None:
    with pytest.raises(Faulty, match="office_a stands under both may and barred"):
        who().spread({"may": ["office_a"], "barred": ["office_a"]}, "here")


def test_one_named_by_name_beats_a_group_and_a_group_a_place() -> None:
    spread = who().spread(
        {
            "may": ["office_a", "county_departments"],
            "barred": ["county_offices", "county", "beside", "city", "outside", "systems"],
        },
        "here",
    )
    assert (spread["office_a"], spread["office_b"], spread["department_a"]) == ("may", "barred", "may")
    assert spread["finance"] == "barred"


def _without(code: str, act: str):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    said = table(code)
    scenes = {
        state: replace(scene, rows={name: row for name, row in scene.rows.items() if name != act})
        for state, scene in said.scenes.items()
    }
    return replace(said, scenes=scenes)


def test_no_table_opens_from_a_state() -> None:
    for code in names():
        for act in acts_of(mechanisms()[code]).values():
            assert act.opens == (NEW in act.sources)
