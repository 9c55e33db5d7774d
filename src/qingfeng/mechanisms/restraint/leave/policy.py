"""The parameters leave reads from the regime."""

from collections.abc import Sequence

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.text.translatable import gettext_noop
from qingfeng.kernel.vocabulary import (
    Count,
    Flag,
    OneOf,
    Role,
    Several,
    Span,
    Table,
    Text,
    TimeOfDay,
    parameter,
)
from qingfeng.mechanisms.restraint.leave.rules import (
    ANYONE,
    APPROVERS,
    COUNTED,
    GROUPS,
    ApprovalLevel,
    Band,
    LeaveKind,
    Loss,
    ladder_faults,
)


def _whole(ladder: Sequence[ApprovalLevel]) -> str:
    if ladder_faults(ladder):
        return gettext_noop(
            "Each applicant of the ladder needs one rung without “upto”, for leave of any length."
        )
    return ""


def _band(band: Band) -> str:
    return say("from %(years)d full years of service: %(days)d days") % {
        "years": band.years,
        "days": band.days,
    }


def _loss(loss: Loss) -> str:
    kind = {"personal": say("personal leave"), "sick": say("sick leave")}.get(loss.kind, loss.kind)
    params = {"kind": kind, "years": loss.years, "days": loss.days, "months": loss.months}
    if loss.months:
        return say("%(kind)s from %(years)d full years of service: %(months)d months or more") % params
    return say("%(kind)s from %(years)d full years of service: %(days)d days or more") % params


def _rung(rung: ApprovalLevel) -> str:
    named = {
        **{role.value: str(role.label) for role in Role},
        ANYONE: say("anybody"),
        "leadership": say("A leader of the jurisdiction"),
    }
    params = {
        "who": named.get(rung.applicant, rung.applicant),
        "days": rung.upto,
        "by": " → ".join(named.get(office, office) for office in rung.approvers),
    }
    if rung.upto:
        return say("%(who)s, up to %(days)d days: %(by)s") % params
    return say("%(who)s, of any length: %(by)s") % params


KINDS = parameter(
    "leave.kinds",
    _("Kinds of leave"),
    Table(
        LeaveKind,
        {
            "code": OneOf(),
            "zh": Text(20),
            "en": Text(40),
            "group": OneOf(GROUPS),
            "counted": OneOf(COUNTED),
            "longest": Count("days", 0, 400),
            "proof_from": Count("days", 0, 400),
        },
    ),
    _("Each kind of leave: its class, how it is counted, how long it may be, from when on it needs proof."),
)
ANNUAL_DAYS = parameter(
    "leave.annual_days",
    _("Days of annual leave"),
    Table(
        Band,
        {"years": Count("years", 0, 60), "days": Count("days", 0, 60)},
        unique=("years",),
        told=_band,
    ),
    _("How many days a year, from how many full years of service on."),
)
CARRY_OVER = parameter(
    "leave.carry_over",
    _("Annual leave goes over into the next year"),
    Flag(),
    _("Whether what is left of one year's annual leave may be taken in the next."),
)
LOSSES = parameter(
    "leave.annual_losses",
    _("Leave that costs annual leave"),
    Table(
        Loss,
        {
            "kind": OneOf(),
            "years": Count("years", 0, 60),
            "days": Count("days", 0, 400),
            "months": Count("months", 0, 12),
        },
        unique=("kind", "years"),
        told=_loss,
    ),
    _("With so much leave of a kind in a year, the annual leave of that year is not due."),
)
MONTH = parameter(
    "leave.month",
    _("Days of leave in a month"),
    Count("days", 20, 31),
    _("How many days of leave make a month, where leave of several times is added up."),
)
PERSONAL_PAID = parameter(
    "leave.personal_paid",
    _("Personal leave is paid"),
    Flag(),
    _("Whether pay is not cut for personal leave; only then can it cost annual leave."),
)
NEXT_YEAR = parameter(
    "leave.next_year",
    _("Taken annual leave is lost from the next year"),
    Flag(),
    _("Whether annual leave that was taken, and turns out not to be due, is taken off the next year's."),
)
LADDER = parameter(
    "leave.ladder",
    _("Ladder of approval"),
    Table(
        ApprovalLevel,
        {"applicant": OneOf(), "approvers": Several(OneOf(APPROVERS)), "upto": Count("days", 0, 400)},
        unique=("applicant", "upto"),
        checks=_whole,
        told=_rung,
    ),
    _("Who approves, by the rank or role of the applicant and the length of the leave."),
)
DAY_BEGINS = parameter(
    "leave.day_begins", _("The morning begins"), TimeOfDay(), _("When half a day in the morning begins.")
)
NOON = parameter(
    "leave.noon",
    _("Noon"),
    TimeOfDay(),
    _("When half a day in the morning ends and the afternoon begins."),
)
CANCEL_WITHIN = parameter(
    "leave.cancel_within",
    _("Time to report back"),
    Span(),
    _("How long after its last day one has to report back."),
    stricter="smaller",
)
FORM_WITHIN = parameter(
    "leave.form_within",
    _("Time to hand in the form"),
    Span(),
    _("How long after its first day leave taken on a call has to be put in writing."),
    stricter="smaller",
)


class Staff(models.TextChoices):
    """Who was absent, which says how the days are counted 人员类别."""

    CIVIL_SERVANT = "civil_servant", _("civil servant: every day")
    INSTITUTION = "institution", _("staff of an institution: working days")


ABSENT_ON_END = {
    staff: parameter(
        f"leave.{staff.value}_absent_on_end",
        format_lazy(_("Absent on end; {}"), staff.label),
        Count("days", 1, 400),
        _("With more days of absence without leave on end, the organization department looks into it."),
        stricter="smaller",
    )
    for staff in Staff
}
ABSENT_A_YEAR = {
    staff: parameter(
        f"leave.{staff.value}_absent_a_year",
        format_lazy(_("Absent in a year; {}"), staff.label),
        Count("days", 1, 400),
        _("With more days of absence without leave in a year, the organization department looks into it."),
        stricter="smaller",
    )
    for staff in Staff
}
HEARD_WITHIN = parameter(
    "leave.heard_within",
    _("Time for the person's word"),
    Span(),
    _("How long a person told of an absence without leave has to state their side."),
    stricter="larger",
)
