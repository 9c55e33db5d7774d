"""Who stands in is asked and says so: until then nobody does; and what the person reads of their own leave."""

from typing import Any

import pytest

from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.registry import find_act
from qingfeng.kernel.people.absence import unattended
from qingfeng.kernel.people.roles import Delegation
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred, NotFound
from qingfeng.mechanisms.restraint.leave.models import Leave
from tests import cast
from tests.cast import NOW, TODAY, actor, do
from tests.leaves import THURSDAY, WEDNESDAY, answered, approved, at, fresh, in_service, phoned, request
from tests.refusals import invalid

pytestmark = pytest.mark.django_db
NAMED = "clerk_housing_b"


def asked(who: str = "cadre", **other: Any) -> Any:
    return request(who, stand_in=cast.person(NAMED).pk, **other)


def told(who: str) -> list[str]:
    holder = f"person@{cast.person(who).pk}"
    return [message.payload["text"] for message in Message.objects.filter(holder=holder).order_by("id")]


def test_until_they_accept_nobody_stands_in() -> None:
    leave = asked()
    do("leave.decide", "head_housing", leave, agrees=True)
    assert fresh(leave).stand_in is None
    assert not Delegation.objects.filter(delegate=cast.person(NAMED)).exists()
    assert any("答复是否代理" in words for words in told(NAMED))


@pytest.mark.parametrize("before", [True, False])
def test_who_accepts_stands_in_whether_before_the_approval_or_after(before: bool) -> None:
    leave = asked()
    if before:
        answered(leave, NAMED)
        assert not Delegation.objects.filter(delegate=cast.person(NAMED)).exists()
    do("leave.decide", "head_housing", leave, agrees=True)
    if not before:
        answered(leave, NAMED)
    row = Delegation.objects.get(delegate=cast.person(NAMED))
    assert [str(row.valid_from), str(row.valid_to)] == [WEDNESDAY, THURSDAY]
    assert list(verify()) == []


def test_who_declines_is_out_of_it_and_the_person_is_told() -> None:
    leave = asked()
    answered(leave, NAMED, agrees=False)
    assert (fresh(leave).stand_in, fresh(leave).asked_to_stand_in) == (None, None)
    assert any("不能代理" in words for words in told("cadre"))
    do("leave.decide", "head_housing", leave, agrees=True)
    assert not Delegation.objects.filter(delegate=cast.person(NAMED)).exists()
    with pytest.raises(NotFound):
        answered(leave, NAMED)


def test_another_is_asked_in_place_of_who_has_not_answered() -> None:
    leave = asked()
    do("leave.ask_another", "cadre", leave, stand_in=cast.person("clerk_housing").pk)
    with pytest.raises(NotFound):
        answered(leave, NAMED)
    answered(leave, "clerk_housing")
    with pytest.raises(Barred, match="已有同事同意代理"):
        do("leave.ask_another", "cadre", leave, stand_in=cast.person(NAMED).pk)


def test_nobody_answers_for_who_was_asked() -> None:
    leave = asked()
    for who in ("cadre", "head_housing", "clerk_housing"):
        with pytest.raises((Barred, NotFound), match=r"此项由当事人本人办理|此处没有相应内容"):
            answered(leave, who)


def test_of_a_call_too_who_is_named_is_asked_first() -> None:
    leave = phoned(stand_in=cast.person(NAMED).pk)
    assert not Delegation.objects.filter(delegate=cast.person(NAMED)).exists()
    answered(leave, NAMED)
    assert Delegation.objects.filter(delegate=cast.person(NAMED)).count() == 1
    assert unattended([f"cadre@u{cast.unit('housing').pk}"], TODAY) == {}


def test_who_has_leave_of_their_own_by_then_does_not_accept() -> None:
    leave = asked()
    approved(NAMED, first_day=THURSDAY)
    with pytest.raises(Barred, match="您本人在其中部分日期也在休假"):
        answered(leave, NAMED)
    answered(leave, NAMED, agrees=False)


def test_nobody_stands_in_for_themselves_and_who_is_away_is_not_asked() -> None:
    request("clerk_housing")
    leave = asked()
    for who in ("cadre", "clerk_housing"):
        with invalid("stand_in", "代理人应是他人"):
            do("leave.ask_another", "cadre", leave, stand_in=cast.person(who).pk)


def test_who_is_asked_learns_neither_kind_nor_reason() -> None:
    leave = asked(kind="sick", reason="复查手术")
    lines = reads.timeline(actor(NAMED), "leave", leave.pk)
    said = " ".join(str(one.text) for line in lines for one in line.said)
    assert "病假" not in said
    assert "复查" not in said


# what the person reads of their own


def own(who: str, leave: Any) -> dict[str, str | None]:
    (line,) = [one for one in reads.timeline(actor(who), "leave", leave.pk) if one.entry.act == "request"]
    return {str(said.label): said.text for said in line.said}


def test_kind_place_and_reason_stand_on_the_persons_own_sheet_and_on_nobody_elses() -> None:
    leave = request(kind="sick", reason="住院手术", place="省人民医院")
    assert {"病假", "住院手术", "省人民医院"} <= set(own("cadre", leave).values())
    for who in ("head_housing", "department_a"):
        assert {"病假", "住院手术", "省人民医院"}.isdisjoint(own(who, leave).values())


def test_who_stands_in_for_the_person_does_not_read_what_is_theirs() -> None:
    leave = request("two_roles", first_day="2026-03-16", last_day="2026-03-16", reason="家事")
    try:
        seen = reads.timeline(actor("stand_in_clerk"), "leave", leave.pk)
    except NotFound:
        return
    assert all(said.text != "家事" for line in seen for said in line.said)


def test_the_form_tells_what_is_left_of_annual_leave() -> None:
    tells = find_act(Leave, "request").tells
    assert tells is not None
    assert "没有您参加工作的时间" in str(tells(actor("cadre"), NOW)[0])
    in_service("cadre", "2014-07-01")
    assert "10天，尚未休" in str(tells(actor("cadre"), NOW)[0])
    request(kind="annual", first_day=WEDNESDAY, last_day=WEDNESDAY, last_half="am")
    assert "尚余9.5天" in str(tells(actor("cadre"), NOW)[0])
    assert tells(actor("stand_in_clerk"), NOW) == []


def test_colleagues_of_ones_own_unit_stand_first_among_those_to_choose_from() -> None:
    act = find_act(Leave, "request")
    spec = next(one for one in act.inputs.fields if one.name == "stand_in")
    for who, unit in (("cadre", "housing"), ("stand_in", "township")):
        scope = ActorScope(actor(who), cast.jurisdiction().pk, TODAY)
        found = [
            person.holdings.filter(unit=cast.unit(unit)).exists() for person in scope.candidates(spec)[:40]
        ]
        assert found == sorted(found, reverse=True)
        assert found[0]
        assert not found[-1]


def test_a_leave_that_came_to_nothing_waits_on_no_stand_in() -> None:
    leave = asked()
    do("leave.withdraw", "cadre", leave, at=at("2026-03-10 12:00"))
    assert not [row for row in reads.inbox(actor(NAMED)).rows if row.matter_id == leave.pk]
