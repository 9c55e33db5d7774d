"""The registers of leave: who has which half day off, and what annual leave was granted for a year."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import Person, Register
from qingfeng.mechanisms.restraint.leave.rules import Half


class HalfDay(Register):
    """Half a day that a person has asked for or taken off 半天; given back, it is released and may be asked for again.

    The database holds that nobody has half a day twice, whatever acts meet.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    leave = models.ForeignKey("leave.Leave", models.PROTECT, related_name="halves")
    day = models.DateField(_("day"))
    half = models.PositiveSmallIntegerField(_("half of the day"))
    counted = models.BooleanField(_("counts as leave"))
    released = models.BooleanField(_("given back"), default=False)

    taken: ClassVar = (
        _("There is leave for one of these half days already."),
        "",
        _("Your leave is in the list; withdraw that one first, or ask for other days."),
    )

    class Meta:
        verbose_name = _("half day of leave")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "day", "half"],
                condition=models.Q(released=False),
                name="leave_half_day_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["day", "person"], name="leave_by_day", condition=models.Q(released=False)),
        ]

    @property
    def when(self) -> Half:
        """The half day, as the rules name it."""
        return self.day, self.half


class AnnualGrant(Register):
    """Half days of annual leave granted to a person for a year 年休假额度, what was carried over besides."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(_("year"))
    halves = models.PositiveSmallIntegerField(_("half days"))
    carried = models.PositiveSmallIntegerField(_("carried over"), default=0)
    entered = models.BooleanField(_("entered by hand"), default=False)

    taken: ClassVar = (
        _("Somebody was opening this year's balance at the same moment."),
        "",
        _("Please try again."),
    )

    class Meta:
        verbose_name = _("grant of annual leave")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "year", "halves"], name="leave_granted_once"),
        ]


class SchoolHolidays(Register):
    """Days of winter and summer holidays that a person has by law in a year 依法享受寒暑假."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(_("year"))
    days = models.PositiveSmallIntegerField(_("days of winter and summer holidays"))

    taken: ClassVar = (
        _("The holidays of one of these persons are entered for this year already."),
        "",
        _("Leave out who is entered already."),
    )

    class Meta:
        verbose_name = _("school holidays")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "year"], name="leave_holidays_once"),
        ]


class Withheld(Register):
    """Half days of annual leave not due 不享受年休假 (职工带薪年休假条例 art. 4); for which of its cases, is not kept.

    ``year`` is the year whose leave it is, ``found_in`` the year in which the case came about: the same, or the one
    before where the leave of that was taken. It is ``booked`` at once, or when the book of the year is opened.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(_("year"))
    found_in = models.PositiveSmallIntegerField(_("year in which it came about"))
    halves = models.PositiveSmallIntegerField(_("half days"))
    booked = models.BooleanField(_("taken off the book"), default=False)
    lifted = models.BooleanField(_("lifted"), default=False)

    taken: ClassVar = (
        _("Somebody was withholding the same leave at the same moment."),
        "",
        _("Look at the balances, and try again if something is missing."),
    )

    class Meta:
        verbose_name = _("annual leave not due")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "found_in", "year"], name="leave_withheld_once"),
        ]
