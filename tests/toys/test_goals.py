"""A number to reach by rank: counted from the facts that stand, reminded of once, told to whom it binds and in counts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from qingfeng.kernel import checks
from qingfeng.kernel.acts.engine import StoredAct, perform
from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.registry import find_act
from qingfeng.kernel.people.actors import person_key
from qingfeng.kernel.reading import reads
from qingfeng.kernel.record.goals import Progress
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.time import duties
from qingfeng.kernel.time.duties import open_due
from qingfeng.kernel.time.timekeeper import FixedTime
from qingfeng.organization.cadres import BY_RANK, CadreRecord
from tests import cast
from tests.cast import actor
from tests.faces.console.staff import browser, text
from tests.toys.duty.models import YEARS, Year
from tests.toys.duty.place import Place, put_in_force

VALUES = """
toys_year.turns: (2026-01-01) {every: half_year, day: 1, on_workday: false}
toys_year.days: (2026-01-01) [{rank: section, number: 3}, {rank: division, number: 5}]
toys_year.days_early: (2026-01-01) 30
"""
BOUND = {"leader": "division", "head_housing": "section", "head_education": "section"}


def on(month: int, day: int, year: int = 2026) -> datetime:
    """Nine in the morning, Shanghai."""
    return datetime(year, month, day, 1, 0, tzinfo=UTC)


def rank(name: str, rank: str, since: date, until: date | None = None) -> None:
    unit = cast.unit("housing")
    row = CadreRecord(person=cast.person(name), unit=unit, rank=rank, valid_from=since, valid_to=until)
    CadreRecord.objects.bulk_create([row])


def put(values: str, at: datetime) -> None:
    put_in_force(Place(cast.jurisdiction(), actor("office_a"), actor("office_b")), values, at=at)


@pytest.fixture(autouse=True)
def county(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second half of 2026 in a county where a leader and two heads are bound."""
    monkeypatch.setattr(duties, "DUTIES", {YEARS.code: YEARS})
    put(VALUES, at=on(7, 1))
    CadreRecord.objects.update(valid_to=date(2026, 1, 1))
    for name, code in BOUND.items():
        rank(name, code, date(2026, 2, 1))
    rank("clerk_housing", "staff", date(2026, 2, 1))
    open_due(on(7, 1))


def year(name: str) -> Year:
    return Year.objects.get(person=cast.person(name), period="2026-S2")


def visit(day: date) -> dict[str, str]:
    return {"day": day.isoformat(), "place": "清河镇石桥村", "did": "走访农户，了解春耕用水"}


def enter(name: str, *days: date, at: datetime | None = None) -> StoredAct:
    for day in days:
        now = at or datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        done = perform(
            find_act(Year, "enter"), actor(name), {"days": [visit(day)]}, now, matter_id=year(name).pk
        )
    return done


def strike(name: str, day: date, at: datetime | None = None) -> None:
    perform(
        find_act(Year, "strike"),
        actor("office_a"),
        {"day": day.isoformat(), "reason": "未到现场"},
        at or on(12, 20),
        matter_id=year(name).pk,
    )


def far(name: str, today: date = date(2026, 12, 20)) -> Progress | None:
    return year(name).progress(today)


def told(name: str) -> list[str]:
    return [
        one.payload["text"]
        for one in Message.objects.filter(
            holder=person_key(cast.person(name).pk), payload__subject=str(year(name))
        )
    ]


def test_it_binds_those_of_a_rank_in_the_table_and_nobody_else() -> None:
    assert {one.person for one in Year.objects.all()} == {cast.person(name) for name in BOUND}
    assert far("leader") == Progress(0, 5, "division")
    assert far("head_housing") == Progress(0, 3, "section")
    assert year("leader").title == "调研天数 2026-S2"


def test_what_stands_counts_and_what_is_taken_back_counts_no_more() -> None:
    enter("head_housing", date(2026, 7, 6), date(2026, 8, 3), date(2026, 9, 7))
    assert far("head_housing") == Progress(3, 3, "section")
    strike("head_housing", date(2026, 8, 3))
    found = far("head_housing")
    assert found == Progress(2, 3, "section")
    assert not found.reached
    enter("head_housing", date(2026, 8, 3), at=on(12, 21))
    assert far("head_housing", date(2026, 12, 21)) == Progress(3, 3, "section")


