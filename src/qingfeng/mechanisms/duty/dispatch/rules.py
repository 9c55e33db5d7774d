"""The pure rules of dispatch: what comes onto an agenda and in which order, and what a period is called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from qingfeng.kernel.text.translatable import TranslatableError
from qingfeng.kernel.text.translatable import gettext_noop as _


class AgendaSection(StrEnum):
    """Why a matter stands on an agenda, in the order of the agenda."""

    OVERDUE = "overdue"
    NEAR = "near"
    IDLE = "idle"


ORDER = list(AgendaSection)


@dataclass(frozen=True, slots=True)
class AgendaCandidate:
    """An open matter: its id, when its next running time limit ends (none: none runs), when it was last acted on."""

    matter: int
    due: datetime | None
    touched: datetime


def section(one: AgendaCandidate, now: datetime, near: int, idle: int) -> AgendaSection | None:
    """Where a matter belongs on the agenda; none: nowhere.

    :param near: days before its due day from which on it is near
    :param idle: days without an act after which it is idle
    """
    if one.due is not None and one.due <= now:
        return AgendaSection.OVERDUE
    if one.due is not None and one.due <= now + timedelta(days=near):
        return AgendaSection.NEAR
    if one.touched <= now - timedelta(days=idle):
        return AgendaSection.IDLE
    return None


def drawn(
    found: Iterable[AgendaCandidate], now: datetime, near: int, idle: int, most: int
) -> list[tuple[AgendaCandidate, AgendaSection]]:
    """The agenda: overdue first, then near, then idle, in each the longest waiting or the soonest due first.

    At most ``most`` of them, the most pressing; matters alike in all this stand in the order of their ids.
    """
    placed = [(one, where) for one in found if (where := section(one, now, near, idle)) is not None]
    placed.sort(key=lambda pair: (ORDER.index(pair[1]), _since(*pair), pair[0].matter))
    return placed[: max(most, 0)]


def _since(one: AgendaCandidate, where: AgendaSection) -> datetime:
    return one.touched if where is AgendaSection.IDLE or one.due is None else one.due


_PERIODS = (
    (re.compile(r"(?P<year>\d{4})-W0?(?P<number>\d+)"), _("week %(number)s of %(year)s")),
    (re.compile(r"(?P<year>\d{4})-0?(?P<month>\d+)-H1"), _("first half of month %(month)s of %(year)s")),
    (re.compile(r"(?P<year>\d{4})-0?(?P<month>\d+)-H2"), _("second half of month %(month)s of %(year)s")),
    (re.compile(r"(?P<year>\d{4})-0?(?P<month>\d+)"), _("month %(month)s of %(year)s")),
    (re.compile(r"(?P<year>\d{4})-Q(?P<number>\d)"), _("quarter %(number)s of %(year)s")),
    (re.compile(r"(?P<year>\d{4})-S1"), _("first half of %(year)s")),
    (re.compile(r"(?P<year>\d{4})-S2"), _("second half of %(year)s")),
    (re.compile(r"(?P<year>\d{4})"), _("the year %(year)s")),
)


def period_words(period: str) -> tuple[str, dict[str, str]]:
    """What a period of a recurring duty is called, as words to be translated and what fills them.

    Raises ``Said`` for what is the name of no period.
    """
    for pattern, words in _PERIODS:
        if match := pattern.fullmatch(period):
            return words, match.groupdict()
    raise TranslatableError(_("“%(period)s” is the name of no period."), period=period)
