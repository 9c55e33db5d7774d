"""A layered layout of a directed graph, the same on every machine: ranks, order, places.

Every edge passes at least one slot of its own, as wide as its label, so labels never lie on anything else.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

_SWEEPS = 24


@dataclass
class Slot:
    """A place in a layer: a node, or the passage of an edge (its middle one carries the label)."""

    key: Hashable
    rank: int
    width: float
    weight: int
    x: float = 0.0
    above: list[Slot] = field(default_factory=list)
    below: list[Slot] = field(default_factory=list)


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


def _settle(layer: Sequence[Slot], wanted: Sequence[float], gap: float) -> None:
    """Places nearest to the wanted ones (least squares, by weight) that keep order and distance."""
    blocks: list[list[float]] = []  # weight, weighted sum, count
    shift, offsets = 0.0, []
    for i, slot in enumerate(layer):
        if i:
            shift += layer[i - 1].width / 2 + gap + slot.width / 2
        offsets.append(shift)
        blocks.append([slot.weight, slot.weight * (wanted[i] - shift), 1])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][0] > blocks[-1][1] / blocks[-1][0]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    i = 0
    for weight, total, count in blocks:
        for _ in range(int(count)):
            layer[i].x = total / weight + offsets[i]
            i += 1


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


def place(layers: Sequence[Sequence[Slot]], gap: float) -> None:
    """Straight where it can be: each layer drawn towards its neighbours, again and again."""
    for layer in layers:
        _settle(layer, [0.0] * len(layer), gap)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for layer in layers if down else layers[::-1]:
            wanted = []
            for slot in layer:
                near = slot.above if down else slot.below
                near = near or slot.above + slot.below
                wanted.append(sum(n.x for n in near) / len(near) if near else slot.x)
            _settle(layer, wanted, gap)
