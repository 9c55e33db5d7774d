"""Approval in three steps, with co-sign, delegation and recusal."""

from datetime import timedelta

import pytest

from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.acts.steps import Approval, Stage, Step, open_for
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.actors import unit_key
from qingfeng.kernel.refusals import Barred, NotFound
from tests.cast import NOW, actor, do, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def trip() -> Matter:
    return do("trip.ask", "clerk_housing", title="赴省厅对接", beside=unit("education").pk).matter


def holders(trip: Matter) -> set[str]:
    return set(Access.objects.filter(matter_id=trip.pk, act="decide").values_list("holder", flat=True))


def agree(who: str, trip: Matter, agrees: bool = True) -> Matter:
    return do("trip.decide", who, trip, agrees=agrees).matter


def test_it_waits_on_one_step_after_the_other_and_on_a_pair_of_units_at_once(trip: Matter) -> None:
    assert holders(trip) == {unit_key("unit_head", unit("housing").pk)}
    agree("head_housing", trip)
    assert holders(trip) == {
        unit_key("finance", unit("finance").pk),
        unit_key("unit_head", unit("education").pk),
    }
    agree("head_education", trip)
    assert holders(trip) == {unit_key("finance", unit("finance").pk)}
    agree("finance", trip)
    assert holders(trip) == {unit_key("leader", unit("leaders").pk)}
    assert agree("leader", trip).state == "approved"
    assert holders(trip) == set()
    assert list(verify()) == []


def test_whoever_is_not_on_the_step_that_is_open_is_barred_or_sees_nothing(trip: Matter) -> None:
    with pytest.raises(NotFound):
        agree("leader", trip)
    agree("head_housing", trip)
    with pytest.raises(NotFound):
        agree("head_housing", trip)
    with pytest.raises(Barred, match="现在不是您审批的环节"):
        agree("clerk_housing", trip)


def test_one_no_ends_it(trip: Matter) -> None:
    agree("head_housing", trip)
    declined = agree("finance", trip, agrees=False)
    assert (declined.state, declined.closed) == ("declined", True)
    with pytest.raises(NotFound):
        agree("head_education", trip)


def test_who_stands_in_decides_in_the_seat_of_who_is_away(trip: Matter) -> None:
    proposed = do(
        "appointment.propose",
        "system_administrator",
        person=trip.opened_by_id,
        role="unit_head",
        unit=unit("education").pk,
    )
    do("appointment.grant", "security_administrator", proposed.matter, since="2026-03-09")
    agree("head_housing", trip)
    assert agree("head_education", trip).state == "asked"


def test_a_seat_that_steps_aside_is_not_counted_but_the_last_one_may_not(trip: Matter) -> None:
    agree("head_housing", trip)
    with pytest.raises(Barred, match="该环节将无人审批"):
        do("trip.recuse", "office_a", trip, holder=unit_key("finance", unit("finance").pk))


def test_steps_changed_by_hand_are_found(trip: Matter) -> None:
    from qingfeng.kernel.acts.steps import Seat

    Seat.objects.filter(step__matter=trip.pk).update(at=NOW + timedelta(days=1))
    assert [fault.where for fault in verify()] == [f"matter:{trip.pk}"]


def merged(code: str, successor: str) -> None:
    raw = {"predecessor": unit(code).pk, "successor": unit(successor).pk, "on": "2026-03-10"}
    prepared = do("reorganization.prepare", "department_a", **raw).matter
    do("reorganization.carry_out", "department_b", prepared)


def test_a_seat_of_a_merged_unit_goes_to_its_successor_also_in_a_step_still_to_come(trip: Matter) -> None:
    merged("education", "centre")
    agree("head_housing", trip)
    head_of_centre = unit_key("unit_head", unit("centre").pk)
    assert holders(trip) == {unit_key("finance", unit("finance").pk), head_of_centre}
    agree("finance", trip)
    agree("head_centre", trip)
    assert agree("leader", trip).state == "approved"
    assert list(verify()) == []


@pytest.mark.parametrize("before", [False, True], ids=["then", "once more"])
@pytest.mark.parametrize("need", [0, 3], ids=["all", "some"])
def test_a_merged_unit_keeps_its_voice_where_its_successor_has_one(
    trip: Matter, need: int, before: bool
) -> None:
    codes = ("housing", "education", "centre", "township")
    heads = tuple(unit_key("unit_head", unit(code).pk) for code in codes)
    steps = Approval(trip)
    steps.route(Stage("会签", heads, need=need))
    steps.write()
    head = actor("head_education")
    if before:
        assert steps.decide(head, True, NOW) == Step.Outcome.OPEN
    steps.follow({heads[0]: heads[1]})
    assert open_for(trip, head)
    assert steps.decide(head, True, NOW) == Step.Outcome.OPEN
    assert not open_for(trip, head)
    with pytest.raises(Barred, match="现在不是您审批的环节"):
        steps.decide(head, True, NOW)
    outcome = steps.decide(actor("head_centre"), True, NOW)
    assert outcome == (Step.Outcome.PASSED if need else Step.Outcome.OPEN)


def test_a_say_that_was_had_stays_with_who_had_it(trip: Matter) -> None:
    agree("head_housing", trip)
    agree("head_education", trip)
    merged("education", "centre")
    assert holders(trip) == {unit_key("finance", unit("finance").pk)}
    assert list(verify()) == []