def test_a_day_counts_once_however_often_it_is_entered() -> None:
    twice = {"days": [visit(date(2026, 9, 7)), visit(date(2026, 9, 7))]}
    with pytest.raises(Barred, match="已登记"):
        perform(find_act(Year, "enter"), actor("leader"), twice, on(9, 8), matter_id=year("leader").pk)
    enter("leader", date(2026, 9, 7))
    with pytest.raises(Barred, match="已登记"):
        enter("leader", date(2026, 9, 7), at=on(9, 9))
    strike("leader", date(2026, 9, 7))
    with pytest.raises(Barred, match="没有计入"):
        strike("leader", date(2026, 9, 7))
    assert far("leader") == Progress(0, 5, "division")


def test_what_held_outside_the_period_is_refused_and_others_count_nothing() -> None:
    with pytest.raises(Barred, match="不在本期内"):
        enter("leader", date(2026, 6, 30), at=on(7, 3))
    enter("head_housing", date(2026, 7, 6))
    assert far("head_education") == Progress(0, 3, "section")


def test_a_rank_changed_in_the_midst_owes_what_the_last_owes() -> None:
    CadreRecord.objects.filter(person=cast.person("head_housing"), rank="section").update(
        valid_to=date(2026, 11, 30)
    )
    rank("head_housing", "division", date(2026, 12, 1))
    assert far("head_housing", date(2026, 11, 30)) == Progress(0, 3, "section")
    assert far("head_housing", date(2026, 12, 1)) == Progress(0, 5, "division")
    assert far("head_housing", date(2027, 5, 1)) == Progress(0, 5, "division")


def test_where_the_regime_says_so_it_owes_by_the_days() -> None:
    by_days = VALUES.replace("number: 3}", "number: 30, by_day: true}").replace(
        "number: 5}", "number: 60, by_day: true}"
    )
    put(by_days, at=on(7, 2))
    CadreRecord.objects.filter(person=cast.person("head_housing"), rank="section").update(
        valid_to=date(2026, 9, 30)
    )
    rank("head_housing", "division", date(2026, 10, 1))
    # 92 days at 30 and 92 at 60, of 184
    assert far("head_housing") == Progress(0, 45, "division")
    assert far("head_education") == Progress(0, 30, "section")


def test_who_lost_the_rank_owes_nothing_and_is_left_alone() -> None:
    CadreRecord.objects.filter(person=cast.person("head_housing"), rank="section").update(
        valid_to=date(2026, 9, 30)
    )
    assert far("head_housing") is None
    worker.run_out(on(12, 3))
    assert told("head_housing") == []
    assert reads.own_goals(actor("head_housing"), date(2026, 12, 3)) == []


def test_who_left_is_bound_no_more_though_the_record_of_the_rank_stays() -> None:
    cast.do(
        "departures.enter",
        "system_administrator",
        at=on(10, 9),
        person=cast.person("head_education").pk,
        reason="调离",
    )
    assert CadreRecord.objects.filter(person=cast.person("head_education"), valid_to=None).exists()
    assert far("head_education", date(2026, 10, 20)) is None
    (count,) = reads.goal_counts(actor("office_a"), date(2026, 10, 20))
    assert (count.period, count.bound, count.reached) == ("2026-S2", 2, 0)
    worker.run_out(on(12, 3))
    assert told("head_education") == []
    open_due(on(1, 5, 2027))
    heirs = Year.objects.filter(period="2027-S1").values_list("person", flat=True)
    assert set(heirs) == {cast.person("leader").pk, cast.person("head_housing").pk}


def test_the_ranks_held_are_told_spell_by_spell() -> None:
    pk = cast.person("head_housing").pk
    CadreRecord.objects.filter(person=pk, rank="section").update(valid_to=date(2026, 9, 30))
    rank("head_housing", "division", date(2026, 11, 1))
    assert BY_RANK.held([pk], date(2026, 7, 1), date(2026, 12, 31)) == {
        pk: [(date(2026, 7, 1), "section"), (date(2026, 10, 1), ""), (date(2026, 11, 1), "division")]
    }
    assert set(BY_RANK.persons(["division"], date(2026, 11, 1))) == {
        cast.person("leader"),
        cast.person("head_housing"),
    }


def test_who_is_behind_is_reminded_once_and_early_and_who_is_not_is_left_alone() -> None:
    enter("head_education", date(2026, 7, 6), date(2026, 8, 3), date(2026, 9, 7))
    enter("head_housing", date(2026, 7, 6))
    # The last 30 days are those of December but one: the reminder comes when 1 December is over.
    early = datetime(2026, 12, 1, 16, tzinfo=UTC)
    worker.run_out(early - timedelta(microseconds=1))
    assert told("head_housing") == []
    for _again in range(3):
        worker.run_out(early)
    assert told("head_housing") == ["调研天数：已完成 1，应完成 3。本期至 2026-12-31 止。"]
    assert told("head_education") == []
    worker.run_out(on(12, 30))
    assert len(told("head_housing")) == 1
    assert Entry.objects.filter(matter=year("head_education"), act="remind").count() == 1


