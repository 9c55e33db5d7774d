"""The page of a meeting: agenda, attendance, resolutions; a matter's title only for who may read that matter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.access import readable_everywhere
from qingfeng.kernel.matters.models import Secrecy
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.time.periods import last_day
from qingfeng.kernel.vocabulary import Page
from qingfeng.mechanisms.duty.dispatch.declarations import AgendaReason

if TYPE_CHECKING:
    from qingfeng.kernel.people.actors import Actor
    from qingfeng.mechanisms.duty.dispatch.meeting import Dispatch
    from qingfeng.mechanisms.duty.dispatch.registers import AgendaItem


def context(meeting: Dispatch, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """Rows of the agenda, of the attendance and of what was resolved, for one reader."""
    items = list(meeting.items.order_by("number"))
    resolutions = list(meeting.resolutions.select_related("unit").order_by("number"))
    named = {row.matter_id for row in items if row.matter_id} | {row.task_id for row in resolutions}
    seen = readable_everywhere(actor, mechanisms().values()).exclude(secrecy=Secrecy.SEALED)
    readable = {matter.pk: matter for matter in seen.filter(pk__in=named)}
    numbers = {row.pk: row.number for row in items}
    return {
        "items": [_item(row, readable.get(row.matter_id or 0)) for row in items],
        "attendance": list(meeting.attendance.select_related("unit").order_by("unit__code", "unit_id")),
        "resolutions": [
            {
                "number": row.number,
                "item": numbers.get(row.item_id or 0),
                "title": row.title,
                "unit": row.unit,
                "due_on": row.due_on,
                "task": readable.get(row.task_id),
            }
            for row in resolutions
        ],
    }


def _item(row: AgendaItem, matter: Any) -> dict[str, Any]:
    return {
        "number": row.number,
        "section": AgendaReason(row.section).label,
        "topic": row.topic,
        "due": last_day(row.due_at) if row.due_at else None,
        "struck": row.valid_to,
        "matter": matter,
    }


PAGES = (Page("agenda", _("Agenda and resolutions"), "dispatch/agenda.html", context),)
