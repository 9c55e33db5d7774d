"""What is in force: one regime a level, from a day, until another takes its place or it is ended."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.kernel.regime.document import BadDocument, Document, filled, left_open, load
from qingfeng.kernel.regime.models import ActivatedRegime
from qingfeng.kernel.regime.policy import PARAMETERS, Policy
from qingfeng.kernel.regime.stack import Stack
from qingfeng.kernel.time import recount
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.time.periods import last_day
from qingfeng.mechanisms.problems.problem_lists.policy import REMIND_BEFORE
from qingfeng.mechanisms.problems.rectification.policy import ACKNOWLEDGE_WITHIN, PLAN_WITHIN, SIGN_WITHIN
from qingfeng.organization.topics import OFTEN, TOPICS
from qingfeng.regimes import shipped
from tests import cast
from tests.cast import NOW, TODAY, demonstration, do
from tests.leaves import words
from tests.refusals import invalid
from tests.sheets import rows, sheet

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)

VALUE = """
  {name}:
    - from: 2020-01-01
      value: {value}
      source: {{title: 松溪县办法, clause: {clause}}}
      verified: {verified}
"""


def written(
    code: str,
    values: Mapping[str, str],
    jurisdiction: str = "linan",
    verified: str = "true",
    more: str = "",
    clause: str = "第一条",
) -> str:
    """A regime with a few values."""
    said = "".join(
        VALUE.format(name=name, value=value, verified=verified, clause=clause)
        for name, value in values.items()
    )
    return (
        f"regime: {code}\ntitle: 办法{code}\ntitle_en: Measures {code}\njurisdiction: {jurisdiction}\n"
        f"place: 林岸县（虚构）\nenables: [tasks]\n{more}values:{said}"
    )


def proposed(text: str, at: datetime = NOW, **more: Any) -> Matter:
    return do("regime.propose", "linan_office", at=at, text=text, **more).matter


def activated(text: str, at: datetime = NOW, **more: Any) -> None:
    do("regime.activate", "linan_office_b", proposed(text, at, **more), at=at)


def ended(code: str, on: date, at: datetime = NOW) -> None:
    row = ActivatedRegime.objects.filter(regime=code).latest("pk")
    raw = {"ended": row.pk, "on": on.isoformat(), "reason": "另行制定。"}
    do(
        "regime_ends.end",
        "linan_office_b",
        do("regime_ends.propose", "linan_office", at=at, **raw).matter,
        at,
    )


def beside(on: date = TODAY, known_at: datetime | None = None) -> Policy:
    return Policy(cast.jurisdiction(cast.BESIDE).pk, on, known_at)


def reminded(on: date = TODAY, known_at: datetime | None = None) -> tuple[Any, str]:
    valued = beside(on, known_at).valued(REMIND_BEFORE)
    return valued.value, valued.layer


ONE = written("one", {"problem_lists.remind_before": "3"})
OTHER = written("other", {"problem_lists.remind_before": "5"})


class TestOneALevel:
    def test_another_takes_its_place_and_what_only_the_first_said_no_longer_holds(self) -> None:
        activated(written("one", {"problem_lists.remind_before": "3", "problems.often": "2"}))
        assert beside().value(OFTEN) == 2
        activated(OTHER, NOW + WEEK)
        assert reminded(TODAY + WEEK) == (5, "other")
        assert beside(TODAY + WEEK).value(OFTEN) == 4  # the city's
        assert reminded() == (3, "one")

    def test_the_level_above_stays_and_the_stricter_of_both_holds(self) -> None:
        activated(written("one", {"rectification.sign_within": "{n: 9, unit: workday}"}))
        assert beside().valued(SIGN_WITHIN).layer == "city_demonstration"
        activated(written("other", {"rectification.sign_within": "{n: 1, unit: workday}"}))
        assert beside().valued(SIGN_WITHIN).layer == "other"

    def test_national_rules_stand_beside_each_other(self) -> None:
        activated(written("a_law", {"problems.often": "3"}, "national"))
        activated(written("b_law", {"problem_lists.remind_before": "9"}, "national"))
        assert {"a_law", "b_law"} <= {regime_of(digest) for digest in beside().standing.values()}

    def test_rules_of_a_level_above_are_entered_only_where_that_has_none(self) -> None:
        with pytest.raises(Barred, match="上一级"):
            proposed(written("province", {"problems.often": "3"}, more="level: province\n"))
        text = written("province", {"problems.often": "3"}, cast.CITY, more="level: province\n")
        matter = do("regime.propose", "city_office", text=text).matter
        do("regime.activate", "city_office_b", matter)
        assert beside().valued(OFTEN).layer == "city_demonstration"
        assert beside().levels(OFTEN)[0].layer == "province"


def regime_of(digest: str) -> str:
    return ActivatedRegime.objects.filter(digest=digest).latest("pk").regime


class TestFromADay:
    def test_it_holds_from_its_day_and_until_then_what_held_before(self) -> None:
        activated(ONE)
        activated(OTHER, since="2026-03-17")
        assert [reminded(TODAY + timedelta(days=days))[0] for days in (0, 6, 7)] == [3, 3, 5]

    def test_put_in_force_after_its_day_it_holds_from_then_on(self) -> None:
        activated(ONE)
        matter = proposed(OTHER, since="2026-03-12")
        do("regime.activate", "linan_office_b", matter, at=NOW + WEEK)
        assert [reminded(TODAY + timedelta(days=days))[0] for days in (6, 7)] == [3, 5]

    def test_a_day_that_is_past_is_refused(self) -> None:
        before = rows()
        with pytest.raises(Invalid) as refusal:
            proposed(ONE, since="2026-03-09")
        assert (list(refusal.value.fields), rows()) == (["since"], before)


class TestEnd:
    def test_it_ends_with_its_day_and_is_known_to_end_only_from_then_on(self) -> None:
        activated(ONE)
        ended("one", TODAY + WEEK, NOW + timedelta(hours=1))
        assert reminded(TODAY + timedelta(days=6)) == (3, "one")
        assert reminded(TODAY + WEEK) == (7, "city_demonstration")
        assert reminded(TODAY + WEEK, known_at=NOW) == (3, "one")
        assert not list(verify())

    def test_two_people_end_it(self) -> None:
        activated(ONE)
        row = ActivatedRegime.objects.latest("pk")
        raw = {"ended": row.pk, "on": "2026-03-17", "reason": "另行制定。"}
        matter = do("regime_ends.propose", "linan_office", **raw).matter
        with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
            do("regime_ends.end", "linan_office", matter)
        assert reminded(TODAY + WEEK)[0] == 3
        do("regime_ends.withdraw", "linan_office_b", matter, reason="继续施行。")
        assert reminded(TODAY + WEEK)[0] == 3

    def test_what_is_not_in_force_cannot_be_ended(self) -> None:
        activated(ONE)
        activated(OTHER)
        row = ActivatedRegime.objects.filter(regime="one").latest("pk")
        with invalid("ended", "该制度当日并未施行"):
            do("regime_ends.propose", "linan_office", ended=row.pk, on="2026-03-17", reason="无。")

    def test_the_end_of_a_regime_leaves_the_one_that_took_its_place(self) -> None:
        activated(ONE)
        ended("one", TODAY + WEEK)
        activated(OTHER, NOW + timedelta(hours=1))
        assert reminded(TODAY + WEEK) == (5, "other")

    def test_put_in_force_again_it_speaks_of_its_new_days_only(self) -> None:
        activated(ONE)
        ended("one", TODAY)
        activated(ONE, NOW + WEEK)
        found = [reminded(TODAY + timedelta(days=days))[1] for days in (0, 6, 7)]
        assert found == ["city_demonstration", "city_demonstration", "one"]

    def test_labels_of_a_list_that_no_longer_holds_are_still_told(self) -> None:
        activated(
            written("one", {"problems.topics": "[{code: parking, zh: 停车难, en: Parking}]"}),
        )
        ended("one", TODAY)
        assert beside().labels(TOPICS)["parking"] == "停车难"
        assert "parking" not in dict(beside().choices(TOPICS))


def test_a_clock_keeps_the_limit_it_began_with() -> None:
    signed = sheet("signed")
    due = Running.objects.get(matter=signed, name="planning").due_at
    shorter = demonstration().replace("{n: 5, unit: workday}", "{n: 1, unit: workday}")
    matter = do("regime.propose", "office_a", text=shorter).matter
    page = type(matter).pages[0].context(matter, cast.actor("office_a"), NOW)
    (row,) = [row for row in page["values"] if row["label"] == PLAN_WITHIN.label]
    assert (row["now"], row["then"], row["clocks"]) == ("5个工作日", "1个工作日", 1)
    do("regime.activate", "office_b", matter)
    assert recount.carried(NOW) == 0
    assert planning(signed).due_at == due
    assert planning(sheet("signed")).due_at < due


def planning(signed: Matter) -> Running:
    return Running.objects.get(matter=signed, name="planning")


class TestCarriedToWhatRuns:
    def carrying(self, length: str, at: datetime = NOW, **more: Any) -> None:
        text = demonstration().replace("{n: 5, unit: workday}", length)
        matter = do("regime.propose", "office_a", at=at, text=text, carries=True, **more).matter
        page = type(matter).pages[0].context(matter, cast.actor("office_a"), at)
        assert page["carries"] is True
        do("regime.activate", "office_b", matter, at=at)

    def test_limits_that_run_get_the_new_length_once_and_it_is_told(self) -> None:
        signed, other = sheet("signed"), sheet("assigned")
        due = planning(signed).due_at
        self.carrying("{n: 2, unit: workday}")
        assert recount.carried(NOW) == 1
        assert (planning(signed).limit["n"], last_day(planning(signed).due_at)) == (2, date(2026, 3, 12))
        assert planning(signed).due_at < due
        entry = Entry.objects.filter(matter=signed).latest("seq")
        assert (entry.act, entry.content["input"]["by_regime"]) == ("reckon", True)
        assert Message.objects.filter(entry=entry, channel="notice").exists()
        assert not Entry.objects.filter(matter=other, act="reckon").exists()
        assert recount.carried(NOW + timedelta(hours=1)) == 0
        assert not list(verify())

    def test_a_limit_that_the_new_length_would_end_at_once_keeps_its_own(self) -> None:
        signed = sheet("signed")
        due = planning(signed).due_at
        later = NOW + timedelta(days=3)
        self.carrying("{n: 1, unit: workday}", later)
        assert recount.carried(later) == 0
        assert planning(signed).due_at == due

    def test_what_is_to_hold_from_a_day_carries_nothing_before_it(self) -> None:
        signed = sheet("signed")
        self.carrying("{n: 3, unit: workday}", since=(TODAY + timedelta(days=1)).isoformat())
        assert recount.carried(NOW) == 0
        assert recount.carried(NOW + timedelta(days=1)) == 1
        assert planning(signed).limit["n"] == 3

    def test_the_end_of_a_regime_carries_what_holds_then(self) -> None:
        self.carrying("{n: 2, unit: workday}")
        signed = sheet("signed")
        row = ActivatedRegime.objects.filter(jurisdiction=cast.jurisdiction()).latest("pk")
        said = {"ended": row.pk, "on": TODAY.isoformat(), "reason": "另行制定。", "carries": True}
        do("regime_ends.end", "office_b", do("regime_ends.propose", "office_a", **said).matter)
        held = Policy(cast.jurisdiction().pk, TODAY).value(PLAN_WITHIN)
        assert planning(signed).limit["n"] == 2 != held.n
        assert recount.carried(NOW) == 1
        assert planning(signed).limit["n"] == held.n

    def test_a_clock_that_time_does_not_run_on_is_left(self) -> None:
        signed = sheet("signed")
        Running.objects.filter(matter=signed, name="planning").update(paused_at=NOW)
        self.carrying("{n: 2, unit: workday}")
        assert recount.carried(NOW) == 0


class TestDefaults:
    def layers(self, *values: tuple[str, str]) -> Stack:
        return Stack(self.document(jurisdiction, value) for jurisdiction, value in values)

    def document(self, jurisdiction: str, value: str) -> Document:
        text = written(jurisdiction, {"transfers.acknowledge_within": value}, jurisdiction)
        return load(text.encode(), jurisdiction, PARAMETERS)

    def test_our_own_choice_yields_to_what_any_level_says_even_where_it_is_the_stricter(self) -> None:
        ours, theirs = ("defaults", "{n: 1, unit: workday}"), ("linan", "{n: 8, unit: workday}")
        assert self.layers(ours).value(ACKNOWLEDGE_WITHIN, TODAY).of == "defaults"
        assert self.layers(ours, theirs).value(ACKNOWLEDGE_WITHIN, TODAY).of == "linan"

    def test_our_own_choice_in_another_unit_stands_in_nobodys_way(self) -> None:
        ours, theirs = ("defaults", "{n: 24, unit: hour}"), ("national", "{n: 8, unit: workday}")
        assert self.layers(ours, theirs).value(ACKNOWLEDGE_WITHIN, TODAY).of == "national"


class TestConfirming:
    TEXT = written("one", {"transfers.acknowledge_within": "{n: 4, unit: workday}"}, verified="false")

    def row(self, **changed: str) -> dict[str, str]:
        row = {"regime": "one", "parameter": "transfers.acknowledge_within", "since": "2020-01-01"}
        return row | changed

    def confirm(self, official: str = "林办发〔2026〕2号", **changed: str) -> Matter:
        numbers = [self.row(**changed)]
        return do("confirmed_numbers.confirm", "linan_office", official=official, numbers=numbers).matter

    def test_what_nobody_compared_is_not_put_in_force_and_named(self) -> None:
        matter = proposed(self.TEXT)
        before = rows()
        with pytest.raises(Barred) as refusal:
            do("regime.activate", "linan_office_b", matter)
        assert "待核对数值" in str(refusal.value.remedy)
        assert [str(ground.reason) for ground in refusal.value.grounds] == [str(ACKNOWLEDGE_WITHIN.label)]
        assert rows() == before
        confirmed = self.confirm()
        do("regime.activate", "linan_office_b", matter)
        assert beside().value(ACKNOWLEDGE_WITHIN).n == 4
        assert (confirmed.official, confirmed.state) == ("林办发〔2026〕2号", "confirmed")  # type: ignore[attr-defined]

    def test_it_stays_confirmed_in_a_later_version_until_value_or_clause_differ(self) -> None:
        matter = proposed(self.TEXT)
        self.confirm()
        do("regime.activate", "linan_office_b", matter)
        activated(self.TEXT.replace("enables: [tasks]", "enables: []"), NOW + timedelta(hours=1))
        for changed in (self.TEXT.replace("n: 4", "n: 6"), self.TEXT.replace("第一条", "第二条")):
            with pytest.raises(Barred, match="尚未核对"):
                activated(changed, NOW + timedelta(hours=2))

    def test_what_measures_no_time_waits_but_stops_nothing(self) -> None:
        activated(written("one", {"problems.often": "3"}, verified="false"))
        assert beside().value(OFTEN) == 3
        self.confirm(parameter="problems.often")
        with invalid("numbers.0.parameter", "这个数值不在待核对之列"):
            self.confirm(parameter="problems.often")

    @pytest.mark.parametrize("changed", [{"regime": "two"}, {"parameter": "a.b"}, {"since": "2021-01-01"}])
    def test_what_does_not_wait_cannot_be_confirmed(self, changed: dict[str, str]) -> None:
        proposed(self.TEXT)
        before = rows()
        with invalid("numbers.0.parameter", "这个数值不在待核对之列"):
            self.confirm(**changed)
        assert rows() == before

    def from_before(self) -> None:
        """A regime put in force when nothing had to be confirmed."""
        ActivatedRegime(
            jurisdiction=cast.jurisdiction(),
            regime="demonstration",
            layer="qingfeng",
            digest="0" * 64,
            text=shipped()["demonstration"],
            recorded_at=NOW,
            valid_from=TODAY,
        ).save(by_act=True)

    def test_an_act_that_needs_a_number_in_force_unconfirmed_is_refused_with_the_page(self) -> None:
        assigned = sheet("assigned")
        self.from_before()
        before = rows()
        with pytest.raises(Barred) as refusal:
            do("rectification.sign", "clerk_housing", assigned)
        assert "待核对数值" in words(refusal.value)
        assert "清风区作风效能示范制度" in words(refusal.value)
        assert rows() == before
        key = {"regime": "demonstration", "since": "2024-01-01"}
        names = ("rectify_within", "dispute_within", "plan_within", "warn_before", "sign_within")
        numbers = [{**key, "parameter": f"rectification.{name}"} for name in names]
        do("confirmed_numbers.confirm", "office_a", official="清办发〔2024〕3号", numbers=numbers)
        assert do("rectification.sign", "clerk_housing", assigned).matter.state == "signed"

    def test_an_installation_founded_to_demonstrate_is_exempt(self, settings: Any) -> None:
        self.from_before()
        settings.DEMO = True
        assert sheet("signed").state == "signed"


class TestWhatIsLeftOpen:
    TEXT = written("one", {"meetings.free_months": "[5]"}).replace("value: [5]", "ask: 是哪几个月？")

    def answered(self, *answers: tuple[str, str]) -> Matter:
        given = [{"parameter": name, "value": value} for name, value in answers]
        return proposed(self.TEXT, answers=given)

    def test_it_is_asked_for_and_the_answer_is_told_as_decided_here(self) -> None:
        do("regime.activate", "linan_office_b", self.answered(("meetings.free_months", "[6, 7]")))
        parameter = PARAMETERS.get("meetings.free_months")
        assert parameter is not None
        valued = beside().valued(parameter)
        assert (valued.value, valued.ask) == (frozenset({6, 7}), "是哪几个月？")

    def test_without_an_answer_the_question_is_told(self) -> None:
        with pytest.raises(Invalid) as refusal:
            self.answered()
        assert "是哪几个月？" in words(refusal.value)

    @pytest.mark.parametrize(
        "answers",
        [
            [("meetings.free_months", "[13]")],
            [("meetings.free_months", "[6]"), ("problems.often", "3")],
            [("meetings.free_months", "[6], verified: true")],
        ],
    )
    def test_an_answer_that_does_not_fit_is_refused(self, answers: list[tuple[str, str]]) -> None:
        before = rows()
        with pytest.raises(Barred, match="制度文本"):
            self.answered(*answers)
        assert rows() == before

    def test_a_file_with_an_open_value_is_no_regime_yet(self) -> None:
        with pytest.raises(BadDocument, match="是哪几个月"):
            load(self.TEXT.encode(), "one.yaml", PARAMETERS)


def test_every_regime_that_is_shipped_loads_once_its_questions_are_answered() -> None:
    fit = {
        "meetings.free_months": "[3, 8]",
        "meetings.conveners": '[{kind: annual, units: ["01"]}]',
        "inspections.monthly": "[{topic: serving, manner: open, units: 3, days: 5}]",
    }
    turns = {"half_month": "scheduling", "month": "assessment", "week": "project"}
    for code, text in shipped().items():
        answers = {}
        for name in left_open(text, code):
            every = next((every for every, kind in turns.items() if kind in name), "month")
            answers[name] = fit.get(name, f"{{every: {every}, day: 1, on_workday: true}}")
        document = load(filled(text, code, "somewhere", answers).encode(), code, PARAMETERS)
        assert document.regime == code
        if document.level == "":
            assert document.year
            assert document.place


def test_between_them_defaults_and_national_rules_say_something_of_every_parameter() -> None:
    said: set[str] = set()
    for code, text in shipped().items():
        document = load_or_none(text, code)
        if document is not None and document.level in ("defaults", "national"):
            said |= set(document.values)
    # How often a duty returns has no default: where no locality says so, it doesn't. Nor has what is said to hold only
    # where a regime says it: further caps, who convenes, a ban.
    optional = ("where nothing is said", "without a value", "Who convenes", "that open by themselves")
    with override("en"):
        unsaid = {one.name for one in PARAMETERS if one.name not in said}
        told = {one.name: f"{one.label} {one.describes}" for one in PARAMETERS}
    assert [name for name in unsaid if not any(words in told[name] for words in optional)] == []


def load_or_none(text: str, code: str) -> Document | None:
    return None if left_open(text, code) else load(text.encode(), code, PARAMETERS)