def test_the_period_ends_by_itself_and_who_reminds_too_late_reminds_nobody() -> None:
    worker.run_out(on(1, 2, 2027))
    assert {one.state for one in Year.objects.all()} == {"over"}
    assert told("leader") == []
    assert not Entry.objects.filter(act="remind").exists()


def test_what_was_done_in_the_period_may_be_entered_and_mended_for_some_days_after_it() -> None:
    put(VALUES + "toys_year.days_late: (2026-01-01) 10\n", at=on(7, 2))
    rank("clerk_housing", "section", date(2026, 7, 3))
    open_due(on(7, 3))
    name = "clerk_housing"
    worker.run_out(on(1, 1, 2027))
    assert year("leader").state == "over"  # opened before the regime said so
    enter(name, date(2026, 12, 31), at=on(1, 10, 2027))
    with pytest.raises(Barred, match="不在本期内"):
        enter(name, date(2027, 1, 5), at=on(1, 10, 2027))
    strike(name, date(2026, 12, 31), at=on(1, 10, 2027))
    worker.run_out(on(1, 11, 2027))
    assert year(name).state == "over"


def test_who_comes_in_the_last_days_is_told_at_once() -> None:
    rank("cadre", "section", date(2026, 12, 20))
    open_due(on(12, 20))
    worker.run_out(on(12, 20))
    assert len(told("cadre")) == 1


def test_without_days_to_remind_nobody_is_reminded() -> None:
    put(VALUES.replace("toys_year.days_early: (2026-01-01) 30\n", ""), at=on(7, 2))
    rank("cadre", "section", date(2026, 7, 3))
    open_due(on(7, 3))
    worker.run_out(on(12, 31))
    assert told("cadre") == []


def test_the_statistic_counts_by_rank_and_names_nobody() -> None:
    enter("head_housing", date(2026, 7, 6), date(2026, 8, 3), date(2026, 9, 7))
    figures = reads.statistics(actor("office_a"), "toys_year", "reached", 2026, date(2026, 12, 20))
    assert figures.rows == [("正科级", 2, 1, 500), ("正处级", 1, 0, 0)]
    mine = reads.statistics(actor("head_housing"), "toys_year", "reached", 2026, date(2026, 12, 20))
    assert mine.rows == [("正科级", 1, 1, 1000)]
    assert not {str(one.person) for one in Year.objects.all()} & {str(row[0]) for row in figures.rows}


def test_whom_it_binds_reads_it_on_the_first_page_and_the_office_reads_counts(settings: Any) -> None:
    enter("head_housing", date(2026, 7, 6), date(2026, 8, 3), date(2026, 9, 7))
    settings.TIMEKEEPER = FixedTime(on(12, 20))
    with override("en"):
        page = text(browser("head_housing").get("/"))
        assert "3 of 3 so far" in page
        assert f'href="/toys_year/{year("head_housing").pk}/"' in page
        office = text(browser("office_a").get("/"))
        assert "1 of 3 have reached the number so far." in office
        for name in BOUND:
            assert str(cast.person(name)) not in office
        for other in ("clerk_housing", "discipline"):
            assert "Numbers to reach" not in text(browser(other).get("/"))


def test_who_stands_in_for_another_reads_their_own_only() -> None:
    rank("stand_in", "section", date(2026, 7, 3))
    open_due(on(7, 3))
    assert [one.person for one, _far in reads.own_goals(actor("stand_in"), date(2026, 7, 4))] == [
        cast.person("stand_in")
    ]
    assert reads.own_goals(actor("stand_in_clerk"), date(2026, 7, 4)) == []


def test_nothing_is_asked_where_no_goal_runs(django_assert_num_queries: Any) -> None:
    Year.objects.update(closed=True)
    assert reads.goal_counts(actor("office_a"), date(2026, 12, 20)) == []
    office, who = actor("office_a"), actor("leader")
    with django_assert_num_queries(2):
        reads.goal_counts(office, date(2026, 12, 20))
        reads.own_goals(who, date(2026, 12, 20))


def test_a_goal_that_is_not_declared_or_that_no_duty_opens_stops_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def faults() -> list[str | None]:
        return [one.id for one in checks.declarations(None) if "no goal, or no duty" in one.msg]

    assert faults() == []
    with monkeypatch.context() as forgotten:
        forgotten.delattr(Year, "goal")
        assert faults() == ["qingfeng.E033"]
    monkeypatch.delitem(checks.DUTIES, YEARS.code)
    assert faults() == ["qingfeng.E033"]
