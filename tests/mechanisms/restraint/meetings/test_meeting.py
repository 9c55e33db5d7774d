"""A meeting from its asking to its end: what is refused with which words, and what is recorded."""

from datetime import timedelta
from typing import Any

import pytest

from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.kernel.time.workdays import LAST_YEAR
from qingfeng.mechanisms.restraint.meetings.meeting import Meeting
from tests import cast
from tests.cast import NOW, do
from tests.mechanisms.restraint.meetings.gatherings import (
    ON_THE_DAY,
    approved,
    asked,
    facts,
    in_session,
    meeting,
    put_in_force,
    statutory,
    used,
    wanted,
)

pytestmark = pytest.mark.django_db
LAW = "《清风区会议文件管理示范办法》"


def refused(**changed: Any) -> Barred:
    before = Matter.objects.count()
    with pytest.raises(Barred) as refusal:
        asked(**changed)
    assert Matter.objects.count() == before, "nothing is stored"
    return refusal.value


def told(refusal: Barred) -> dict[str, str]:
    return {str(ground.reason): ground.clause for ground in refusal.grounds}


def told_of(words: str) -> set[str]:
    """Who was sent a notice with these words."""
    sent = Message.objects.filter(channel=Message.Channel.NOTICE)
    return {message.holder for message in sent if words in message.payload["text"]}


def test_a_meeting_at_every_limit_is_asked_for_approved_and_counted() -> None:
    assert approved().state == "approved"
    assert used() == 1
    assert list(verify()) == []


def test_201_people_are_refused_with_the_clause() -> None:
    assert asked(kind="annual", people=200).state == "asked"
    refusal = refused(kind="annual", people=201)
    assert told(refusal) == {"参会201人，此类会议不得超过200人。": f"{LAW}第六条第一款"}


def test_on_16_march_both_rules_are_told_and_the_nearest_lawful_day() -> None:
    refusal = refused(starts="2026-03-16 09:00")
    assert told(refusal) == {
        "2026-03-16（星期一）：3月为无会月。": f"{LAW}第五条第一款",
        "2026-03-16（星期一）：每月15日以后的工作日不开会。": f"{LAW}第五条第二款",
    }
    assert "2026-04-01" in str(refusal.remedy)


def test_all_that_is_broken_is_told_at_once() -> None:
    refusal = refused(starts="2026-03-16 09:00", people=101, minutes=241, budget=10**9)
    clauses = ["第六条第二款", "第七条第一款", "第十条", "第五条第一款", "第五条第二款"]
    assert list(told(refusal).values()) == [f"{LAW}{clause}" for clause in clauses]
    assert "5处" in str(refusal.reason)


def test_the_same_is_told_in_english() -> None:
    from django.utils.translation import override

    with override("en"):
        refusal = refused(starts="2026-03-16 09:00", people=101)
        assert "3 rules in force stand in the way" in str(refusal.reason)
        assert "The nearest lawful day is 2026-04-01 (Wednesday)." in str(refusal.remedy)


def test_a_second_district_wide_meeting_of_a_department_in_a_year_is_refused_and_next_year_is_named() -> None:
    approved()
    refusal = refused(starts="2026-12-09 09:00")
    assert told(refusal) == {"这将是该单位当年第2次此类会议，全年不得超过1次。": f"{LAW}第六条第二款"}
    assert f"{LAST_YEAR + 1}-01-01" in str(refusal.remedy)
    assert "是否为工作日" in str(refusal.remedy)
    assert asked(who="clerk_education").state == "asked"
    assert asked(starts="2027-01-12 09:00").state == "asked"


def test_of_two_that_were_asked_for_only_one_is_approved() -> None:
    first, second = asked(), asked(starts="2026-05-13 09:00")
    do("meetings.approve", "office_a", first)
    with pytest.raises(Barred, match="全年不得超过1次"):
        do("meetings.approve", "office_a", second)
    assert used() == 1


def test_a_planned_speech_of_nine_minutes_is_refused_with_the_clause() -> None:
    long = {**wanted()["agenda"][0], "minutes": 9}
    assert told(refused(agenda=[long])) == {
        "计划发言9分钟，主要领导以外的人发言不得超过8分钟。": f"{LAW}第八条第一款"
    }


def test_speeches_that_do_not_fit_into_the_meeting_are_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        asked(minutes=60)
    assert list(refusal.value.fields) == ["agenda"]


def test_a_time_that_is_past_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        asked(starts="2026-03-10 09:59")
    assert list(refusal.value.fields) == ["starts"]


def test_a_day_in_a_year_without_calendar_is_not_guessed() -> None:
    refusal = refused(starts=f"{LAST_YEAR + 1}-04-20 09:00")
    (reason,) = told(refusal)
    assert f"{LAST_YEAR + 1}年的放假安排尚未公布" in reason


