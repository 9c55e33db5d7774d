"""Facts leave by checkpoint 事实导出: one Parquet file for each, never changed, for whoever assesses or counts.

A file holds the facts of the entries that one checkpoint sealed. Beside the files, each jurisdiction has a
manifest, a line of JSON for each checkpoint in their order: the next export goes on after its last line.
"""

from __future__ import annotations

import csv
import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from qingfeng.kernel import former_codes
from qingfeng.kernel.attachments.store import CHUNK, folder_on_disk
from qingfeng.kernel.ledger.digest import sm3_of
from qingfeng.kernel.ledger.models import Checkpoint
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.people.actors import system
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.record import journal
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Misdeclared

COLUMNS = {
    "id": "BIGINT",
    "jurisdiction": "VARCHAR",
    "name": "VARCHAR",
    "subject": "VARCHAR",
    "quantity": "BIGINT",
    "scale": "INTEGER",
    "unit": "VARCHAR",
    "held_on": "DATE",
    "recorded_at": "TIMESTAMP",
    "entry": "BIGINT",
    "reverses": "BIGINT",
}
"""The contract: names and DuckDB types. ``recorded_at`` is UTC to the microsecond, ``reverses`` may be empty."""

BATCH = 5_000
LAST_LINE = 4_096
_CODE = re.compile(r"[A-Za-z0-9_-]+")
_LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "256MB",
    "autoinstall_known_extensions": False,
}


@dataclass(frozen=True)
class ExportLine:
    """A line of the manifest: ``head`` is the checkpoint's hash, ``digest`` the file's (SM3, hex), ``at`` UTC.

    A checkpoint without facts has a line and no file.
    """

    jurisdiction: str
    checkpoint: int
    head: str
    rows: int
    file: str
    digest: str
    at: str


def export_new(directory: Path, now: datetime) -> list[ExportLine]:
    """Export every checkpoint not exported yet; returns their lines.

    It may be stopped at any moment and run again, and by two at once: a file and its line appear whole or not
    at all, and each checkpoint once.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    made: list[ExportLine] = []
    with _alone(directory):
        for jurisdiction in Jurisdiction.objects.order_by("id"):
            manifest = manifest_of(directory, jurisdiction.code)
            last = _last_number(manifest)
            waiting = Checkpoint.objects.filter(jurisdiction=jurisdiction, number__gt=last)
            for checkpoint in waiting.order_by("number").iterator(BATCH):
                line = _export(directory, jurisdiction.code, checkpoint, now)
                journal.write(journal.JournalEntry.Kind.EXPORT, system("export"), now, **asdict(line))
                _append(manifest, line)
                made.append(line)
    return made


def exported(directory: Path, jurisdiction: str) -> Iterator[ExportLine]:
    """The manifest of a jurisdiction, from its first checkpoint on."""
    with suppress(FileNotFoundError), manifest_of(directory, jurisdiction).open(encoding="utf-8") as lines:
        for line in lines:
            if line.endswith("\n"):
                yield ExportLine(**json.loads(line))


def manifest_of(directory: Path, jurisdiction: str) -> Path:
    """Where a jurisdiction's manifest is."""
    if not _CODE.fullmatch(jurisdiction):
        raise Misdeclared(f"the jurisdiction's code “{jurisdiction}” can't be part of a file name")
    return directory / f"facts-{jurisdiction}.jsonl"


def _export(directory: Path, code: str, checkpoint: Checkpoint, now: datetime) -> ExportLine:
    target = directory / f"facts-{code}-{checkpoint.number}.parquet"
    listed, draft = target.with_suffix(".csv.part"), target.with_suffix(".parquet.part")
    try:
        rows = _list(listed, code, checkpoint)
        if rows:
            _convert(listed, draft)
            digest = _digest_on_disk(draft)
            os.replace(draft, target)
            folder_on_disk(directory)
    finally:
        listed.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
    return ExportLine(
        jurisdiction=code,
        checkpoint=checkpoint.number,
        head=checkpoint.hash,
        rows=rows,
        file=target.name if rows else "",
        digest=digest if rows else "",
        at=plain(now),
    )


def _list(path: Path, code: str, checkpoint: Checkpoint) -> int:
    """Write the facts of a checkpoint as lines, in batches; returns how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for row in _rows(code, checkpoint):
            writer.writerow(row)
            count += 1
    return count


def _rows(code: str, checkpoint: Checkpoint) -> Iterator[tuple[Any, ...]]:
    facts = Fact.objects.filter(entry__leaf__checkpoint=checkpoint).order_by("id")
    found = facts.values_list(
        "id",
        "name",
        "subject",
        "quantity",
        "scale",
        "unit",
        "held_on",
        "recorded_at",
        "entry_id",
        "reverses_id",
    )
    for pk, name, subject, quantity, scale, unit, held_on, recorded_at, entry, reverses in found.iterator(
        BATCH
    ):
        recorded = recorded_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        now = former_codes.current("facts", name)
        yield pk, code, now, subject, quantity, scale, unit, held_on.isoformat(), recorded, entry, reverses


def _convert(listed: Path, target: Path) -> None:
    """From lines to Parquet, row after row and in one thread, so that the same facts make the same file."""
    with duckdb.connect(config=_LIMITS) as connection:
        connection.execute("SET enable_progress_bar = false")
        relation = (
            "read_csv($listed, header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"',"
            f" nullstr = '', columns = {COLUMNS!r})"
        )
        connection.execute(
            f"COPY (SELECT * FROM {relation}) TO {_quoted(str(target))} (FORMAT parquet, COMPRESSION zstd)",
            {"listed": str(listed)},
        )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _digest_on_disk(path: Path) -> str:
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return sm3_of(iter(lambda: file.read(CHUNK), b"")).hex()


def _last_number(manifest: Path) -> int:
    """The last checkpoint of a manifest; a line that was cut short by a crash is taken off first."""
    if not manifest.exists():
        return 0
    with manifest.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - LAST_LINE))
        tail = file.read()
        whole = tail[: tail.rfind(b"\n") + 1]
        file.truncate(size - len(tail) + len(whole))
    return int(json.loads(whole.splitlines()[-1])["checkpoint"]) if whole else 0


def _append(manifest: Path, line: ExportLine) -> None:
    with manifest.open("ab") as file:
        file.write(json.dumps(asdict(line), ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    folder_on_disk(manifest.parent)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Wait until no other export runs on this directory."""
    with (directory / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
