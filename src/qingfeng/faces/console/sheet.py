"""A matter's page: its sheet, clocks and steps, what one may do, and everything that happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from django.http import HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qingfeng.faces.console import components, mechanism_pages
from qingfeng.faces.console.display import (
    Holders,
    Values,
    address_of,
    chip_of,
    clock_light,
    light_of,
)
from qingfeng.faces.console.rows import first_rows
from qingfeng.faces.console.visit import ConsoleRequest, page, signed_in
from qingfeng.faces.design.components import (
    ApprovalProgress,
    ApprovalStep,
    BarredAct,
    Button,
    ColumnHead,
    DataTable,
    PageHeader,
    Pair,
    Summary,
    TableRow,
    Timeline,
    TimelineItem,
)
from qingfeng.kernel.acts import steps
from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.acts.engine import Option, options
from qingfeng.kernel.acts.links import label_of
from qingfeng.kernel.attachments.intake import IMAGES
from qingfeng.kernel.former_codes import act_of
from qingfeng.kernel.guards import System
from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.matters.registry import clocks_of, mechanisms
from qingfeng.kernel.reading import reads
from qingfeng.kernel.record.goals import PersonalGoal
from qingfeng.kernel.record.timeline import TimelineEntry, TimelineInput
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.limits import limit_at
from qingfeng.kernel.time.periods import day_of

LONG = 60
"""Texts longer than this take the whole line of a sheet."""


@require_safe
@signed_in
def matter(visit: ConsoleRequest, code: str, pk: int) -> HttpResponse:
    """The page of one matter."""
    return matter_page(visit, reads.one(visit.actor, code, pk))


def matter_page(
    visit: ConsoleRequest,
    matter: Matter,
    place: str = "",
    part: components.ActForm | components.InlineRefusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a matter; with the form of the act ``place`` (or its refusal) standing open in it."""
    code = type(matter).code
    owed = reads.owed(visit.actor, code, matter.pk)
    mine = [row for row in owed if row.holder in visit.actor.keys]
    due = min((row.due for row in owed if row.due is not None), default=None)
    limit = limit_at(reads.limits([matter]).get(matter.pk, ()), due) if due is not None else None
    how = Button(label=_("How this works"), href=reverse("console:handbook_page", args=[code]), icon="info")
    header = PageHeader(
        title=matter.title or matter.number,
        number=matter.number,
        crumbs=mechanism_pages.way_to_list(visit, matter),
        state=(chip_of(matter), *((light_of(limit, visit.now),) if limit is not None else ())),
        actions=(*mechanism_pages.buttons(matter), *(() if visit.actor.outside else (how,))),
    )
    context = {
        "header": header,
        "panel": _panel(visit, matter, owed, mine, place, part),
        "summary": _summary(visit, matter),
        "clocks": _clocks(visit, matter),
        "steps": _steps(visit, matter),
        "links": _links(visit, matter),
        "rows": first_rows(visit, matter),
        "timeline": _timeline(visit, matter),
    }
    return page(visit, "matter", context, status)


def _panel(
    visit: ConsoleRequest,
    matter: Matter,
    owed: Sequence[Access],
    mine: Sequence[Access],
    place: str,
    part: components.ActForm | components.InlineRefusal | None,
) -> components.Panel:
    decided = options(visit.actor, matter, visit.now)
    waiting = {act_of(matter.mechanism, row.act) for row in mine}
    acts: list[components.ActLink | components.ActForm | components.InlineRefusal] = [
        part
        if one.act.name == place and part is not None
        else components.ActLink(
            key=one.act.name,
            label=one.act.label,
            href=reverse("console:act", args=[matter.mechanism, matter.pk, one.act.name]),
            owed=one.act.name in waiting,
        )
        for one in decided
        if one.decision
    ]
    if part is not None and part not in acts:
        acts.insert(0, part)
    return components.Panel(
        acts=acts,
        waiting=_waiting(matter, owed, decided, visit),
        barred=[
            BarredAct(
                label=one.act.label,
                reason=one.decision.reason,
                clause=one.decision.clause,
                next_step=one.decision.remedy,
            )
            for one in decided
            if not one.decision and not isinstance(one.act.by, System)
        ],
    )


def _waiting(
    matter: Matter, owed: Sequence[Access], decided: Sequence[Option], visit: ConsoleRequest
) -> list[Words]:
    """Whose turn it is, in words: the acts owed by others."""
    holders = Holders(row.holder for row in owed)
    labels = {one.act.name: one.act.label for one in decided}
    others = [row for row in owed if row.holder not in visit.actor.keys]
    return [
        format_lazy(
            _("{} is to do: {}"),
            holders.awaited(row.holder, day_of(visit.now)),
            labels.get(act_of(matter.mechanism, row.act), row.act),
        )
        for row in others
    ]