def test_the_national_cap_is_the_stricter_where_the_local_one_is_wider() -> None:
    put_in_force(
        statutory().replace(
            "meetings.longest:\n    - from: 2024-08-06\n      value: 1",
            "meetings.longest:\n    - from: 2024-08-06\n      value: 2",
        )
    )
    assert asked(minutes=240).state == "asked"
    assert "《清风区" in next(iter(told(refused(minutes=241)).values()))
    put_in_force(statutory().replace("      value: 240\n", "      value: 200\n", 1))
    assert list(told(refused(minutes=240)).values()) == [f"{LAW}第七条第一款"]
    put_in_force(
        statutory().replace(
            "meetings.main_speech:\n    - from: 2024-08-06\n      value: 60",
            "meetings.main_speech:\n    - from: 2024-08-06\n      value: 30",
        )
    )
    grounds = told(refused())
    assert "《整治形式主义为基层减负若干规定》关于精简会议的规定" in grounds.values()


class TestExceptions:
    def asked(self, **changed: Any) -> Meeting:
        raw = wanted(kind="annual", people=260, **changed)
        return meeting(do("meetings.ask_exception", "finance_clerk", reason="上级部署。", **raw).matter)

    def test_the_leader_in_charge_grants_what_is_set_here_and_it_is_recorded(self) -> None:
        done = do("meetings.grant", "leader", self.asked(), why="确有必要。")
        assert done.matter.state == "approved"
        assert "第六条第一款" in done.entry.body
        assert facts("meeting.excepted") == {"meeting.excepted": 1}

    def test_nobody_else_grants_it(self) -> None:
        sheet = self.asked()
        for who in ("office_a", "head_centre", "leader_clerk"):
            with pytest.raises(Barred, match="此项由承办单位的分管领导办理"):
                do("meetings.grant", who, sheet, why="确有必要。")

    def test_what_is_set_above_is_not_excepted_from_here(self) -> None:
        raw = wanted(kind="annual", people=501)
        sheet = do("meetings.ask_exception", "finance_clerk", reason="上级部署。", **raw).matter
        with pytest.raises(Barred) as refusal:
            do("meetings.grant", "leader", sheet, why="确有必要。")
        assert "500" in str(refusal.value.grounds[0].reason)
        do("meetings.deny", "leader", sheet, why="人数过多。")

    def test_an_exception_from_what_is_not_broken_is_not_asked_for(self) -> None:
        with pytest.raises(Barred, match="这次会议没有违反任何规定"):
            do("meetings.ask_exception", "clerk_housing", reason="无。", **wanted())

    def test_an_exception_for_the_number_is_counted_beyond_it(self) -> None:
        approved()
        raw = wanted(starts="2026-05-13 09:00")
        second = do("meetings.ask_exception", "clerk_housing", reason="防汛。", **raw).matter
        do("meetings.grant", "leader", second, why="确有必要。")
        assert used() == 2


class TestEmergencies:
    def convened(self, **changed: Any) -> Meeting:
        raw = wanted(people=400, starts="2026-03-10 11:00", **changed)
        return meeting(do("meetings.convene", "clerk_housing", reason="防汛抢险。", **raw).matter)

    def test_an_emergency_passes_every_cap_and_is_explained_after_it_was_held(self) -> None:
        sheet = do("meetings.begin", "clerk_housing", self.convened()).matter
        sheet = do(
            "meetings.close", "clerk_housing", sheet, attended=400, took=30, cost=0, decided="全力抢险。"
        ).matter
        assert sheet.state == "held"
        sheet = do("meetings.explain", "clerk_housing", sheet, explanation="汛情突发。").matter
        assert (sheet.state, sheet.closed) == ("closed", True)

    def test_explained_at_once_it_goes_on_like_any_other(self) -> None:
        sheet = do("meetings.explain", "clerk_housing", self.convened(), explanation="汛情突发。").matter
        assert sheet.state == "approved"

    def test_the_worker_finds_an_explanation_that_is_overdue_and_says_so(self) -> None:
        sheet = self.convened()
        late = NOW + timedelta(days=4)
        do("meetings.explanation_overdue", cast.the_system("clock"), sheet, late)
        assert facts("meeting.explanation_overdue") == {"meeting.explanation_overdue": 1}
        assert {holder.split("@")[0] for holder in told_of("逾期未作说明")} == {
            "supervision_office",
            "unit_clerk",
            "unit_head",
        }
        assert (
            do("meetings.explain", "clerk_housing", sheet, late, explanation="汛情突发。").matter.state
            == "approved"
        )

    def test_an_emergency_meeting_counts_in_the_years_number(self) -> None:
        raw = wanted(people=400, starts="2026-03-10 11:00")
        do("meetings.convene", "clerk_housing", reason="防汛抢险。", **raw)
        assert used() == 1


