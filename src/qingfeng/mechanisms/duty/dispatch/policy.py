"""What dispatch reads from the regime: how often each kind returns, who calls it, and what its agenda is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import (
    Count,
    OneOf,
    Parameter,
    Several,
    Span,
    Table,
    Text,
    Turns,
    parameter,
)


class DispatchKind(models.TextChoices):
    """The meetings that return 会议种类."""

    SCHEDULING = "scheduling", _("half-monthly scheduling")  # 半月调度
    INSPECTION = "inspection", _("monthly check of open matters")  # 月度核对
    ASSESSMENT = "assessment", _("monthly assessment meeting")  # 月度例会
    PROJECT = "project", _("weekly project meeting")  # 周例会


@dataclass(frozen=True, slots=True)
class DispatchPlan:
    """How one kind is run: the mechanisms its agenda is drawn from, by code, and who calls it.

    ``convener`` is the code of a unit; where it is left out, the supervision office's own unit calls the meeting.
    """

    kind: str
    of: tuple[str, ...]
    convener: str = ""


def _turns(kind: DispatchKind, label: Words) -> Parameter:
    described = _("How often this meeting returns, and on which day; without a value it doesn't return.")
    return parameter(f"dispatch.{kind.value}_turns", label, Turns(), described)


def _plan(plan: DispatchPlan) -> str:
    known = mechanisms()
    drawn = [known[code]._meta.verbose_name_plural for code in plan.of if code in known]
    return f"{DispatchKind(plan.kind).label}: " + say(", ").join(str(name) for name in drawn)


TURNS = {
    DispatchKind.SCHEDULING: _turns(DispatchKind.SCHEDULING, _("Turns of half-monthly scheduling")),
    DispatchKind.INSPECTION: _turns(DispatchKind.INSPECTION, _("Turns of the monthly check")),
    DispatchKind.ASSESSMENT: _turns(DispatchKind.ASSESSMENT, _("Turns of the monthly assessment meeting")),
    DispatchKind.PROJECT: _turns(DispatchKind.PROJECT, _("Turns of the weekly project meeting")),
}
PLANS = parameter(
    "dispatch.plans",
    _("Conveners and agendas"),
    Table(
        DispatchPlan,
        {"kind": OneOf(tuple(DispatchKind.values)), "of": Several(OneOf()), "convener": Text(40)},
        ("kind",),
        told=_plan,
    ),
    _("For each kind of meeting: from which mechanisms its agenda is drawn, and which unit calls it."),
)
HOLD_WITHIN = parameter(
    "dispatch.hold_within",
    _("Time to hold the meeting"),
    Span(),
    _("How long after its day a meeting has to be held and recorded; then it is flagged as missed."),
    stricter="smaller",
)
NEAR = parameter(
    "dispatch.near",
    _("Days before the due day"),
    Count("days", 0, 366),
    _("From how many days before its due day on a matter comes onto the agenda."),
)
IDLE = parameter(
    "dispatch.idle",
    _("Days without an act"),
    Count("days", 1, 3660),
    _("After how many days in which nothing was done a matter comes onto the agenda."),
)
LONGEST = parameter(
    "dispatch.longest_agenda",
    _("Longest agenda"),
    Count("items", 1, 200),
    _("How many items an agenda that is drawn may have; the most pressing come first."),
)


def plan_of(plans: Sequence[DispatchPlan], kind: str) -> DispatchPlan | None:
    """The plan of a kind; none where the regime names it nowhere."""
    return next((plan for plan in plans if plan.kind == kind), None)
