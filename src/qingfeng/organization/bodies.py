"""Bodies 机构: lead groups and the like, with head, deputies, members, an office and the years they stand (DOMAIN J)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import standing
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import (
    CARRIED,
    FOLLOWS,
    NEW,
    Column,
    Do,
    Holds,
    Input,
    Line,
    Matter,
    Office,
    Person,
    Reading,
    Reason,
    Register,
    Role,
    State,
    Statistic,
    Unit,
    act,
)

SETTING_UP = (
    Office(Role.ORGANIZATION_DEPARTMENT) | Office(Role.SUPERVISION_OFFICE) | Holds(Role.UNIT_HEAD, of="unit")
)

STANDING = State("standing", _("stands"))
DISSOLVED = State("dissolved", _("dissolved"), final=True)


class Capacity(models.TextChoices):
    """What somebody is in a body 机构职务."""

    HEAD = "head", _("head of the body")  # 组长
    DEPUTY = "deputy", _("deputy head")  # 副组长
    MEMBER = "member", _("member")  # 成员


class BodySeat(Register):
    """A seat in a body 机构成员: a person, or a unit for whom whoever heads it sits; from a day, to a day."""

    becomes: ClassVar = {"unit": CARRIED.named("body__title")}

    body = models.ForeignKey("organization.Body", models.PROTECT, related_name="seats")
    capacity = models.CharField(_("capacity"), max_length=10, choices=Capacity.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))

    class Meta:
        verbose_name = _("seat in a body")


class SeatRow(Input):
    """A seat as a list gives it: a person or a unit."""

    capacity: Annotated[Capacity, _("Capacity")]
    person: Annotated[Person | None, _("Person")] = None
    unit: Annotated[Unit | None, _("Unit")] = None

    @classmethod
    def together(cls, rows: Sequence[SeatRow], jurisdiction_id: int, on: date) -> dict[str, list[Words]]:
        """Seats that are nobody's, double or headless; by places such as ``3.person``."""
        wrong: dict[str, list[Words]] = {}
        seen: set[tuple[int | None, int | None]] = set()
        heads = 0
        for place, row in enumerate(rows):
            who = (row.person.pk if row.person else None, row.unit.pk if row.unit else None)
            heads += row.capacity == Capacity.HEAD
            if (row.person is None) == (row.unit is None):
                wrong[f"{place}.person"] = [_("Name either a person or a unit.")]
            elif who in seen:
                wrong[f"{place}.person"] = [_("This seat stands in the list twice.")]
            seen.add(who)
        if heads != 1:
            wrong[""] = [_("A body has one head.")]
        return wrong


class BodySetup(Input):
    """What a body is set up with."""

    title: Annotated[str, Line(100), _("Name of the body")]
    purpose: Annotated[str, Line(60), _("What it is for")]
    basis: Annotated[str, Line(200), _("Founding document")]
    office: Annotated[Unit, _("Its office")]  # type: ignore[valid-type]  # mypy, before Unit is analysed
    since: Annotated[date, _("From")]
    unit: Annotated[Unit | None, _("Unit whose body it is, if not your own")] = None
    until: Annotated[date | None, _("Lasts until")] = None
    seats: Annotated[list[SeatRow], _("Members")] = []  # noqa: RUF012


def coverage(reading: Reading) -> Sequence[tuple[Any, ...]]:
    """Of the units that are ranked, how many have a body of their own, by what it is for and by sequence (S1-R10).

    An office counts those of its jurisdictions, whoever answers for units only these.
    """
    actor = reading.actor
    covered = Q(jurisdiction_id__in=Body.reads.standing(actor)) | Q(pk__in=actor.units)
    units = Unit.objects.filter(covered, standing(reading.today)).exclude(sequence="")
    bodies = reading.queryset.filter(state=STANDING.code, since__lte=reading.today)
    bodies = bodies.filter(Q(until=None) | Q(until__gte=reading.today)).order_by()
    own: dict[str, set[int]] = {}
    for purpose, unit_id in bodies.values_list("purpose", "unit_id"):
        own.setdefault(purpose, set()).add(unit_id)
    by_sequence: dict[str, list[int]] = {}
    for sequence, pk in units.order_by("sequence", "code", "id").values_list("sequence", "pk"):
        by_sequence.setdefault(sequence, []).append(pk)
    return [
        (
            f"{purpose} · {sequence}",
            len(pks),
            having := len(having_one.intersection(pks)),
            having * 1000 // len(pks),
        )
        for purpose, having_one in sorted(own.items())
        for sequence, pks in by_sequence.items()
    ]


