"""Readings across a mechanism's matters, and of more than the house draws of one; ``reads`` names them all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts import access
from qingfeng.kernel.acts.access import Reach
from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.matters.registry import matter_class, mechanisms
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.reading.boards import BoardDay
from qingfeng.kernel.reading.coverage import CoverageYear, Key
from qingfeng.kernel.reading.pages import Page, PageContent
from qingfeng.kernel.reading.statistics import Figures, of_kind
from qingfeng.kernel.reading.tallies import looks_tally
from qingfeng.kernel.refusals import Invalid, NotFound
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.calendar_events import CalendarEvent
from qingfeng.kernel.time.periods import day_of

FIRST_YEAR = 1949
KEPT = timedelta(days=92)
"""How long what is over still stands in a calendar."""
MOST_OCCASIONS = 1000
"""Of each mechanism, those of the latest matters."""
LONGEST_ASKED = 200
"""Characters of one word a page may be asked with."""


def statistics(actor: Actor, code: str, name: str, year: int, today: date) -> Figures:
    """A statistic of a mechanism over what the actor may read of it, or over all it is counted for them.

    To a party outside the staff there is none. Raises ``NotFound``, ``Invalid``.
    """
    matter = matter_class(code)
    statistic = next((one for one in matter.statistics if one.name == name), None)
    if statistic is None or actor.outside:
        raise NotFound
    if not FIRST_YEAR <= year <= today.year:
        raise Invalid({"year": [format_lazy(_("Choose a year from {} to {}."), FIRST_YEAR, today.year)]})
    reach = None
    if statistic.counted_for is not None and (covered := statistic.counted_for.standing(actor)):
        reach = Reach(covered, ())
    reading = of_kind(matter, actor, today, year, reach)
    return Figures(statistic, reading, statistic.counted(reading))


def looks(actor: Actor, year: int, today: date) -> CoverageYear:
    """How often each unit was looked at on each focus topic in a year, by all mechanisms, as far as the actor may read.

    Who reads of a whole jurisdiction is told of all its units, of those never looked at too; others of their own.
    Raises ``Invalid`` for a year that is none.
    """
    if not FIRST_YEAR <= year <= today.year:
        raise Invalid({"year": [format_lazy(_("Choose a year from {} to {}."), FIRST_YEAR, today.year)]})
    counts: dict[Key, int] = {}
    topics: dict[str, Words] = {}
    former: dict[str, Words] = {}
    often: int | None = None
    whole = False
    policy = Policy(actor.jurisdiction_id or 0, min(today, date(year, 12, 31)))
    for cls in mechanisms().values():
        declared = cls.looks
        if declared is None:
            continue
        whole = whole or bool(cls.reads.standing(actor))
        former |= policy.labels(declared.topics)
        if policy.seen(declared.topics):
            topics |= policy.choices(declared.topics)
        if limit := policy.seen(declared.often):
            often = int(limit.value)  # type: ignore[arg-type]  # a Count
        looked = of_kind(cls, actor, today, year).count(looks_tally(declared))
        for (topic, unit), (count,) in looked.items():
            counts[topic, unit] = counts.get((topic, unit), 0) + count
    for topic, _unit in counts:
        # A topic that is no longer looked at keeps its column.
        topics.setdefault(topic, former.get(topic, topic))
    named_units = {unit for _topic, unit in counts} | set(actor.units)
    there = Unit.choosable(actor, today)
    units = list(there if whole else Unit.objects.none())
    units += Unit.objects.filter(pk__in=named_units - {unit.pk for unit in units}).order_by("code", "id")
    return CoverageYear(year, list(topics.items()), units, counts, often)


def page(
    actor: Actor, code: str, matter_id: int, name: str, now: datetime, asked: Mapping[str, str] | None = None
) -> PageContent:
    """A mechanism's own page of a matter, with what it is asked for. Raises ``NotFound``."""
    declared, matter = page_of(actor, code, matter_id, name)
    if not declared.asks:
        return PageContent(declared, matter, declared.context(matter, actor, now))
    understood = {word: (asked or {}).get(word, "")[:LONGEST_ASKED] for word in declared.asks}
    return PageContent(declared, matter, declared.context(matter, actor, now, understood))


def page_of(actor: Actor, code: str, matter_id: int, name: str) -> tuple[Page, Matter]:
    """A page as it is declared, and the matter it is of. Raises ``NotFound``."""
    kind = matter_class(code)
    declared = next((one for one in kind.pages if one.name == name), None)
    if declared is None:
        raise NotFound
    return declared, access.one(kind, actor, matter_id, "jurisdiction")


def board(actor: Actor, code: str, name: str, on: date) -> BoardDay:
    """A board of a mechanism on a day, for whoever acts in a role. Raises ``NotFound``."""
    declared = next((one for one in matter_class(code).boards if one.name == name), None)
    if declared is None or not actor.role:
        raise NotFound
    return BoardDay(declared, on, declared.rows(actor, on))


def occasions(actor: Actor, now: datetime) -> list[tuple[Matter, CalendarEvent]]:
    """What of the matters an actor may read stands in a calendar, by mechanism, the latest opened first.

    A calendar leaves the house for telephones: what is discreet is not in it.
    """
    found = []
    for cls in mechanisms().values():
        if cls.occasion is Matter.occasion:
            continue
        named = [one.name for one in cls._meta.concrete_fields if one.is_relation and not one.primary_key]
        matters = cls._default_manager.filter(secrecy=Secrecy.INTERNAL).select_related(*named)
        for matter in access.readable(matters, actor).order_by("-pk")[:MOST_OCCASIONS]:
            occasion = None if matter.discreet else matter.occasion()
            if occasion is not None and _day(occasion.end) >= day_of(now) - KEPT:
                found.append((matter, occasion))
    return found


def _day(when: date) -> date:
    return day_of(when) if isinstance(when, datetime) else when
