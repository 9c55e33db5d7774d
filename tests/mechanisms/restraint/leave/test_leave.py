"""Leave from the request to its cancellation: before, approved, begun, over, cancelled."""

import pytest

from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.roles import Delegation
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Barred, Conflict, Invalid, NotFound, Refusal
from qingfeng.kernel.sealing.models import keystore
from qingfeng.kernel.time.clocks import Running
from qingfeng.mechanisms.restraint.leave.models import HalfDay, Leave
from tests import cast
from tests.cast import NOW, do
from tests.leaves import (
    DAY,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    answered,
    approved,
    asked,
    at,
    away,
    clock,
    fresh,
    over,
    phoned,
    request,
    told,
    words,
)
from tests.refusals import invalid

pytestmark = pytest.mark.django_db


def facts(leave: Matter) -> list[tuple[str, str, int]]:
    return list(
        Fact.objects.filter(entry__matter=leave).order_by("id").values_list("name", "subject", "quantity")
    )


def held(leave: Matter) -> int:
    return HalfDay.objects.filter(leave=leave, released=False).count()


def owing(leave: Matter, act: str) -> set[str]:
    return set(Access.objects.filter(matter=leave, act=act).values_list("holder", flat=True))


def reader(name: str) -> str:
    return f"person@{cast.person(name).pk}"


# Asked for before


def test_leave_is_asked_for_decided_begun_ended_and_cancelled() -> None:
    leave = over()
    assert (leave.state, fresh(leave).length) == ("due_back", 4)
    cancelled = do("leave.cancel", "cadre", leave, at=at("2026-03-13 09:00")).matter
    assert (cancelled.state, cancelled.closed, fresh(leave).late) == ("cancelled", True, False)
    unit = f"unit:{cast.unit('housing').pk}"
    assert facts(leave) == [("leave.personal_taken", unit, 4)]
    assert list(verify()) == []


def test_half_days_are_counted_as_half_days() -> None:
    leave = request(first_half="pm", last_half="am")
    assert fresh(leave).length == 2


def test_leave_is_not_asked_for_once_it_would_have_begun() -> None:
    with pytest.raises((Barred, Invalid)) as refusal:
        request(moment=at("2026-03-11 08:30"))
    assert "第二十七条" in words(refusal.value)
    assert request(moment=at("2026-03-11 08:29")).state == "requested"


def test_leave_is_not_approved_once_it_would_have_begun_and_lapses_by_itself() -> None:
    leave = request()
    with pytest.raises(Barred, match="请假应当事先申请、事先批准"):
        do("leave.decide", "head_housing", leave, at=at("2026-03-11 08:30"), agrees=True)
    with pytest.raises(Conflict, match="该时限已停止计算"):
        clock("lapse", leave, "2026-03-11 08:29")
    lapsed = clock("lapse", leave, "2026-03-11 08:30")
    assert (lapsed.state, held(leave)) == ("lapsed", 0)
    assert facts(leave) == [("leave.lapsed", f"unit:{cast.unit('housing').pk}", 1)]
    assert list(verify()) == []


def test_leave_does_not_begin_before_its_first_half_day() -> None:
    leave = approved()
    with pytest.raises(Conflict, match="该时限已停止计算"):
        clock("begin", leave, "2026-03-11 08:29")
    with pytest.raises(Barred, match="本事项现为“待审批”"):
        clock("begin", request("clerk_housing"), "2026-03-11 08:30")
    assert clock("begin", leave, "2026-03-11 08:30").state == "away"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"first_day": THURSDAY, "last_day": WEDNESDAY}, "早于"),
        ({"first_half": "pm", "last_day": WEDNESDAY, "last_half": "am"}, "早于"),
        ({"first_day": "2026-12-30", "last_day": "2027-01-04"}, "2027"),
        ({"first_day": "2026-03-14", "last_day": "2026-03-15"}, "工作日"),
        ({"first_day": "2026-03-16", "last_day": "2026-04-20"}, "20"),
    ],
)
def test_days_that_cannot_be_are_told_and_nothing_is_stored(days: dict[str, str], said: str) -> None:
    with pytest.raises((Barred, Invalid)) as refusal:
        request(**days)
    assert said in words(refusal.value)
    assert words(refusal.value)
    assert not Leave.objects.exists()
    assert not HalfDay.objects.exists()


