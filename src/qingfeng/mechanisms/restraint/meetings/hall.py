"""The hall page 会场: the agenda, who has the floor, the time left, the bell; what it does goes through the acts."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.engine import options
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.vocabulary import Page
from qingfeng.mechanisms.restraint.meetings.policy import MAIN_SPEECH, SPEECH
from qingfeng.mechanisms.restraint.meetings.rules import over, spoken

if TYPE_CHECKING:
    from qingfeng.kernel.people.actors import Actor
    from qingfeng.mechanisms.restraint.meetings.agenda import AgendaRow
    from qingfeng.mechanisms.restraint.meetings.meeting import Meeting


def context(meeting: Meeting, actor: Actor, now: datetime) -> dict[str, Any]:
    """What stands in the hall for one reader: rows of the agenda, the speech that runs, and what they may do."""
    limits = _limits(meeting, now)
    may = {option.act.name for option in options(actor, meeting, now) if option.decision}
    rows = [_row(number, item, limits[item["main"]]) for number, item in enumerate(meeting.agenda, start=1)]
    running: dict[str, Any] | None = None
    if meeting.speaking is not None and meeting.speaking_since is not None:
        row = rows[meeting.speaking - 1]
        elapsed = spoken(meeting.speaking_since, now)
        late = over(elapsed, row["limit"])
        running = {
            **row,
            "elapsed": elapsed,
            "seconds": row["limit"] * 60,
            "late": late,
            "shown": _clock(late or row["limit"] * 60 - elapsed),
        }
    return {
        "rows": rows,
        "running": running,
        "may_begin": "begin_speaking" in may,
        "may_end": "end_speaking" in may,
        "key": secrets.token_urlsafe(18),
    }


def _limits(meeting: Meeting, now: datetime) -> dict[bool, tuple[int, str]]:
    """The limit in minutes and its clause, for the main leader and for the others; none where no regime says."""
    policy = Policy(meeting.jurisdiction_id, day_of(now))
    found = {}
    for main, parameter in ((True, MAIN_SPEECH), (False, SPEECH)):
        valued = policy.seen(parameter)
        found[main] = (int(valued.value), valued.source.said) if valued else (0, "")  # type: ignore[arg-type]  # a Count
    return found


def _row(number: int, item: AgendaRow, limit: tuple[int, str]) -> dict[str, Any]:
    minutes, clause = limit
    return {
        **item,
        "number": number,
        "limit": minutes,
        "clause": clause,
        "took": None if item["seconds"] is None else _clock(item["seconds"]),
        "too_long": _clock(item["over"]) if item["over"] else "",
    }


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


PAGES = (Page("hall", _("Meeting hall"), "meetings/hall.html", context, "meetings/hall.js"),)
