"""Verification 核验: the chains, what the entries say, and the tables as they stand, held against each other.

Nothing is believed because it is stored: hashes are made again from the bodies, digests again from
the rows, and every row must be spoken for. It reads plain tuples in ranges of matters, so that it
stays near the speed of reading and in flat memory.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import DataError, OperationalError, connection, models
from django.db.models import Exists, OuterRef
from psycopg.types.string import TextLoader

from qingfeng.kernel.acts.access import Access, digest
from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.acts.steps import NO_STEPS, Seat, Step, digest_of_rows
from qingfeng.kernel.ledger.canonical import entry_of
from qingfeng.kernel.ledger.comparison import ALTERED, RecordComparison
from qingfeng.kernel.ledger.faults import Fault
from qingfeng.kernel.ledger.known_heads import Head
from qingfeng.kernel.ledger.merkle import leaf_hash, root
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.schema import field_list, schema_of
from qingfeng.kernel.ledger.statements import RowRecord
from qingfeng.kernel.ledger.values import moment
from qingfeng.kernel.ledger.verify_aside import set_aside
from qingfeng.kernel.ledger.verify_files import files
from qingfeng.kernel.ledger.verify_heads import heads, journal
from qingfeng.kernel.ledger.verify_registers import Registers
from qingfeng.kernel.ledger.verify_series import DrawnNumbers
from qingfeng.kernel.ledger.verify_spelling import spelling
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.papers.models import COMMITTED, Paper, PaperApproval
from qingfeng.kernel.papers.models import committed as paper_line
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.record.batches.models import BatchRow
from qingfeng.kernel.record.books import BookEntry
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.sealing.models import SealedValue, box_digest
from qingfeng.kernel.time.clocks import Running, stance

log = logging.getLogger(__name__)

RANGE = 2000
UNREADABLE = (TypeError, ValueError, LookupError, AttributeError, RecursionError, DataError)
"""What values give that a hand can write and no program read: no JSON, a list a thousand deep, a day without end."""
Rows = dict[int, list[tuple[Any, ...]]]


def verify(outside: Sequence[Head] = ()) -> Iterator[Fault]:
    """Everything that does not hold, in the order it is met; nothing when all is well.

    :param outside: heads that left the machine, which have to be in the history
    """
    codes = dict(Jurisdiction.objects.values_list("id", "code"))
    comparing = RecordComparison()
    registers, drawn = Registers(comparing), DrawnNumbers()
    seen: dict[type[models.Model], int] = defaultdict(int)
    for low, high in _ranges():
        yield from _apart(f"matter:{low}", _Range(low, high, codes, registers, drawn, seen).faults())
    yield from _apart("kernel_entry", _unspoken(seen))
    yield from _apart("kernel_matter", _halves())
    yield from _apart("kernel_fact", _reversals())
    yield from _apart("registers", registers.faults())
    yield from _apart("kernel_fieldlist", comparing.faults())
    yield from _apart("kernel_numberseries", drawn.faults())
    yield from _apart("kernel_running", set_aside())
    yield from _apart("kernel_attachment", files())
    yield from _apart("spelling", spelling())
    yield from _apart("kernel_checkpoint", heads(outside))
    yield from _apart("kernel_journalentry", journal())


def _apart(where: str, part: Iterator[Fault]) -> Iterator[Fault]:
    """The faults of one part; what is written there so that it can't be read is one, and hides no other part's."""
    try:
        yield from part
    except (*UNREADABLE, OperationalError) as fault:
        if isinstance(fault, OperationalError) and "decode" not in str(fault):
            raise  # the database itself, and not a text in SQLite that is none
        log.exception("verification of %s broke off", where)
        yield Fault(where, "something there can't be read, and what comes after it was not looked at")


def _ranges() -> Iterator[tuple[int, int]]:
    last = 0
    for model, column in ((Matter, "id"), (Entry, "matter_id")):
        last = max(last, model._default_manager.aggregate(last=models.Max(column))["last"] or 0)
    return ((low, low + RANGE) for low in range(1, last + 1, RANGE))


class _Range:
    """The matters of one range of ids, with all that hangs on them."""

    def __init__(
        self,
        low: int,
        high: int,
        codes: dict[int, str],
        registers: Registers,
        drawn: DrawnNumbers,
        seen: dict[type[models.Model], int],
    ) -> None:
        self.low, self.high = low, high
        self.codes = codes
        self.registers = registers
        self.comparing = registers.comparing
        self.drawn = drawn
        self.seen = seen

    def faults(self) -> Iterator[Fault]:
        """Every fault of the range."""
        chains: dict[int, list[tuple[Any, ...]]] = self._by_first(
            Entry,
            "matter_id, id, jurisdiction_id, chain, seq, act, person_id, at, body, hash",
            "matter_id >= %s AND matter_id < %s ORDER BY matter_id, seq",
        )
        self.facts = self._of_entries(
            Fact,
            "name, subject, quantity, scale, unit, held_on, reverses_id, ordinal, jurisdiction_id, recorded_at",
        )
        self.movements = self._of_entries(BookEntry, "ordinal, operation, amount, matter_id, book_id")
        self.sealed = self._of_entries(SealedValue, "name, commitment, key, box")
        self.rows = self._of_entries(BatchRow, "position, body")
        self.papers = self._typed(Paper, "matter_id", *COMMITTED)
        self.approvals = self._typed(PaperApproval, "paper__matter_id", "paper_id", "approver_id")
        self.linked = self._of_entries(Link, "source_id, target_id, kind")
        self.grants = self._by_first(
            Access, "matter_id, holder, act, due, closed", "matter_id >= %s AND matter_id < %s"
        )
        self.clocks = self._by_first(
            Running,
            "matter_id, name, limit, extensions, pauses, started_at, due_at, paused_at, stopped_at, expired_at",
            "matter_id >= %s AND matter_id < %s",
        )
        self.steps = self._standing_rows(Step, "matter_id", *Step.DIGESTED)
        self.seats = self._standing_rows(Seat, "step__matter_id", *Seat.DIGESTED)
        last: dict[int, dict[str, Any]] = {}
        for matter_id, entries in chains.items():
            try:
                last[matter_id] = yield from self._chain(matter_id, entries)
            except UNREADABLE:
                yield Fault(f"matter:{matter_id}", "the body of one of its entries can't be read")
        yield from self._matters(last)

    def _chain(
        self, matter_id: int, entries: Sequence[tuple[Any, ...]]
    ) -> Generator[Fault, None, dict[str, Any]]:
        chain, before, steps, last = f"matter:{matter_id}", "", NO_STEPS, 0
        clocks: dict[str, str] = {}
        content: dict[str, Any] = {}
        for number, (_m, pk, jurisdiction, named, seq, act, person, at, body, stored) in enumerate(
            entries, 1
        ):
            where = f"{chain}/{seq}"
            raw = body.encode()
            hashed = leaf_hash(raw).hex()
            if hashed != stored:
                yield Fault(where, "the body is not the one that was hashed")
            content = entry_of(raw)
            if content["prev"] != before:
                yield Fault(where, "it does not follow the entry before it")
            if seq != number or content["seq"] != seq or pk <= last:
                yield Fault(where, "an entry is missing before it, or out of its place")
            columns = (chain, self.codes.get(jurisdiction), act, person, _moment(at))
            actor = content["actor"]
            repeated = (
                content["chain"],
                content["jurisdiction"],
                content["act"].partition(".")[2],
                actor.get("person"),
                content["at"],
            )
            if named != chain or columns != repeated:
                yield Fault(where, "its columns are not what its body says")
            yield from self._left(where, pk, matter_id, jurisdiction, content)
            clocks.update({name: left for name, _did, _due, left in content.get("clocks", ())})
            steps = content["steps"]["rows"] if "steps" in content else steps
            self.registers.spoken.note(content.get("records", ()), pk)
            last = pk
            if seq == 1:
                self.drawn.number(jurisdiction, content["number"])
            before = stored
        told = {name: content[name] for name in ("state", "access")}
        said = RowRecord(pk, content["fields"], content["schema"])
        return told | {"said": said, "clocks": clocks, "steps": steps, "entries": len(entries)}

    def _left(
        self, where: str, pk: int, matter_id: int, jurisdiction: int, content: dict[str, Any]
    ) -> Iterator[Fault]:
        if pk in self.facts or "facts" in content:
            yield from self._facts(where, pk, jurisdiction, content)
        if pk in self.movements or "books" in content:
            yield from self._books(where, pk, matter_id, jurisdiction, content)
        if pk in self.sealed or "sealed" in content:
            boxes = [
                [name, said, box_digest(key, box)] for _e, name, said, key, box in self.sealed.pop(pk, ())
            ]
            if sorted(boxes) != sorted(content.get("sealed", ())):
                yield Fault(where, "the sealed values are not the ones it committed to")
        if pk in self.linked or "links" in content:
            linked = [list(row[1:]) for row in self.linked.pop(pk, ())]
            if linked != content.get("links", []):
                yield Fault(where, "the links are not the ones it left")
        if pk in self.rows or "notes" in content:
            yield from self._batch(where, pk, content)
        if pk in self.papers or pk in self.approvals or "papers" in content or "approved" in content:
            yield from self._papers(where, pk, matter_id, content)

    def _facts(self, where: str, pk: int, jurisdiction: int, content: dict[str, Any]) -> Iterator[Fault]:
        facts = sorted(self.facts.pop(pk, ()), key=lambda row: row[8])
        stored = [[*row[1:6], str(row[6])[:10], row[7]] for row in facts]
        apart = any(
            row[8] != place or row[9] != jurisdiction or _moment(row[10]) != content["at"]
            for place, row in enumerate(facts)
        )
        if apart or stored != content.get("facts", []):
            yield Fault(where, "the facts are not the ones it left")

    def _books(
        self, where: str, pk: int, matter_id: int, jurisdiction: int, content: dict[str, Any]
    ) -> Iterator[Fault]:
        moved = sorted(self.movements.pop(pk, ()), key=lambda row: row[1])
        told = content.get("books", [])
        made = [(place, line[3], line[4], matter_id) for place, line in enumerate(told)]
        if [row[1:5] for row in moved] != made:
            yield Fault(where, "the movements in the books are not the ones it made")
            return
        for row, line in zip(moved, told, strict=True):
            self.registers.moved(row[5], jurisdiction, line)

    def _batch(self, where: str, pk: int, content: dict[str, Any]) -> Iterator[Fault]:
        rows = sorted(self.rows.pop(pk, ()), key=lambda row: row[1])
        said = content.get("notes", {}).get("batch")
        self.comparing.entered(where, pk, content.get("notes", {}))
        if not rows and said is None:
            return
        made = root([leaf_hash(row[2].encode()) for row in rows]).hex()
        placed = all(row[1] == place for place, row in enumerate(rows))
        if said is None or said["size"] != len(rows) or said["root"] != made or not placed:
            yield Fault(where, "the rows of its batch are not the ones it committed to")

    def _papers(self, where: str, pk: int, matter_id: int, content: dict[str, Any]) -> Iterator[Fault]:
        drawn, approved = self.papers.pop(pk, []), self.approvals.pop(pk, [])
        if (
            [paper_line(dict(zip(COMMITTED, row[1:], strict=True))) for row in drawn]
            != content.get("papers", [])
            or [list(row[1:]) for row in approved] != content.get("approved", [])
            or any(row[0] != matter_id for row in (*drawn, *approved))
        ):
            yield Fault(where, "the papers, or their approvals, are not the ones it left")

    def _matters(self, last: dict[int, dict[str, Any]]) -> Iterator[Fault]:
        found: set[int] = set()
        told = {pk: content["said"] for pk, content in last.items()}
        within = Matter.objects.filter(pk__gte=self.low, pk__lt=self.high)
        there = set(within.values_list("mechanism", flat=True).distinct())
        for code, matter in mechanisms().items():
            if code not in there:
                continue
            names, schema = field_list(matter), schema_of(matter)
            said = self.comparing.last(code, told)
            queryset = matter._base_manager.filter(pk__gte=self.low, pk__lt=self.high, mechanism=code)
            for values in queryset.values_list("pk", "version", "state", *names):
                pk, version, state = values[:3]
                found.add(pk)
                self.seen[Matter] += 1
                content = last.get(pk)
                where = f"matter:{pk}"
                if content is None:
                    yield Fault(where, "no entry speaks of it")
                    continue
                if version != content["entries"] or state != content["state"]:
                    yield Fault(where, "its version or state is not that of its last entry")
                words = self.comparing.fault(code, schema, names, values[3:], said[pk])
                if words is not None:
                    yield Fault(
                        where, "its fields are not as its last act left them" if words is ALTERED else words
                    )
                yield from self._standing(where, pk, values[3 + names.index("closed")], content)
        for pk in last.keys() - found:
            yield Fault(f"matter:{pk}", "the ledger speaks of it, and it is gone")
        for hanging in (self.grants, self.clocks, self.steps, self.seats):
            for pk in hanging.keys() - found:
                yield Fault(f"matter:{pk}", "rows hang on it that no entry speaks of")

    def _standing(self, where: str, pk: int, closed: bool, content: dict[str, Any]) -> Iterator[Fault]:
        rows = self.grants.pop(pk, [])
        grants = ((holder, act, _moment(due)) for _m, holder, act, due, _closed in rows)
        if digest(grants) != content["access"] or any(bool(row[4]) != closed for row in rows):
            yield Fault(where, "who may read it or owes it an act is not as its last act left it")
        if {row[1]: _stance(row) for row in self.clocks.pop(pk, ())} != content["clocks"]:
            yield Fault(where, "its clocks are not as its acts left them")
        steps, seats = self.steps.pop(pk, []), self.seats.pop(pk, [])
        if content["steps"] != (digest_of_rows(steps, seats) if steps or seats else NO_STEPS):
            yield Fault(where, "its approval steps are not as its acts left them")

    def _standing_rows(self, model: type[models.Model], matter: str, *columns: str) -> Rows:
        grouped: Rows = defaultdict(list)
        found = model._default_manager.filter(**{f"{matter}__gte": self.low, f"{matter}__lt": self.high})
        for matter_id, *row in found.order_by("id").values_list(matter, *columns):
            grouped[matter_id].append(tuple(row))
            self.seen[model] += 1
        return grouped

    def _typed(self, model: type[models.Model], *columns: str) -> Rows:
        grouped: Rows = defaultdict(list)
        found = model._default_manager.filter(entry__matter_id__gte=self.low, entry__matter_id__lt=self.high)
        for entry_id, *row in found.order_by("id").values_list("entry_id", *columns):
            grouped[entry_id].append(tuple(row))
            self.seen[model] += 1
        return grouped

    def _of_entries(self, model: type[models.Model], columns: str) -> Rows:
        table, entries = model._meta.db_table, Entry._meta.db_table
        named = ", ".join(f"t.{connection.ops.quote_name(name)}" for name in columns.split(", "))
        return self._group(
            model,
            f"SELECT t.entry_id, {named} FROM {table} t JOIN {entries} e ON e.id = t.entry_id"
            " WHERE e.matter_id >= %s AND e.matter_id < %s ORDER BY t.id",
        )

    def _by_first(self, model: type[models.Model], columns: str, condition: str) -> Rows:
        named = ", ".join(map(connection.ops.quote_name, columns.split(", ")))
        return self._group(model, f"SELECT {named} FROM {model._meta.db_table} WHERE {condition}")

    def _group(self, model: type[models.Model], statement: str) -> Rows:
        grouped: Rows = defaultdict(list)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # Moments and days are compared as written; to make objects of them takes longer than to read them.
                for kind in ("timestamptz", "date"):
                    cursor.adapters.register_loader(kind, TextLoader)
            cursor.execute(statement, [self.low, self.high])
            rows = cursor.fetchall()
        for row in rows:
            grouped[row[0]].append(row)
        self.seen[model] += len(rows)
        return grouped


def _moment(value: datetime | str | None) -> str | None:
    """A moment as the ledger writes it; PostgreSQL writes it in UTC and without the fraction's last zeros."""
    if isinstance(value, str):
        return f"{value[:10]}T{value[11:19]}.{value[20:-3]:0<6}Z" if value[-3:] == "+00" else value
    return None if value is None else moment(value)


