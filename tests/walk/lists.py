"""Every list there is of matters: what somebody finds in it, and what the table says they should."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.matters.registry import matter_class
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.reading import overviews, reads
from qingfeng.kernel.reading.paging import LARGEST_PAGE
from qingfeng.kernel.reading.statistics import Column, Statistic
from qingfeng.kernel.refusals import Barred, NotFound, Refusal
from qingfeng.kernel.time.calendar_events import CalendarEvent
from qingfeng.kernel.vocabulary import Choices, Count, Parameter, Scrutiny
from tests import cast
from tests.walk.table import Scene

if TYPE_CHECKING:
    from tests.walk.walking import Walk

LARGE = LARGEST_PAGE
COUNTED = Statistic(
    "counted",
    "读到的事项",
    (Column("事项", "words"), Column("数")),
    lambda reading: [(pk, 1) for pk in reading.queryset.values_list("pk", flat=True)],
)
"""A statistic that names the matters it was made from."""

LOOKS = Scrutiny(
    Parameter("walk.topics", "专题", Choices(), "专题。"),
    Parameter("walk.often", "次数", Count("次"), "次数。"),
    topic="number",
    unit="jurisdiction",
)
"""Looks that name the matters they were made from."""


def outcome(attempt: Callable[[], Any]) -> str:
    """What became of an attempt: may, barred, hidden, or the refusal's own name."""
    try:
        attempt()
    except NotFound:
        return "hidden"
    except Barred:
        return "barred"
    except Refusal as refusal:
        return f"{refusal.code}: {getattr(refusal, 'fields', refusal)}"
    return "may"


def lists(walk: Walk) -> dict[str, tuple[Callable[[Actor], set[Any]], Callable[[str], set[Any]]]]:
    """Each list by name: what an actor finds in it of the matters staged, and what a seat should."""
    code, series = walk.table.code, matter_class(walk.table.code).series
    scenes = walk.table.scenes.values()
    own = {walk.staged[scene.state].matter.pk: scene.state for scene in scenes}
    sealed = {scene.state for scene in scenes if walk.staged[scene.state].matter.secrecy == Secrecy.SEALED}

    def read_by(seat: str) -> set[str]:
        return {scene.state for scene in scenes if seat in scene.readers}

    def unsealed(seat: str) -> set[str]:
        # What is sealed stands in no index and in no calendar, whoever reads it.
        return read_by(seat) - sealed

    def told(seat: str) -> set[str]:
        return {scene.state for scene in scenes if seat in scene.told}

    def touched(actor: Actor) -> set[tuple[str, str]]:
        read = [walk.staged[scene.state].matter for scene in scenes if actor in _reading(walk, scene)]
        offered = reads.touchable(actor, read)
        return {(own[pk], act.name) for pk, acts in offered.items() for act in acts}

    def linked(actor: Actor) -> set[tuple[str, str]]:
        return {
            (one, other)
            for one, other in pairwise(own.values())
            if actor in _reading(walk, walk.table.scenes[one])
            and walk.staged[other].matter.pk
            in {matter.pk for _kind, matter in reads.links(actor, code, walk.staged[one].matter.pk)}
        }

    return {
        "listing": (
            lambda actor: {own.get(row.pk) for row in reads.listing(actor, code, size=LARGE).rows},
            read_by,
        ),
        "statistics": (lambda actor: {own.get(pk) for pk in _counted(code, actor)}, read_by),
        "looks": (lambda actor: {own.get(pk) for pk in _looked(code, actor)}, read_by),
        "occasions": (lambda actor: {own.get(pk) for pk in _timed(code, actor)}, unsealed),
        "searched": (
            lambda actor: {own.get(row.pk) for row in reads.searched(actor, series, size=LARGE).rows},
            unsealed,
        ),
        "touchable": (
            touched,
            lambda seat: {
                (scene.state, row.act)
                for scene in scenes
                for row in scene.rows.values()
                if walk.acts[row.act].touch and seat in row.may & scene.readers
            },
        ),
        "inbox": (
            lambda actor: {
                (own[row.matter_id], row.act)
                for row in reads.inbox(actor, size=LARGE).rows
                if row.matter_id in own
            },
            lambda seat: {
                (scene.state, act)
                for scene in scenes
                for act, seats in scene.waits_on.items()
                if seat in seats
            },
        ),
        "notices": (
            lambda actor: {
                own.get(message.entry.matter_id) for message in reads.notices(actor, size=LARGE).rows
            },
            told,
        ),
        "notice": (
            lambda actor: {
                scene.state
                for scene in scenes
                for message in walk.staged[scene.state].notices
                if outcome(lambda pk=message.pk: reads.notice(actor, pk)) == "may"
            },
            told,
        ),
        "links": (
            linked,
            lambda seat: {pair for pair in pairwise(own.values()) if read_by(seat).issuperset(pair)},
        ),
    }


def _reading(walk: Walk, scene: Scene) -> list[Actor]:
    """Those who read a matter in a state, as the table says."""
    return [walk.company.actors[seat] for seat in scene.readers]


def _looked(code: str, actor: Actor) -> set[int]:
    """The matters counted, which are told apart by their numbers in the place of topics."""
    matter = matter_class(code)
    with alone(overviews, code), patch.object(matter, "looks", LOOKS):
        found = reads.looks(actor, cast.TODAY.year, cast.TODAY)
    numbers = [number for number, _unit in found.counts]
    return set(matter._default_manager.filter(number__in=numbers).values_list("pk", flat=True))


def _timed(code: str, actor: Actor) -> set[int]:
    matter = matter_class(code)
    occasion = patch.object(matter, "occasion", lambda one: CalendarEvent(cast.TODAY, cast.TODAY, one.title))
    # What a mechanism keeps out of calendars besides what is more than internal has tests of its own.
    discreet = patch.object(matter, "discreet", Matter.discreet)
    with alone(overviews, code), occasion, discreet:
        return {one.pk for one, _occasion in reads.occasions(actor, cast.NOW)}


def _counted(code: str, actor: Actor) -> set[int]:
    if actor.outside:
        return set()  # that there is no statistic for it, the walk asks of each that is declared
    with patch.object(matter_class(code), "statistics", (COUNTED,)):
        found = reads.statistics(actor, code, "counted", cast.TODAY.year, cast.TODAY)
    return {int(row[0]) for row in found.rows}


def alone(module: Any, code: str) -> Any:
    """Let a module go through this mechanism only: each of the others has a walk of its own."""
    return patch.object(module, "mechanisms", lambda: {code: matter_class(code)})
