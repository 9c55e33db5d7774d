"""The small words a mechanism is written in say what they say everywhere."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Any

import pytest
from django.db.models import Count, Q
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from qingfeng.kernel.acts.do import Do
from qingfeng.kernel.acts.engine import open_under
from qingfeng.kernel.acts.inputs import Input, Prose, Reason
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.actors import NOBODY, Actor, system
from qingfeng.kernel.reading.statistics import Reading
from qingfeng.kernel.reading.tallies import Tally
from qingfeng.kernel.record.facts import Fact, FactKind
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.regime.parameters import Flag
from qingfeng.kernel.regime.policy import PARAMETERS, Policy, parameter
from qingfeng.kernel.time.clocks import Clockwork
from qingfeng.kernel.time.periods import begin_of, day_of
from qingfeng.mechanisms.duty.dispatch.models import Task
from qingfeng.mechanisms.problems.rectification.declarations import PROBLEM_ASSIGNED
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests import cast
from tests.cast import NOW, TODAY, actor, unit
from tests.sheets import sheet


def hands(acting: Actor, matter: Matter) -> Do:
    policy = Policy(matter.jurisdiction_id, TODAY)
    clocks = Clockwork(matter.pk, NOW, lambda: policy.workdays, [])
    return Do(cast.act("rectification.verify"), acting, matter, NOW, policy, clocks, open_under)


@pytest.mark.django_db
def test_the_unit_and_the_person_are_those_of_whoever_acts() -> None:
    do = hands(actor("clerk_housing"), sheet())
    assert do.unit == unit("housing")
    assert do.person == cast.person("clerk_housing")


@pytest.mark.django_db
@pytest.mark.parametrize("acting", [NOBODY, system("clock", (1,))])
@pytest.mark.parametrize("asked", ["unit", "person"])
def test_where_there_is_none_the_act_is_refused_with_what_to_do(acting: Actor, asked: str) -> None:
    with pytest.raises(Barred) as refused:
        getattr(hands(acting, sheet()), asked)
    for language in ("en", "zh-hans"):
        with override(language):
            assert str(refused.value.reason)
            assert str(refused.value.remedy)


def test_persons_are_whoever_acts_and_the_one_they_stand_in_for() -> None:
    alone = Actor(person_id=7)
    assert alone.persons == {7}
    assert replace(alone, instead_of=9).persons == {7, 9}
    assert NOBODY.persons == frozenset()


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2024, 2, 29), date(2026, 12, 31)])
def test_a_day_begins_at_midnight_in_the_country(day: date) -> None:
    begun = begin_of(day)
    assert day_of(begun) == day
    assert begun.astimezone(UTC).hour == 16
    assert day_of(datetime.fromtimestamp(begun.timestamp() - 1, UTC)) < day


@pytest.mark.django_db
def test_standing_facts_are_those_of_this_matter_about_somebody_but_for_those_taken_back() -> None:
    matter, _other = sheet("assigned"), sheet("assigned")
    do = hands(actor("office_a"), matter)
    (fact,) = do.standing_facts(PROBLEM_ASSIGNED, unit("housing"))
    assert fact.entry.matter_id == matter.pk
    assert do.standing_facts(PROBLEM_ASSIGNED, unit("education")) == []
    assert do.standing_facts(FactKind("problem.unheard_of", "无"), unit("housing")) == []
    back = Fact.objects.get(pk=fact.pk)
    back.pk, back.reverses_id, back.quantity, back.ordinal = None, fact.pk, -fact.quantity, 99
    back.save(force_insert=True)
    assert do.standing_facts(PROBLEM_ASSIGNED, unit("housing")) == []


@pytest.mark.django_db
def test_several_are_told_in_their_order_in_the_language_of_the_house_with_what_is_put_in() -> None:
    do = hands(actor("office_a"), sheet())
    with override("en"):
        do.notify({"b@u1", "a@u1"}, _("{}: the time limit “{}” ends on {} now."), "甲", "乙", "丙")
    told = [(one.holder, one.payload["text"]) for one in do.effects.messages]
    assert [holder for holder, _text in told] == ["a@u1", "b@u1"]
    with override("zh-hans"):
        wanted = str(_("{}: the time limit “{}” ends on {} now.")).format("甲", "乙", "丙")
    assert {text for _holder, text in told} == {wanted}
    assert all(one.channel == Message.Channel.NOTICE for one in do.effects.messages)


def reading(matter: type[Matter] = Problem) -> Reading:
    return Reading(matter._default_manager.all(), actor("office_a"), TODAY, TODAY.year)


MONTHS = Tally("months", (), {"all": Count("pk"), "new": Count("pk", filter=Q(state="found"))}, each="month")
KINDS = Tally("kinds", ("kind",))


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Problem, "tallies", (MONTHS, KINDS))


@pytest.mark.django_db
@pytest.mark.usefixtures("named")
def test_months_have_figures_of_matters_and_the_sums_of_facts() -> None:
    for _each in range(2):
        sheet("assigned")
    sheet("found")
    of = reading()
    rows = of.by_month(PROBLEM_ASSIGNED, of=MONTHS)
    assert [row[0] for row in rows] == [of.month(number) for number in of.months]
    assert [row[1:] for row in rows] == [(0, 0, 0), (0, 0, 0), (3, 1, 2)]
    assert [row[1:] for row in of.by_month(PROBLEM_ASSIGNED, PROBLEM_ASSIGNED)][-1] == (2, 2)
    assert [row[1:] for row in reading(Task).by_month()] == [(), (), ()]


@pytest.mark.django_db
@pytest.mark.usefixtures("named")
def test_a_field_is_counted_with_its_codes_in_words_the_most_first() -> None:
    sheet("found", kind="formalism")
    for _each in range(2):
        sheet("found")
    of = reading()
    assert of.by(KINDS, {"inaction": "不作为"}) == [("不作为", 2), ("formalism", 1)]
    assert replace(of, queryset=Problem._default_manager.none()).by(KINDS, {}) == []


def test_a_parameter_is_registered_once() -> None:
    name = "vocabulary.once"
    declared = parameter(name, "一次", Flag(), "只登记一次。", stricter="smaller")
    try:
        assert PARAMETERS.get(name) is declared
        with pytest.raises(ValueError, match="declared twice"):
            parameter(name, "一次", Flag(), "只登记一次。")
    finally:
        del PARAMETERS._by_name[name]


def test_an_input_takes_what_is_no_plain_type_and_a_reason_is_prose() -> None:
    class Row(Input):
        who: Matter
        why: Reason = ""

    assert Row.model_config["arbitrary_types_allowed"]
    kinds: list[Any] = Row.model_fields["why"].metadata
    assert Prose(500) in kinds


def test_two_labels_alike_in_one_language_stay_two() -> None:
    first, second = (lazy(lambda word=word: word, str)() for word in ("日期", "日期"))
    assert first == second
    assert [Annotated[date, label].__metadata__[0] for label in (first, second, "日期")] == [
        first,
        second,
        "日期",
    ]
    assert Annotated[date, second].__metadata__[0] is second  # type: ignore[attr-defined]