def test_half_a_day_is_asked_for_once_and_free_again_when_given_back() -> None:
    first = request(last_day=WEDNESDAY, last_half="am")
    with pytest.raises((Barred, Invalid)) as refusal:
        request()
    assert (first.number in words(refusal.value), "2026年3月11日" in words(refusal.value)) == (True, True)
    assert request(first_half="pm").state == "requested"
    do("leave.withdraw", "cadre", first)
    assert request(last_day=WEDNESDAY, last_half="am").state == "requested"


def test_the_same_half_day_is_another_persons_to_ask_for() -> None:
    request()
    assert request("clerk_housing").state == "requested"


# Who approves


@pytest.mark.parametrize(
    ("who", "last_day", "office"),
    [
        ("cadre", FRIDAY, ["unit_head"]),
        ("cadre", "2026-03-16", ["unit_head", "leader"]),
        ("head_housing", WEDNESDAY, ["leader"]),
        ("finance", WEDNESDAY, ["organization_department"]),
        ("department_a", WEDNESDAY, ["organization_department"]),
        ("linan_department", WEDNESDAY, ["leader"]),
    ],
)
def test_who_approves_goes_by_role_and_length_and_passes_a_vacant_office_over(
    who: str, last_day: str, office: list[str]
) -> None:
    leave = request(who, last_day=last_day)
    seats = [seat.holder for step in leave.steps.order_by("order") for seat in step.seats.all()]
    assert [seat.split("@")[0] for seat in seats] == office


def test_longer_leave_passes_two_steps_and_the_second_may_refuse() -> None:
    leave = request(last_day="2026-03-16")
    assert do("leave.decide", "head_housing", leave, agrees=True).matter.state == "requested"
    assert owing(leave, "decide") == {f"leader@u{cast.unit('housing').pk}"}
    refused = do("leave.decide", "leader", leave, agrees=False, opinion="正值普查，请改期。").matter
    assert (refused.state, held(leave)) == ("refused", 0)
    assert list(verify()) == []


def test_nobody_approves_their_own_leave_not_even_standing_in_for_the_approver() -> None:
    holding = cast.person("head_housing").holdings.get().pk
    proposed = do(
        "appointment.propose",
        "system_administrator",
        person=cast.person("head_housing").pk,
        role="unit_head",
        unit=cast.unit("housing").pk,
    ).matter
    do("appointment.grant", "security_administrator", proposed, since="2026-03-10")
    do(
        "appointment.delegate",
        cast.actors.in_role(cast.account("head_housing"), cast.TODAY, holding),
        proposed,
        delegate=cast.person("cadre").pk,
        since="2026-03-10",
        until="2026-03-20",
    )
    granted = Delegation.objects.get(delegate=cast.person("cadre")).holding
    acting = cast.actors.in_role(cast.account("cadre"), cast.TODAY, granted.pk)
    own, others = request(), request("clerk_housing")
    assert granted.pk != holding
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("leave.decide", acting, own, agrees=True)
    assert do("leave.decide", acting, others, agrees=True).matter.state == "approved"


def test_who_is_no_approver_sees_nothing_and_the_applicant_cannot_decide() -> None:
    leave = request()
    with pytest.raises(NotFound):
        do("leave.decide", "head_education", leave, agrees=True)
    with pytest.raises(NotFound):
        do("leave.decide", "clerk_housing", leave, agrees=True)
    with pytest.raises(Barred, match="现在不是您审批的环节"):
        do("leave.decide", "cadre", leave, agrees=True)


def test_proof_is_seen_not_kept() -> None:
    leave = request(kind="sick", last_day=FRIDAY)
    with pytest.raises((Barred, Invalid)) as refusal:
        do("leave.decide", "head_housing", leave, agrees=True)
    assert "第二十五条" in words(refusal.value)
    assert do("leave.decide", "head_housing", leave, agrees=True, proof_seen=True).matter.state == "approved"


