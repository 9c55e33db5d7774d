"""Ways of changing, dropping and swapping rows by hand, each with the names verification may find it by.

A way is a few statements run behind the application's back, with the triggers out of the way. The
caller opens a transaction, runs one way, verifies, and rolls back.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db import DatabaseError, connection, models, transaction

from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.acts.steps import Seat, Step
from qingfeng.kernel.ledger.canonical import encode
from qingfeng.kernel.ledger.merkle import leaf_hash
from qingfeng.kernel.ledger.models import Checkpoint, Entry, HistoryNode, Leaf, SigningKey
from qingfeng.kernel.ledger.schema import recorded
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter, NumberSeries
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.papers.models import Paper, PaperApproval
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.record.batches.models import BatchRow
from qingfeng.kernel.record.books import Book, BookEntry
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.record.journal import JournalEntry, JournalHead
from qingfeng.kernel.sealing.models import SealedValue
from qingfeng.kernel.time.clocks import Running

Row = dict[str, Any]

OF_ENTRIES = (Fact, BookEntry, SealedValue, BatchRow, Link, Paper, PaperApproval)
OF_MATTERS = (Access, Running, Step)
NAMELESS = (*OF_ENTRIES, *OF_MATTERS, Seat, NumberSeries, JournalEntry, JournalHead, HistoryNode, SigningKey)
"""Tables whose surrogate key nothing repeats: another key says nothing else."""


@dataclass(frozen=True)
class Way:
    """One way of tampering: what it is, the statements, and the names of which a fault's ``where`` must bear one."""

    title: str
    statements: tuple[tuple[str, tuple[Any, ...]], ...]
    names: frozenset[str]

    def run(self) -> None:
        """Do it, in the transaction that is open."""
        with connection.cursor() as cursor:
            for statement, values in self.statements:
                cursor.execute(statement, values)

    def named_by(self, where: str) -> bool:
        """Whether a fault names one of the rows touched."""
        return any(where == name or where.startswith((f"{name}/", f"{name},")) for name in self.names)


def unguard() -> None:
    """Take the append-only triggers away, as whoever owns the database could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal")
            for name, table in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")


def outcome(way: Way) -> str:
    """``named``, ``found as …`` (by other names), ``missed``, ``crashed …`` or ``refused``; all is as before then."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                way.run()
                try:
                    found = [fault.where for fault in verify()]
                except Exception as fault:
                    return f"crashed with {fault!r:.80}"
        except DatabaseError:
            return "refused"
        finally:
            transaction.set_rollback(True)
    if not found:
        return "missed"
    return "named" if any(map(way.named_by, found)) else f"found as {found[:3]}"


def tables() -> list[type[models.Model]]:
    """The tables that verification answers for."""
    return [
        *(Entry, Leaf, Checkpoint, HistoryNode, SigningKey, Matter, *mechanisms().values()),
        *(Access, Running, Step, Seat, Fact, Book, BookEntry, SealedValue, BatchRow, Link),
        *(Paper, PaperApproval),
        *recorded().values(),
        NumberSeries,
        *(JournalEntry, JournalHead),
    ]


def ways(rows_each: int) -> Iterator[Way]:
    """Every way there is, over up to so many rows of each table, spread over its length."""
    for model in tables():
        rows = _rows(model)
        chosen = rows[:: max(1, len(rows) // rows_each)][:rows_each]
        for row in chosen:
            yield from _changes(model, row, rows)
            yield _dropped(model, row)
            yield from _doubled(model, row)
        for one, other in pairwise(chosen):
            yield from _swapped(model, one, other)
    yield from rewritten(rows_each)


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns of a model's own table that say something."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if not (field.primary_key and model in NAMELESS)
        and field.attname not in getattr(model, "outside", frozenset()) - {"entry_id"}
    ]


def _rows(model: type[models.Model]) -> list[Row]:
    names = [field.column for field in model._meta.local_concrete_fields]
    key = model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_quoted(names)} FROM {model._meta.db_table} ORDER BY {key}")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names)


def _update(model: type[models.Model], row: Row, changes: Row) -> tuple[str, tuple[Any, ...]]:
    key = model._meta.pk.column
    sets = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in changes)
    return (
        f"UPDATE {model._meta.db_table} SET {sets} WHERE {key} = %s",
        (*map(_stored, changes.values()), row[key]),
    )


def _stored(value: Any) -> Any:
    if connection.vendor == "postgresql" and isinstance(value, dict | list):
        return json.dumps(value)
    return value


def _changes(model: type[models.Model], row: Row, rows: Sequence[Row]) -> Iterator[Way]:
    for field in _columns(model):
        before = row[field.column]
        for after in _others(field, before, rows):
            changed = {**row, field.column: after}
            names = _names(model, row) | _names(model, changed)
            yield Way(
                f"{_said(model, row)}: {field.column} {before!r:.40} -> {after!r:.40}",
                (_update(model, row, {field.column: after}),),
                names,
            )