def _summary(visit: ConsoleRequest, matter: Matter) -> Summary:
    values = Values(type(matter), visit.actor, visit.now)
    pairs = [_pair(str(field.verbose_name), values.shown(matter, field)) for field in values.fields]
    opened = formats.date_format(timezone.localtime(matter.opened_at), "Y-m-d H:i")
    by = f" · {matter.opened_by}" if matter.opened_by else ""
    base = [Pair(label=_("Opened at"), value=f"{opened}{by}")]
    if matter.secrecy != Secrecy.INTERNAL:
        base.append(Pair(label=_("Who may read it"), value=Secrecy(matter.secrecy).label))
    return Summary(title=_("Particulars"), pairs=[*pairs, *_progress(matter, day_of(visit.now)), *base])


def _progress(matter: Matter, today: date) -> list[Pair]:
    """How far a person's goal is, to whoever reads the matter."""
    far = matter.progress(today) if isinstance(matter, PersonalGoal) else None
    return [Pair(label=_("So far"), value=format_lazy(_("{} of {}"), far.done, far.owed))] if far else []


def _pair(label: str, value: object) -> Pair:
    long = isinstance(value, str) and (len(value) > LONG or "\n" in value)
    return Pair(label=label[:1].upper() + label[1:], value=value, prose=long)


def _clocks(visit: ConsoleRequest, matter: Matter) -> Summary | None:
    declared = clocks_of(type(matter))
    running = reads.clocks(visit.actor, type(matter).code, matter.pk) if declared else []
    pairs = [
        Pair(label=declared[clock.name].label, value=clock_light(clock, declared[clock.name], visit.now))
        for clock in running
        if clock.name in declared
    ]
    return Summary(title=_("Time limits"), pairs=pairs) if pairs else None


def _steps(visit: ConsoleRequest, matter: Matter) -> ApprovalProgress | None:
    found = reads.steps(visit.actor, type(matter).code, matter.pk)
    latest = [step for step in found if step.round == found[0].round]
    if not latest:
        return None
    holders = Holders(seat.holder for step in latest for seat in step.seats.all())
    front = min((step.order for step in latest if step.outcome == steps.Step.Outcome.OPEN), default=None)
    drawn = []
    for step in latest:
        said = [seat for seat in step.seats.all() if seat.agrees is not None]
        waiting = [seat for seat in step.seats.all() if seat.agrees is None and not seat.recused]
        state = {steps.Step.Outcome.PASSED: "done", steps.Step.Outcome.REFUSED: "refused"}.get(
            steps.Step.Outcome(step.outcome), "current" if step.order == front else "waiting"
        )
        who = say(", ").join(
            [str(seat.person or holders.words(seat.holder)) for seat in said]
            or [holders.awaited(seat.holder, day_of(visit.now)) for seat in waiting]
        )
        drawn.append(
            ApprovalStep(
                label=step.label,
                state=state,  # type: ignore[arg-type]  # one of the four words above
                who=who,
                at=max((seat.at for seat in said if seat.at), default=None),
            )
        )
    return ApprovalProgress(label=_("Approval"), steps=drawn)


def _links(visit: ConsoleRequest, matter: Matter) -> components.Card | None:
    found = reads.links(visit.actor, type(matter).code, matter.pk)
    if not found:
        return None
    links = [
        components.TextLink(
            label=str(other),
            href=address_of(other),
            note=f"{label_of(kind)} · {mechanisms()[other.mechanism]._meta.verbose_name}",
        )
        for kind, other in found
    ]
    return components.Card(title=_("Linked matters"), content=[components.SentenceList(sentences=links)])


def _timeline(visit: ConsoleRequest, matter: Matter) -> Timeline:
    lines = reads.timeline(visit.actor, type(matter).code, matter.pk)
    return Timeline(title=_("What happened"), entries=[_entry(matter, line) for line in lines])


def _entry(matter: Matter, line: TimelineEntry) -> TimelineItem:
    return TimelineItem(
        label=line.label,
        actor=line.person or (_("The system") if line.system else _("Nobody named")),
        role=line.role,
        at=line.entry.at,
        inputs=[_said(said) for said in line.said],
        fingerprint=line.entry.hash,
        verify_href=reverse("console:entry", args=[matter.mechanism, matter.pk, line.entry.pk]),
        look=_look(line),
    )


def _look(line: TimelineEntry) -> Literal["", "done", "late"]:
    if line.act is not None and line.act.expires is not None and line.act.expires.binds:
        return "late"
    return "done" if line.state is not None and line.state.final and not line.state.void else ""


def _said(said: TimelineInput) -> Pair:
    if said.files:
        files = [
            components.FileLink(
                name=file.name,
                href=reverse("console:file", args=[file.pk]),
                size=filesizeformat(file.size),
                image=file.media_type in IMAGES and bool(file.shown),
            )
            for file in said.files
        ]
        return Pair(label=said.label, value=components.FileLinks(files=files))
    if said.rows is not None:
        table = DataTable(
            caption=said.label,
            columns=[ColumnHead(label=head) for head in said.rows.heads],
            rows=[TableRow(cells=cells) for cells in said.rows.cells],
            tight=True,
            stack=False,
            caption_hidden=True,
        )
        return Pair(label=said.label, value=components.FoldedRows(words=said.text or "", table=table))
    if said.text is None:
        return Pair(
            label=said.label, value=components.GoneValue(words=said.gone or _("personal: not shown here"))
        )
    return Pair(label=said.label, value=said.text, prose="\n" in said.text or len(said.text) > LONG)
