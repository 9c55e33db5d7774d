"""The hand-written tables, read and held to be whole: who may do, who may read, in each state of each matter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
COLUMNS = {"read_by", "words_read_by", "read_with_words", "waits_on", "told", "in_a_role"}


class Faulty(Exception):
    """A table that doesn't say what it has to; the words name file, place and fault."""


@dataclass(frozen=True)
class Who:
    """Who tries, and under which names they are called together."""

    seats: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    places: Mapping[str, tuple[str, ...]]
    reads: Mapping[str, str]

    def spread(self, named: Mapping[str, Iterable[str]], where: str) -> dict[str, str]:
        """The column of every seat. A seat's own name beats a group's, a group's beats a place's."""
        told: dict[str, tuple[int, str]] = {}
        for column, names in named.items():
            for name in names:
                rank, seats = self._meant(name, where)
                for seat in seats:
                    before = told.get(seat)
                    if before is not None and before[0] == rank and before[1] != column:
                        raise Faulty(f"{where}: {seat} stands under both {before[1]} and {column}")
                    if before is None or before[0] < rank:
                        told[seat] = (rank, column)
        if forgotten := [seat for seat in self.seats if seat not in told]:
            raise Faulty(f"{where}: nothing is said of {', '.join(forgotten)}")
        return {seat: column for seat, (_rank, column) in told.items()}

    def flat(self, names: Iterable[str], where: str) -> frozenset[str]:
        return frozenset(seat for name in names for seat in self._meant(name, where)[1])

    def _meant(self, name: str, where: str) -> tuple[int, tuple[str, ...]]:
        if name in self.seats:
            return 2, (name,)
        if name in self.groups:
            return 1, self.groups[name]
        if name in self.places:
            return 0, self.places[name]
        raise Faulty(f"{where}: who.yaml knows no “{name}”")


@dataclass(frozen=True)
class Step:
    """An act on the way to a state, and who does it; ``after``: so many days after the walk begins."""

    act: str
    by: str
    raw: Mapping[str, Any]
    after: int = 0


@dataclass(frozen=True)
class Row:
    """Who may do one act from one state; ``after``: so many days after the state was reached."""

    act: str
    may: frozenset[str]
    raw: Mapping[str, Any]
    after: int = 0


@dataclass(frozen=True)
class Scene:
    """A state: how it is reached, who reads the matter then, on whom it waits, who was told of it.

    ``words_read_by``: who reads the words, where they were sealed apart; else whoever reads the matter.
    """

    state: str
    reached: tuple[Step, ...]
    readers: frozenset[str]
    waits_on: Mapping[str, frozenset[str]]
    told: frozenset[str]
    rows: Mapping[str, Row]
    words_read_by: frozenset[str]


@dataclass(frozen=True)
class Table:
    """All that is said of one mechanism; ``counted_for``: who has its counts without reading its matters."""

    code: str
    before: tuple[Step, ...]
    open: Mapping[str, Row]
    scenes: Mapping[str, Scene]
    counted_for: frozenset[str] = frozenset()


@cache
def who() -> Who:
    said = _read(HERE / "who.yaml", {"seats", "groups", "places", "reads"}, set())
    whole = Who(
        tuple(said["seats"]),
        {name: tuple(seats) for name, seats in said["groups"].items()},
        {name: tuple(seats) for name, seats in said["places"].items()},
        said["reads"],
    )
    known = set(whole.seats)
    for name, seats in {**whole.groups, **whole.places}.items():
        if unknown := set(seats) - known:
            raise Faulty(f"who.yaml: {name} names {', '.join(sorted(unknown))}, who has no seat")
    return whole


def names() -> list[str]:
    """The codes of the mechanisms that have a table."""
    return sorted(path.stem for path in HERE.glob("*.yaml") if path.stem != "who")


