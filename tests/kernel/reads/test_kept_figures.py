"""Kept figures are what is counted anew: after whatever acts, for whoever reads, whenever the worker was here last."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, connections
from django.db.models import Count, Q

from qingfeng.faces.cli.health.examination import illnesses
from qingfeng.faces.cli.health.probes import PROBES
from qingfeng.kernel.background import worker
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.reading import figure_keeping, kept_figures, reads
from qingfeng.kernel.reading.figure_keeping import keep
from qingfeng.kernel.reading.figure_recount import recounted
from qingfeng.kernel.reading.kept_figures import KeptBlock, KeptSum, KeptUpTo, Readership, standing
from qingfeng.kernel.reading.tallies import FACTS, Tally, tallies_of
from qingfeng.kernel.refusals import Misdeclared, Refusal
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests.cast import NOW, TODAY, actor, demonstration, do, unit
from tests.messages import batch
from tests.receptions import budget, reception
from tests.sheets import sheet

pytestmark = pytest.mark.usefixtures("fresh_database")

READERS = (
    "office_a",
    "discipline",
    "clerk_housing",
    "clerk_education",
    "head_housing",
    "leader",
    "cadre",
    "linan_office",
)


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    connection.close()


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs in the databases of other tests, on the same server, holds up no keeping here."""
    if connection.vendor == "postgresql":
        monkeypatch.setattr(figure_keeping, "running", running_here)


