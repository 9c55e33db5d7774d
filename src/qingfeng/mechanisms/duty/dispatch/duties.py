"""The recurring duties: each kind of meeting opens itself in turn, called by the unit the regime names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import standing
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.vocabulary import Due, Duty, Role, Unit, recurring
from qingfeng.mechanisms.duty.dispatch.policy import PLANS, TURNS, DispatchKind, plan_of

CONTRACT = "dispatch.call"


def convener(due: Due, kind: DispatchKind) -> Unit:
    """The unit that calls a meeting: the one the regime names, else the supervision office's own.

    Raises ``Barred`` where there is neither; the duty then waits and is shown.
    """
    plan = plan_of(Policy(due.jurisdiction.pk, due.opens_on).value(PLANS), kind)
    standing_units = Unit.objects.filter(standing(due.opens_on), jurisdiction=due.jurisdiction)
    if plan is not None and plan.convener:
        unit = standing_units.filter(code=plan.convener).first()
    else:
        offices = RoleHolding.objects.filter(standing(due.opens_on), role=Role.SUPERVISION_OFFICE)
        unit = standing_units.filter(pk__in=offices.values("unit")).order_by("pk").first()
    if unit is None:
        raise Barred(
            format_lazy(_("No unit is there to call the meeting: {}."), kind.label),
            remedy=_("Have the regime name a unit by its code, or somebody appointed to the office."),
        )
    return unit


def _duty(kind: DispatchKind) -> Duty:
    def inputs(due: Due) -> Mapping[str, Any]:
        unit = convener(due, kind)
        return {"kind": kind.value, "period": due.period, "day": due.opens_on.isoformat(), "unit": unit.pk}

    return recurring(Duty(f"dispatch.{kind.value}", kind.label, TURNS[kind], CONTRACT, inputs))


DUTIES = {kind: _duty(kind) for kind in DispatchKind}
