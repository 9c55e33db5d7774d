"""The page of an own list: its problems with person, road map, timetable and how each stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.vocabulary import Page
from qingfeng.mechanisms.problems.problem_lists.declarations import SelfCheckBasis
from qingfeng.organization.topics import PROBLEM_KINDS

if TYPE_CHECKING:
    from qingfeng.kernel.people.actors import Actor
    from qingfeng.mechanisms.problems.problem_lists.models import OwnList
    from qingfeng.mechanisms.problems.problem_lists.registers import Item


def context(own: OwnList, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """The rows of the list, struck ones too."""
    labels = Policy(own.jurisdiction_id, day_of(now)).labels(PROBLEM_KINDS)
    rows = own.items.select_related("person", "checked_by").order_by("number")
    return {
        "rows": [
            {
                "item": row,
                "kind": labels.get(row.kind, row.kind),
                "measure": SelfCheckBasis(row.measure).label,
                "stands": _stands(row),
            }
            for row in rows
        ]
    }


def _stands(row: Item) -> Words:
    if row.valid_to is not None:
        return _("struck from the list")
    if row.written_off_on is not None:
        return _("closed out")
    return _("put right, to be checked") if row.put_right_on is not None else _("being worked on")


PAGES = (Page("problems", _("Problems on the list"), "problem_lists/problems.html", context),)