def running_here() -> tuple[int, int]:
    """As ``running`` has it, of this database alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(backend_xid::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
            " FROM pg_stat_activity WHERE datname = current_database()"
        )
        oldest, following = cursor.fetchone()
        return following if oldest is None else oldest, following


def kept() -> None:
    """All that can be kept, by a worker that comes until it finds nothing."""
    for _beat in range(100):
        if not keep(NOW) and standing() is not None:
            return
    raise AssertionError("it has no end")


def told(reader: Actor) -> dict[str, Any]:
    """Every figure a reader has."""
    found: dict[str, Any] = {
        f"{code}.{one.name}": reads.statistics(reader, code, one.name, TODAY.year, TODAY).rows
        for code, kind in mechanisms().items()
        for one in kind.statistics
    }
    late = NOW + timedelta(days=40)
    return found | {
        "looks": reads.looks(reader, TODAY.year, TODAY).counts,
        "flow": reads.flow(reader, TODAY),
        "late": reads.late(reader, late),
    }


def agree(*readers: str) -> None:
    """Each reader has what is counted anew."""
    for name in readers or READERS:
        reader = actor(name)
        by_kept = told(reader)
        with patch.object(kept_figures, "standing", return_value=None):
            assert by_kept == told(reader), name


STEPS: dict[str, tuple[str, dict[str, Any]]] = {
    "found": ("rectification.verify", {"finding": "属实。"}),
    "reported": ("rectification.send_back", {"reason": "未见公示。"}),
}


def at_random(chance: random.Random) -> None:
    """Something happens: a sheet is opened, moved on, handed on, or its time limit runs out."""
    state = chance.choice(("found", "verified", "assigned", "signed", "reported", "written_off"))
    at = NOW - timedelta(days=chance.choice((0, 0, 3, 40, 60)))
    which = chance.randrange(5)
    open_ones = list(Problem.objects.filter(closed=False))
    if which < 2 or not open_ones:
        sheet(
            state,
            at=at,
            unit=chance.choice(("housing", "education")),
            kind=chance.choice(("inaction", "formalism")),
        )
        return
    one = chance.choice(open_ones)
    with suppress(Refusal):
        if which == 2:
            do("rectification.dispute", "clerk_housing", one, reason="不属我局。")
            do(
                "rectification.pass_on",
                "office_a",
                one,
                responsible=unit("education").pk,
                requirement="请办。",
                reason="属教育。",
            )
        elif which == 3:
            worker.run_out(NOW + timedelta(days=chance.choice((5, 90))))
        else:
            name, raw = STEPS.get(one.state, ("rectification.dismiss", {"reason": "不实。"}))
            do(name, "office_a", one, **raw)


@pytest.mark.parametrize("seed", [1, 2])
def test_after_acts_at_random_figures_are_what_is_counted_anew_however_often_they_were_kept(
    seed: int,
) -> None:
    chance = random.Random(seed)
    budget()
    reception()
    for _act in range(10):
        at_random(chance)
        if chance.random() < 0.4:
            kept()
        if chance.random() < 0.3:
            agree("office_a", "clerk_housing", "clerk_education")
    agree()
    kept()
    agree()
    assert KeptSum.objects.exists()
    assert list(recounted()) == []


def test_what_is_kept_is_used_and_what_moved_since_is_not() -> None:
    for _each in range(3):
        sheet("assigned")
    kept()
    KeptSum.objects.filter(tally="rectification.by_kind").update(figures=[7, 0, 7, 0])
    (row,) = reads.statistics(actor("office_a"), "rectification", "by_kind", TODAY.year, TODAY).rows
    assert row[1:] == (0, 7, 0)
    sheet("found", kind="formalism")
    rows = reads.statistics(actor("office_a"), "rectification", "by_kind", TODAY.year, TODAY).rows
    assert [one[1:] for one in rows] == [(0, 7, 0), (0, 1, 0)]


def test_a_matter_a_reader_has_by_several_rows_is_counted_once() -> None:
    sheet("rectifying")
    kept()
    both = actor("two_roles_clerk")
    assert len(set(both.keys)) > 1
    agree("two_roles_clerk", "stand_in_clerk", "leader_clerk")
    assert reads.statistics(both, "rectification", "by_kind", TODAY.year, TODAY).rows[0][1:] == (0, 1, 0)


def test_matters_that_follow_a_unit_to_its_successor_are_counted_there() -> None:
    sheet("assigned")
    sheet("reported")
    kept()
    raw = {"basis": "清编〔2026〕8号", "on": "2026-03-10"}
    rows = [{"unit": unit("housing").pk, "kind": "merge", "successor": unit("education").pk}]
    prepared = do("reorganization.prepare_day", "department_a", **raw, rows=rows).matter
    do("reorganization.carry_out", "department_b", prepared)
    agree("office_a", "clerk_education")
    kept()
    agree("office_a", "clerk_education")
    names = [
        row[0]
        for row in reads.statistics(actor("office_a"), "rectification", "rates", TODAY.year, TODAY).rows
    ]
    assert names == ["教育局"]


def test_a_unit_that_is_named_anew_has_its_figures_under_the_new_name() -> None:
    sheet("assigned")
    kept()
    one = unit("housing")
    one.name = "住房局"
    type(one).objects.filter(pk=one.pk).update(name=one.name)
    rows = reads.statistics(actor("office_a"), "rectification", "by_unit", TODAY.year, TODAY).rows
    assert rows == [("住房局", 0, 1, 0)]


def test_what_was_entered_for_an_earlier_year_stands_in_that_year() -> None:
    sheet("written_off", at=NOW)
    kept()
    with_facts = KeptSum.objects.filter(tally__startswith="rectification.facts.", year=TODAY.year)
    assert with_facts.exists()
    for year in (TODAY.year - 1, TODAY.year):
        reader = actor("office_a")
        by_kept = reads.statistics(reader, "rectification", "by_month", year, TODAY).rows
        with patch.object(kept_figures, "standing", return_value=None):
            assert by_kept == reads.statistics(reader, "rectification", "by_month", year, TODAY).rows


def test_rows_of_a_file_are_counted_with_their_batch_and_so_is_what_becomes_of_them() -> None:
    kept()
    matter = batch()
    agree("office_a", "clerk_housing")
    kept()
    do("intake.open_sheet", "clerk_housing", matter, row=2, kind="livelihood", topic="not_acting")
    do("intake.set_aside", "clerk_housing", matter, rows=[{"row": 3}], reason="感谢来信。")
    agree("office_a", "clerk_housing")
    (row,) = reads.statistics(actor("clerk_housing"), "intake", "by_source", TODAY.year, TODAY).rows
    assert row[1:3] == (1, 1)
    kept()
    agree()
    assert list(recounted()) == []


def test_what_a_regime_says_holds_for_figures_kept_before_it() -> None:
    sheet("assigned", kind="formalism")
    kept()
    renamed = demonstration().replace("zh: 形式主义", "zh: 做表面文章")
    assert renamed != demonstration()
    do("regime.activate", "office_b", do("regime.propose", "office_a", text=renamed).matter)
    (row,) = reads.statistics(actor("office_a"), "rectification", "by_kind", TODAY.year, TODAY).rows
    assert row[0].startswith("做表面文章")
    agree("office_a", "clerk_housing")
    kept()
    agree("office_a", "clerk_housing")
    assert list(recounted()) == []


def test_a_worker_cut_off_in_its_work_has_done_it_or_not() -> None:
    for _each in range(3):
        sheet("assigned")
    kept()
    sheet("found")
    with (
        patch.object(KeptBlock.objects, "bulk_create", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        keep(NOW)
    agree("office_a", "clerk_housing")
    kept()
    agree("office_a", "clerk_housing")
    assert list(recounted()) == []


def test_of_two_workers_at_once_one_finds_the_work_done() -> None:
    sheet("assigned")
    kept()
    sheet("found")
    write = figure_keeping._write

    def later(*given: Any) -> bool:
        with patch.object(figure_keeping, "_write", write):
            assert keep(NOW) == 1
        return write(*given)

    with patch.object(figure_keeping, "_write", later):
        assert keep(NOW) == 0
    agree("office_a")
    assert list(recounted()) == []


def test_much_that_comes_in_at_once_is_counted_all_the_same() -> None:
    sheet("assigned")
    kept()
    with patch.object(kept_figures, "MOST_MOVED", 2):
        for _each in range(4):
            sheet("found")
        agree("office_a", "clerk_housing")
    with (
        patch.object(figure_keeping, "ENTRIES_AT_ONCE", 3),
        patch.object(figure_keeping, "BLOCKS_AT_ONCE", 1),
    ):
        kept()
    agree("office_a", "clerk_housing")


def test_an_entry_that_is_committed_late_is_never_passed_over() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer")
    sheet("assigned")
    kept()
    entered, go_on = Event(), Event()

    def slowly() -> None:
        from django.db import transaction

        with transaction.atomic():
            sheet("found")
            entered.set()
            go_on.wait(30)
        connections.close_all()

    late = Thread(target=slowly)
    late.start()
    assert entered.wait(30)
    sheet("found", kind="formalism")
    for _beat in range(3):
        keep(NOW)
    agree("office_a")
    go_on.set()
    late.join()
    agree("office_a")
    kept()
    agree("office_a")
    assert Entry.objects.filter(pk__gt=KeptUpTo.objects.get().upto).count() == 0
    assert list(recounted()) == []


def test_what_is_kept_stays_kept_while_something_runs() -> None:
    sheet("assigned")
    kept()
    upto = KeptUpTo.objects.get().upto
    with (
        patch.object(figure_keeping, "connection", SimpleNamespace(vendor="postgresql")),
        patch.object(figure_keeping, "running", return_value=(7, 8)),
    ):
        for _beat in range(2):
            keep(NOW)
            assert KeptUpTo.objects.get().upto == upto
    agree("office_a")


def forged() -> None:
    KeptSum.objects.filter(tally="rectification.by_kind").update(figures=[9, 0, 9, 0])


def lost() -> None:
    KeptSum.objects.filter(tally="rectification.by_kind").delete()


def block_forged() -> None:
    KeptBlock.objects.filter(pk=KeptBlock.objects.order_by("-pk")[0].pk).update(
        packed=KeptBlock.objects.order_by("pk")[0].packed
    )


def block_lost() -> None:
    KeptBlock.objects.all().delete()


@pytest.mark.parametrize("done", [forged, lost, block_forged, block_lost])
def test_what_is_forged_or_lost_is_named_and_counted_anew_when_it_is_forgotten(
    done: Callable[[], None],
) -> None:
    for _each in range(20):
        sheet("found")
    kept()
    assert list(recounted()) == []
    done()
    assert list(recounted())
    figure_keeping.begin_anew()
    agree("office_a", "clerk_housing")
    kept()
    agree("office_a")
    assert list(recounted()) == []


def test_a_block_that_is_gone_costs_time_and_no_figure() -> None:
    sheet("assigned")
    kept()
    block_lost()
    sheet("found")
    agree("office_a", "clerk_housing")
    kept()
    agree("office_a")
    assert list(recounted()) == []


def test_health_says_so_too() -> None:
    sheet("assigned")
    kept()
    probes = [probe for probe in PROBES if probe.name in ("database", "figures")]
    assert [one for one in illnesses(probes, NOW) if one.probe == "figures"] == []
    block_lost()
    ill = next(one for one in illnesses(probes, NOW) if one.probe == "figures")
    assert "qingfeng figures --anew" in ill.words


def test_another_release_uses_nothing_that_was_kept_under_one_before() -> None:
    sheet("assigned")
    kept()
    KeptUpTo.objects.update(tallies="0" * 64)
    KeptSum.objects.all().delete()
    agree("office_a", "clerk_housing")
    kept()
    agree("office_a")


def test_nobody_has_figures_of_more_than_they_may_read() -> None:
    sheet("assigned")
    sheet("assigned", unit="education")
    sheet("found")
    kept()
    rows = {
        who: reads.statistics(actor(who), "rectification", "by_kind", TODAY.year, TODAY).rows
        for who in READERS
    }
    assert {who: sum(sum(row[1:]) for row in found) for who, found in rows.items()} == {
        "office_a": 3,
        "discipline": 0,
        "clerk_housing": 1,
        "clerk_education": 1,
        "head_housing": 1,
        "leader": 1,
        "cadre": 0,
        "linan_office": 0,
    }


def test_readerships_are_made_once_and_name_every_holder() -> None:
    for _each in range(2):
        sheet("assigned")
    kept()
    before = Readership.objects.count()
    sheet("assigned")
    kept()
    assert Readership.objects.count() == before


def test_what_is_of_another_matter_can_t_be_a_key() -> None:
    for path in ("responsible__name", "opened_by__name"):
        with pytest.raises(Misdeclared, match="of another matter, or of a unit"):
            Tally("named", (path,)).field_of(Problem, path)


@pytest.mark.parametrize(
    "tally",
    [
        Tally("of", of=Q(responsible__sequence="office")),
        Tally("of_figures", figures={"one": Count("pk", filter=Q(opened_by__name="甲一"))}),
        Tally("of_rows", figures={"one": Count("slips", filter=Q(slips__unit__name="住建局"))}),
    ],
)
def test_nor_can_it_narrow_what_is_counted(tally: Tally) -> None:
    with pytest.raises(Misdeclared, match="of another matter, or of a unit"):
        tally.statement(Problem)


def test_a_class_names_a_tally_once_and_only_what_it_names_is_asked_for() -> None:
    with patch.object(Problem, "tallies", (FACTS,)), pytest.raises(Misdeclared, match="two tallies"):
        tallies_of(Problem)
    with pytest.raises(Misdeclared, match="in its tallies"):
        reads.statistics(actor("office_a"), "rectification", "by_kind", TODAY.year, TODAY).reading.count(
            Tally("other")
        )


def test_the_worker_sees_to_it() -> None:
    assert "figures" in [duty.name for duty in worker.duties()]
