"""The state picture of a matter: its states and the acts between them, from the declarations."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qingfeng.faces.charts import layered
from qingfeng.faces.charts.layered import Slot
from qingfeng.faces.charts.svg import Chart, element, frame, measure, number, text

_HIGH = 36
"""Height of a state."""
_LABEL = 13
_STEP = 62
"""From one layer to the next; every second layer holds the labels of the acts."""
_GAP = 22


@dataclass(frozen=True)
class StateNode:
    """A state with its name; `here` is where a matter stands now.

    `kind`: start, middle, end, or void, an end that came to nothing.
    """

    key: str
    label: str
    kind: Literal["start", "middle", "end", "void"] = "middle"
    here: bool = False


@dataclass(frozen=True)
class Transition:
    """An act that leads from one state to another (or the same)."""

    source: str
    target: str
    label: str


def _merged(transitions: Sequence[Transition]) -> dict[tuple[str, str], list[str]]:
    """Acts with the same ends share an arrow."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in transitions:
        found.setdefault((one.source, one.target), []).append(one.label)
    return found


def _slots(
    states: Sequence[StateNode], arrows: dict[tuple[str, str], list[str]], back: set[tuple[str, str]]
) -> tuple[dict[str, Slot], dict[tuple[str, str], list[Slot]], list[list[Slot]]]:
    """States on the even ranks; each arrow a chain of slots between, its label on the middle odd one."""
    forward = [(b, a) if (a, b) in back else (a, b) for a, b in arrows if a != b]
    rank = layered.ranks([s.key for s in states], forward)
    nodes = {}
    for state in states:
        loops = arrows.get((state.key, state.key), [])
        room = max((measure(word, _LABEL) for word in loops), default=0)
        width = max(measure(state.label) + 32, 84)
        nodes[state.key] = Slot(state.key, 2 * rank[state.key], width + (2 * (room + 34) if loops else 0))
    chains: dict[tuple[str, str], list[Slot]] = {}
    layers: list[list[Slot]] = [[] for _ in range(2 * max(rank.values(), default=0) + 1)]
    for slot in nodes.values():
        layers[slot.rank].append(slot)
    for ends, words in arrows.items():
        if ends[0] == ends[1]:
            continue
        upper, lower = (nodes[k] for k in (ends[::-1] if ends in back else ends))
        span = range(upper.rank + 1, lower.rank)
        middle = span[len(span) // 2]
        middle = middle if middle % 2 else middle - 1
        chain = []
        for r in span:
            wide = max(measure(w, _LABEL) for w in words) + 10 if r == middle else 6.0
            chain.append(Slot((ends, r), r, wide))
        road = [upper, *chain, lower]
        for before, after in itertools.pairwise(road):
            layered.tie(before, after, 0.3 if ends in back else 1.0)
        for slot in chain:
            layers[slot.rank].append(slot)
        chains[ends] = chain
    return nodes, chains, layers


def _roads(
    nodes: dict[str, Slot], chains: dict[tuple[str, str], list[Slot]], back: set[tuple[str, str]]
) -> list[list[Slot]]:
    """What should be straight: long arrows, then from each state its first way on (the main road)."""
    roads = [chain for chain in chains.values() if len(chain) > 1]
    left: set[str] = set()
    entered: set[str] = set()
    for (source, target), chain in chains.items():
        if (source, target) not in back and source not in left and target not in entered:
            left.add(source)
            entered.add(target)
            roads.append([nodes[source], *chain, nodes[target]])
    return roads


def _curve(points: Sequence[tuple[float, float]]) -> str:
    """A smooth way down (or up) through the points, upright at each of them."""
    words = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        half = (y0 + y1) / 2
        words.append(f"C{number(x0)} {number(half)} {number(x1)} {number(half)} {number(x1)} {number(y1)}")
    return "".join(words)


def _ports(
    nodes: dict[str, Slot], chains: dict[tuple[str, str], list[Slot]], widths: dict[str, float]
) -> dict[tuple[tuple[str, str], str], float]:
    """Where on the edge of a state each arrow touches: in the order of where they come from, spread about the
    one that comes straight, or about the middle."""
    touching: dict[tuple[str, bool], list[tuple[float, tuple[str, str]]]] = {}
    for ends, chain in chains.items():
        down = nodes[ends[1]].rank > nodes[ends[0]].rank
        for key, near in zip(ends, (chain[0], chain[-1]) if down else (chain[-1], chain[0]), strict=True):
            touching.setdefault((key, near.rank > nodes[key].rank), []).append((near.x, ends))
    ports = {}
    for (key, _side), arrows in touching.items():
        arrows.sort()
        straight = [i for i, (x, _ends) in enumerate(arrows) if abs(x - nodes[key].x) < 1]
        middle = straight[0] if straight else (len(arrows) - 1) / 2
        most = max(middle, len(arrows) - 1 - middle)
        apart = min(26.0, (widths[key] / 2 - 14) / most) if most else 0.0
        for i, (_x, ends) in enumerate(arrows):
            ports[ends, key] = nodes[key].x + (i - middle) * apart
    return ports


def state_picture(
    title: str,
    states: Sequence[StateNode],
    transitions: Sequence[Transition],
    *,
    heads: tuple[str, str, str],
    desc: str = "",
) -> Chart:
    """Boxes and arrows from the top down; the way back is dashed. `heads`: from, act, to, for the table.

    The same lists give the same picture, byte for byte.
    Raises ValueError when a transition names a state that isn't listed.
    """
    labels = {state.key: state.label for state in states}
    for one in transitions:
        if one.source not in labels or one.target not in labels:
            raise ValueError(f"{one.label}: {one.source} → {one.target} is not between listed states")
    arrows = _merged(transitions)
    back = layered.backward([s.key for s in states], [ends for ends in arrows if ends[0] != ends[1]])
    nodes, chains, layers = _slots(states, arrows, back)
    layered.order(layers)
    layered.place(layers, _roads(nodes, chains, back), _GAP)
    everything = [slot for layer in layers for slot in layer]
    shift = 12 - min((slot.x - slot.width / 2 for slot in everything), default=0)
    for slot in everything:
        slot.x += shift
    width = max((slot.x + slot.width / 2 for slot in everything), default=0) + 12
    widths = {key: max(measure(labels[key]) + 32, 84) for key in nodes}
    ports = _ports(nodes, chains, widths)

    def y(slot: Slot) -> float:
        return 12 + _HIGH / 2 + slot.rank * _STEP

    body, words = [], []
    for ends, chain in chains.items():
        ordered = chain[::-1] if ends in back else chain
        source, target = nodes[ends[0]], nodes[ends[1]]
        way = 1 if target.rank > source.rank else -1
        tip = y(target) - way * (_HIGH / 2 + 1)
        points = [
            (ports[ends, ends[0]], y(source) + way * _HIGH / 2),
            *((slot.x, y(slot)) for slot in ordered),
            (ports[ends, ends[1]], tip - way * 7),
        ]
        body.append(
            element("path", d=_curve(points), class_=f"c-edge{' c-edge--back' if ends in back else ''}")
        )
        x = ports[ends, ends[1]]
        body.append(element("path", d=f"M{number(x)} {number(tip)}l-4.5 {-9 * way}h9z", class_="c-head"))
        slot = max(chain, key=lambda s: s.width)
        for i, label in enumerate(arrows[ends]):
            at = y(slot) + 5 + 16 * (i - (len(arrows[ends]) - 1) / 2)
            words.append(text(slot.x, at, label, "c-halo", "middle", _LABEL))
    for key, slot in nodes.items():
        for i, label in enumerate(arrows.get((key, key), [])):
            right, top = slot.x + widths[key] / 2, y(slot)
            if i == 0:
                body.append(
                    element(
                        "path",
                        d=f"M{number(right)} {number(top - 9)}c26 -4 26 22 7 18",
                        class_="c-edge",
                    )
                )
                body.append(
                    element("path", d=f"M{number(right)} {number(top + 9)}l9 -4.5v9z", class_="c-head")
                )
            words.append(text(right + 26, top + 5 + 16 * i, label, "c-halo", size=_LABEL))
    for state in states:
        slot, wide = nodes[state.key], widths[state.key]
        look = "c-node--here" if state.here else f"c-node--{state.kind}"
        body.append(
            element(
                "rect",
                x=slot.x - wide / 2,
                y=y(slot) - _HIGH / 2,
                width=wide,
                height=_HIGH,
                rx=5 if state.kind == "middle" else 18,
                class_=f"c-node {look}",
            )
        )
        words.append(
            text(slot.x, y(slot) + 5, state.label, "c-on-here" if state.here else "c-strong", "middle")
        )
    height = max((y(slot) for slot in everything), default=0) + _HIGH / 2 + 12
    rows = [[labels[one.source], one.label, labels[one.target]] for one in transitions]
    svg = frame(title, desc, width, height, body + words)
    return Chart(title, desc, svg, list(heads), rows, look="own")