def _others(field: models.Field[Any, Any], value: Any, rows: Sequence[Row]) -> list[Any]:
    """Other values a column could have: one made from its own, one from another row, and none where none may be."""
    others: list[Any] = []
    if isinstance(field, models.JSONField):
        others.append(json.dumps([json.loads(value) if isinstance(value, str) else value, 1]))
    elif value is None:
        others.append(_made(field))
    elif isinstance(value, bool) or isinstance(field, models.BooleanField):
        others.append(not value if isinstance(value, bool) else 1 - value)
    elif isinstance(value, int):
        others += [value + 1, value + 1_000_003]
    elif isinstance(value, str):
        last = "1" if value.endswith("0") else "0"
        others.append((value[:-1] + last) if value and value[-1] in "0123456789abcdef" else f"{value}改")
    elif isinstance(value, dt.datetime):
        others.append(value + dt.timedelta(seconds=1))
    elif isinstance(value, dt.date):
        others.append(value + dt.timedelta(days=1))
    if field.null and value is not None:
        others.append(None)
    if not (field.unique or field.primary_key):
        others += [row[field.column] for row in rows if row[field.column] != value][:1]
    unlike = [other for other in others if other != value]
    return list({repr(other): other for other in unlike}.values())


def _made(field: models.Field[Any, Any]) -> Any:
    if isinstance(field, models.DateTimeField):
        return dt.datetime(2026, 3, 9, 1, 0, tzinfo=dt.UTC)
    if isinstance(field, models.DateField):
        return dt.date(2027, 3, 9)
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.IntegerField | models.ForeignKey):
        return 1
    return "改"


def _dropped(model: type[models.Model], row: Row) -> Way:
    key = model._meta.pk.column
    statement = f"DELETE FROM {model._meta.db_table} WHERE {key} = %s"
    return Way(f"{_said(model, row)}: dropped", ((statement, (row[key],)),), _names(model, row))


def _doubled(model: type[models.Model], row: Row) -> Iterator[Way]:
    """A second row with the same content, where the table's own constraints let it in."""
    key = model._meta.pk
    if isinstance(key, models.OneToOneField) or model is JournalHead:
        return
    names = list(row)
    new = {**row, key.column: f"{row[key.column]:.8}x" if isinstance(row[key.column], str) else 9_000_001}
    statement = (
        f"INSERT INTO {model._meta.db_table} ({_quoted(names)}) VALUES ({', '.join(['%s'] * len(names))})"
    )
    yield Way(
        f"{_said(model, row)}: doubled",
        ((statement, tuple(_stored(new[name]) for name in names)),),
        _names(model, row) | _names(model, new),
    )


def _swapped(model: type[models.Model], one: Row, other: Row) -> Iterator[Way]:
    """Two rows that exchange one column's values."""
    for field in _columns(model):
        name = field.column
        if one[name] == other[name] or field.primary_key:
            continue
        key = model._meta.pk.column
        if model in NAMELESS and {**one, name: other[name], key: 0} == {**other, key: 0}:
            continue  # alike in all else: exchanging this changes nothing
        steps = [_update(model, one, {name: other[name]}), _update(model, other, {name: one[name]})]
        if field.unique:
            passing = -1 if isinstance(one[name], int) else "passing"
            steps.insert(0, _update(model, other, {name: passing}))
        names = _names(model, one) | _names(model, other)
        yield Way(f"{_said(model, one)} and {_said(model, other)}: {name} swapped", tuple(steps), names)


def rewritten(many: int) -> Iterator[Way]:
    """Consistent-looking edits: the chain is made whole again after an entry is changed, cut off or taken out."""
    entries = list(Entry.objects.filter(leaf__isnull=False).order_by("matter_id", "seq"))
    chains: dict[int, list[Entry]] = {}
    for entry in entries:
        chains.setdefault(entry.matter_id, []).append(entry)
    longest = sorted(chains.values(), key=len, reverse=True)[: max(1, many)]
    for chain in longest:
        for place, entry in enumerate(chain):
            for key, value in (
                ("act", "rectification.quietly"),
                ("state", "elsewhere"),
                ("at", "2026-01-01T00:00:00.000000Z"),
            ):
                yield Way(
                    f"{entry}: {key} rewritten and all hashes after it made anew",
                    tuple(_rehashed(chain[place:], {key: value})),
                    _names(Entry, {"id": entry.pk, "matter_id": entry.matter_id}) | _heads(chain[place:]),
                )
        last = chain[-1]
        before = chain[-2].content if len(chain) > 1 else None
        if before is not None:
            yield Way(
                f"{last}: cut off, and the matter put back to the version before",
                (
                    ("DELETE FROM kernel_leaf WHERE entry_id = %s", (last.pk,)),
                    ("DELETE FROM kernel_entry WHERE id = %s", (last.pk,)),
                    (
                        "UPDATE kernel_matter SET version = %s, state = %s WHERE id = %s",
                        (before["seq"], before["state"], last.matter_id),
                    ),
                ),
                frozenset({f"matter:{last.matter_id}"}) | _heads([last]),
            )
        yield Way(
            f"matter:{last.matter_id}: taken out with everything that hangs on it",
            tuple(_taken_out(last.matter_id)),
            frozenset({f"matter:{last.matter_id}"}) | _heads(chain),
        )