@cache
def table(code: str) -> Table:
    path = HERE / f"{code}.yaml"
    said = _read(path, {"matter", "open", "states"}, {"before", "counted_for"})
    if said["matter"] != code:
        raise Faulty(f"{path.name}: it speaks of {said['matter']}")
    openings = {act: _opening(path.name, act, row) for act, row in said["open"].items()}
    scenes: dict[str, Scene] = {}
    for state, row in said["states"].items():
        scenes[state] = _scene(path.name, state, row or {}, openings, scenes)
    before = tuple(_before(f"{path.name}, before", step) for step in said.get("before", []))
    counted_for = who().flat(said.get("counted_for", []), f"{path.name}, counted_for")
    return Table(code, before, openings, scenes, counted_for)


def _before(where: str, said: Mapping[str, Any]) -> Step:
    """An act on another matter, by its full name, that has to be done before any of these can be."""
    _keys(where, said, {"act", "by"}, {"with"})
    return Step(said["act"], said["by"], said.get("with", {}))


def _opening(file: str, act: str, said: Mapping[str, Any]) -> Row:
    where = f"{file}, open, {act}"
    _keys(where, said, {"may", "barred"}, {"with"})
    spread = who().spread({"may": said["may"], "barred": said["barred"]}, where)
    may = frozenset(seat for seat, column in spread.items() if column == "may")
    return Row(act, may, said.get("with", {}))


def _scene(
    file: str, state: str, said: Mapping[str, Any], openings: Mapping[str, Row], scenes: Mapping[str, Scene]
) -> Scene:
    where = f"{file}, {state}"
    _keys(where, said, {"reached", "read_by", "hidden_from"}, {"waits_on", "told", "acts", "words_read_by"})
    spread = who().spread({"read_by": said["read_by"], "hidden_from": said["hidden_from"]}, where)
    readers = frozenset(seat for seat, column in spread.items() if column == "read_by")
    rows = {}
    for act, row in said.get("acts", {}).items():
        _keys(f"{where}, {act}", row, {"may"}, {"with", "after"})
        may = who().flat(row["may"], f"{where}, {act}")
        if blind := may - readers:
            raise Faulty(f"{where}, {act}: {', '.join(sorted(blind))} may do it and can't read it")
        rows[act] = Row(act, may, row.get("with", {}), row.get("after", 0))
    waits = {act: who().flat(names, where) for act, names in said.get("waits_on", {}).items()}
    told = who().flat(said.get("told", []), where)
    words = who().flat(said["words_read_by"], where) if "words_read_by" in said else readers
    return Scene(state, _way(where, said["reached"], openings, scenes), readers, waits, told, rows, words)


def _way(where: str, said: Any, openings: Mapping[str, Row], scenes: Mapping[str, Scene]) -> tuple[Step, ...]:
    steps: tuple[Step, ...] = ()
    if isinstance(said, Mapping) and "from" in said:
        steps = scenes[said["from"]].reached
    rows = dict(openings)
    for scene in scenes.values():
        rows.update(scene.rows)
    for step in [said] if isinstance(said, Mapping) else said:
        _keys(where, step, {"act", "by"}, {"from", "with", "after"})
        if step["act"] not in rows and "with" not in step:
            raise Faulty(f"{where}: “{step['act']}” stands in no state above; say what goes in with it")
        raw = step["with"] if "with" in step else rows[step["act"]].raw
        steps = (*steps, Step(step["act"], step["by"], raw, step.get("after", 0)))
    return steps


def _read(path: Path, needed: set[str], allowed: set[str]) -> dict[str, Any]:
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    _keys(path.name, said, needed, allowed)
    return dict(said)


def _keys(where: str, said: Mapping[str, Any], needed: set[str], allowed: set[str]) -> None:
    if missing := needed - set(said):
        raise Faulty(f"{where}: it lacks {', '.join(sorted(missing))}")
    if strange := set(said) - needed - allowed:
        raise Faulty(f"{where}: it can't have {', '.join(sorted(strange))}")
