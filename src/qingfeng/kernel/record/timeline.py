"""The timeline of a matter 办理记录: its entries in words, with what was said in each."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.former_codes import act_of
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, states_of
from qingfeng.kernel.matters.states import State
from qingfeng.kernel.money import in_yuan
from qingfeng.kernel.people.actors import NOBODY, Actor, is_oneself
from qingfeng.kernel.people.models import Person
from qingfeng.kernel.people.outside import OutsideParty
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.regime.parameters import Parameter
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.sealing.keystore import KeyDestroyed, KeyLost
from qingfeng.kernel.sealing.models import SealedValue, opened
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.timekeeper import ZONE

SHOWN_ROWS = 200


@dataclass(frozen=True)
class TimelineRows:
    """Rows of an entry as they are shown: the heads, and the cells of the first ``SHOWN_ROWS``."""

    heads: Sequence[Words]
    cells: Sequence[Sequence[str]]


@dataclass(frozen=True)
class TimelineInput:
    """One input of an entry as it is shown; ``text`` is none for what is erased or personal.

    Of rows ``text`` says how many there are, and ``rows`` holds the first of them. ``gone`` says why it is none, where
    that is more than that it was erased.
    """

    label: Words
    text: str | None
    files: Sequence[Attachment] = ()
    rows: TimelineRows | None = None
    gone: Words = ""


@dataclass(frozen=True)
class TimelineEntry:
    """One entry of a timeline."""

    entry: Entry
    act: Act | None
    label: Words
    person: str
    role: Words
    system: bool
    state: State | None
    said: Sequence[TimelineInput]


def lines(matter: Matter, hushed: Collection[int] | None = (), reader: Actor = NOBODY) -> list[TimelineEntry]:
    """Everything that happened to a matter, the latest first; some entries hushed (none named: all), without anything said.

    What is personal is shown to ``reader`` where it is about them (个人信息保护法 art. 45), and to nobody else here.
    """
    entries = list(matter.entries.select_related("person").order_by("-seq"))
    sealed = _sealed(entries)
    files = {str(file.pk): file for file in matter.attachments.all()}
    names = _Names(matter.jurisdiction_id)
    own = {
        spec.sealed_of
        for act in acts_of(type(matter)).values()
        for spec in act.inputs.fields
        if spec.sealed_of and is_oneself(reader, _person_of(getattr(matter, spec.sealed_of)))
    }
    return [
        _line(matter, entry, sealed, files, names, hushed is None or entry.pk in hushed, own)
        for entry in entries
    ]


def _person_of(about: Person | OutsideParty | None) -> int | None:
    """The id of who a personal value is about: a person, or who signs in for a party outside the staff."""
    return about.person_id if isinstance(about, OutsideParty) else about.pk if about else None


class _Names:
    """Names of persons and units and labels of codes, each asked for once a page."""

    def __init__(self, jurisdiction_id: int) -> None:
        self._jurisdiction_id = jurisdiction_id
        self._known: dict[str, str] = {}
        self._labels: dict[tuple[str, date], dict[str, Words]] = {}

    def of(self, model: type[models.Model], reference: str) -> str:
        """The name behind a reference such as ``unit:17``, of a matter its number: its title may not be the reader's."""
        if reference not in self._known:
            found = model._default_manager.filter(pk=reference.partition(":")[2]).first()
            self._known[reference] = found.number if isinstance(found, Matter) else str(found or "")
        return self._known[reference]

    def coded(self, parameter: Parameter, code: str, at: datetime) -> str:
        """The label a code had when it was chosen; the code itself where the regime listed none."""
        asked = (parameter.name, day_of(at))
        if asked not in self._labels:
            self._labels[asked] = Policy(self._jurisdiction_id, day_of(at)).labels(parameter)
        return str(self._labels[asked].get(code, code))


def _sealed(entries: Sequence[Entry]) -> dict[tuple[int, str], SealedValue]:
    values = SealedValue.objects.filter(entry__in=entries)
    return {(value.entry_id, value.name): value for value in values}


def _line(
    matter: Matter,
    entry: Entry,
    sealed: Mapping[tuple[int, str], SealedValue],
    files: Mapping[str, Attachment],
    names: _Names,
    hushed: bool,
    own: Collection[str],
) -> TimelineEntry:
    content = entry.content
    act = acts_of(type(matter)).get(act_of(matter.mechanism, entry.act))
    actor = content["actor"]
    role = actor.get("role", "")
    said = []
    for spec in act.inputs.fields if act else ():
        name, value = spec.name, content["input"].get(spec.name)
        if value is None:
            continue
        if hushed:
            said.append(TimelineInput(spec.label, None, gone=_("sealed")))
        elif spec.kind == "files":
            said.append(TimelineInput(spec.label, "", [files[pk] for pk, _digest in value if pk in files]))
        elif isinstance(value, dict):
            said.append(_sealed_said(spec, sealed.get((entry.pk, name)), names, entry.at, own))
        else:
            said.append(TimelineInput(spec.label, _shown(spec, value, names, entry.at)))
    return TimelineEntry(
        entry,
        act,
        act.label if act else entry.act,
        str(entry.person) if entry.person else "",
        Role(role).label if role else "",
        "system" in actor and entry.person is None,
        states_of(type(matter)).get(content["state"]),
        said,
    )


def _sealed_said(
    spec: InputField, box: SealedValue | None, names: _Names, at: datetime, own: Collection[str]
) -> TimelineInput:
    if (spec.sealed and spec.sealed_of not in own) or box is None:
        return TimelineInput(spec.label, None)
    try:
        text = opened(box)
    except KeyLost:
        return TimelineInput(spec.label, None, gone=_("can't be opened: its key is missing"))
    except KeyDestroyed:
        return TimelineInput(spec.label, None, gone=_("erased by law"))
    return (
        _rows(spec, text, names, at)
        if spec.kind == "rows"
        else TimelineInput(spec.label, _shown(spec, text, names, at))
    )


def _rows(spec: InputField, text: str, names: _Names, at: datetime) -> TimelineInput:
    rows = json.loads(text)
    columns = [inner for inner in spec.rows if not inner.sealed]
    cells = [
        [
            "" if (value := row.get(inner.name)) in (None, "") else _shown(inner, value, names, at)
            for inner in columns
        ]
        for row in rows[:SHOWN_ROWS]
    ]
    counted = ngettext("%d row", "%d rows", len(rows)) % len(rows)
    return TimelineInput(spec.label, counted, rows=TimelineRows([inner.label for inner in columns], cells))


def _shown(spec: InputField, value: Any, names: _Names, at: datetime) -> str:
    if spec.model is not None:
        return names.of(spec.model, str(value))
    if spec.told is not None:
        return str(spec.told(str(value)))
    if spec.parameter is not None:
        return names.coded(spec.parameter, str(value), at)
    if spec.kind == "money":
        return in_yuan(value)
    if spec.kind == "moment":
        return datetime.fromisoformat(str(value)).astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
    if spec.kind == "flag":
        return str(_("yes") if value else _("no"))
    return str(dict(spec.options).get(str(value), value))