def _rehashed(chain: Sequence[Entry], changes: Row) -> Iterator[tuple[str, tuple[Any, ...]]]:
    before = chain[0].content["prev"]
    for place, entry in enumerate(chain):
        content = {**entry.content, **(changes if place == 0 else {}), "prev": before}
        body = encode(content)
        before = leaf_hash(body).hex()
        columns: Row = {"body": body.decode(), "hash": before, "act": content["act"].partition(".")[2]}
        if "at" in changes and place == 0:
            columns["at"] = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        yield _update(Entry, {"id": entry.pk}, columns)


def _taken_out(matter_id: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    ours = "(SELECT id FROM kernel_entry WHERE matter_id = %s)"
    yield (
        "DELETE FROM kernel_seat WHERE step_id IN (SELECT id FROM kernel_step WHERE matter_id = %s)",
        (matter_id,),
    )
    for model in (*OF_ENTRIES, Leaf):
        yield f"DELETE FROM {model._meta.db_table} WHERE entry_id IN {ours}", (matter_id,)
    for model in (*OF_MATTERS, Entry):
        yield f"DELETE FROM {model._meta.db_table} WHERE matter_id = %s", (matter_id,)
    for own in mechanisms().values():
        yield f"DELETE FROM {own._meta.db_table} WHERE matter_ptr_id = %s", (matter_id,)
    yield "DELETE FROM kernel_matter WHERE id = %s", (matter_id,)


def _heads(entries: Sequence[Entry]) -> frozenset[str]:
    found = Checkpoint.objects.filter(leaves__entry__in=entries).select_related("jurisdiction")
    return frozenset(f"checkpoint:{head.jurisdiction.code}/{head.number}" for head in found)


def _said(model: type[models.Model], row: Row) -> str:
    return f"{model._meta.db_table}:{row[model._meta.pk.column]}"


def _names(model: type[models.Model], row: Row) -> frozenset[str]:
    """What a fault may call a row: itself, the matter it belongs to, the head that covers it, its register."""
    names = {_said(model, row)}
    if model is Matter:
        names.add(f"matter:{row['id']}")
    elif issubclass(model, Matter):
        names.add(f"matter:{row['matter_ptr_id']}")
    elif model is Entry or model in OF_MATTERS:
        names.add(f"matter:{row['matter_id']}")
    elif model is Seat:
        names |= {
            f"matter:{pk}"
            for pk in Step.objects.filter(pk=row["step_id"]).values_list("matter_id", flat=True)
        }
    elif model in OF_ENTRIES:
        names |= _of_entry(row["entry_id"])
        if model is BookEntry:
            names.add(f"kernel_book:{row['book_id']}")
    elif model is Leaf:
        names |= _of_entry(row["entry_id"]) | _of_checkpoint(row["checkpoint_id"])
    elif model is Checkpoint:
        names |= _of_checkpoint(row["id"])
        names |= {name.rpartition("/")[0] + f"/{row['number']}" for name in names if "/" in name}
    elif model is HistoryNode:
        codes = Jurisdiction.objects.filter(pk=row["jurisdiction_id"]).values_list("code", flat=True)
        names |= {f"history:{code}/{row['level']}/{row['place']}" for code in codes}
    elif model is SigningKey:
        names |= {f"signing_key:{row['number']}", f"signing_key:{row['number'] + 1}"}
    elif model is NumberSeries:
        names.add(f"kernel_numberseries:{row['word']}/{row['year']}")
    elif model in recorded().values():
        names.add(f"{model._meta.label_lower}:{model._meta.pk.to_python(row['id'])}")
    elif model in (JournalEntry, JournalHead):
        names |= {"journal", f"journal:{row['seq']}", f"journal:{row['seq'] + 1}"}
    return frozenset(names)


def _of_entry(entry_id: int) -> set[str]:
    return {f"matter:{pk}" for pk in Entry.objects.filter(pk=entry_id).values_list("matter_id", flat=True)}


def _of_checkpoint(pk: int) -> set[str]:
    """A checkpoint by its own number and by the next one's, which is where a broken chain shows."""
    head = Checkpoint.objects.filter(pk=pk).select_related("jurisdiction").first()
    if head is None:
        return set()
    return {f"checkpoint:{head.jurisdiction.code}/{number}" for number in (head.number, head.number + 1)}
