"""A layered layout of a directed graph, the same on every machine: ranks, order, places.

Every edge passes at least one slot of its own, as wide as its label, so labels never lie on anything else.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

_SWEEPS = 24


@dataclass
class Slot:
    """A place in a layer: a node, or the passage of an edge (its middle one carries the label)."""

    key: Hashable
    rank: int
    width: float
    x: float = 0.0
    above: list[Slot] = field(default_factory=list)
    below: list[Slot] = field(default_factory=list)
    pull: dict[int, float] = field(default_factory=dict)
    """How strongly this slot is drawn to a neighbour, by the neighbour's id()."""


def tie(upper: Slot, lower: Slot, pull: float) -> None:
    """Join two slots of neighbouring layers."""
    upper.below.append(lower)
    lower.above.append(upper)
    upper.pull[id(lower)] = lower.pull[id(upper)] = pull


def backward(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Edges that lead back to a node on the way to them, found depth first in the order given."""
    state: dict[str, int] = {}
    back: set[tuple[str, str]] = set()
    following: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in edges:
        following[source].append(target)

    def visit(node: str) -> None:
        state[node] = 1
        for target in following[node]:
            if state.get(target) == 1:
                back.add((node, target))
            elif target not in state:
                visit(target)
        state[node] = 2

    for node in nodes:
        if node not in state:
            visit(node)
    return back


def ranks(nodes: Sequence[str], forward: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The longest way to each node; edges must not form a circle."""
    entering: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in forward:
        entering[target].append(source)
    known: dict[str, int] = {}

    def rank(node: str) -> int:
        if node not in known:
            known[node] = max((rank(source) + 1 for source in entering[node]), default=0)
        return known[node]

    for node in nodes:
        rank(node)
    return known


def _crossings(upper: Sequence[Slot], place: dict[int, int]) -> int:
    ends = [(i, place[id(b)]) for i, slot in enumerate(upper) for b in slot.below]
    return sum(1 for k, (a, b) in enumerate(ends) for c, d in ends[k + 1 :] if (a - c) * (b - d) < 0)


def _all_crossings(layers: Sequence[Sequence[Slot]]) -> int:
    place = {id(slot): i for layer in layers for i, slot in enumerate(layer)}
    return sum(_crossings(layer, place) for layer in layers)


def order(layers: list[list[Slot]]) -> None:
    """Fewer crossings: each layer by the mean place of its neighbours, down and up; the best is kept."""
    best, fewest = [layer[:] for layer in layers], _all_crossings(layers)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for layer in layers if down else layers[::-1]:
            place = {id(slot): i for other in layers for i, slot in enumerate(other)}

            def middle(slot: Slot, place: dict[int, int] = place, down: bool = down) -> float:
                near = slot.above if down else slot.below
                return sum(place[id(n)] for n in near) / len(near) if near else place[id(slot)]

            layer.sort(key=middle)
        if (now := _all_crossings(layers)) < fewest:
            best, fewest = [layer[:] for layer in layers], now
    layers[:] = best


class _Columns:
    """Slots that stand straight under each other share a column; columns keep the order of every layer."""

    def __init__(self, layers: Sequence[Sequence[Slot]], gap: float) -> None:
        self.slots = [slot for layer in layers for slot in layer]
        self.of = {id(slot): i for i, slot in enumerate(self.slots)}
        self.beside = [
            (left, right, left.width / 2 + gap + right.width / 2)
            for layer in layers
            for left, right in itertools.pairwise(layer)
        ]

    def rights(self, of: dict[int, int]) -> dict[int, dict[int, float]]:
        """For each column those right of it, with the distance they need."""
        found: dict[int, dict[int, float]] = {column: {} for column in set(of.values())}
        for left, right, apart in self.beside:
            a, b = of[id(left)], of[id(right)]
            found[a][b] = max(found[a].get(b, 0.0), apart)
        return found

    def sorted(self, of: dict[int, int]) -> list[int] | None:
        """Columns from left to right; None when they can't all be straight."""
        rights = self.rights(of)
        open_ = dict.fromkeys(rights, 0)
        for after in rights.values():
            for column in after:
                open_[column] += 1
        ready, done = sorted(c for c, n in open_.items() if n == 0), []
        while ready:
            done.append(ready.pop(0))
            for column in sorted(rights[done[-1]]):
                open_[column] -= 1
                if open_[column] == 0:
                    ready.append(column)
        return done if len(done) == len(rights) else None

    def straighten(self, road: Sequence[Slot]) -> None:
        """Put the slots of a road into one column, as far as no order is broken."""
        for before, after in itertools.pairwise(road):
            a, b = self.of[id(before)], self.of[id(after)]
            tried = {key: a if column == b else column for key, column in self.of.items()}
            if self.sorted(tried) is not None:
                self.of = tried


def place(layers: Sequence[Sequence[Slot]], roads: Sequence[Sequence[Slot]], gap: float) -> None:
    """Gives every slot its x. `roads` are kept straight, the first most of all; the rest draws together."""
    columns = _Columns(layers, gap)
    for road in roads:
        columns.straighten(road)
    rights = columns.rights(columns.of)
    lefts: dict[int, dict[int, float]] = {column: {} for column in rights}
    for left, after in rights.items():
        for right, apart in after.items():
            lefts[right][left] = apart
    turn = columns.sorted(columns.of) or []
    x: dict[int, float] = {}
    for column in turn:
        x[column] = max((x[left] + apart for left, apart in lefts[column].items()), default=0.0)
    ties: dict[int, list[tuple[int, float]]] = {column: [] for column in turn}
    for slot in columns.slots:
        for near in slot.above + slot.below:
            if columns.of[id(near)] != columns.of[id(slot)]:
                ties[columns.of[id(slot)]].append((columns.of[id(near)], slot.pull[id(near)]))
    for sweep in range(4 * _SWEEPS):
        for column in turn[::-1] if sweep % 2 == 0 else turn:
            if not ties[column]:
                continue
            wanted = sum(x[near] * pull for near, pull in ties[column]) / sum(
                pull for _, pull in ties[column]
            )
            low = max((x[left] + apart for left, apart in lefts[column].items()), default=-math.inf)
            high = min((x[right] - apart for right, apart in rights[column].items()), default=math.inf)
            x[column] = max(low, min(wanted, high))
    for slot in columns.slots:
        slot.x = x[columns.of[id(slot)]]
