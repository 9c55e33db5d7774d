"""Telling persons apart 同名辨识: by unit and post, and where these are the same too, by user name.

The kernel knows roles; posts, the organization knows, and says so by ``@knows_posts``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from qingfeng.kernel.people.models import Account, Person
from qingfeng.kernel.people.outside import OutsideParty, parties_told_apart
from qingfeng.kernel.people.roles import RoleHolding

Knows = Callable[[Collection[int], date], Mapping[int, Sequence[tuple[int, str]]]]
"""The posts of some persons on a day, by their ids: each with its unit's id and in words."""

_KNOWN: list[Knows] = []
LONGEST = 120
"""The most characters that a name with what tells it apart has in a sheet; a longer text names nobody."""
_BETWEEN = " \t·•,，、/-—()（）"
"""What may stand between a name and a unit in a sheet."""


def knows_posts(knows: Knows) -> Knows:
    """Have the organization say what posts persons hold."""
    _KNOWN.append(knows)
    return knows


def units_of(persons: Collection[Any], on: date) -> str:
    """Where some persons are, in words, each once: what tells those of one name apart."""
    found = Person.objects.filter(pk__in=persons)
    return "、".join(dict.fromkeys(where for places in _places(found, on).values() for where in places))


def told_apart(rows: Sequence[models.Model], on: date) -> list[str]:
    """Each of some rows in words, as a chooser offers it: a person with unit and post, a party outside the staff
    with kind and unit, anything else as it calls itself."""
    parties = [row for row in rows if isinstance(row, OutsideParty)]
    if parties:
        return parties_told_apart(parties)
    persons = [row for row in rows if isinstance(row, Person)]
    if len(persons) < len(rows) or not persons:
        return [str(row) for row in rows]
    alike = Person.objects.filter(name__in={person.name for person in persons}, erased_at=None)
    places = _places([*persons, *alike], on)
    told = {person.pk: " · ".join([str(person), *places[person.pk]]) for person in [*alike, *persons]}
    seen = Counter(told.values())
    twice = [pk for pk, words in told.items() if seen[words] > 1]
    for pk, username in Account.objects.filter(person__in=twice).values_list("person_id", "username"):
        told[pk] = f"{told[pk]} ({username})"
    return [told[person.pk] for person in persons]


def named(found: models.QuerySet[Person], texts: Iterable[str], on: date) -> dict[str, set[Any]]:
    """The ids of those whom each text names: a user name, a name, or a name with unit, post or user name beside it."""
    wanted = list(texts)
    persons = list(found.filter(_beginning_or_ending(wanted)).select_related("account").order_by("pk"))
    known = _known(persons, on)
    return {
        text: {
            person.pk
            for person in persons
            if text in (person.name, _username(person)) or _beside(text, person.name) in known[person.pk]
        }
        for text in wanted
    }


def narrowed(found: models.QuerySet[Person], text: str) -> models.QuerySet[Person]:
    """Those of some persons whose name, user name or unit has a text in it."""
    serving = RoleHolding.objects.filter(unit__name__icontains=text, valid_to=None)
    return found.filter(
        Q(name__icontains=text) | Q(account__username__icontains=text) | Q(pk__in=serving.values("person"))
    )


def _beside(text: str, name: str) -> str:
    """What stands in a text beside a name; nothing where the name does not begin or end it."""
    if name and text.startswith(name):
        return text.removeprefix(name).strip(_BETWEEN)
    return text.removesuffix(name).strip(_BETWEEN) if name and text.endswith(name) else ""


def _beginning_or_ending(texts: Sequence[str]) -> Q:
    """The condition that a person's name is, begins or ends one of some texts, or their user name is one."""
    bounded = [text for text in texts if len(text) <= LONGEST]
    parts = {text[:length] for text in bounded for length in range(1, len(text) + 1)}
    parts |= {text[start:] for text in bounded for start in range(len(text))}
    return Q(name__in=parts) | Q(account__username__in=texts)


def _lasting(on: date) -> Q:
    return Q(valid_to=None) | Q(valid_to__gte=on)


def _username(person: Person) -> str:
    return person.account.username if hasattr(person, "account") else ""


def _known(persons: Collection[Person], on: date) -> dict[int, set[str]]:
    """What may stand beside each person's name: a unit's name or code, a post or role, all of them, the user name."""
    known: dict[int, set[str]] = {}
    places = _places(persons, on)
    for person in persons:
        whole, username = " · ".join(places[person.pk]), _username(person)
        known[person.pk] = {username, *places[person.pk], whole, f"{whole} ({username}"}
    held = RoleHolding.objects.filter(_lasting(on), person__in=persons)
    for pk, name, code in held.values_list("person_id", "unit__name", "unit__code"):
        known[pk] |= {name, code}
    return {pk: words - {""} for pk, words in known.items()}


def _places(persons: Collection[Person], on: date) -> dict[int, list[str]]:
    """What each person is and where: their posts, and their roles in units where they have none."""
    places: dict[int, list[str]] = {person.pk: [] for person in persons}
    posted: set[tuple[int, int]] = set()
    for knows in _KNOWN:
        for pk, posts in knows(places.keys(), on).items():
            places[pk] += [words for _unit, words in posts]
            posted |= {(pk, unit) for unit, _words in posts}
    held = RoleHolding.objects.filter(_lasting(on), person__in=places).select_related("unit").order_by("pk")
    for holding in held:
        if (holding.person_id, holding.unit_id) not in posted:
            places[holding.person_id].append(str(holding))
    return places
