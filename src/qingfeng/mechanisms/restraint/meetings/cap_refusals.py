"""What stands in the way of a meeting, in words: every broken cap with its clause, and the nearest lawful day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NoReturn

from django.utils import formats
from django.utils.text import format_lazy
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.money import yuan
from qingfeng.kernel.refusals import Ground
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import Do
from qingfeng.mechanisms.restraint.meetings.rules import CapBreach, CapKind, Caps, MeetingProfile, nearest

Used = Callable[[int], int]

SAYS: dict[CapKind, Words] = {
    CapKind.PEOPLE: _("%(asked)s people: at most %(allowed)s may attend such a meeting."),
    CapKind.LENGTH: _("%(asked)s minutes: such a meeting lasts at most %(allowed)s minutes."),
    CapKind.DAYS: _("%(asked)s days: such a meeting takes place on at most %(allowed)s."),
    CapKind.LEADERS: _("%(asked)s leaders: at most %(allowed)s attend such a meeting."),
    CapKind.NUMBER: _(
        "It would be the unit's meeting no. %(asked)s of this kind in the year: %(allowed)s is the most."
    ),
    CapKind.MONTH: _("%(day)s: month %(asked)s is a month without meetings."),
    CapKind.SECOND_HALF: _(
        "%(day)s: working days after the %(allowed)sth of a month are kept free of meetings."
    ),
    CapKind.CALENDAR: _(
        "%(day)s: whether it is a working day is not known, since the calendar of %(asked)s is not out."
    ),
    CapKind.SPEECH: _(
        "A speech of %(asked)s minutes: all but the main leader speak at most %(allowed)s minutes."
    ),
    CapKind.MAIN_SPEECH: _("%(asked)s minutes for the main leader: at most %(allowed)s minutes."),
    CapKind.BUDGET: _(
        "It would cost %(asked)s yuan: at most %(allowed)s yuan for these people and this length."
    ),
}
NOT_ITS_OWN = _("Ask for it as what your unit may convene: its own district-wide meeting, or a discussion.")
WHEN = {CapKind.MONTH, CapKind.SECOND_HALF, CapKind.CALENDAR, CapKind.NUMBER}
"""What another day would mend."""


def sentence(one: CapBreach) -> str:
    """One broken cap in words."""
    fen = one.what is CapKind.BUDGET
    return str(SAYS[one.what]) % {
        "asked": yuan(one.asked) if fen else one.asked,
        "allowed": yuan(one.allowed) if fen else one.allowed,
        "day": written(one.day) if one.day else "",
    }


def written(day: date) -> str:
    """A day with its weekday."""
    return say("{} ({})").format(day.isoformat(), formats.date_format(day, "l"))


def refuse(
    do: Do,
    asked: MeetingProfile,
    caps: Caps,
    used: Used,
    found: Sequence[CapBreach],
    else_: Words = "",
    unfit: Ground | None = None,
) -> NoReturn:
    """Refuse a meeting: whose it isn't, and all that is broken, each with its clause; the nearest lawful day; what else."""
    grounds = [*filter(None, [unfit]), *(Ground(sentence(one), one.clause) for one in found)]
    remedy: list[Words] = [NOT_ITS_OWN] if unfit else []
    if any(one.what in WHEN for one in found):
        remedy.append(_where_to(do, asked, caps, used))
    if any(one.what not in WHEN for one in found):
        remedy.append(_("Bring it within the limits named."))
    reason: Words = ngettext_lazy(
        "A rule in force stands in the way of this meeting. Nothing was stored.",
        "%(count)s rules in force stand in the way of this meeting. Nothing was stored.",
        "count",
    ) % {"count": len(grounds)}
    do.refuse(reason, remedy=_joined([*remedy, else_]), grounds=grounds)


def _where_to(do: Do, asked: MeetingProfile, caps: Caps, used: Used) -> Words:
    near = nearest(asked.day, asked.days, do.today, caps, used, do.clocks.workdays())
    said: list[Words] = []
    if near.day is None:
        said.append(_("No lawful day is near."))
    elif near.open:
        said.append(
            format_lazy(
                _("The nearest lawful day is {}; whether it is a working day is not known yet."),
                written(near.day),
            )
        )
    elif near.day == near.workday:
        said.append(format_lazy(_("The nearest lawful day is {}."), written(near.day)))
    elif near.workday is None:
        said.append(format_lazy(_("The nearest lawful day is {}, a day off."), written(near.day)))
    else:
        said.append(
            format_lazy(
                _("The nearest lawful day is {}, a day off; the nearest working day is {}."),
                written(near.day),
                written(near.workday),
            )
        )
    if near.unknown is not None:
        said.append(format_lazy(_("The calendar of {} is not out, so its days were left out."), near.unknown))
    return _joined(said)


def _joined(sentences: Sequence[Words]) -> str:
    """Sentences one behind the other; in Chinese nothing stands between them."""
    between = " " if (get_language() or "").startswith("en") else ""
    return between.join(str(words) for words in sentences if words)
