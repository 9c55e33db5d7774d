"""The state picture: all states and acts are on it, nothing overlaps, it never changes by itself."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingfeng.faces.charts import StateNode, Transition, state_picture

SVG = "{http://www.w3.org/2000/svg}"
HEADS = ("from", "act", "to")

STATES = [
    StateNode("found", "已发现", "start"),
    StateNode("assigned", "已交办"),
    StateNode("planned", "整改中"),
    StateNode("checked", "核查中", here=True),
    StateNode("done", "已销号", "end"),
    StateNode("moved", "已移送", "end"),
]
MOVES = [
    Transition("found", "assigned", "交办"),
    Transition("found", "moved", "移送"),
    Transition("assigned", "found", "退回"),
    Transition("assigned", "planned", "制定方案"),
    Transition("planned", "planned", "催办"),
    Transition("planned", "checked", "反馈"),
    Transition("checked", "planned", "退回重办"),
    Transition("checked", "done", "销号"),
    Transition("done", "assigned", "重新立项"),
    Transition("planned", "moved", "移送纪检"),
]


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    found = []
    for rect in ElementTree.fromstring(svg).iter(f"{SVG}rect"):
        x, y, wide, high = (float(rect.get(k)) for k in ("x", "y", "width", "height"))
        found.append((x, y, x + wide, y + high))
    return found


def labels(svg: str) -> list[str]:
    return [t.text for t in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def overlap(a, b) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def test_every_state_and_act_is_written():
    written = labels(state_picture("图", STATES, MOVES, heads=HEADS).svg)
    assert sorted(written) == sorted([s.label for s in STATES] + [m.label for m in MOVES])


def test_the_table_lists_every_act_in_order():
    chart = state_picture("图", STATES, MOVES, heads=HEADS)
    assert chart.rows[0] == ["已发现", "交办", "已交办"]
    assert len(chart.rows) == len(MOVES)


def test_the_same_lists_give_the_same_picture():
    assert len({state_picture("图", STATES, MOVES, heads=HEADS).svg for _ in range(3)}) == 1


def test_the_way_back_is_dashed():
    paths = ElementTree.fromstring(state_picture("图", STATES, MOVES, heads=HEADS).svg).iter(f"{SVG}path")
    assert sum("c-edge--back" in p.get("class") for p in paths) == 3


def test_acts_with_the_same_ends_share_an_arrow():
    two = [*MOVES, Transition("found", "assigned", "转办")]
    one, both = (state_picture("图", STATES, moves, heads=HEADS).svg for moves in (MOVES, two))
    assert one.count("c-edge") == both.count("c-edge")
    assert "转办" in labels(both)


def test_a_state_that_is_not_listed_is_refused():
    with pytest.raises(ValueError, match="nowhere"):
        state_picture("图", STATES, [Transition("found", "nowhere", "x")], heads=HEADS)


def test_one_state_alone_is_drawn():
    assert labels(state_picture("图", STATES[:1], [], heads=HEADS).svg) == ["已发现"]


def test_the_state_at_the_left_is_not_drawn_over_those_to_its_right():
    keys = [f"s{i}" for i in range(8)]
    moves = [Transition(a, b, "办理") for a, b in (("s0", "s0"), ("s0", "s1"), ("s7", "s1"))]
    drawn = boxes(state_picture("图", [StateNode(k, k) for k in keys], moves, heads=HEADS).svg)
    assert not any(overlap(a, b) for a, b in itertools.combinations(drawn, 2))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_state_lies_on_another_and_all_lie_in_the_frame(data):
    count = data.draw(st.integers(1, 9))
    keys = [f"s{i}" for i in range(count)]
    pairs = st.tuples(st.sampled_from(keys), st.sampled_from(keys))
    moves = [
        Transition(a, b, "办理" * (i % 3 + 1))
        for i, (a, b) in enumerate(data.draw(st.lists(pairs, max_size=16)))
    ]
    svg = state_picture("图", [StateNode(k, f"状态{k}") for k in keys], moves, heads=HEADS).svg
    root = ElementTree.fromstring(svg)
    drawn = boxes(svg)
    assert len(drawn) == count
    assert not any(overlap(a, b) for a, b in itertools.combinations(drawn, 2))
    assert all(b[0] >= 0 and b[2] <= float(root.get("width")) + 0.1 for b in drawn)


def test_an_end_that_came_to_nothing_looks_other_than_one_that_did_not():
    states = [
        StateNode("asked", "已申请", "start"),
        StateNode("done", "已办结", "end"),
        StateNode("refused", "未批准", "void"),
    ]
    moves = [Transition("asked", "done", "批准"), Transition("asked", "refused", "不批准")]
    looks = [
        rect.get("class")
        for rect in ElementTree.fromstring(state_picture("图", states, moves, heads=HEADS).svg).iter(
            f"{SVG}rect"
        )
    ]
    assert looks == ["c-node c-node--start", "c-node c-node--end", "c-node c-node--void"]
