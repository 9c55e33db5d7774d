"""Leaders are linked to units, and bodies stand with their members; how far every unit has its own is counted."""

from datetime import date
from typing import Any

import pytest

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.organization.bodies import Body, seats_of
from qingfeng.organization.leader_links import LinkedUnit, linked_to
from tests.cast import TODAY, actor, do, person, unit

pytestmark = pytest.mark.django_db


def body(who: str = "office_a", code: str = "housing", **changed: Any) -> Body:
    raw: dict[str, Any] = {
        "title": "作风建设领导小组",
        "purpose": "作风建设",
        "unit": unit(code).pk,
        "basis": "清发〔2026〕1号",
        "office": unit("discipline").pk,
        "since": "2026-02-01",
        "seats": [
            {"capacity": "head", "person": person("leader").pk},
            {"capacity": "deputy", "person": person("discipline").pk},
            {"capacity": "member", "unit": unit("finance").pk},
        ],
    }
    return Body.objects.get(pk=do("bodies.set_up", who, **{**raw, **changed}).matter.pk)


def linked(since: str = "2026-02-01") -> Matter:
    raw = {"person": person("leader").pk, "unit": unit("township").pk, "since": since}
    return do("leader_links.link", "department_a", **raw).matter


def test_a_link_holds_from_a_day_to_a_day_and_gives_no_portfolio() -> None:
    before = actor("leader").units
    matter = linked()
    assert list(linked_to(person("leader"), TODAY)) == [unit("township")]
    assert actor("leader").units == before
    do("leader_links.end", "department_b", matter, last_day="2026-03-09", reason="分工调整。")
    assert not linked_to(person("leader"), TODAY)
    assert list(linked_to(person("leader"), date(2026, 3, 9))) == [unit("township")]


def test_nobody_is_linked_twice_and_no_link_ends_before_it_began() -> None:
    matter = linked()
    with pytest.raises(Barred, match="该领导已挂钩该单位"):
        linked()
    with pytest.raises(Barred, match="结束日期早于起始日"):
        do("leader_links.end", "department_a", matter, last_day="2026-01-31", reason="误。")
    assert LinkedUnit.objects.get().valid_to is None


def test_links_are_counted_by_leader() -> None:
    linked()
    figures = reads.statistics(actor("department_a"), "leader_links", "by_leader", 2026, TODAY)
    assert list(figures.rows) == [("戊一", 1)]


def test_a_body_has_head_deputies_members_and_an_office() -> None:
    matter = body()
    assert [str(seat.person or seat.unit) for seat in seats_of(matter, TODAY)] == ["戊一", "乙一", "财政局"]
    assert (matter.office, matter.size) == (unit("discipline"), 3)


def test_members_change_from_a_day_and_who_stays_keeps_the_seat() -> None:
    matter = body()
    kept = seats_of(matter, TODAY)[0]
    seats = [
        {"capacity": "head", "person": person("leader").pk},
        {"capacity": "deputy", "unit": unit("finance").pk},
    ]
    do("bodies.change", "office_b", matter, basis="清发〔2026〕4号", since="2026-03-10", seats=seats)
    assert [str(seat.person or seat.unit) for seat in seats_of(matter, TODAY)] == ["戊一", "财政局"]
    assert seats_of(matter, TODAY)[0] == kept
    assert len(seats_of(matter, date(2026, 3, 9))) == 3
    with pytest.raises(Barred, match="成员自该日或更晚已作过调整"):
        do("bodies.change", "office_b", matter, basis="清发", since="2026-03-10", seats=seats)


def test_a_dissolved_body_has_no_seats_left() -> None:
    matter = body()
    with pytest.raises(Barred, match="结束日期早于起始日"):
        do("bodies.dissolve", "office_a", matter, last_day="2026-01-31", reason="误。")
    do("bodies.dissolve", "office_a", matter, last_day="2026-03-09", reason="任务完成。")
    assert not seats_of(matter, TODAY)


@pytest.mark.parametrize(
    ("seats", "place"),
    [
        ([{"capacity": "member", "unit": "finance"}], "seats"),
        ([{"capacity": "head", "unit": "finance"}, {"capacity": "head", "unit": "centre"}], "seats"),
        ([{"capacity": "head"}], "seats.0.person"),
        (
            [{"capacity": "head", "unit": "finance"}, {"capacity": "member", "unit": "finance"}],
            "seats.1.person",
        ),
    ],
    ids=["headless", "two heads", "nobody", "twice"],
)
def test_a_list_of_members_that_can_not_be_is_told(seats: list[dict[str, Any]], place: str) -> None:
    rows = [{**seat, **({"unit": unit(seat["unit"]).pk} if "unit" in seat else {})} for seat in seats]
    with pytest.raises(Invalid) as refusal:
        body(seats=rows)
    assert place in refusal.value.fields


def test_a_head_sets_up_a_body_of_the_own_unit_only() -> None:
    seats = [{"capacity": "head", "person": person("cadre").pk}]
    assert body("head_housing", "housing", seats=seats).unit == unit("housing")
    assert body("head_housing", seats=seats, unit=None).unit == unit("housing")
    with pytest.raises(Barred, match="这不是您所在的单位"):
        body("head_housing", "education", seats=seats)


def test_how_many_units_have_a_body_of_their_own_is_counted_by_sequence() -> None:
    # Three ranked departments and one township, made by the list that fills a county.
    rows = [{"code": f"S{number}", "name": f"局{number}", "sequence": "部门"} for number in range(3)]
    rows.append({"code": "T", "name": "青石镇", "sequence": "镇街"})
    listed = do("units.propose", "department_a", basis="清编", since="2026-02-01", rows=rows).matter
    do("units.confirm", "department_b", listed)

    def coverage() -> dict[Any, tuple[Any, ...]]:
        figures = reads.statistics(actor("office_a"), "bodies", "coverage", 2026, TODAY)
        return {row[0]: row[1:] for row in figures.rows}

    for code in ("S0", "S1", "T"):
        body(code=code)
    assert coverage() == {"作风建设 · 部门": (3, 2, 666), "作风建设 · 镇街": (1, 1, 1000)}
    body(code="S2")
    assert {share for *_counts, share in coverage().values()} == {1000}
    assert Unit.objects.filter(sequence="部门").count() == 3