class Body(Matter):
    """A body 机构: set up by a document, with head, deputies, members and an office, until it is dissolved."""

    code = "bodies"
    series = "机构设置"
    ground = True
    reads: ClassVar = SETTING_UP | Holds(Role.UNIT_CLERK, of="unit")
    becomes: ClassVar = {"unit": FOLLOWS, "office": FOLLOWS}
    filters = ("unit",)
    statistics: ClassVar = (
        Statistic(
            "coverage",
            _("Units with a body of their own"),
            (
                Column(_("Body"), "words"),
                Column(_("Units"), look="quiet"),
                Column(_("With a body of their own"), look="done"),
                Column(_("Coverage"), "share"),
            ),
            coverage,
            of="today",
        ),
    )

    purpose = models.CharField(_("task of the body"), max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit whose body it is"))
    basis = models.CharField(_("founding document"), max_length=200)
    office = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("its office"))
    since = models.DateField(_("From"))
    until = models.DateField(_("stands to the end of"), null=True)
    size = models.PositiveSmallIntegerField(_("seats"), default=0)

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")

    @act(NEW, to=STANDING, by=SETTING_UP, label=_("Set up a body"))
    def set_up(self, do: Do, body: BodySetup) -> None:
        """Set up a body by its founding document; a unit sets up its own, an office any of the jurisdiction."""
        unit = body.unit or do.unit
        own = do.actor.role != Role.UNIT_HEAD or unit.pk in do.actor.units
        if not own or unit.jurisdiction_id != self.jurisdiction_id:
            do.refuse(_("This is not your unit."), remedy=_("Set it up for a unit you answer for."))
        if body.until is not None and body.until < body.since:
            do.refuse(_("It would end before it began."), remedy=_("Choose a later last day."))
        self.title, self.purpose, self.unit, self.basis = body.title, body.purpose, unit, body.basis
        self.office, self.since, self.until = body.office, body.since, body.until
        self.size = len(body.seats)
        do.record_all([self._seat(row, body.since) for row in body.seats])

    @act(STANDING, by=SETTING_UP, label=_("Change its members"))
    def change(
        self,
        do: Do,
        basis: Annotated[str, Line(200), _("Document of the change")],
        since: Annotated[date, _("From")],
        seats: Annotated[list[SeatRow], _("Members")],
    ) -> None:
        """Put another list of members in place of the one that stands, from a day on."""
        if not seats:
            raise Invalid({"seats": [_("A body has one head.")]})
        standing_seats = BodySeat.objects.filter(body=self, valid_to=None).order_by("id")
        if any(row.valid_from >= since for row in standing_seats):
            do.refuse(
                _("Its members were changed from that day or a later one."),
                remedy=_("Choose a later day."),
            )
        wanted = {_who(row): row for row in seats}
        kept: dict[tuple[int | None, int | None], BodySeat] = {}
        for row in standing_seats:
            who = _who(row)
            # A unit that took over another's seat may have two.
            if who in wanted and wanted[who].capacity == row.capacity and who not in kept:
                kept[who] = row
            else:
                row.valid_to = since - timedelta(days=1)
                do.record(row)
        came = [row for who, row in wanted.items() if who not in kept]
        do.record_all([self._seat(row, since) for row in came])
        self.size = len(seats)

    @act(STANDING, to=DISSOLVED, by=SETTING_UP, label=_("Dissolve"))
    def dissolve(
        self,
        do: Do,
        last_day: Annotated[date, _("Last day")],
        reason: Reason,
    ) -> None:
        """End the body and the seats in it with a day, with the reason."""
        if last_day < self.since:
            do.refuse(_("It would end before it began."), remedy=_("Choose a later last day."))
        self.until = last_day
        for row in BodySeat.objects.filter(body=self, valid_to=None).order_by("id"):
            row.valid_to = last_day
            do.record(row)

    def _seat(self, row: SeatRow, since: date) -> BodySeat:
        return BodySeat(body=self, capacity=row.capacity, person=row.person, unit=row.unit, valid_from=since)


def _who(seat: SeatRow | BodySeat) -> tuple[int | None, int | None]:
    return (seat.person.pk if seat.person else None, seat.unit.pk if seat.unit else None)


def seats_of(body: Body, on: date) -> models.QuerySet[BodySeat]:
    """Who sits in a body on a day, the head first."""
    order = models.Case(
        *(models.When(capacity=one, then=place) for place, one in enumerate(Capacity.values)),
        output_field=models.IntegerField(),
    )
    rows = BodySeat.objects.filter(standing(on), body=body).select_related("person", "unit")
    return rows.order_by(order, "id")
