"""Links 挂钩: a leader linked to a township or village, apart from what they are in charge of (分管)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, ClassVar

from django.db import models
from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.people.models import standing
from qingfeng.kernel.vocabulary import (
    CARRIED,
    FOLLOWS,
    NEW,
    Column,
    Do,
    Holds,
    Is,
    Matter,
    Office,
    Person,
    Reading,
    Reason,
    Register,
    Role,
    State,
    Statistic,
    System,
    Unit,
    act,
)

DEPARTMENT = Office(Role.ORGANIZATION_DEPARTMENT)

STANDING = State("standing", pgettext_lazy("link of a leader", "in force"))
ENDED = State("ended", _("ended"), final=True)


class LinkedUnit(Register):
    """A unit a leader is linked to 挂钩单位, from a day, to a day; it opens nothing to them."""

    becomes: ClassVar = {"unit": CARRIED.with_matters("leader_links").named("person")}

    person = models.ForeignKey(Person, models.PROTECT, related_name="linked_units", verbose_name=_("leader"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="linked_leaders", verbose_name=_("unit"))

    class Meta:
        verbose_name = _("linked unit")


def linked_to(person: Person, on: date) -> models.QuerySet[Unit]:
    """The units a leader is linked to on a day; whose figures count towards theirs (捆绑考核)."""
    rows = LinkedUnit.objects.filter(standing(on), person=person)
    return Unit.objects.filter(pk__in=rows.values("unit")).order_by("code", "id")


def by_leader(reading: Reading) -> Sequence[tuple[Any, ...]]:
    """How many units each leader is linked to."""
    rows = reading.queryset.filter(state=STANDING.code).order_by()
    return list(rows.values_list("person__name").annotate(units=Count("pk")).order_by("person__name"))


class LeaderLink(Matter):
    """A leader linked to a unit 领导挂钩, from a day until it is ended."""

    code = "leader_links"
    series = "挂钩"
    ground = True
    reads: ClassVar = (
        DEPARTMENT
        | Office(Role.SUPERVISION_OFFICE)
        | Is("person")
        | Holds(Role.UNIT_HEAD, of="unit")
        | Holds(Role.UNIT_CLERK, of="unit")
    )
    becomes: ClassVar = {"unit": FOLLOWS}
    filters = ("unit",)
    statistics: ClassVar = (
        Statistic(
            "by_leader",
            _("Units linked to each leader"),
            (Column(_("Leader"), "words"), Column(_("Units"))),
            by_leader,
            of="today",
        ),
    )

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("leader"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    since = models.DateField(_("From"))
    last_day = models.DateField(_("last day"), null=True)

    class Meta:
        verbose_name = _("link of a leader")
        verbose_name_plural = _("links of leaders")

    @act(NEW, to=STANDING, by=DEPARTMENT, label=_("Link a leader to a unit"))
    def link(self, do: Do, person: Person, unit: Unit, since: date) -> None:
        """Link a leader to a township or village from a day on; it counts towards their assessment, and opens nothing."""
        if LinkedUnit.objects.filter(models.Q(valid_to=None), person=person, unit=unit).exists():
            do.refuse(_("They are linked to this unit already."), remedy=_("End that link first."))
        self.person, self.unit, self.since = person, unit, since
        self.title = f"{person}挂钩{unit}"
        do.record(LinkedUnit(person=person, unit=unit, valid_from=since))

    @act(STANDING, to=ENDED, by=DEPARTMENT, label=_("End the link"))
    def end(
        self,
        do: Do,
        last_day: Annotated[date, _("Last day")],
        reason: Reason,
    ) -> None:
        """End the link with a day, with the reason."""
        rows = LinkedUnit.objects.filter(person=self.person, unit=self.unit, valid_to=None)
        row = rows.earliest("valid_from", "id")
        if last_day < row.valid_from:
            do.refuse(_("It would end before it began."), remedy=_("Choose a later last day."))
        row.valid_to = self.last_day = last_day
        do.record(row)

    @act(STANDING, to=ENDED, by=System("succession"), label=_("Note the end of the link"))
    def lapse(self, do: Do, last_day: Annotated[date, _("Last day")]) -> None:
        """Note that the leader left, and the link with them."""
        self.last_day = last_day