# Called off, longer, shorter


def test_approved_leave_is_given_up_before_it_begins_and_not_after() -> None:
    leave = approved()
    with pytest.raises(Barred, match="请假应当事先申请、事先批准"):
        do("leave.give_up", "cadre", leave, at=at("2026-03-11 08:30"))
    assert do("leave.give_up", "cadre", leave).matter.state == "withdrawn"
    assert (held(leave), Running.objects.filter(matter=leave, stopped_at=None).count()) == (0, 0)


def test_more_is_asked_for_on_leave_and_approved_by_the_length_of_the_whole() -> None:
    leave = away()
    moment = at("2026-03-12 10:00")
    do("leave.extend", "cadre", leave, at=moment, more_day="2026-03-16", more_half="am", reason="未办完。")
    assert (fresh(leave).state, fresh(leave).length, held(leave)) == ("extending", 7, 11)
    do("leave.decide_more", "head_housing", leave, at=moment, agrees=True)
    done = do("leave.decide_more", "leader", leave, at=moment, agrees=True).matter
    assert (done.state, fresh(leave).last_day.isoformat(), fresh(leave).last_half) == (
        "away",
        "2026-03-16",
        "am",
    )
    with pytest.raises(Conflict, match="该时限已停止计算"):
        clock("end", leave, "2026-03-13 00:00")
    assert clock("end", leave, "2026-03-16 12:00").state == "due_back"


@pytest.mark.parametrize("ending", ["refused", "over"])
def test_more_that_is_not_approved_is_given_back(ending: str) -> None:
    leave = away()
    moment = at("2026-03-12 10:00")
    do("leave.extend", "cadre", leave, at=moment, more_day=FRIDAY, more_half="pm", reason="未办完。")
    if ending == "refused":
        do("leave.decide_more", "head_housing", leave, at=moment, agrees=False)
    else:
        clock("end", leave, "2026-03-13 00:00")
    assert (fresh(leave).state, held(leave), fresh(leave).length) == (
        "away" if ending == "refused" else "due_back",
        4,
        4,
    )
    assert owing(leave, "decide_more") == set()


def test_more_leave_ends_later() -> None:
    with invalid("more_day", "续假的结束时间应晚于原假期"):
        do(
            "leave.extend",
            "cadre",
            away(),
            at=at("2026-03-11 10:00"),
            more_day=THURSDAY,
            more_half="am",
            reason="未办完。",
        )


def test_coming_back_early_gives_the_half_days_not_begun_back() -> None:
    leave = away()
    back = do("leave.return_early", "cadre", leave, at=at("2026-03-11 14:00")).matter
    assert (back.state, held(leave), fresh(leave).last_day.isoformat()) == ("cancelled", 2, WEDNESDAY)
    assert facts(leave)[0][2] == 2
    assert request(first_day=THURSDAY).state == "requested"


# Cancelled after


def test_leave_not_cancelled_within_the_working_day_is_noted_and_nothing_else_happens() -> None:
    leave = over()
    due = Running.objects.get(matter=leave, name="cancelling").due_at
    assert due == at("2026-03-14 00:00")
    noted = clock("overdue", leave, "2026-03-14 00:00")
    assert (noted.state, fresh(leave).late) == ("due_back", True)
    assert facts(leave) == [("leave.cancelled_late", f"person:{cast.person('cadre').pk}", 1)]
    assert do("leave.cancel", "cadre", leave, at=at("2026-03-16 09:00")).matter.state == "cancelled"


def test_a_weekend_after_the_leave_is_not_held_against_anyone() -> None:
    leave = clock("end", away(last_day=FRIDAY), "2026-03-14 00:00")
    assert Running.objects.get(matter=leave, name="cancelling").due_at == at("2026-03-17 00:00")


def test_a_worker_that_was_down_counts_from_the_days_and_not_from_when_it_came_to_it() -> None:
    leave = clock("begin", approved(), "2026-03-20 09:00")
    clock("end", leave, "2026-03-20 09:00")
    assert Running.objects.get(matter=leave, name="cancelling").due_at == at("2026-03-14 00:00")


