"""The contract of facts, and the two readers that answer alike."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingfeng.assessment.engine import FactRow, ParquetReader, PlainReader, assess, traces
from qingfeng.assessment.engine.contract import COLUMNS
from qingfeng.assessment.engine.digest import digest
from qingfeng.assessment.engine.inputs import input_facts
from qingfeng.assessment.engine.readers.question import FactQuery, Need
from qingfeng.assessment.engine.scheme.catalogue import FactName, Title
from tests.assessment.engine.checks import same
from tests.assessment.engine.support import moment, reversal, write_facts
from tests.assessment.engine.worlds import sound_world

NAME = FactName("work", Title("工作", "Work"), "1", 0)
QUESTION = FactQuery(
    "1",
    dt.date(2021, 1, 1),
    dt.date(2021, 3, 31),
    moment("2021-06-01"),
    (Need(NAME, "period", "total"),),
    ("unit:1", "unit:2"),
)


def a_fact(number: int, **changes: object) -> FactRow:
    held = dt.date(2021, 2, 1)
    fact = FactRow(number, "1", "work", "unit:1", 7, 0, "1", held, moment("2021-02-02"), number)
    return replace(fact, **changes)


BIG = st.integers(-(2**63) + 1, 2**63 - 1)
rows = st.lists(
    st.tuples(
        st.integers(1, 2**62),
        st.integers(-(2**50), 2**50),
        st.integers(1, 2**62),
        st.one_of(st.none(), st.integers(1, 2**62)),
        st.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2021, 5, 1), timezones=st.just(dt.UTC)),
        st.dates(dt.date(2021, 1, 1), dt.date(2021, 3, 31)),
    ),
    min_size=1,
    max_size=20,
    unique_by=lambda row: row[0],
)


@settings(max_examples=50, deadline=None)
@given(drawn=rows)
def test_both_readers_give_the_same_sums_and_digests(
    drawn: list[tuple[int, int, int, int | None, dt.datetime, dt.date]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    facts = [
        a_fact(id, quantity=quantity, entry=entry, reverses=reverses, recorded_at=recorded, held_on=held)
        for id, quantity, entry, reverses, recorded, held in drawn
    ]
    found = ParquetReader(write_facts(tmp_path_factory.mktemp("facts"), facts)).sums(QUESTION)
    plain = PlainReader(facts).sums(QUESTION)
    for column in ("need", "subject", "level", "rows", "count", "total", "digest"):
        assert getattr(found, column).tolist() == getattr(plain, column).tolist()
    assert found.digest[0] == digest(reversed(facts))


def test_both_readers_answer_in_the_order_of_the_question(tmp_path: Path) -> None:
    heard = FactName("heard", Title("听取", "Heard"), "1", 0)
    question = replace(
        QUESTION,
        needs=(Need(heard, "period", "rating"), Need(NAME, "period", "total")),
        subjects=("unit:9", "unit:10", "unit:1"),
    )
    said = [
        ("work", 9, 3),
        ("heard", 1, 80),
        ("heard", 9, 60),
        ("work", 10, 5),
        ("heard", 1, -20),
        ("heard", 9, 100),
    ]
    facts = [
        a_fact(number, name=name, subject=f"unit:{subject}", quantity=quantity)
        for number, (name, subject, quantity) in enumerate(said, start=1)
    ]
    for reader in (ParquetReader(write_facts(tmp_path, facts)), PlainReader(facts)):
        sums = reader.sums(question)
        found = list(zip(sums.need.tolist(), sums.subject.tolist(), sums.level.tolist(), strict=True))
        assert found == [(0, 0, 60), (0, 0, 100), (0, 2, -20), (0, 2, 80), (1, 0, 0), (1, 1, 0)]


@pytest.mark.parametrize("column", ["id", "quantity", "held_on", "recorded_at", "entry", "reverses"])
def test_the_digest_moves_with_every_column(column: str) -> None:
    other = {
        "id": 2,
        "quantity": 8,
        "held_on": dt.date(2021, 2, 2),
        "recorded_at": moment("2021-02-02T00:00:01Z"),
        "entry": 2,
        "reverses": 9,
    }
    assert digest([a_fact(1)]) != digest([a_fact(1, **{column: other[column]})])


def test_digests_of_a_million_small_changes_do_not_meet() -> None:
    seen = {digest([a_fact(id, quantity=quantity)]) for id in range(1, 301) for quantity in range(300)}
    assert len(seen) == 300 * 300


def test_a_reversal_takes_its_fact_back_from_its_moment_on(tmp_path: Path) -> None:
    fact = a_fact(1)
    folder = write_facts(tmp_path, [fact, reversal(fact, id=2, recorded_at=moment("2021-05-01"))])
    before = ParquetReader(folder).sums(replace(QUESTION, known_at=moment("2021-04-30")))
    after = ParquetReader(folder).sums(QUESTION)
    assert (before.rows.tolist(), before.count.tolist(), before.total.tolist()) == ([1], [1], [7])
    assert (after.rows.tolist(), after.count.tolist(), after.total.tolist()) == ([2], [0], [0])


def test_the_moment_itself_is_known_and_the_next_microsecond_is_not(tmp_path: Path) -> None:
    recorded = moment("2021-05-01")
    reader = ParquetReader(write_facts(tmp_path, [a_fact(1, recorded_at=recorded)]))
    assert reader.sums(replace(QUESTION, known_at=recorded)).rows.tolist() == [1]
    earlier = recorded - dt.timedelta(microseconds=1)
    assert reader.sums(replace(QUESTION, known_at=earlier)).rows.tolist() == []


def test_another_jurisdictions_facts_change_nothing(tmp_path: Path) -> None:
    world = sound_world()
    alone = assess([world.book], world.period, world.known_at, PlainReader(world.facts))
    foreign = [replace(fact, jurisdiction="321302", quantity=9, id=fact.id + 500) for fact in world.facts]
    write_facts(tmp_path, [*world.facts, *foreign])
    # A file named for one jurisdiction that holds another's rows, too.
    (tmp_path / "facts-321302-1.parquet").rename(tmp_path / "facts-321311-2.parquet")
    same(alone, assess([world.book], world.period, world.known_at, ParquetReader(tmp_path)))


def test_several_jurisdictions_are_assessed_in_one_run(tmp_path: Path) -> None:
    here, there = sound_world(), sound_world(("321311", "321302"))
    there.facts[0] = replace(there.facts[0], quantity=3)
    facts = [*here.facts, *there.facts]
    both = assess(
        [here.book, there.book], here.period, here.known_at, ParquetReader(write_facts(tmp_path, facts))
    )
    for world in (here, there):
        alone = assess([world.book], world.period, world.known_at, PlainReader(world.facts))
        same({world.book.jurisdiction: both[world.book.jurisdiction]}, alone)
    assert both["321311"]["daily"].total.tolist() != both["321302"]["daily"].total.tolist()


def test_the_facts_behind_the_traces_are_listed_with_what_reversed_them(tmp_path: Path) -> None:
    world = sound_world()
    fact = world.facts[0]
    facts = [*world.facts, reversal(fact, id=900, recorded_at=moment("2013-04-03"))]
    facts.append(replace(fact, id=901, entry=901, recorded_at=moment("2013-04-03")))
    reader = ParquetReader(write_facts(tmp_path, facts))
    outcome = assess([world.book], world.period, world.known_at, reader)["321311"]
    listed = input_facts(outcome, fact.subject, reader)
    assert {each.fact.id: each.reversed_by for each in listed}[fact.id] == 900
    assert [each.fact for each in listed] == [
        each.fact for each in input_facts(outcome, fact.subject, PlainReader(facts))
    ]
    asked = {row for trace in traces(outcome, "daily", fact.subject) for row in trace.inputs}
    assert len(listed) == sum(row.rows for row in asked)


def test_facts_of_subjects_nobody_assesses_are_named(tmp_path: Path) -> None:
    world = sound_world().with_fact("work.done", "unit:77", 5, "2013-02-01", "2013-02-02")
    reader = ParquetReader(write_facts(tmp_path, world.facts))
    assert assess([world.book], world.period, world.known_at, reader)["321311"].evidence.outside == (
        "unit:77",
    )


def test_the_contract_names_its_columns_in_order() -> None:
    names = [column.name for column in COLUMNS]
    assert names == list(FactRow.__dataclass_fields__)
    assert [column.name for column in COLUMNS if column.nullable] == ["reverses"]
