"""Founding a real jurisdiction from a plan, and checking a regime file before it is proposed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qingfeng.faces.cli.parser import Commands
from qingfeng.faces.cli.words import DONE, MISUSED, Trouble, tell
from qingfeng.faces.invented_district import CODE
from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.people import divisions
from qingfeng.kernel.people.actors import system
from qingfeng.kernel.people.models import Account, Jurisdiction
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.regime.document import load
from qingfeng.kernel.regime.policy import PARAMETERS
from qingfeng.kernel.regime.tree import BadDocument, Spot, parse
from qingfeng.kernel.time.timekeeper import SystemTime
from qingfeng.organization.models import Founding

JURISDICTION = {"code": 20, "name": 60, "parent": 20}
UNIT = {"code": 40, "name": 80, "parent": 40, "sequence": 40, "short_name": 40, "code_characters": 20}
PERSON = {"username": 60, "name": 60, "role": 40, "unit": 40, "email": 200}
"""The keys of each part of a plan, with the most characters each may have."""
OPTIONAL = frozenset({"parent", "sequence", "short_name", "code_characters", "email"})
NEEDED = ((Role.SUPERVISION_OFFICE, 2), (Role.SYSTEM_ADMINISTRATOR, 1), (Role.SECURITY_ADMINISTRATOR, 1))
"""Who must be there from the start: a regime is put in force by two, a role granted by two."""


@dataclass(frozen=True)
class FoundingPlan:
    """A plan as read: plain rows, every reference checked."""

    jurisdiction: dict[str, str]
    units: list[dict[str, str]]
    people: list[dict[str, str]]


def add(commands: Commands) -> None:
    """Hang the commands in."""
    parser = commands.add(
        "found", found, _("enter a jurisdiction with its first units and people from a plan")
    )
    parser.add_argument(
        "file", type=Path, metavar="FILE.yaml", help=say("the plan; docs/how-to/found-a-county.md shows one")
    )
    parser.add_argument(
        "--sure",
        action="store_true",
        help=say("the jurisdiction's code is meant as it is, though GB/T 2260 is not known to have it"),
    )
    group = commands.group("regime", _("regime files"))
    single = group.add("check", check_regime, _("load a regime file strictly, and say what is wrong with it"))
    single.add_argument("file", type=Path, metavar="FILE.yaml", help=say("the regime file"))


def found(given: argparse.Namespace) -> int:
    """Enter the plan as one act of the system, whole or not at all."""
    plan = read_plan(_bytes(given.file), str(given.file))
    with transaction.atomic():
        jurisdiction = _jurisdiction(plan.jurisdiction)
        for row in plan.people:
            if Account.objects.filter(username=row["username"]).exists():
                raise Trouble(
                    format_lazy(_("The user name {} is taken."), row["username"]),
                    _("Choose another in the plan."),
                )
        if not (given.sure or divisions.is_known(jurisdiction.code)):
            raise Trouble(
                format_lazy(_("{} is not known as a code of GB/T 2260 (2023)."), jurisdiction.code),
                _("Put the division's code into the plan, or say --sure if this one is meant."),
            )
        actor = system("founding", [jurisdiction.pk])
        raw = {"units": plan.units, "people": plan.people}
        done = perform(acts_of(Founding)["found"], actor, raw, SystemTime().now())
    tell(format_lazy(_("Founded: {}, with {} units."), done.matter, len(plan.units)))
    tell(
        _("Nobody has a password yet. Set each with “qingfeng password USERNAME”, in the person's presence:")
    )
    for username in dict.fromkeys(row["username"] for row in plan.people):
        tell(f"  {username}")
    return DONE


def check_regime(given: argparse.Namespace) -> int:
    """Load a regime file; say its first fault or what it asks, or what it holds and what nobody has verified."""
    try:
        document = load(_bytes(given.file), str(given.file), PARAMETERS, mechanisms())
    except BadDocument as fault:
        raise Trouble(fault.told(say), _("Correct the line and check again.")) from None
    tell(format_lazy(_("{} holds: {} parameters."), document.title, len(document.values)))
    for name, history in sorted(document.values.items()):
        for dated in history:
            if not dated.verified:
                tell(
                    format_lazy(
                        _("not verified: {} from {} ({} {})"),
                        name,
                        dated.since,
                        dated.source.title,
                        dated.source.clause,
                    )
                )
    return DONE


def read_plan(data: bytes, file: str) -> FoundingPlan:
    """Read a plan strictly. Raises ``Trouble`` with file, line and words at the first fault."""
    try:
        top = parse(data, file)
        parts = _mapping(top, file, {"jurisdiction", "units", "people"}, frozenset())
        jurisdiction = _row(parts["jurisdiction"], file, JURISDICTION)
        units = [_row(spot, file, UNIT) for spot in _list(parts["units"], file)]
        people = [_row(spot, file, PERSON) for spot in _list(parts["people"], file)]
        _check_units(units, parts["units"], file)
        _check_people(people, {row["code"] for row in units}, parts["people"], file)
    except BadDocument as fault:
        raise Trouble(fault.told(say), _("Correct the line and try again; nothing was stored.")) from None
    for role, least in NEEDED:
        if len({row["username"] for row in people if row["role"] == role}) < least:
            raise Trouble(
                format_lazy(_("The plan names fewer than {0} people as “{1}”."), least, role.label),
                _("Without them nobody could put a regime in force or grant a role. Add them."),
            )
    return FoundingPlan(jurisdiction, units, people)


def _check_units(units: Sequence[dict[str, str]], spot: Spot, file: str) -> None:
    seen: set[str] = set()
    for row, at in zip(units, _list(spot, file), strict=True):
        if row["code"] in seen:
            raise BadDocument(
                file, at.line, gettext_noop("The code %(code)s stands here twice."), code=row["code"]
            )
        if row["parent"] and row["parent"] not in seen:
            raise BadDocument(
                file,
                at.line,
                gettext_noop("The unit above, %(code)s, must stand before it."),
                code=row["parent"],
            )
        seen.add(row["code"])


def _check_people(people: Sequence[dict[str, str]], units: set[str], spot: Spot, file: str) -> None:
    names: dict[str, str] = {}
    for row, at in zip(people, _list(spot, file), strict=True):
        if row["unit"] not in units:
            raise BadDocument(
                file, at.line, gettext_noop("There is no unit %(code)s in this plan."), code=row["unit"]
            )
        if row["role"] not in Role.values:
            raise BadDocument(
                file,
                at.line,
                gettext_noop("There is no role %(role)s. There are: %(roles)s."),
                role=row["role"],
                roles=", ".join(Role.values),
            )
        if names.setdefault(row["username"], row["name"]) != row["name"]:
            raise BadDocument(
                file,
                at.line,
                gettext_noop("%(username)s stands here with two names."),
                username=row["username"],
            )


def _jurisdiction(row: dict[str, str]) -> Jurisdiction:
    if Jurisdiction.objects.filter(code=row["code"]).exists():
        raise Trouble(
            format_lazy(_("{} was founded before."), row["code"]),
            _("New units and people come by acts: “qingfeng act” lists them."),
        )
    if settings.DEMO or row["code"] == CODE:
        raise Trouble(
            _("Real people are not founded in a demonstration, nor under its code."),
            format_lazy(_("Unset QINGFENG_DEMO, and choose another code than {}."), CODE),
        )
    parent = None
    if row["parent"]:
        parent = Jurisdiction.objects.filter(code=row["parent"]).first()
        if parent is None:
            raise Trouble(
                format_lazy(_("There is no jurisdiction {} to stand above it."), row["parent"]),
                _("Found that one first, or leave “parent” out."),
            )
    return Jurisdiction.objects.create(code=row["code"], name=row["name"], parent=parent)


def _row(spot: Spot, file: str, keys: dict[str, int]) -> dict[str, str]:
    found = _mapping(spot, file, set(keys), OPTIONAL)
    return {key: _text(found[key], file, keys[key]) if key in found else "" for key in keys}


def _mapping(spot: Spot, file: str, keys: set[str], optional: frozenset[str]) -> dict[str, Spot]:
    if not isinstance(spot.raw, dict):
        raise BadDocument(
            file,
            spot.line,
            gettext_noop("Here stand keys with values: %(keys)s."),
            keys=", ".join(sorted(keys)),
        )
    for key, value in spot.raw.items():
        if key not in keys:
            raise BadDocument(
                file,
                value.key_line,
                gettext_noop("The key %(key)s is unknown here. There are: %(keys)s."),
                key=key,
                keys=", ".join(sorted(keys)),
            )
    for key in sorted(keys - optional):
        if key not in spot.raw:
            raise BadDocument(file, spot.line, gettext_noop("The key %(key)s is missing."), key=key)
    return dict(spot.raw)


def _list(spot: Spot, file: str) -> list[Spot]:
    if not isinstance(spot.raw, list) or not spot.raw:
        raise BadDocument(file, spot.line, gettext_noop("Here stands a list with at least one row."))
    return spot.raw


def _text(spot: Spot, file: str, longest: int) -> str:
    if spot.text is None or not spot.text.strip() or len(spot.text) > longest:
        raise BadDocument(
            file,
            spot.line,
            gettext_noop("Here stands a text of 1 to %(longest)s characters."),
            longest=longest,
        )
    return spot.text.strip()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise Trouble(
            format_lazy(_("{} can't be read: {}"), path, fault.strerror or ""), code=MISUSED
        ) from None
