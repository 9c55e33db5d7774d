"""How an act becomes rows: compare-and-set, then books, clocks, steps, then entry and facts, then the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qingfeng.kernel import search
from qingfeng.kernel.acts import access
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.do import Do, notice_of
from qingfeng.kernel.acts.footing import Footing
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.background.outbox import Message, hush
from qingfeng.kernel.ledger.canonical import encode
from qingfeng.kernel.ledger.merkle import leaf_hash
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.schema import fields_digest, record_line, schema_of
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.matters.locking import LockedMatter
from qingfeng.kernel.matters.models import Matter, NumberSeries, Secrecy
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.matters.states import State
from qingfeng.kernel.people.models import Person
from qingfeng.kernel.reading.compiled import in_one_go, insert, insert_one, update
from qingfeng.kernel.record import books
from qingfeng.kernel.refusals import Conflict
from qingfeng.kernel.sealing.models import box


def write(
    do: Do, values: Mapping[str, Any], before: State, after: State, held: LockedMatter, stands_on: Footing
) -> Entry:
    """Write everything an act leaves, in the transaction that is open. Raises ``Conflict`` when overtaken."""
    matter = do.matter
    titled = matter.pk is None or matter.title != matter.loaded("title")
    sealed = matter.pk is not None and matter.secrecy == Secrecy.SEALED != matter.loaded("secrecy")
    own = _compare_and_set(do, before, after, stands_on)
    do.keep_records()
    moved = books.move(matter.jurisdiction, matter.pk, do.effects.movements) if do.effects.movements else []
    do.clocks.matter_id = matter.pk
    do.steps.write()
    grants = _grants(do, after)
    said = _said(do, values)
    files = _handed_in(do, values)
    body = encode(_body(do, after, held.head, said, moved, grants, files))
    entry = Entry(
        jurisdiction_id=matter.jurisdiction_id,
        chain=f"matter:{matter.pk}",
        seq=matter.version,
        matter_id=matter.pk,
        act=do.act.name,
        person_id=do.actor.person_id,
        at=do.now,
        body=body.decode(),
        hash=leaf_hash(body).hex(),
    )
    with in_one_go():
        if own:
            update(type(matter), own, matter_ptr_id=matter.pk)
        if titled and not sealed:
            search.index(matter)
        do.clocks.save()
        fresh = access.settle(matter, held.grants, grants)
        insert_one(entry)
        _store(do, entry, moved)
        _tell(do, entry, fresh)
    if sealed:
        search.drop(matter)
        hush(matter)
    _keep_files(do, entry, files)
    return entry


def _compare_and_set(do: Do, before: State, after: State, stands_on: Footing) -> dict[str, Any]:
    """Move the matter on, if nobody was first; open a new one, if what it stands on still does.

    Returns the mechanism's own columns that are still to be written.
    """
    matter = do.matter
    matter.state, matter.closed, matter.version = after.code, after.final, matter.version + 1
    if after.final != before.final:
        matter.closed_at = do.now if after.final else None
    if matter.pk is None:
        matter.opened_at = do.now
        matter.number = NumberSeries.draw(matter.jurisdiction, matter.series, do.today.year, stands_on)
        insert_one(matter)
        return {}
    own, base = matter.changed()
    if not update(Matter, base, id=matter.pk, state=before.code, version=matter.version - 1):
        raise Conflict
    return own


def _grants(do: Do, state: State) -> set[access.Grant]:
    matter = do.matter
    reading = {(holder, "", None) for holder in matter.reads.holders(matter) if "@j" not in holder}
    return reading | {
        (holder, act.name, _due(do, act))
        for act in acts_of(type(matter)).values()
        if act.owed and act.starts_from(state)
        for holder in act.by.holders(matter)
    }


def _due(do: Do, act: Act) -> Any:
    return min((due for clock in act.stops if (due := do.clocks.due(clock)) is not None), default=None)


def _said(do: Do, values: Mapping[str, Any]) -> dict[str, Any]:
    """The input as the entry holds it: free text and personal values by their commitments."""
    matter = do.matter
    said: dict[str, Any] = {}
    for spec in do.act.inputs.fields:
        value = values.get(spec.name)
        if value is None or value == "" or value == []:
            continue
        if spec.sealed:
            said[spec.name] = _sealed(do, spec.name, str(value), _sealed_for(do, spec), spec.sealed)
        elif spec.kind in ("line", "prose"):
            said[spec.name] = _sealed(do, spec.name, value, f"records:{do.today.year}", matter.retention)
        elif spec.kind == "files":
            said[spec.name] = [[str(file.pk), file.digest] for file in value]
        elif spec.kind == "rows":
            text = encode(plain(value)).decode()
            personal = next((inner.sealed for inner in spec.rows if inner.sealed), "")
            # A list of people lies under a key of its own, so that it can be forgotten by itself.
            subject = f"matter:{matter.pk}" if personal else f"records:{do.today.year}"
            said[spec.name] = _sealed(do, spec.name, text, subject, personal or matter.retention)
        else:
            said[spec.name] = plain(value)
    return said


def _sealed_for(do: Do, spec: InputField) -> str:
    """Under whose keys a personal value lies: who it is about, else who gives it; the matter's own where that is nobody."""
    matter, of = do.matter, spec.sealed_of
    about = getattr(matter, f"{of}_id") if of else do.actor.person_id
    kind: Any = matter._meta.get_field(of).related_model if of else Person
    return f"{kind._meta.model_name}:{about}" if about else f"matter:{matter.pk}"