# By phone in an emergency


def test_a_call_is_leave_at_once_and_owes_the_form() -> None:
    leave = phoned()
    assert leave.state == "away"
    assert owing(leave, "complete") == {reader("cadre")}
    assert Running.objects.get(matter=leave, name="form").due_at == at("2026-03-14 00:00")
    clock("end", leave, "2026-03-12 00:00")
    with pytest.raises(Barred, match="这次请假的书面手续还没有补办"):
        do("leave.cancel", "cadre", leave, at=at("2026-03-12 09:00"))
    do("leave.complete", "cadre", leave, at=at("2026-03-12 09:00"), reason="家人急病，已送医。")
    assert (
        do("leave.confirm", "head_housing", leave, at=at("2026-03-12 10:00"), agrees=True).matter.state
        == "due_back"
    )
    assert do("leave.cancel", "cadre", leave, at=at("2026-03-12 11:00")).matter.state == "cancelled"
    assert list(verify()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"urgent": False},
        {"first_day": WEDNESDAY},
        {"first_day": "2026-03-02", "last_day": "2026-03-03"},
    ],
)
def test_a_call_that_is_no_emergency_of_these_days_is_refused_with_the_clause(
    wrong: dict[str, object],
) -> None:
    with pytest.raises((Barred, Invalid)) as refusal:
        phoned(**wrong)
    assert "第二十七条第二款" in words(refusal.value)
    assert not Leave.objects.exists()


def test_one_records_leave_for_colleagues_not_for_others_and_not_for_oneself() -> None:
    for who in ("head_education", "clerk_housing"):
        with pytest.raises(Refusal) as refusal:
            phoned(person=cast.person(who).pk)
        assert isinstance(refusal.value, Barred | Invalid)


def test_who_is_back_early_before_handing_in_the_form_cancels_when_it_is_in() -> None:
    leave = phoned(last_day=FRIDAY)
    back = do("leave.return_early", "cadre", leave, at=at("2026-03-11 09:00")).matter
    assert (back.state, held(leave)) == ("due_back", 3)
    assert Running.objects.get(matter=leave, name="cancelling").due_at == at("2026-03-13 00:00")
    do("leave.complete", "cadre", leave, at=at("2026-03-11 09:30"), reason="补办。")
    assert do("leave.cancel", "cadre", leave, at=at("2026-03-11 09:40")).matter.state == "cancelled"


def test_what_was_asked_for_on_paper_takes_the_ordinary_way() -> None:
    paper = do(
        "leave.record", "clerk_housing", **told(channel="paper", urgent=None, first_day=WEDNESDAY)
    ).matter
    assert (paper.state, owing(paper, "decide")) == (
        "requested",
        {f"unit_head@u{cast.unit('housing').pk}"},
    )


def test_a_form_that_is_late_is_noted() -> None:
    leave = phoned()
    clock("form_overdue", leave, "2026-03-14 00:00")
    assert fresh(leave).form_late
    assert facts(leave) == [("leave.form_overdue", f"person:{cast.person('cadre').pk}", 1)]
    do("leave.complete", "cadre", leave, at=at("2026-03-14 09:00"), reason="补办。")


def test_leave_on_a_call_that_is_not_confirmed_ends_with_the_half_day_that_runs() -> None:
    leave = phoned(last_day=FRIDAY)
    do("leave.complete", "cadre", leave, at=at("2026-03-11 09:00"), reason="补办。")
    back = do("leave.confirm", "head_housing", leave, at=at("2026-03-11 10:00"), agrees=False).matter
    assert (back.state, held(leave), fresh(leave).last_half) == ("due_back", 3, "am")
    assert facts(leave) == [("leave.not_confirmed", f"person:{cast.person('cadre').pk}", 1)]
    assert do("leave.cancel", "cadre", leave, at=at("2026-03-12 09:00")).matter.state == "cancelled"


