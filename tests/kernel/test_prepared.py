"""Statements compiled once say what Django would have said."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from qingfeng.kernel.acts.access import Access, GrantRow
from qingfeng.kernel.acts.footing import Footing
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.locking import lock
from qingfeng.kernel.matters.models import Matter, NumberSeries
from qingfeng.kernel.people.models import Jurisdiction, Person, Unit
from qingfeng.kernel.reading import compiled
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.time.clocks import Running
from tests import cast
from tests.cast import NOW, TODAY, actor, unit
from tests.refusals import invalid
from tests.sheets import sheet

pytestmark = pytest.mark.django_db


def columns(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def units(count: int) -> Any:
    named = [compiled.text_slot(place) for place in range(1, count + 1)]
    found = Unit.objects.select_related("jurisdiction").filter(
        code__in=named, valid_from__lte=compiled.day_slot(0)
    )
    return found.order_by("id")


def test_a_reading_gives_what_the_query_set_gives_with_what_is_related() -> None:
    wanted = list(
        Unit.objects.select_related("jurisdiction").filter(
            code__in=["housing", "office"], valid_from__lte=TODAY
        )
    )
    found = compiled.compiled(units, 2)(TODAY, "housing", "office")
    assert sorted(map(str, found)) == sorted(map(str, wanted))
    assert found
    assert all("jurisdiction" in row._state.fields_cache for row in found)
    assert columns(found[0]) == columns(Unit.objects.get(pk=found[0].pk))


def test_a_reading_is_compiled_once_and_asks_with_the_values_of_each_time() -> None:
    first = compiled.compiled(units, 1)
    assert compiled.compiled(units, 1) is first
    assert {row.code for row in first(TODAY, "housing")} == {"housing"}
    assert first(TODAY, "nowhere") == []
    assert first(TODAY - timedelta(days=40_000), "housing") == []


def test_a_row_inserted_reads_back_as_it_was_with_its_id() -> None:
    message = Message(channel="notice", holder="cadre@u1", payload={"subject": "时限"}, next_try_at=NOW)
    compiled.insert_one(message)
    assert columns(Message.objects.get(pk=message.pk)) == columns(message)


@pytest.mark.parametrize("count", [0, 1, 3, compiled.FEW + 1])
def test_rows_are_inserted_however_many(count: int) -> None:
    before = Message.objects.count()
    compiled.insert(
        [Message(channel="notice", holder=f"x{n}", payload={"n": n}, next_try_at=NOW) for n in range(count)]
    )
    assert Message.objects.count() == before + count


@pytest.mark.parametrize("count", [0, 1, 3, compiled.FEW + 1])
def test_rows_inserted_and_named_have_their_own_ids(count: int) -> None:
    messages = [Message(channel="notice", holder=f"x{n}", next_try_at=NOW) for n in range(count)]
    compiled.insert_named(messages)
    found = Message.objects.in_bulk([message.pk for message in messages])
    assert [found[message.pk].holder for message in messages] == [f"x{n}" for n in range(count)]


def test_a_row_that_names_one_without_an_id_yet_has_it_once_that_is_written() -> None:
    county = Jurisdiction(code="new", name="新县")
    series = NumberSeries(jurisdiction=county, word="试", year=2026)
    county.save()
    compiled.insert_named([series])
    assert NumberSeries.objects.get(pk=series.pk).jurisdiction_id == county.pk


def test_a_row_saved_again_keeps_its_id_and_its_other_columns() -> None:
    message = Message(channel="notice", holder="cadre@u1", payload={"n": 1}, next_try_at=NOW)
    compiled.save(message)
    message.holder = "cadre@u2"
    compiled.save(message)
    assert columns(Message.objects.get(pk=message.pk)) == columns(message)


@pytest.mark.parametrize("go", [nullcontext, compiled.in_one_go])
def test_a_second_row_of_the_same_name_is_refused_by_the_database(go: Callable[[], Any]) -> None:
    county = Jurisdiction.objects.get(code=cast.COUNTY)
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic(), go():
        compiled.insert([NumberSeries(jurisdiction=county, word="试", year=2026) for _twice in range(2)])
    assert not NumberSeries.objects.filter(word="试").exists()


def test_what_is_sent_in_one_go_is_there_with_its_ids() -> None:
    first, second = (Message(channel="notice", holder=name, next_try_at=NOW) for name in "ab")
    with compiled.in_one_go():
        compiled.insert_one(first)
        compiled.update(Message, {"holder": "c"}, id=first.pk)
        compiled.insert_one(second)
    assert list(Message.objects.filter(pk__in=[first.pk, second.pk]).values_list("holder", flat=True)) == [
        "c",
        "b",
    ]


def test_an_update_changes_what_it_names_where_all_of_it_holds() -> None:
    message = Message(channel="notice", holder="cadre@u1", payload={}, next_try_at=NOW)
    compiled.insert_one(message)
    later = NOW + timedelta(minutes=5)
    changes = {"payload": {"again": [1, None]}, "read_at": later}
    assert compiled.update(Message, changes, id=message.pk, holder="somebody else") == 0
    assert compiled.update(Message, changes, id=message.pk, holder="cadre@u1") == 1
    message.refresh_from_db()
    assert (message.payload, message.read_at) == ({"again": [1, None]}, later)


def test_only_the_rows_named_are_deleted() -> None:
    first, second = (Message(channel="notice", holder=name, next_try_at=NOW) for name in "ab")
    for message in (first, second):
        compiled.insert_one(message)
    compiled.delete(Message, [first.pk])
    compiled.delete(Message, [])
    assert list(Message.objects.filter(pk__in=[first.pk, second.pk])) == [second]


def test_a_count_that_is_not_there_is_not_added_to() -> None:
    county = Jurisdiction.objects.get(code=cast.COUNTY)
    where = {"jurisdiction_id": county.pk, "word": "试", "year": 2026}
    assert compiled.increment(NumberSeries, "last", **where) is None
    assert [NumberSeries.next(county, "试", 2026) for _again in range(3)] == [1, 2, 3]
    assert compiled.increment(NumberSeries, "last", **where) == 4


@pytest.mark.parametrize("state", ["found", "verified", "assigned", "rectifying", "reported", "written_off"])
def test_the_lock_holds_what_the_tables_hold(state: str) -> None:
    matter = sheet(state)
    with transaction.atomic():
        held = lock(matter.pk, Footing(matter.jurisdiction_id, []))
    assert held.version == Matter.objects.get(pk=matter.pk).version
    assert held.head == Entry.objects.get(matter=matter.pk, seq=held.version).hash
    running = Running.objects.filter(matter_id=matter.pk).order_by("id")
    assert sorted(map(columns, held.clocks), key=lambda row: row["id"]) == list(map(columns, running))
    granted = Access.objects.filter(matter_id=matter.pk).order_by("id").values_list(*GrantRow._fields)
    assert sorted(held.grants) == list(granted)
    assert all(isinstance(row.due_at, datetime) and row.due_at.tzinfo for row in held.clocks)


@pytest.mark.parametrize("name", cast.PARTS)
@pytest.mark.parametrize("model", [Unit, Person])
def test_what_can_be_picked_is_what_is_offered(name: str, model: Any) -> None:
    scope = ActorScope(actor(name), unit("housing").jurisdiction_id, TODAY)
    spec: Any = SimpleNamespace(kind="pick", model=model, narrowing=())
    offered = set(scope.candidates(spec).values_list("pk", flat=True))
    for pk in model.objects.values_list("pk", flat=True):
        if pk in offered:
            assert scope.resolve(spec, pk).pk == pk
        else:
            with invalid("", "请从所列项中选择"):
                scope.resolve(spec, pk)


def waiting_on(keys: int) -> tuple[Any, Any]:
    rows = Access.objects.filter(holder__in=[compiled.text_slot(place) for place in range(keys)]).order_by(
        "-id"
    )
    return rows, Access.objects.select_related("matter").order_by("-id")


def test_a_page_is_read_with_what_is_related() -> None:
    for _each in range(4):
        sheet("assigned")
    keys = [f"{role}@u{unit('housing').pk}" for role in ("unit_clerk", "unit_head")]
    wanted = list(Access.objects.filter(holder__in=keys).order_by("-id"))
    assert len(wanted) > 4
    ask = compiled.page_reading(waiting_on, 2)
    found = ask(*keys, 3)
    assert found == wanted[:3]
    assert ask(*keys, 1000) == wanted
    with CaptureQueriesContext(connection) as captured:
        assert [row.matter.pk for row in found] == [row.matter_id for row in wanted[:3]]
    assert not captured.captured_queries


def of_nobody() -> Any:
    quoted = Unit.objects.filter(name="100%的'单位'").exclude(code="").exclude(sequence="部门")
    return quoted.filter(code=compiled.text_slot(0))


def test_constants_of_a_reading_are_written_into_it_only_where_they_are_plain() -> None:
    Unit.objects.filter(pk=unit("housing").pk).update(name="100%的'单位'")
    assert [found.code for found in compiled.compiled(of_nobody)("housing")] == ["housing"]
    assert compiled.compiled(of_nobody)("education") == []


SLOTTED = [compiled.int_slot(3), compiled.int_slot(0), 30_000, 31_999]


@pytest.mark.parametrize("literal", [*SLOTTED, compiled.SLOTS + compiled.int_slot(0)])
def test_a_literal_that_looks_like_a_slot_for_a_number_stays_itself(literal: int) -> None:
    sheet("found")

    def asked() -> Any:
        return Matter.objects.filter(jurisdiction_id=compiled.int_slot(0), version__lt=literal).order_by("id")

    jurisdiction = Jurisdiction.objects.get(code="qingfeng")
    wanted = list(Matter.objects.filter(jurisdiction=jurisdiction).order_by("id"))
    assert wanted
    assert compiled.compiled(asked)(jurisdiction.pk) == wanted


@pytest.mark.parametrize("literal", [compiled.text_slot(0), compiled.text_slot(1), "\x010", "\x011 7"])
def test_a_literal_that_looks_like_a_slot_for_a_text_stays_itself(literal: str) -> None:
    def asked() -> Any:
        return Unit.objects.filter(code=compiled.text_slot(0)).exclude(name=literal).order_by("id")

    wanted = list(Unit.objects.filter(code="housing").order_by("id"))
    assert compiled.compiled(asked)("housing") == wanted
    assert wanted


@pytest.mark.parametrize("place", [0, 1, 500])
def test_a_literal_that_looks_like_a_slot_for_a_day_stays_itself(place: int) -> None:
    literal = compiled.day_slot(place)

    def asked() -> Any:
        return Unit.objects.filter(
            code=compiled.text_slot(0), valid_from__gte=compiled.day_slot(1), valid_from__lt=literal
        )

    wanted = list(Unit.objects.filter(code="housing"))
    assert compiled.compiled(asked)("housing", TODAY - timedelta(days=40_000)) == wanted
    assert compiled.compiled(asked)("housing", literal + timedelta(days=1)) == []


def test_a_slot_that_does_not_reach_the_database_as_it_is_is_refused() -> None:
    def within() -> Any:
        return Unit.objects.filter(name__contains=compiled.text_slot(0))

    def beyond() -> Any:
        return Unit.objects.filter(pk=compiled.int_slot(compiled.SLOTS))

    def spelled() -> Any:
        return Unit.objects.extra(where=[f"id = {compiled.int_slot(0)}"])

    for build in (within, beyond, spelled):
        with pytest.raises(Misdeclared, match=r"a reading is one statement|a slot has to reach"):
            compiled.compiled(build)
