"""The statement and its acts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from django.db import models
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from qingfeng.kernel.acts.demands import CALLED_OFF, CONFIRMED, DOING, REPORTED, SET, SIGNED
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import in_house
from qingfeng.kernel.time.periods import due, last_day
from qingfeng.kernel.time.workdays import CalendarNotPublished
from qingfeng.kernel.vocabulary import (
    NEW,
    Burden,
    BurdenKind,
    Clock,
    Concerns,
    Demand,
    Do,
    Holds,
    Is,
    Person,
    Prose,
    Role,
    State,
    Unit,
    act,
)
from qingfeng.mechanisms.accountability.statement.guards import MAY_ASK, OFFICES, WHO_ASKED
from qingfeng.mechanisms.accountability.statement.policy import ANSWER_WITHIN

HEAD = Holds(Role.UNIT_HEAD, of="unit")
LEADER = Holds(Role.LEADER, of="unit")
HANDED_IN_ANEW = _("To be handed in by, anew")


class Statement(Demand):
    """What a unit, by its head or who is named, or a person explains by a day; never a finding (说明情况)."""

    code, series, contract = "statement", "说明", "statement.owed"
    reads: ClassVar = OFFICES | HEAD | LEADER | Is("person")
    askers: ClassVar = WHO_ASKED & ~Concerns("person")
    checkers: ClassVar = WHO_ASKED
    answerers: ClassVar = HEAD | Is("person")
    told_overdue = WHO_ASKED | HEAD | LEADER | Is("person")
    tells_overdue = _("A statement has not been handed in by its day: {}")
    own_clocks = (Clock(DOING.name, _("Handing in the statement"), deadline=True),)
    own_states = (
        State(SET.code, pgettext_lazy("statement", "asked for")),
        State(SIGNED.code, _("request received")),
        State(REPORTED.code, _("statement handed in")),
        State(CONFIRMED.code, _("statement accepted"), final=True),
        State(CALLED_OFF.code, _("not asked for any more"), final=True),
    )
    filters = ("unit",)
    asks = Burden(BurdenKind.FORM, unless=(CALLED_OFF,))

    unit = models.ForeignKey(  # type: ignore[assignment]  # none where a person explains for themselves
        Unit, models.PROTECT, null=True, related_name="statements", verbose_name=_("unit that explains")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("person who explains")
    )
    what = models.TextField(_("what is to be explained"))
    due_on = models.DateField(_("to be handed in by"))
    result = models.TextField(_("statement"), blank=True)
    asked_by = models.CharField(
        _("asked for by"), max_length=40, choices=Role.choices, default=Role.SUPERVISION_OFFICE
    )

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")

    @act(NEW, to=SET, by=OFFICES, starts=DOING, label=_("Ask for a statement"), provides="{contract}")
    def set(
        self,
        do: Do,
        what: Annotated[str, Prose(2000)],
        unit: Unit | None = None,
        person: Person | None = None,
        due_on: date | None = None,
    ) -> None:
        """Ask a unit or a person to explain something by a day; without one, within the time the regime gives."""
        if unit is None and person is None:
            raise Invalid({"unit": [_("Name the unit that explains, or the person, or both.")]})
        self.unit, self.person, self.what = unit, person, what
        # Owed from another mechanism, it is the supervision office's: that one asks for no party of its own.
        self.asked_by = do.actor.role if do.actor.role in MAY_ASK else Role.SUPERVISION_OFFICE
        self.title = in_house(_("Statement of {}"), unit) if unit else in_house(_("Statement of a person"))
        try:
            on = due_on or last_day(due(do.now, do.value(ANSWER_WITHIN), do.policy.workdays))
        except CalendarNotPublished as fault:
            raise Invalid({"due_on": [fault.told(say)]}) from None
        self.due(do, on, do.today)

    sign = Demand.sign.worded(
        _("Acknowledge the request"), gettext_noop("Acknowledge that one has read what is to be explained.")
    )
    report = Demand.report.worded(
        _("Hand in the statement"),
        gettext_noop("Explain what was asked, with what shows it, or say why there is nothing to attach."),
    )
    confirm = Demand.confirm.worded(
        _("Accept the statement"),
        gettext_noop("Accept what was explained, having looked at it; never by who handed it in."),
        finding=_("What was made of it"),
    )
    send_back = Demand.send_back.worded(
        _("Return the statement"),
        gettext_noop("Return the statement to be added to; a day is set anew."),
        due_on=HANDED_IN_ANEW,
    )
    extend = Demand.extend.worded(due_on=HANDED_IN_ANEW)
    call_off = Demand.call_off.worded(
        _("Call the statement off"),
        gettext_noop("Call the statement off: nothing need be explained any more."),
    )
    overdue = Demand.overdue.worded(
        _("Mark the statement overdue"),
        gettext_noop("Note that the day passed without a statement, and tell those who know of it."),
    )
