"""The page with kind, reason and place: opened out of the seal for whom it concerns, each reading journalled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.guards import Question
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.sealing.keystore import KeyDestroyed
from qingfeng.kernel.sealing.models import SealedValue, read_personal
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.vocabulary import Concerns, Page, Seated
from qingfeng.mechanisms.restraint.leave.policy import KINDS

if TYPE_CHECKING:
    from qingfeng.mechanisms.restraint.leave.models import Leave

LABELS: dict[str, Words] = {
    "kind": _("Kind of leave"),
    "reason": pgettext_lazy("leave", "Reason"),
    "place": _("Where to"),
}
MAY = Concerns("person") | Seated()


def context(leave: Leave, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """What the page shows: lines of label and text for the person and those who approve, for others none."""
    if not MAY.decide(Question(actor, leave, now)):
        return {"lines": None}
    values = SealedValue.objects.filter(entry__matter=leave.pk, name__in=LABELS).select_related("entry")
    why = say("%(leave)s, the page of its particulars") % {"leave": leave.number}
    return {
        "lines": [
            (LABELS[value.name], _said(value, leave, actor, now, why), value.entry.at)
            for value in values.order_by("id")
        ]
    }


def _said(value: SealedValue, leave: Leave, actor: Actor, now: datetime, why: str) -> str:
    try:
        text = read_personal(value, actor, now, why)
    except KeyDestroyed:
        return say("erased")
    if value.name != "kind":
        return text
    labels = Policy(leave.jurisdiction_id, day_of(value.entry.at)).labels(KINDS)
    return str(labels.get(text, text))


PARTICULARS = Page("particulars", _("Kind and reason"), "leave/particulars.html", context)