def _sealed(do: Do, name: str, text: str, subject: str, retention: str) -> dict[str, str]:
    value = box(name, text, subject, do.matter.code, retention)
    do.effects.sealed.append(value)
    return {"sealed": value.commitment}


def _body(
    do: Do,
    after: State,
    head: str,
    said: dict[str, Any],
    moved: list[tuple[books.Movement, books.Book]],
    grants: set[access.Grant],
    files: list[Attachment],
) -> dict[str, Any]:
    matter, effects = do.matter, do.effects
    for fact in effects.facts:
        fact.jurisdiction_id, fact.recorded_at = matter.jurisdiction_id, do.now
    content = {
        "v": 1,
        "jurisdiction": matter.jurisdiction.code,
        "chain": f"matter:{matter.pk}",
        "seq": matter.version,
        "prev": head,
        "number": matter.number,
        "act": f"{matter.code}.{do.act.name}",
        "actor": do.actor.record(),
        "at": plain(do.now),
        "state": after.code,
        "input": said,
        "schema": schema_of(type(matter)),
        "fields": fields_digest(matter),
        "access": access.digest(grants),
    }
    more = {
        "facts": [fact.committed() for fact in effects.facts],
        "books": [books.committed(movement, book) for movement, book in moved],
        "clocks": do.clocks.operations,
        "steps": do.steps.said(),
        "records": do.digests() + [record_line(file) for file in files],
        "links": [[source.pk, target.pk, kind] for source, target, kind in effects.links],
        "sealed": [value.committed() for value in effects.sealed],
        "policy": do.policy.read,
        "papers": [paper.committed() for paper in effects.papers],
        "approved": [approval.committed() for approval in effects.approvals],
        "notes": effects.notes,
    }
    return content | {name: part for name, part in more.items() if part}


def _handed_in(do: Do, values: Mapping[str, Any]) -> list[Attachment]:
    """The files handed in with an act, as they stand once they are the matter's."""
    files = [
        file for spec in do.act.inputs.fields if spec.kind == "files" for file in values.get(spec.name) or ()
    ]
    for file in files:
        file.matter_id = do.matter.pk
    return files


def _store(do: Do, entry: Entry, moved: list[tuple[books.Movement, books.Book]]) -> None:
    effects = do.effects
    for ordinal, fact in enumerate(effects.facts):
        fact.entry, fact.ordinal = entry, ordinal
    insert(effects.facts)
    insert(
        [
            books.BookEntry(
                book=book,
                entry=entry,
                matter_id=do.matter.pk,
                ordinal=ordinal,
                operation=movement.operation,
                amount=movement.amount,
            )
            for ordinal, (movement, book) in enumerate(moved)
        ],
    )
    for value in effects.sealed:
        value.entry = entry
    for row in effects.rows:
        row.entry = entry
    for restated in effects.restated:
        restated.entry = entry
    for paper in effects.papers:
        paper.entry, paper.matter = entry, do.matter
    for approval in effects.approvals:
        approval.entry = entry
    insert(effects.papers)
    insert(effects.approvals)
    insert(effects.sealed)
    insert(effects.rows)
    insert(effects.restated)
    insert(
        [
            Link(entry=entry, source=source, target=target, kind=kind)
            for source, target, kind in effects.links
        ],
    )


def _keep_files(do: Do, entry: Entry, files: list[Attachment]) -> None:
    """Bind the files handed in to the matter. Raises ``Conflict`` where another act was first."""
    if files:
        handed = {file.pk for file in files}
        free = Attachment.objects.filter(pk__in=handed, matter=None)
        if free.update(matter=do.matter, entry=entry) != len(files):
            raise Conflict


def _tell(do: Do, entry: Entry, fresh: set[access.Grant]) -> None:
    """Tell each holder what waits on them now: one notice a matter, which names all the acts they may choose from."""
    waiting: dict[str, list[str]] = {}
    for holder, name, _due_at in sorted(fresh, key=lambda grant: grant[:2]):
        if name and holder not in do.actor.keys:
            waiting.setdefault(holder, []).append(name)
    for holder, names in waiting.items():
        owed = [act for act in acts_of(type(do.matter)).values() if act.name in names]
        do.effects.messages.append(
            Message(
                channel=Message.Channel.NOTICE,
                holder=holder,
                payload={"acts": [act.name for act in owed], **notice_of(owed, do.matter)},
                next_try_at=do.now,
            )
        )
    for message in do.effects.messages:
        message.entry = entry
    insert(do.effects.messages)
