"""Matters as they are shown, with the names of the units and persons they refer to, asked for once a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as say

from qingfeng.faces.api.schemas import listed, own_fields
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.engine import Option
from qingfeng.kernel.acts.links import label_of
from qingfeng.kernel.acts.steps import Step
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.former_codes import act_of
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.matters.registry import acts_of, clocks_of, mechanisms, states_of
from qingfeng.kernel.papers.models import Paper
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Person
from qingfeng.kernel.people.outside import NAMED
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.paging import ListPage
from qingfeng.kernel.reading.rows import DeclaredRows, RowView, rows_of
from qingfeng.kernel.record.timeline import TimelineEntry
from qingfeng.kernel.refusals import NotFound

Shown = dict[str, Any]


def brief(matter: Matter) -> Shown:
    """A matter of any mechanism."""
    state = states_of(mechanisms()[matter.mechanism]).get(matter.state)
    return {
        "id": matter.pk,
        "mechanism": matter.mechanism,
        "number": matter.number,
        "title": matter.title,
        "state": {"code": matter.state, "label": str(state or matter.state)},
        "version": matter.version,
        "closed": matter.closed,
        "opened_at": matter.opened_at,
    }


def rows(matters: Sequence[Matter]) -> list[Shown]:
    """Matters of one mechanism, long prose left out."""
    return _shown(matters, whole=False)


def whole(matter: Matter, actor: Actor) -> Shown:
    """A matter with everything its readers see, its clocks, and the first page of its rows (none: sealed from them)."""
    (shown,) = _shown([matter], whole=True)
    labels = clocks_of(type(matter))
    shown["clocks"] = [
        {
            "name": clock.name,
            "label": str(labels[clock.name].label) if clock.name in labels else clock.name,
            "started_at": clock.started_at,
            "due_at": clock.due_at,
            "paused_at": clock.paused_at,
            "stopped_at": clock.stopped_at,
            "expired_at": clock.expired_at,
        }
        for clock in matter.clocks.order_by("due_at", "id")
    ]
    if declared := rows_of(type(matter)):
        shown["rows"] = {name: _first(one, matter, actor) for name, one in declared.items()}
    return shown


def rows_page(declared: DeclaredRows, page: ListPage) -> Shown:
    """A page of the rows under a matter."""
    return {"rows": [_row(declared, view) for view in page.rows], "next": page.following}


def _first(declared: DeclaredRows, matter: Matter, actor: Actor) -> Shown | None:
    try:
        return rows_page(declared, reads.rows(actor, matter.mechanism, matter.pk, declared.name))
    except NotFound:
        return None


def _row(declared: DeclaredRows, view: RowView) -> Shown:
    shown = {declared.key: view.number, **view.values}
    if declared.states:
        state = view.state
        shown["state"] = {"code": state.code, "label": str(state.label)} if state else None
    return shown


def entry(stored: Entry) -> Shown:
    """An entry, by which an act can be proved."""
    return {"id": stored.pk, "seq": stored.seq, "at": stored.at, "hash": stored.hash}


def line(happened: TimelineEntry) -> Shown:
    """A line of a timeline."""
    state = happened.state
    return {
        **entry(happened.entry),
        "act": {"code": happened.entry.act, "label": str(happened.label)},
        "person": happened.person,
        "role": str(happened.role),
        "system": happened.system,
        "state": {"code": state.code, "label": str(state)} if state else None,
        "said": [
            {"label": str(said.label), "text": said.text, "files": [file(found) for found in said.files]}
            for said in happened.said
        ],
    }


def file(found: Attachment) -> Shown:
    """An attachment, without its bytes."""
    return {
        "id": found.pk,
        "name": found.name,
        "media_type": found.media_type,
        "size": found.size,
        "digest": found.digest,
    }


def step(found: Step) -> Shown:
    """An approval step with its seats."""
    return {
        "round": found.round,
        "order": found.order,
        "label": found.label,
        "need": found.need,
        "outcome": {"code": found.outcome, "label": str(Step.Outcome(found.outcome).label)},
        "seats": [
            {
                "holder": seat.holder,
                "person": _person(seat.person),
                "agrees": seat.agrees,
                "recused": seat.recused,
                "at": seat.at,
            }
            for seat in found.seats.all()
        ],
    }


def paper(found: Paper) -> Shown:
    """A paper, without its page."""
    approval = getattr(found, "approval", None)
    return {
        "id": found.pk,
        "number": found.number,
        "title": found.title,
        "issued_at": found.issued_at,
        "media_type": found.media_type,
        "digest": found.digest,
        "author": _person(found.author),
        "approver": _person(approval.approver if approval else None),
    }


def option(offered: Option) -> Shown:
    """An act for one actor, with the reason where it is not possible."""
    decision = offered.decision
    return {
        "act": coded(offered.act),
        "purpose": say(offered.act.doc),
        "mechanism": offered.act.matter.code,
        "allowed": decision.allowed,
        "reason": str(decision.reason),
        "clause": decision.clause,
        "remedy": str(decision.remedy),
    }


def linked(kind: str, other: Matter) -> Shown:
    """A matter that is linked, and why."""
    return {"kind": {"code": kind, "label": str(label_of(kind))}, "matter": brief(other)}


def coded(act: Act) -> Shown:
    """An act's name and label."""
    return {"code": act.name, "label": str(act.label)}


def owed(matter: Matter, name: str) -> Shown:
    """The act that waits, by its name."""
    act = acts_of(mechanisms()[matter.mechanism]).get(act_of(matter.mechanism, name))
    return coded(act) if act else {"code": name, "label": name}


def _person(person: Person | None) -> Shown | None:
    return {"id": person.pk, "name": str(person)} if person else None


def _shown(matters: Sequence[Matter], whole: bool) -> list[Shown]:
    fields = [field for matter in matters[:1] for field in own_fields(type(matter)) if whole or listed(field)]
    names = _names(matters, fields)
    return [
        {
            **brief(matter),
            "secrecy": {"code": matter.secrecy, "label": str(Secrecy(matter.secrecy).label)},
            "jurisdiction": {"id": matter.jurisdiction_id, "name": str(matter.jurisdiction)},
            "opened_by": names.get((Person, matter.opened_by_id)),
            "fields": {field.name: _value(matter, field, names) for field in fields},
        }
        for matter in matters
    ]


def _value(matter: Matter, field: models.Field[Any, Any], names: dict[tuple[Any, Any], Shown]) -> Any:
    value = getattr(matter, field.attname)
    if value is not None and field.related_model in NAMED:
        return names[field.related_model, value]
    return value


def _names(
    matters: Sequence[Matter], fields: Iterable[models.Field[Any, Any]]
) -> dict[tuple[Any, Any], Shown]:
    wanted: dict[Any, set[int | None]] = {model: set() for model in NAMED}
    wanted[Person] |= {matter.opened_by_id for matter in matters}
    for field in fields:
        if field.related_model in wanted:
            wanted[field.related_model] |= {getattr(matter, field.attname) for matter in matters}
    return {
        (model, found.pk): {"id": found.pk, "name": str(found)}
        for model, ids in wanted.items()
        if ids - {None}
        for found in model._default_manager.filter(pk__in=ids - {None})
    }
