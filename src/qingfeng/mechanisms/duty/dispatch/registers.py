"""The rows of a meeting: its agenda, who attended by unit, and what it resolved."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.time.periods import last_day
from qingfeng.kernel.vocabulary import STAYS, Register, RowState, Unit
from qingfeng.mechanisms.duty.dispatch.declarations import AgendaReason


class AgendaItem(Register):
    """An item of an agenda 议题: an open matter, or a topic in words; struck, it is ended and stays to be seen.

    Of a matter only its id stands here: number and title are shown to those who may read it.
    """

    dispatch = models.ForeignKey("dispatch.Dispatch", models.PROTECT, related_name="items", db_index=False)
    number = models.PositiveSmallIntegerField(_("no. on the agenda"))
    section = models.CharField(_("why it stands here"), max_length=10, choices=AgendaReason.choices)
    matter = models.ForeignKey("kernel.Matter", models.PROTECT, null=True, related_name="+")
    topic = models.CharField(_("topic in words"), max_length=200, blank=True)
    due_at = models.DateTimeField(_("due"), null=True)

    def due_on(self) -> date | None:
        """The last day of the time limit that puts it on the agenda."""
        return last_day(self.due_at) if self.due_at else None

    taken: ClassVar = (
        _("Somebody changed the agenda at the same moment."),
        "",
        _("Please look at it, and try again."),
    )

    class Meta:
        verbose_name = _("item of an agenda")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dispatch", "number"], name="agenda_number_once"),
            models.UniqueConstraint(
                fields=["dispatch", "matter"], condition=models.Q(valid_to=None), name="agenda_matter_once"
            ),
        ]


STRUCK = RowState("struck", _("struck"), models.Q(valid_to__isnull=False))
ON_THE_AGENDA = RowState("on_the_agenda", _("on the agenda"), models.Q(valid_to=None))


class Attendance(Register):
    """How many people of a unit attended 到会单位及人数; never who."""

    becomes: ClassVar = {"unit": STAYS}

    dispatch = models.ForeignKey(
        "dispatch.Dispatch", models.PROTECT, related_name="attendance", db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    people = models.PositiveSmallIntegerField(_("people"))

    class Meta:
        verbose_name = _("attendance of a unit")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dispatch", "unit"], name="attendance_once"),
        ]


class Resolution(Register):
    """What a meeting resolved 议定事项: on which item, for which unit, by which day, and the task it became."""

    becomes: ClassVar = {"unit": STAYS}

    dispatch = models.ForeignKey(
        "dispatch.Dispatch", models.PROTECT, related_name="resolutions", db_index=False
    )
    number = models.PositiveSmallIntegerField(pgettext_lazy("in a list", "number"))
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="resolutions")
    title = models.CharField(_("task"), max_length=100)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    due_on = models.DateField(_("to be done by"))
    task = models.OneToOneField("kernel.Matter", models.PROTECT, related_name="+")

    told_by: ClassVar = ("item",)

    class Meta:
        verbose_name = _("resolution")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dispatch", "number"], name="resolution_number_once"),
        ]
