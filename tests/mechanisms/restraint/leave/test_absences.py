"""Absence without approved leave: a fact to look into, the person's word, and nothing else by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.kernel.time.workdays import Workdays
from qingfeng.mechanisms.restraint.leave.absences import Absence
from qingfeng.mechanisms.restraint.leave.rules import grows_long
from tests import cast
from tests.cast import NOW, do
from tests.leaves import approved, at, clock, over, phoned
from tests.refusals import invalid

DAYS = Workdays()
DAY = timedelta(days=1)


def every(_day: date) -> bool:
    return True


@pytest.mark.parametrize(("days", "long"), [(15, False), (16, True), (40, True)])
def test_more_than_fifteen_days_on_end_are_long_and_fifteen_are_not(days: int, long: bool) -> None:
    first = date(2026, 4, 3)
    grown = grows_long(first, first + (days - 1) * DAY, [], every, (), 15, None)
    assert (grown == first + 15 * DAY) if long else grown is None


def test_of_staff_of_an_institution_only_working_days_count() -> None:
    first, last = date(2026, 9, 28), date(2026, 10, 22)
    worked = sum(DAYS.is_workday(first + number * DAY) for number in range((last - first).days + 1))
    assert (last - first).days + 1 > 15 >= worked
    assert grows_long(first, last, [], DAYS.is_workday, (), 15, None) is None
    assert grows_long(first, last, [], every, (), 15, None) is not None


def test_days_of_a_year_add_up_and_begin_anew_with_the_next() -> None:
    others = [(date(2026, 2, 2), date(2026, 2, 13)), (date(2026, 6, 1), date(2026, 6, 12))]
    grown = grows_long(date(2026, 11, 2), date(2026, 11, 10), others, every, (), 15, 30)
    assert grown == date(2026, 11, 8), "the seventh day makes 31"
    assert grows_long(date(2027, 1, 4), date(2027, 1, 12), others, every, (), 15, 30) is None


def test_days_of_leave_in_between_count_neither_on_end_nor_in_the_year() -> None:
    first, last = date(2026, 4, 1), date(2026, 5, 10)
    leave = frozenset(date(2026, 4, 16) + number * DAY for number in range(10))
    assert grows_long(first, last, [], every, leave, 15, 30) is None
    assert grows_long(first, last + DAY, [], every, leave, 15, 30) == last + DAY


@given(st.integers(1, 60), st.integers(1, 40))
def test_without_limits_nothing_grows_long(days: int, more: int) -> None:
    first = date(2026, 1, 5)
    others = [(first - (more + 1) * DAY, first - DAY)]
    assert grows_long(first, first + days * DAY, others, every, (), None, None) is None


def noted(
    who: str = "clerk_township", whom: str = "stand_in", moment: str = "2026-03-10 10:00", **raw: Any
) -> Absence:
    usual = {"staff": "civil_servant", "first_day": "2026-03-09", "known": "未到岗。"}
    done = do("absences.note", who, at=at(moment), person=cast.person(whom).pk, **{**usual, **raw}).matter
    assert isinstance(done, Absence)
    return done


def grown_long(absence: Absence, moment: str) -> Absence:
    done = do("absences.grow_long", cast.the_system("clock"), absence, at(moment)).matter
    assert isinstance(done, Absence)
    return done


def long_ones() -> int:
    return sum(Fact.objects.filter(name="leave.absent_long").values_list("quantity", flat=True))


def told(words: str) -> set[str]:
    sent = Message.objects.filter(channel=Message.Channel.NOTICE)
    return {message.holder.split("@")[0] for message in sent if words in message.payload["text"]}


@pytest.mark.django_db
class TestNoted:
    def test_the_person_is_told_at_once_and_has_their_word(self) -> None:
        absence = noted(last_day="2026-03-09")
        assert told("您可以在其页面陈述情况") == {"person"}
        do("absences.state_side", "stand_in", absence, words="陪护家人，托人带话。")
        assert told("本人已作陈述") == {"organization_department"}
        assert long_ones() == 0
        with pytest.raises(Barred, match="此项由当事人本人办理"):
            do("absences.state_side", "clerk_township", absence, words="代为说明。")

    def test_one_that_goes_on_is_looked_into_when_it_has_grown_long(self) -> None:
        absence = noted(first_day="2026-03-03")
        with pytest.raises(Barred, match="此项到期由系统自动记录"):
            do("absences.grow_long", "clerk_township", absence)
        grown = grown_long(absence, "2026-03-19 00:00")
        assert (grown.long, long_ones()) == (True, 1)
        assert told("组织部门正在了解") == {"person"}
        assert told("超过规定天数") == {"organization_department"}
        back = do(
            "absences.come_back", "clerk_township", grown, at("2026-03-24 09:00"), last_day="2026-03-23"
        )
        assert long_ones() == 1, "it is told once"
        assert back.matter.state == "back"

    def test_leave_approved_meanwhile_puts_it_off(self) -> None:
        absence = noted("clerk_housing", "cadre", first_day="2026-03-03")
        approved("cadre", kind="personal", first_day="2026-03-11", last_day="2026-03-13")
        put_off = grown_long(absence, "2026-03-19 00:00")
        assert (put_off.long, long_ones()) == (False, 0)
        assert put_off.clocks.get(name="long").due_at > at("2026-03-19 00:00")
        with pytest.raises(Invalid) as refusal:
            do("absences.come_back", "head_housing", put_off, at("2026-03-20 09:00"), last_day="2026-03-19")
        assert list(refusal.value.fields) == ["last_day"]

    def test_nothing_is_concluded_against_a_person_who_may_still_speak(self) -> None:
        absence = noted(first_day="2026-02-03", last_day="2026-02-24", moment="2026-03-10 10:00")
        assert long_ones() == 1
        with pytest.raises(Barred, match="本人尚未陈述"):
            do("absences.conclude", "department_a", absence, explained=False, finding="无请假。")
        late = NOW + 14 * DAY
        assert (
            do(
                "absences.conclude", "department_a", absence, late, explained=False, finding="无请假。"
            ).matter.state
            == "stands"
        )
        assert list(verify()) == []

    def test_what_is_explained_takes_its_fact_back_and_counts_in_no_year(self) -> None:
        absence = noted(first_day="2026-02-03", last_day="2026-02-24")
        do("absences.conclude", "department_b", absence, explained=True, finding="因公外出，手续在途。")
        assert long_ones() == 0
        noted(first_day="2026-02-25", last_day="2026-03-06")
        assert long_ones() == 0

    def test_days_of_approved_leave_are_never_noted(self) -> None:
        over("cadre")
        for days in ({"first_day": "2026-03-12"}, {"first_day": "2026-03-09", "last_day": "2026-03-11"}):
            with pytest.raises(Invalid) as refusal:
                noted("clerk_housing", "cadre", "2026-03-20 10:00", **days)
            assert list(refusal.value.fields) == ["first_day"]
        assert noted("clerk_housing", "cadre", "2026-03-20 10:00", first_day="2026-03-13").state == "absent"

    def test_neither_days_to_come_nor_the_same_days_twice_nor_oneself(self) -> None:
        with invalid("first_day", "只能登记已经过去的日子或者今天"):
            noted(first_day="2026-03-11")
        noted(first_day="2026-03-05", last_day="2026-03-06")
        with invalid("first_day", "其中有的日子已经登记"):
            noted(first_day="2026-03-06")
        with invalid("person", "只能为本单位同事登记请假"):
            noted("clerk_township", "clerk_township")


@pytest.mark.django_db
class TestAfterLeave:
    def test_who_is_not_back_for_more_than_fifteen_days_is_handed_over_once(self) -> None:
        leave = over("cadre")
        clock("not_back", leave, "2026-03-29 00:00")
        absence = Absence.objects.get(person=cast.person("cadre"))
        assert (absence.first_day, absence.state, absence.unit.code) == (
            date(2026, 3, 13),
            "absent",
            "housing",
        )
        grown_long(absence, "2026-03-29 00:05")
        assert long_ones() == 1

    def test_who_cancels_within_it_is_not(self) -> None:
        leave = do("leave.cancel", "cadre", over("cadre"), at("2026-03-20 09:00")).matter
        with pytest.raises(Barred, match="本事项现为“已销假”"):
            clock("not_back", leave, "2026-03-29 00:00")
        assert not Absence.objects.exists()

    def test_approved_leave_of_a_quarter_of_a_year_never_counts(self) -> None:
        childbirth = phoned(who="cadre", kind="maternity", last_day="2026-06-15")
        assert childbirth.state == "away"
        assert long_ones() == 0
        with invalid("first_day", "清风区请假〔2026〕1号 已批准请假"):
            noted("clerk_housing", "cadre", "2026-04-20 10:00", first_day="2026-04-01")
