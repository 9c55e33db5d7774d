"""Units 单位: opened by list, named and placed anew by reorganization; what they were before stands dated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.people.models import Jurisdiction, standing
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import (
    NEW,
    STAYS,
    Did,
    Do,
    Input,
    Line,
    Matter,
    Office,
    Reason,
    Register,
    Role,
    State,
    Unit,
    act,
)
from qingfeng.organization.name_lists import MOST_ROWS, proposed

ADMINISTRATOR = Office(Role.SYSTEM_ADMINISTRATOR)
SECURITY = Office(Role.SECURITY_ADMINISTRATOR)
DEPARTMENT = Office(Role.ORGANIZATION_DEPARTMENT)

PROPOSED = State("proposed", pgettext_lazy("to be confirmed", "proposed"))
OPENED = State("opened", pgettext_lazy("unit", "opened"), final=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True)


class UnitRow(Input):
    """A unit as a list gives it; ``parent`` is the code of one named before it, or of one that stands."""

    code: Annotated[str, Line(40), _("Code")]
    name: Annotated[str, Line(80), _("Name")]
    parent: Annotated[str, Line(40), _("Unit above")] = ""
    sequence: Annotated[str, Line(40), _("Sequence")] = ""
    short_name: Annotated[str, Line(40), _("Short name")] = ""
    code_characters: Annotated[str, Line(20), _("Code characters of its documents")] = ""


CHARACTERS_TAKEN = _(
    "The code characters {} are another unit's: documents of two units would bear one number."
)


def taken_characters(asked: Iterable[str], jurisdiction_id: int, on: date) -> set[str]:
    """Of the code characters 机关代字 asked for on a day, those that a unit has, or that several ask for."""
    times = Counter(filter(None, asked))
    held = Unit.objects.filter(standing(on), jurisdiction=jurisdiction_id, code_characters__in=times)
    return {text for text, many in times.items() if many > 1} | {unit.code_characters for unit in held}


class NewUnit(UnitRow):
    """A unit to be opened in a jurisdiction that has some."""

    @classmethod
    def together(cls, rows: Sequence[UnitRow], jurisdiction_id: int, on: date) -> dict[str, list[Words]]:
        """Codes that are taken or stand twice, and units above that are not there; by places such as ``3.code``."""
        known = Unit.objects.filter(jurisdiction=jurisdiction_id)
        taken = set(known.values_list("code", flat=True))
        above = set(known.filter(standing(on)).values_list("code", flat=True))
        twice = Counter(row.code for row in rows)
        characters = taken_characters((row.code_characters for row in rows), jurisdiction_id, on)
        wrong: dict[str, list[Words]] = {}
        for place, row in enumerate(rows):
            if row.code in taken:
                wrong[f"{place}.code"] = [format_lazy(_("The code {} is taken; choose another."), row.code)]
            elif twice[row.code] > 1:
                wrong[f"{place}.code"] = [format_lazy(_("The code {} stands in the list twice."), row.code)]
            if row.code_characters in characters:
                wrong[f"{place}.code_characters"] = [format_lazy(CHARACTERS_TAKEN, row.code_characters)]
            if row.parent and row.parent not in above:
                wrong[f"{place}.parent"] = [
                    format_lazy(
                        _("No unit has the code {}; name the upper unit in a row before."), row.parent
                    )
                ]
            above.add(row.code)
        return wrong


class FormerName(Register):
    """What a unit was called and where it stood until a day 曾用名; the unit itself has what holds now."""

    becomes: ClassVar = {"unit": STAYS, "parent": STAYS}

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="former_names")
    name = models.CharField(_("name"), max_length=80)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    sequence = models.CharField(_("sequence"), max_length=40, blank=True)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    code_characters = models.CharField(_("code characters"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("former name of a unit")


def name_on(unit: Unit, on: date) -> str:
    """What a unit was called on a day."""
    former = FormerName.objects.filter(standing(on), unit=unit).order_by("-valid_from", "-id").first()
    return former.name if former else unit.name


class UnitList(Matter):
    """A list of units on its way into the tree 单位设立名册."""

    code = "units"
    series = "单位"
    ground = True
    reads: ClassVar = ADMINISTRATOR | DEPARTMENT | SECURITY | Office(Role.AUDIT_ADMINISTRATOR)

    basis = models.CharField(_("document the list rests on"), max_length=200)
    since = models.DateField(_("From"))
    size = models.PositiveIntegerField(_("number of units"), default=0)

    class Meta:
        verbose_name = _("list of units")
        verbose_name_plural = _("lists of units")

    @act(NEW, to=PROPOSED, by=ADMINISTRATOR | DEPARTMENT, label=_("Enter units"))
    def propose(
        self,
        do: Do,
        basis: Annotated[str, Line(200)],
        since: date,
        rows: Annotated[list[NewUnit], _("Units")],
    ) -> None:
        """Enter units to be opened from a day on, each with the code of the one above it and its sequence."""
        if not 1 <= len(rows) <= MOST_ROWS:
            raise Invalid({"rows": [_("A list has 1 to 1000 rows.")]})
        self.basis = self.title = basis
        self.since, self.size = since, len(rows)

    @act(
        PROPOSED,
        to=OPENED,
        by=(SECURITY | DEPARTMENT) & ~Did("propose"),
        owed=True,
        label=_("Open the units"),
    )
    def confirm(self, do: Do) -> None:
        """Open the units, having compared the list with the document; a second person does it."""
        rows = [NewUnit(**row) for row in proposed(self, do)]
        if NewUnit.together(rows, self.jurisdiction_id, do.today):
            do.refuse(
                _("Meanwhile a code of the list was taken, or a unit above ended."),
                remedy=_("Withdraw the list and enter it anew."),
            )
        enter(do, self.jurisdiction, rows, self.since)

    @act(PROPOSED, to=WITHDRAWN, by=ADMINISTRATOR | DEPARTMENT, label=_("Withdraw"))
    def withdraw(self, do: Do, reason: Reason) -> None:
        """Withdraw the list, to enter it anew."""


def enter(do: Do, jurisdiction: Jurisdiction, rows: Sequence[UnitRow], since: date) -> dict[str, Unit]:
    """Write units into the tree as one batch; returns them by code."""
    known = {unit.code: unit for unit in Unit.objects.filter(jurisdiction=jurisdiction)}
    opened: dict[str, Unit] = {}
    batch: list[dict[str, Any]] = []
    for row in rows:
        unit = Unit(
            jurisdiction=jurisdiction,
            code=row.code,
            name=row.name,
            parent=opened.get(row.parent) or known.get(row.parent),
            sequence=row.sequence,
            short_name=row.short_name,
            code_characters=row.code_characters,
            valid_from=since,
        )
        do.record(unit)
        opened[unit.code] = unit
        batch.append({"unit": unit.pk, **dict(row)})
    do.batch(batch)
    return opened