def _stance(row: tuple[Any, ...]) -> str:
    """The digest of a clock's columns, read raw: three of JSON, five moments."""
    started, *others = map(_moment, row[5:])
    return stance([started, *map(orjson.loads, row[2:5]), *others])


def _reversals() -> Iterator[Fault]:
    """Facts that take back what isn't there, or what says something else: no hash holds a fact's id."""
    same = ("jurisdiction_id", "name", "subject", "scale", "unit", "held_on")
    reversed_ = Fact.objects.filter(
        pk=OuterRef("reverses_id"),
        quantity=0 - OuterRef("quantity"),
        **{name: OuterRef(name) for name in same},
    )
    strange = Fact.objects.exclude(reverses_id=None).filter(~Exists(reversed_))
    for pk in strange.order_by("pk").values_list("pk", flat=True):
        yield Fault(f"kernel_fact:{pk}", "it takes back another fact than the one it turns round")


def _halves() -> Iterator[Fault]:
    """Rows of a mechanism's own table under no matter, or under a matter of another mechanism."""
    for code, matter in mechanisms().items():
        table, key = map(connection.ops.quote_name, (matter._meta.db_table, str(matter._meta.pk.column)))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT t.{key} FROM {table} t LEFT JOIN {Matter._meta.db_table} m"  # both are declared
                f" ON m.id = t.{key} AND m.mechanism = %s WHERE m.id IS NULL",
                [code],
            )
            for (pk,) in cursor.fetchall():
                yield Fault(f"{matter._meta.db_table}:{pk}", "it hangs on no matter of its mechanism")


def _unspoken(seen: dict[type[models.Model], int]) -> Iterator[Fault]:
    """Rows that hang on no entry and no matter at all, found by counting and then named."""
    for model, spoken in seen.items():
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            if cursor.fetchone()[0] == spoken:
                continue
            column, other = ("entry_id", Entry._meta.db_table)
            if not any(field.column == column for field in model._meta.concrete_fields):
                column, other = ("matter_id", Matter._meta.db_table)
            if model is Matter:
                strays = Matter.objects.exclude(mechanism__in=mechanisms())
                named: list[tuple[Any, ...]] = list(strays.values_list("id"))
            else:
                column = "step_id" if model is Seat else column
                other = Step._meta.db_table if model is Seat else other
                cursor.execute(
                    f"SELECT t.id FROM {table} t LEFT JOIN {other} o ON o.id = t.{column} WHERE o.id IS NULL"
                )
                named = cursor.fetchall()
        for (pk,) in named or [("?",)]:
            yield Fault(f"{table}:{pk}", "it hangs on nothing that is there")
