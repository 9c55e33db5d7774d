"""Facts leave by checkpoint: each file whole, once, in the columns agreed on, whatever interrupts it."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db import connections

from qingfeng.kernel.background import worker
from qingfeng.kernel.ledger.checkpoints import seal, signer
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.models import Checkpoint, Entry
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.record import export
from qingfeng.kernel.record.export import export_new, exported, manifest_of
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.record.journal import JournalEntry
from qingfeng.kernel.refusals import Misdeclared
from tests.toys.duty.place import NOW, Place, found

LATE = datetime(2026, 3, 1, 16, 30, 15, 123456, tzinfo=UTC)
"""2 March in Shanghai, 1 March in UTC."""


@pytest.fixture
def place(db: None) -> Place:
    return found()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "exports"


def leave(place: Place, *quantities: int, at: datetime = LATE, reverses: Fact | None = None) -> list[Fact]:
    """Facts of one entry."""
    entry = Entry.objects.get(pk=place.do(place.first, "begin", reason="x").entry.pk)
    return Fact.objects.bulk_create(
        Fact(
            jurisdiction=place.jurisdiction,
            entry=entry,
            ordinal=ordinal % 30_000,
            name="toys.spent",
            subject="unit:17",
            quantity=quantity,
            scale=2,
            unit="fen",
            held_on=date(2026, 3, 2),
            recorded_at=at,
            reverses=reverses,
        )
        for ordinal, quantity in enumerate(quantities)
    )


def sealed(place: Place) -> Checkpoint:
    checkpoint = seal(place.jurisdiction, NOW, signer())
    assert checkpoint is not None
    return checkpoint


def own(place: Place, kept: Path) -> list[export.ExportLine]:
    return list(exported(kept, place.jurisdiction.code))


def rows(kept: Path, name: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute("SELECT * FROM read_parquet($1)", [str(kept / name)]).fetchall()


def test_a_checkpoints_facts_are_read_back_as_they_were_left(place: Place, kept: Path) -> None:
    (first,) = leave(place, 2**62)
    (back,) = leave(place, -(2**62), reverses=first)
    checkpoint = sealed(place)
    export_new(kept, NOW)
    (line,) = own(place, kept)
    common = ("toys", "toys.spent", "unit:17")
    rest = (2, "fen", date(2026, 3, 2), LATE.replace(tzinfo=None))
    assert rows(kept, line.file) == [
        (first.pk, *common, 2**62, *rest, first.entry_id, None),
        (back.pk, *common, -(2**62), *rest, back.entry_id, first.pk),
    ]
    assert (line.checkpoint, line.head, line.rows) == (1, checkpoint.hash, 2)
    assert line.file == "facts-toys-1.parquet"
    assert line.digest == sm3((kept / line.file).read_bytes()).hex()


def test_the_columns_are_those_agreed_on(place: Place, kept: Path) -> None:
    leave(place, 1)
    sealed(place)
    export_new(kept, NOW)
    with duckdb.connect() as connection:
        described = connection.execute(
            "DESCRIBE SELECT * FROM read_parquet($1)", [str(kept / "facts-toys-1.parquet")]
        ).fetchall()
    assert [(name, kind) for name, kind, *_rest in described] == list(export.COLUMNS.items())


def test_facts_stay_until_a_checkpoint_seals_them_and_leave_once(place: Place, kept: Path) -> None:
    leave(place, 1)
    export_new(kept, NOW)
    assert own(place, kept) == []
    sealed(place)
    assert [line for line in export_new(kept, NOW) if line.jurisdiction == "toys"] == own(place, kept) != []
    before = (kept / "facts-toys-1.parquet").stat()
    assert export_new(kept, NOW) == []
    assert (kept / "facts-toys-1.parquet").stat() == before


def test_what_was_missed_is_caught_up_in_order(place: Place, kept: Path) -> None:
    for quantity in (1, 2, 3):
        leave(place, quantity)
        sealed(place)
    export_new(kept, NOW)
    leave(place, 4)
    sealed(place)
    export_new(kept, NOW + timedelta(days=9))
    assert [(line.checkpoint, rows(kept, line.file)[0][4]) for line in own(place, kept)] == [
        (1, 1),
        (2, 2),
        (3, 3),
        (4, 4),
    ]


def test_a_checkpoint_without_facts_has_a_line_and_no_file(place: Place, kept: Path) -> None:
    place.sheet()
    sealed(place)
    export_new(kept, NOW)
    (line,) = own(place, kept)
    assert (line.rows, line.file, line.digest) == (0, "", "")
    assert not list(kept.glob("facts-toys-*.parquet"))


def test_each_jurisdiction_has_files_of_its_own(place: Place, kept: Path) -> None:
    other = found("toys2", "柳塘县")
    leave(place, 1)
    leave(other, 2)
    sealed(place)
    sealed(other)
    export_new(kept, NOW)
    assert rows(kept, "facts-toys-1.parquet")[0][1:5] == ("toys", "toys.spent", "unit:17", 1)
    assert rows(kept, "facts-toys2-1.parquet")[0][1:5] == ("toys2", "toys.spent", "unit:17", 2)


@pytest.mark.parametrize("place_of_crash", ["_convert", "_digest_on_disk", "_append"])
def test_a_crash_on_the_way_leaves_nothing_half_done_and_the_next_run_goes_on(
    place: Place, kept: Path, monkeypatch: pytest.MonkeyPatch, place_of_crash: str
) -> None:
    leave(place, 1)
    sealed(place)

    def crash(*_given: object) -> None:
        raise RuntimeError("power loss")

    with monkeypatch.context() as broken:
        broken.setattr(export, place_of_crash, crash)
        with pytest.raises(RuntimeError, match="power loss"):
            export_new(kept, NOW)
    assert own(place, kept) == []
    assert not list(kept.glob("*.part"))
    export_new(kept, NOW)
    (line,) = own(place, kept)
    assert len(rows(kept, line.file)) == 1


def test_a_line_cut_short_is_written_anew(place: Place, kept: Path) -> None:
    leave(place, 1)
    sealed(place)
    leave(place, 2)
    sealed(place)
    export_new(kept, NOW)
    manifest = manifest_of(kept, "toys")
    whole = manifest.read_bytes()
    os.truncate(manifest, len(whole) - 7)
    assert [line.checkpoint for line in own(place, kept)] == [1]
    export_new(kept, NOW)
    assert manifest.read_bytes() == whole


def test_the_same_facts_make_the_same_file(place: Place, kept: Path) -> None:
    leave(place, *range(12_000))
    sealed(place)
    export_new(kept, NOW)
    export_new(kept.with_name("again"), NOW)
    (line,), (again,) = own(place, kept), own(place, kept.with_name("again"))
    assert line == again
    assert [row[4] for row in rows(kept, line.file)] == list(range(12_000))


def test_facts_are_fetched_in_batches(place: Place, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave(place, *range(5))
    sealed(place)
    asked: list[int] = []
    iterate = type(Fact.objects.all()).iterator

    def watch(self: Any, chunk_size: int) -> Iterator[Any]:
        asked.append(chunk_size)
        return iterate(self, chunk_size)

    monkeypatch.setattr(type(Fact.objects.all()), "iterator", watch)
    export_new(kept, NOW)
    assert set(asked) == {export.BATCH}


def test_every_export_is_in_the_journal(place: Place, kept: Path) -> None:
    leave(place, 1)
    sealed(place)
    export_new(kept, NOW)
    told = [json.loads(line.body) for line in JournalEntry.objects.filter(kind="export")]
    (line,) = [line["about"] for line in told if line["about"]["jurisdiction"] == "toys"]
    assert line["file"] == "facts-toys-1.parquet"
    assert {line["actor"]["system"] for line in told} == {"export"}


def test_a_code_that_would_leave_the_directory_is_refused(db: None, kept: Path) -> None:
    Jurisdiction.objects.create(code="../evil", name="x")
    with pytest.raises(Misdeclared, match="the jurisdiction"):
        export_new(kept, NOW)


def test_the_worker_exports_to_the_installations_own_directory(
    place: Place, kept: Path, settings: Any
) -> None:
    settings.EXPORTS = kept
    leave(place, 1)
    sealed(place)
    assert worker.export_facts(NOW) >= 1
    assert worker.export_facts(NOW) == 0
    assert [line.rows for line in own(place, kept)] == [1]


def test_two_exports_at_once_export_once(fresh_database: str, kept: Path) -> None:
    place = found()
    for quantity in range(3):
        leave(place, quantity)
        sealed(place)

    def run(_number: int) -> int:
        try:
            return len(export_new(kept, NOW))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(run, range(3)))
    assert [line.checkpoint for line in own(place, kept)] == [1, 2, 3]


def test_the_columns_are_those_assessment_checks(place: Place, kept: Path) -> None:
    contract = pytest.importorskip("qingfeng.assessment.engine.contract")
    assert {column.name: column.type for column in contract.COLUMNS} == export.COLUMNS
    assert [column.name for column in contract.COLUMNS if column.nullable] == ["reverses"]
    assert contract.file_name("toys", 1) == "facts-toys-1.parquet"
