"""The tables say everything there is to say, and nothing of what is not there."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from qingfeng.kernel.matters.registry import acts_of, states_of
from qingfeng.kernel.reading.reads import READS
from tests.cast import PARTS
from tests.walk.declared import declared
from tests.walk.table import COLUMNS, Faulty, Table, names, table, who


def lacking(code: str, said: Table) -> Iterator[str]:
    """What a mechanism's table leaves out or has too much of, in words."""
    acts, states = acts_of(declared()[code]), states_of(declared()[code])
    yield from _compared(
        f"{code}.yaml, open", {act.name for act in acts.values() if act.opens}, set(said.open)
    )
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
    assert not list(_compared("tests/walk", set(declared()), set(names())))


@pytest.mark.parametrize("code", names())
def test_a_table_has_a_row_for_every_act_in_every_state_and_none_besides(code: str) -> None:
    faults = list(lacking(code, table(code)))
    assert not faults, "\n".join(faults)


def test_every_reading_is_walked_and_named_in_a_column() -> None:
    assert not list(_compared("who.yaml, reads", set(READS), set(who().reads)))
    assert set(who().reads.values()) <= COLUMNS


def test_everyone_of_the_cast_walks() -> None:
    assert not list(_compared("who.yaml, seats", set(PARTS), set(who().seats) & set(PARTS)))
    assert {"nobody", "bearer", "system_clock"} < set(who().seats)


def test_a_row_that_is_missing_is_named_in_words() -> None:
    assert list(lacking("rectification", _without("rectification", "write_off"))) == [
        "rectification.yaml, reported, acts: there is no row for “write_off”"
    ]


def test_a_seat_that_is_forgotten_is_named_in_words() -> None:
    with pytest.raises(Faulty, match=r"nothing is said of .*nobody"):
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


def _without(code: str, act: str) -> Table:
    said = table(code)
    scenes = {
        state: replace(scene, rows={name: row for name, row in scene.rows.items() if name != act})
        for state, scene in said.scenes.items()
    }
    return replace(said, scenes=scenes)
