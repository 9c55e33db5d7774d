"""Reorganization 机构改革: on one day units are merged, split, named or placed anew, and what hangs on them follows.

It is prepared by one person, who sees what will move, and carried out by a second on the day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import standing
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.vocabulary import (
    NEW,
    Column,
    Did,
    Do,
    Line,
    Matter,
    Office,
    Page,
    Reading,
    Reason,
    Role,
    State,
    Statistic,
    Unit,
    act,
)
from qingfeng.organization import succession
from qingfeng.organization.changes import ChangeRow, UnitChangeKind, kinds
from qingfeng.organization.name_lists import MOST_ROWS

if TYPE_CHECKING:
    from qingfeng.kernel.people.actors import Actor

DEPARTMENT = Office(Role.ORGANIZATION_DEPARTMENT)
PREPARING = Did("prepare") | Did("prepare_day")

PREPARED = State("prepared", _("prepared"))
CARRIED_OUT = State("carried_out", _("carried out"), final=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True)

NAMED = ("name", "sequence", "short_name", "code_characters")
Change = dict[str, Any]
"""A change as it lies prepared: ``unit``, ``kind``, ``heirs`` with what each takes, ``above``, and those of ``NAMED``."""


def preview(matter: Reorganization, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """What becomes on the day of what the units hold, as it stands now; nothing more of what was carried out."""
    ended = [
        {"unit": unit, "heirs": heirs, "held": succession.held(unit, shares, matter.on, matter)}
        for unit, heirs, shares in (() if matter.closed else matter.ending())
    ]
    return {"ended": ended, "plan": matter.plan.splitlines()}


def moved(reading: Reading) -> Sequence[tuple[Any, ...]]:
    """What becomes of what the units hold by the reorganizations that are prepared, as it stands today."""
    prepared = reading.queryset.filter(state=PREPARED.code).order_by("on", "pk")
    return [
        (f"{unit} · {one.what} · {one.becomes.label}", one.count)
        for matter in prepared
        for unit, _heirs, shares in matter.ending()
        for one in succession.held(unit, shares, matter.on, matter)
    ]


class Reorganization(Matter):
    """Units merged, split, named or placed anew on one day 机构改革, prepared by one person and carried out by a second."""

    code = "reorganization"
    series = "机构"
    ground = True
    reads: ClassVar = DEPARTMENT | Office(Role.SYSTEM_ADMINISTRATOR)
    pages = (Page("moves", _("Succession"), "organization/moves.html", preview),)
    statistics: ClassVar = (
        Statistic(
            "moves",
            _("What becomes of what units hold"),
            (Column(_("Unit, what it holds, and what becomes of it"), "words"), Column(_("How many"))),
            moved,
            of="today",
        ),
    )

    on = models.DateField(_("first day of the new order"))
    plan = models.TextField(_("what becomes of the units"), default="")
    changes = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("reorganization")
        verbose_name_plural = _("reorganizations")

    @act(NEW, to=PREPARED, by=DEPARTMENT, label=_("Prepare a merger"))
    def prepare(
        self,
        do: Do,
        predecessor: Annotated[Unit, _("unit that ends")],  # type: ignore[valid-type]  # mypy, before Unit is analysed
        successor: Annotated[Unit, _("successor")],  # type: ignore[valid-type]
        on: date,
    ) -> None:
        """Prepare that one unit be merged into another on a day."""
        if predecessor == successor:
            do.refuse(_("A unit can't be merged into itself."), remedy=_("Choose another successor."))
        self.title = f"{predecessor} → {successor}"
        self._lay_out(on, [ChangeRow(unit=predecessor, kind=UnitChangeKind.MERGE, successor=successor)])

    @act(NEW, to=PREPARED, by=DEPARTMENT, label=_("Prepare a reorganization day"))
    def prepare_day(
        self,
        do: Do,
        basis: Annotated[str, Line(200), _("Document it rests on")],
        on: date,
        rows: Annotated[list[ChangeRow], _("Changes")],
    ) -> None:
        """Prepare what becomes of several units on one day; successors are opened beforehand."""
        if not 1 <= len(rows) <= MOST_ROWS:
            raise Invalid({"rows": [_("A list has 1 to 1000 rows.")]})
        self.title = basis
        self._lay_out(on, rows)

    @act(
        PREPARED,
        to=CARRIED_OUT,
        by=DEPARTMENT & ~PREPARING,
        owed=True,
        label=_("Carry out"),
    )
    def carry_out(self, do: Do) -> None:
        """End the units; roles in them end; open matters, seats and what else hangs on them follow to the successors."""
        if do.today < self.on:
            do.refuse(_("Its day has not come."), remedy=_("Carry it out on the day, or prepare another."))
        ending = self.ending()
        ended, to = (
            [unit for unit, _heirs, _shares in ending],
            [one for _unit, heirs, _shares in ending for one in heirs],
        )
        succession.hold(ended, to, self.on)
        named = {unit.pk for unit, _change in self.units()} | {unit.pk for unit in to}
        if Unit.objects.filter(standing(do.today), pk__in=named).count() < len(named):
            do.refuse(_("One of its units no longer exists."), remedy=_("Withdraw it and prepare it anew."))
        for unit, change in self.units():
            if change["kind"] == UnitChangeKind.CHANGE:
                succession.change(do, unit, self.on, **self._anew(change))
        carried = sum(succession.end(do, unit, heirs, shares, self.on) for unit, heirs, shares in ending)
        do.note("followed", carried)

    @act(PREPARED, to=WITHDRAWN, by=DEPARTMENT, label=_("Withdraw"))
    def withdraw(self, do: Do, reason: Reason) -> None:
        """Withdraw what was prepared, with the reason."""

    def units(self) -> list[tuple[Unit, Change]]:
        """The units concerned, each with what becomes of it."""
        units = Unit.objects.in_bulk([change["unit"] for change in self.changes])
        return [(units[change["unit"]], change) for change in self.changes]

    def ending(self) -> list[tuple[Unit, list[Unit], succession.Heirs]]:
        """The units that end, each with its successors, and which of them takes what."""
        units = Unit.objects.in_bulk(heir["unit"] for change in self.changes for heir in change["heirs"])
        found = []
        for unit, change in self.units():
            if change["kind"] != UnitChangeKind.CHANGE:
                heirs = [units[heir["unit"]] for heir in change["heirs"]]
                taken = {code: units[heir["unit"]] for heir in change["heirs"] for code in heir["takes"]}
                found.append((unit, heirs, succession.Heirs(heirs[0], taken)))
        return found

    def _lay_out(self, on: date, rows: Sequence[ChangeRow]) -> None:
        self.on = on
        changes: dict[int, Change] = {}
        plan: list[str] = []
        for row in rows:
            change = changes.setdefault(
                row.unit.pk,
                {
                    "unit": row.unit.pk,
                    "kind": row.kind.value,
                    "heirs": [],
                    "name": row.name,
                    "above": row.above.pk if row.above else None,
                    "sequence": row.sequence,
                    "short_name": row.short_name,
                    "code_characters": row.code_characters,
                },
            )
            if row.successor is not None:
                takes = kinds(row.takes) if row.takes else []
                change["heirs"].append({"unit": row.successor.pk, "takes": takes})
                plan.append(f"{row.unit} → {row.successor}" + (f" ({row.takes})" if row.takes else ""))
            else:
                anew = " · ".join(
                    filter(
                        None,
                        (row.name, str(row.above or ""), row.sequence, row.short_name, row.code_characters),
                    )
                )
                plan.append(f"{row.unit} ⇒ {anew}")
        self.changes, self.plan = list(changes.values()), "\n".join(plan)

    def _anew(self, change: Change) -> dict[str, Any]:
        values: dict[str, Any] = {name: change[name] for name in NAMED if change.get(name)}
        if change["above"] is not None:
            values["parent"] = Unit.objects.get(pk=change["above"])
        return values