def test_more_is_not_asked_for_before_the_call_is_confirmed() -> None:
    leave = phoned()
    do("leave.complete", "cadre", leave, reason="补办。")
    with pytest.raises(Barred, match="这次电话请假尚待补批"):
        do("leave.extend", "cadre", leave, more_day=FRIDAY, more_half="pm", reason="未办完。")


# Who stands in, and who knows


def test_who_stands_in_acts_in_the_roles_while_the_leave_runs_and_no_longer() -> None:
    stand_in = cast.person("cadre")
    leave = answered(request("head_housing", stand_in=stand_in.pk), "cadre")
    do("leave.decide", "leader", leave, agrees=True)
    holding = cast.person("head_housing").holdings.get()
    row = Delegation.objects.get(delegate=stand_in, holding=holding)
    assert (row.valid_from.isoformat(), row.valid_to.isoformat()) == (WEDNESDAY, THURSDAY)  # type: ignore[union-attr]
    clock("begin", leave, "2026-03-11 08:30")
    acting = cast.actors.in_role(cast.account("cadre"), (NOW + DAY).date(), holding.pk)
    others = request("clerk_housing", at("2026-03-11 09:00"), first_day=THURSDAY)
    assert (
        do("leave.decide", acting, others, at=at("2026-03-11 10:00"), agrees=True).matter.state == "approved"
    )
    do("leave.return_early", "head_housing", leave, at=at("2026-03-12 09:00"))
    row.refresh_from_db()
    assert row.valid_to.isoformat() == WEDNESDAY  # type: ignore[union-attr]
    assert list(verify()) == []


def test_who_stands_in_is_someone_else_who_is_there() -> None:
    request("clerk_housing")
    for who in ("cadre", "clerk_housing"):
        with invalid("stand_in", "代理人应是他人"):
            request(stand_in=cast.person(who).pk)


def test_privileged_roles_are_not_handed_over_with_leave() -> None:
    leave = answered(request("system_administrator", stand_in=cast.person("cadre").pk), "cadre")
    do("leave.decide", "head_centre", leave, agrees=True)
    assert not Delegation.objects.filter(delegate=cast.person("cadre")).exists()


def test_kind_reason_and_place_are_in_no_column_and_in_no_entry() -> None:
    leave = request(kind="sick", reason="住院手术", place="省人民医院")
    entry = leave.entries.get()
    columns = str(Leave.objects.filter(pk=leave.pk).values().get())
    for word in ("sick", "住院手术", "省人民医院"):
        assert word not in str(entry.content["input"])
        assert word not in columns
    assert fresh(leave).group == "statutory"


def test_the_kind_is_sealed_under_the_key_of_whom_it_is_about_also_when_a_clerk_records_it() -> None:
    leave = phoned(kind="sick", last_day=WEDNESDAY)
    do("leave.complete", "cadre", leave, reason="急诊。")
    do("leave.confirm", "head_housing", leave, agrees=True)
    keystore().destroy(f"person:{cast.person('cadre').pk}", NOW.isoformat())
    with pytest.raises((Barred, Invalid)) as refusal:
        do("leave.extend", "cadre", leave, more_day=FRIDAY, more_half="pm", reason="未愈。")
    assert "删除" in words(refusal.value)


def test_leave_granted_by_law_leaves_no_fact() -> None:
    leave = over(kind="sick")
    do("leave.cancel", "cadre", leave, at=at("2026-03-13 09:00"))
    assert facts(leave) == []


def test_beginning_and_end_are_told_to_who_listens_without_the_kind() -> None:
    leave = over()
    events = list(
        Message.objects.filter(entry__matter=leave, channel="event")
        .order_by("id")
        .values_list("payload", flat=True)
    )
    person, unit = f"person:{cast.person('cadre').pk}", f"unit:{cast.unit('housing').pk}"
    assert events == [
        {
            "event": "leave_began",
            "matter": leave.pk,
            "person": person,
            "unit": unit,
            "until": THURSDAY,
            "stand_in": None,
        },
        {"event": "leave_ended", "matter": leave.pk, "person": person, "unit": unit},
    ]
    assert asked()["kind"] not in str(events)
