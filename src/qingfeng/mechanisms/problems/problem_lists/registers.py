"""The rows of an own problem list: whose list of which year it is, and its problems."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.vocabulary import STAYS, Person, Register, RowState, Unit
from qingfeng.mechanisms.problems.problem_lists.declarations import SelfCheckBasis

STANDING = Q(valid_to=None)
WAITING = STANDING & Q(put_right_on__isnull=False, written_off_on=None)
OPEN = STANDING & Q(written_off_on=None)

STRUCK = RowState("struck", _("struck from the list"), ~STANDING)
CLOSED_OUT = RowState("closed_out", _("closed out"), STANDING & Q(written_off_on__isnull=False))
TO_BE_CHECKED = RowState("to_be_checked", _("put right, to be checked"), WAITING)
WORKED_ON = RowState("worked_on", _("being worked on"), OPEN)


class ListYear(Register):
    """A unit's one list of a year 一单位一年一单. It stays with the unit that drew it up, whoever succeeds it."""

    becomes: ClassVar = {"unit": STAYS}

    own_list = models.OneToOneField("problem_lists.OwnList", models.PROTECT, related_name="of_year")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(_("year"))

    taken: ClassVar = (
        _("The unit has a problem list of this year already."),
        "",
        _("Add the problems to that list."),
    )

    class Meta:
        verbose_name = _("year of an own list")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "year"], name="own_list_once_a_year"),
        ]


class Item(Register):
    """A problem on an own list, with person, road map and timetable 责任人、路线图、时间表; struck, it is ended."""

    own_list = models.ForeignKey(
        "problem_lists.OwnList", models.PROTECT, related_name="items", db_index=False
    )
    number = models.PositiveSmallIntegerField(pgettext_lazy("in a list", "number"))
    problem = models.TextField(_("problem"))
    kind = models.CharField(_("kind"), max_length=60)
    measure = models.CharField(_("how it was found"), max_length=20, choices=SelfCheckBasis.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("responsible person"))
    road_map = models.TextField(_("road map"))
    by_day = models.DateField(_("day in the timetable"))
    progress = models.TextField(_("progress"), blank=True)
    put_right_on = models.DateField(pgettext_lazy("day", "reported as rectified"), null=True)
    put_right_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    written_off_on = models.DateField(pgettext_lazy("day", "closed out"), null=True)
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    taken: ClassVar = (
        _("Somebody changed the list at the same moment."),
        "",
        _("Please look at it, and try again."),
    )

    class Meta:
        verbose_name = _("problem on an own list")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["own_list", "number"], name="own_list_item_once"),
        ]