class TestInTheHall:
    def spoke(self, item: int, seconds: int) -> Meeting:
        sheet = do("meetings.begin_speaking", "clerk_housing", in_session(), ON_THE_DAY, item=item).matter
        return meeting(
            do(
                "meetings.end_speaking", "clerk_housing", sheet, ON_THE_DAY + timedelta(seconds=seconds)
            ).matter
        )

    def test_eight_minutes_are_in_time(self) -> None:
        assert (self.spoke(1, 480).agenda[0]["seconds"], facts("meeting.speech_overrun")) == (
            480,
            {"meeting.speech_overrun": 0},
        )

    def test_eight_minutes_and_one_second_are_recorded_as_an_overrun_with_the_clause(self) -> None:
        sheet = self.spoke(1, 481)
        assert sheet.agenda[0]["over"] == 1
        assert facts("meeting.speech_overrun") == {"meeting.speech_overrun": 1}
        assert f"{LAW}第八条第一款" in sheet.entries.order_by("-seq")[0].body
        assert told_of("发言超过规定时间") == {f"supervision_office@j{cast.jurisdiction().pk}"}

    @pytest.mark.parametrize(("seconds", "over"), [(3600, 0), (3601, 1)])
    def test_the_main_leader_speaks_at_most_an_hour(self, seconds: int, over: int) -> None:
        assert self.spoke(2, seconds).agenda[1]["over"] == over

    def test_a_speech_is_held_once_and_only_what_is_on_the_agenda(self) -> None:
        sheet = self.spoke(1, 60)
        for item in (1, 3):
            with pytest.raises(Invalid) as refusal:
                do("meetings.begin_speaking", "clerk_housing", sheet, ON_THE_DAY, item=item)
            assert list(refusal.value.fields) == ["item"]

    def test_the_agenda_is_changed_behind_what_was_spoken_and_within_the_speaking_time(self) -> None:
        sheet = self.spoke(1, 60)
        row = wanted()["agenda"][0]
        sheet = meeting(
            do("meetings.plan", "clerk_housing", sheet, ON_THE_DAY, agenda=[{**row, "topic": "补充"}]).matter
        )
        assert [(item["topic"], item["seconds"]) for item in sheet.agenda] == [
            ("工作安排", 60),
            ("补充", None),
        ]
        with pytest.raises(Barred, match="主要领导以外的人发言不得超过8分钟"):
            do("meetings.plan", "clerk_housing", sheet, ON_THE_DAY, agenda=[{**row, "minutes": 9}])

    def test_it_is_opened_on_its_day_only(self) -> None:
        sheet = approved()
        with pytest.raises(Barred, match="这次会议批准的日期是2026-04-15（星期三）"):
            do("meetings.begin", "clerk_housing", sheet, ON_THE_DAY - timedelta(days=1))
        assert do("meetings.begin", "clerk_housing", sheet, ON_THE_DAY).matter.state == "in_session"


def test_a_meeting_is_closed_with_what_it_was_and_leaves_its_facts() -> None:
    sheet = do(
        "meetings.close",
        "clerk_housing",
        in_session(),
        ON_THE_DAY,
        attended=98,
        took=150,
        cost=120_000,
        decided="抓好落实。",
    ).matter
    assert sheet.state == "closed"
    assert facts("meeting.held", "meeting.time", "meeting.cost", "meeting.over") == {
        "meeting.held": 1,
        "meeting.time": 98 * 150,
        "meeting.cost": 120_000,
        "meeting.over": 0,
    }
    assert list(verify()) == []


def test_what_a_meeting_was_too_much_of_in_the_end_is_recorded_and_not_refused() -> None:
    done = do(
        "meetings.close",
        "clerk_housing",
        in_session(),
        ON_THE_DAY,
        attended=101,
        took=241,
        cost=0,
        decided="抓好落实。",
    )
    assert facts("meeting.over") == {"meeting.over": 2}
    assert "第七条第一款" in done.entry.body


def test_a_cancelled_meeting_gives_its_place_in_the_number_back_and_says_what_it_saved() -> None:
    do("meetings.cancel", "clerk_housing", approved(budget=1_200_00), why="合并召开。", saved=1_200_00)
    assert used() == 0
    assert facts("gathering.cancelled", "gathering.saved") == {
        "gathering.cancelled": 1,
        "gathering.saved": 120_000,
    }
    assert approved().state == "approved"


def test_a_refused_meeting_takes_no_place() -> None:
    do("meetings.refuse", "office_a", asked(), why="可以合并。")
    assert used() == 0


def test_a_moment_without_zone_is_of_the_countrys_time() -> None:
    assert (
        asked(starts="2026-04-15T09:00").starts
        == asked(who="clerk_education", starts="2026-04-15T09:00+08:00").starts
    )
