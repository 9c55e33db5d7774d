"""Cadres 干部基本信息: person, unit, rank and years of service, entered as a list by two people.

What is proposed lies sealed with its entry until it is confirmed; only then does it stand in the register.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar

from django.db import models
from django.db.models import Max, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.people.models import standing
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.reading import compiled
from qingfeng.kernel.record.registers import Salted
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import (
    CARRIED,
    NEW,
    Choice,
    Choices,
    Did,
    Do,
    Input,
    Line,
    Matter,
    Monthly,
    Office,
    Person,
    Ranks,
    Reason,
    Register,
    Role,
    State,
    Unit,
    act,
    parameter,
)
from qingfeng.organization.name_lists import MOST_ROWS, named, proposed

DEPARTMENT = Office(Role.ORGANIZATION_DEPARTMENT)

RANKS = parameter(
    "organization.ranks",
    _("Ranks of cadres"),
    Choices(),
    _("The ranks a cadre may have, from the lowest to the highest."),
)

PROPOSED = State("proposed", pgettext_lazy("to be confirmed", "proposed"))
ENTERED = State("entered", pgettext_lazy("register", "entered"), final=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True, void=True)


class CadreRecord(Register, Salted):
    """What is known of a cadre while it holds 干部基本信息; the personal values are emptied by erasure."""

    becomes: ClassVar = {"unit": CARRIED, "managed_by": CARRIED}

    person = models.ForeignKey(Person, models.PROTECT, related_name="cadre_records")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="cadre_records")
    rank = models.CharField(_("rank"), max_length=60, blank=True)
    service_since = models.DateField(_("in public service since"), null=True, blank=True)
    managed_by = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("managed by")
    )

    personal: ClassVar[dict[str, str]] = {"rank": "personnel", "service_since": "personnel"}

    class Meta:
        verbose_name = _("cadre record")


def cadre_of(person: Person, on: date) -> CadreRecord | None:
    """What the register says of a person on a day; none where it says nothing."""
    found: list[CadreRecord] = compiled.compiled(_standing_record)(person.pk, on)
    return found[0] if found else None


def _standing_record() -> models.QuerySet[CadreRecord]:
    rows = CadreRecord.objects.filter(
        standing(compiled.day_slot(1)), person=compiled.int_slot(0)
    ).select_related("unit", "managed_by")
    return rows.order_by("-valid_from", "-id")[:1]


def ranks_held(persons: Collection[int], first: date, last: date) -> dict[int, list[tuple[date, str]]]:
    """The ranks some persons held from a day to a day, each from a day on, empty where none; by id, in order.

    Who left keeps the record and holds no rank: it ends with their last role.
    """
    rows = CadreRecord.objects.filter(person__in=persons, valid_from__lte=last).exclude(valid_to__lt=first)
    spells: dict[int, dict[date, str]] = defaultdict(dict)
    for row in rows.order_by("valid_from", "id"):
        spells[row.person_id][max(first, row.valid_from)] = row.rank
        if row.valid_to is not None and row.valid_to < last:
            spells[row.person_id][row.valid_to + timedelta(days=1)] = ""
    serving = RoleHolding.objects.filter(person__in=persons)
    still = set(serving.filter(Q(valid_to=None) | Q(valid_to__gte=last)).values_list("person", flat=True))
    ended = serving.exclude(person__in=still).order_by().values_list("person").annotate(Max("valid_to"))
    for person, last_day in ended:
        left = last_day + timedelta(days=1)
        before = {day: rank for day, rank in spells[person].items() if day < left}
        spells[person] = before | {max(first, left): ""}
    return {person: sorted(held.items()) for person, held in spells.items()}


def persons_of(ranks: Collection[str], on: date) -> models.QuerySet[Person]:
    """The persons who hold one of some ranks on a day, and serve."""
    held = CadreRecord.objects.filter(standing(on), rank__in=ranks)
    serving = RoleHolding.objects.filter(standing(on))
    return Person.objects.filter(pk__in=held.values("person")).filter(pk__in=serving.values("person"))


BY_RANK = Ranks(ranks_held, persons_of, RANKS)
"""What a goal needs to know of ranks."""


class CadreRow(Input):
    """One cadre as a list gives them."""

    person: Annotated[Person, _("Person")]  # type: ignore[valid-type]  # mypy, before Person is analysed
    unit: Annotated[Unit, _("Unit")]  # type: ignore[valid-type]
    rank: Annotated[str, Choice(RANKS), _("Rank held")]
    service_since: Annotated[date, Monthly(), _("In public service since")]
    since: Annotated[date, _("From")]
    until: Annotated[date | None, _("To the end of")] = None
    managed_by: Annotated[Unit | None, _("Managed by")] = None


class CadreList(Matter):
    """A list of cadres on its way into the register 干部基本信息录入, new ones and changed ones alike."""

    code = "cadres"
    series = "干部"
    ground = True
    reads: ClassVar = DEPARTMENT

    basis = models.CharField(_("document the list rests on"), max_length=200)
    size = models.PositiveIntegerField(_("number of cadres"), default=0)

    class Meta:
        verbose_name = _("list of cadres")
        verbose_name_plural = _("lists of cadres")

    @act(NEW, to=PROPOSED, by=DEPARTMENT, label=_("Enter cadres"))
    def propose(
        self, do: Do, basis: Annotated[str, Line(200)], rows: Annotated[list[CadreRow], _("Cadres")]
    ) -> None:
        """Enter cadres, or what changed about them, each from a day on; what stood before ends the day before."""
        if not 1 <= len(rows) <= MOST_ROWS:
            raise Invalid({"rows": [_("A list has 1 to 1000 rows.")]})
        _prepared([_record(plain(row)) for row in rows])
        self.basis, self.size = basis, len(rows)
        self.title = basis

    @act(PROPOSED, to=ENTERED, by=DEPARTMENT & ~Did("propose"), owed=True, label=_("Confirm"))
    def confirm(self, do: Do) -> None:
        """Put the list into the register, having compared it with the papers; a second person, not about themselves."""
        records = [_record(row) for row in proposed(self, do)]
        if do.actor.person_id in {record.person_id for record in records}:
            do.refuse(_("One of the rows is about yourself."), remedy=_("Let a colleague confirm this list."))
        for row in _prepared(records):
            do.record(row)

    @act(PROPOSED, to=WITHDRAWN, by=DEPARTMENT, label=_("Withdraw"))
    def withdraw(self, do: Do, reason: Reason) -> None:
        """Withdraw the list, to enter it anew."""


def _record(row: dict[str, Any]) -> CadreRecord:
    return CadreRecord(
        person_id=named(row["person"]),
        unit_id=named(row["unit"]),
        rank=row["rank"],
        service_since=date.fromisoformat(row["service_since"]),
        managed_by_id=named(row["managed_by"]) if row["managed_by"] else None,
        valid_from=date.fromisoformat(row["since"]),
        valid_to=date.fromisoformat(row["until"]) if row["until"] else None,
    )


def _prepared(records: list[CadreRecord]) -> list[CadreRecord]:
    """The rows to write: what stood ends the day before, what began the same day is corrected.

    Raises ``Invalid``, with the number of each row that can't be.
    """
    persons = Counter(record.person_id for record in records)
    known: dict[int, list[CadreRecord]] = {}
    held = CadreRecord.objects.filter(person_id__in=persons).exclude(valid_to__lt=models.F("valid_from"))
    for row in held.order_by("valid_from", "id"):
        known.setdefault(row.person_id, []).append(row)
    wrong: list[Words] = []
    written: list[CadreRecord] = []
    for number, record in enumerate(records, start=1):
        earlier = known.get(record.person_id, [])
        if persons[record.person_id] > 1:
            fault: Words = _("this person stands in the list twice")
        elif record.valid_to is not None and record.valid_to < record.valid_from:
            fault = _("it would end before it began")
        elif record.service_since is not None and record.service_since > record.valid_from:
            fault = _("public service can't begin after the first day")
        elif any(row.valid_from > record.valid_from for row in earlier):
            fault = _("the register has a later record of this person")
        else:
            written += _replacing(record, earlier)
            continue
        wrong.append(format_lazy(_("Row {}: {}."), number, fault))
    if wrong:
        raise Invalid({"rows": wrong})
    return written


def _replacing(record: CadreRecord, earlier: list[CadreRecord]) -> list[CadreRecord]:
    last = record.valid_from - timedelta(days=1)
    ended = [
        row
        for row in earlier
        if row.valid_from < record.valid_from and (row.valid_to is None or row.valid_to > last)
    ]
    for row in ended:
        row.valid_to = last
    same = next((row for row in earlier if row.valid_from == record.valid_from), None)
    if same is not None:
        record.pk, record._state.adding = same.pk, False
    return [*ended, record]
