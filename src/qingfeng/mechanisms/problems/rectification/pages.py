"""Two pages of one matter: the whole sheet, fit to be printed 交办单; and the clues of a transfer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.access import readable_everywhere
from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.matters.models import Secrecy
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.time.periods import last_day
from qingfeng.kernel.vocabulary import Page
from qingfeng.mechanisms.problems.rectification.clues import words_of
from qingfeng.mechanisms.problems.rectification.declarations import (
    PLANNING,
    REBOUND_LINK,
    RECTIFYING_CLOCK,
    SIGNING,
)
from qingfeng.mechanisms.problems.rectification.slips import steps

if TYPE_CHECKING:
    from qingfeng.mechanisms.problems.rectification.problem import Problem
    from qingfeng.mechanisms.problems.rectification.transfers import Transfer

TIMED = (SIGNING, PLANNING, RECTIFYING_CLOCK)


def whole_sheet(sheet: Problem, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """What the slip and the sheet say: last days, the plan with what is done of it, slips, earlier problems it repeats."""
    clocks = {clock.name: clock for clock in Running.objects.filter(matter=sheet.pk)}
    earlier = Link.objects.filter(source=sheet.pk, kind=REBOUND_LINK.code).values("target")
    return {
        "last_days": [
            (clock.label, last_day(clocks[clock.name].due_at)) for clock in TIMED if clock.name in clocks
        ],
        "steps": steps(sheet),
        "slips": list(sheet.slips.select_related("unit").order_by("id")),
        "earlier": list(readable_everywhere(actor, (type(sheet),)).filter(pk__in=earlier))
        if sheet.rebound
        else [],
    }


def clues(transfer: Transfer, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """The sheets handed over, with what they say and what became of each."""
    found = transfer.clues.select_related("sheet__responsible", "sheet__concerned").order_by("place")
    return {
        "clues": [
            (
                clue,
                words_of(clue.sheet, transfer, actor, now) if clue.sheet.secrecy == Secrecy.SEALED else None,
            )
            for clue in found
        ]
    }


SHEET_PAGE = Page("slip", _("Assignment slip and plan"), "rectification/slip.html", whole_sheet)
CLUES_PAGE = Page("clues", _("Clues"), "rectification/clues.html", clues)
