"""The bodies, linked leaders and posts of the demonstration; one township has no body of its own yet."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from qingfeng.kernel.demonstration import Demonstration, Event, Story
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.vocabulary import Matter
from qingfeng.organization.bodies import Body
from qingfeng.organization.leader_links import LeaderLink
from qingfeng.organization.posts import Post
from qingfeng.organization.staffing import PostChange

ORDER = 100
LEADERS = ("leader1", "leader2", "leader3", "leader4", "leader5", "leader6")
TOWNSHIP = "镇街"
PURPOSE = "作风效能建设"
TITLES = (("principal", "主要负责人", "section", 1), ("deputy", "副职", "deputy_section", 3))
"""Kind, title, rank and places of the posts that every unit has."""
SECRET = "机要岗位"


def events(told: Demonstration) -> list[Event]:
    """What happens in the first days: bodies are set up, leaders linked, posts set up and filled."""
    townships = [unit for unit in told.units if unit.sequence == TOWNSHIP]
    return [*_bodies(told, townships[-1]), *_links(told, townships), *_posts(told)]


def _happens(
    told: Demonstration, days: int, minute: int, matter: type[Matter], name: str, who: Actor, **raw: Any
) -> list[Event]:
    """An act so many working days after the beginning."""
    moment = told.at(told.days.add(day_of(told.begin), days), 10 + minute // 60, minute % 60)
    return Story(told, matter, ORDER).then(moment, who, name, **raw).events


def _bodies(told: Demonstration, without: Unit) -> list[Event]:
    since = told.days.add(day_of(told.begin), 2)
    office = told.actor("office1")
    first, second, *others = (told.actor(leader).person_id for leader in LEADERS)
    whole = {
        "title": "清风区作风效能建设领导小组",
        "purpose": PURPOSE,
        "basis": f"清委发〔{since.year}〕3号（示范）",
        "office": office.unit_id,
        "since": since.isoformat(),
        "seats": [
            {"capacity": "head", "person": first},
            {"capacity": "deputy", "person": second},
            *({"capacity": "member", "person": person} for person in others),
            *({"capacity": "member", "unit": unit.pk} for unit in told.units[:5]),
        ],
    }
    found = _happens(told, 2, 0, Body, "set_up", office, **whole)
    for place, unit in enumerate(told.units):
        if unit == without:
            continue
        head = told.actor("head", unit)
        seats = [("head", head), ("deputy", told.actor("cadre", unit)), ("member", told.actor("clerk", unit))]
        own = {
            "title": f"{unit.name}作风效能建设领导小组",
            "purpose": PURPOSE,
            "basis": f"本单位〔{since.year}〕1号（示范）",
            "office": unit.pk,
            "since": since.isoformat(),
            "seats": [{"capacity": capacity, "person": who.person_id} for capacity, who in seats],
        }
        found += _happens(told, 3 + place % 8, place, Body, "set_up", head, **own)
    return found


def _links(told: Demonstration, townships: list[Unit]) -> list[Event]:
    since = told.days.add(day_of(told.begin), 2).isoformat()
    department = told.actor("organization1")
    return [
        event
        for place, unit in enumerate(townships)
        for event in _happens(
            told,
            2,
            10 + place,
            LeaderLink,
            "link",
            department,
            person=told.actor(LEADERS[place % len(LEADERS)]).person_id,
            unit=unit.pk,
            since=since,
        )
    ]


def _posts(told: Demonstration) -> list[Event]:
    """The posts of every unit, set up as one list; then those of its head filled, one after the other."""
    since = told.days.add(day_of(told.begin), 2).isoformat()
    basis = f"清编发〔{since[:4]}〕2号（示范）"
    rows = [
        {"unit": unit.pk, "title": title, "duty": duty, "rank": rank, "places": places}
        for unit in told.units
        for duty, title, rank, places in TITLES
    ]
    rows.append(
        {
            "unit": told.units[0].pk,
            "title": SECRET,
            "duty": "other",
            "rank": "clerk",
            "secret": True,
            "places": 1,
        }
    )

    day = told.days.add(day_of(told.begin), 4)
    found = _by_two(told, told.at(day, 9), "set_up", basis=basis, since=since, rows=rows)
    basis = f"清组任〔{since[:4]}〕5号（示范）"
    for place, unit in enumerate(told.units):
        person, when = told.actor("head", unit).person_id, told.at(day, 14 + place // 60, place % 60)
        raw = {"post": partial(_head_of, unit), "person": person, "since": since, "basis": basis}
        found += _by_two(told, when, "fill", **raw)
    return found


def _head_of(unit: Unit, _when: datetime) -> int:
    """The post of a unit's head."""
    return Post.objects.get(unit=unit, title=TITLES[0][1]).pk


def _by_two(told: Demonstration, when: datetime, act: str, **raw: Any) -> list[Event]:
    """Proposed by one of the organization department, confirmed by another."""
    story = Story(told, PostChange, ORDER).then(when, told.actor("organization1"), act, **raw)
    return story.then(when, told.actor("organization2"), "confirm").events
