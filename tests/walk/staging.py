"""The table's people as actors, and each state of a matter reached by the acts the table names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from django.apps import apps
from django.conf import settings

from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.attachments.intake import FILES
from qingfeng.kernel.attachments.models import Attachment
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger import known_heads
from qingfeng.kernel.ledger.known_heads import Head
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import find_act, matter_class
from qingfeng.kernel.papers.models import Paper, PaperTemplate
from qingfeng.kernel.people.actors import Actor, bearer, system
from qingfeng.kernel.people.models import Account, Person
from qingfeng.kernel.people.outside import OutsideParty
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.regime.models import ActivatedRegime
from qingfeng.organization.posts import Post, PostHolding
from qingfeng.regimes import shipped
from tests import cast, outside
from tests.walk.table import Table, who

HEADS = [Head(code, 9, "ab" * 32) for code in (cast.COUNTY, cast.BESIDE, cast.CITY)]
"""Heads that are not in the history, as after a restore: without one missing no gap can be declared."""


@dataclass(frozen=True)
class Staged:
    """A matter in one state, with what hangs on it."""

    matter: Matter
    entry: Entry
    attachment: Attachment
    paper: Paper
    notices: tuple[Message, ...]


class Company:
    """The actors of who.yaml, each made once, and the words of the tables resolved for them."""

    def __init__(self) -> None:
        known_heads.advance(settings.HEADS, HEADS)
        self.actors = {seat: _actor(seat) for seat in who().seats}

    def resolved(self, raw: Mapping[str, Any], seat: str) -> dict[str, Any]:
        """The input with its units, persons and files: ``own`` ones are those of the actor's jurisdiction."""
        return {name: self._one(value, seat) for name, value in raw.items()}

    def _one(self, value: Any, seat: str) -> Any:
        match value:
            case {"file": str()}:
                return [self._file(seat, **value)]
            case {"colleague": "any"}:
                return _colleague(seat)
            case {"party": str(kind)}:
                return _kept(seat, kind)
            case {"signing_in": str(kind)}:
                return _kept(seat, kind, signs_in=True)
            case [*rows]:
                return [self.resolved(row, seat) for row in rows]
        return _resolved(value, _place(seat))

    def _file(self, seat: str, file: str, text: str | None = None) -> str:
        """A file the actor handed in and has not used yet; with a text, one that can be opened."""
        of: dict[str, Any] = {"jurisdiction": cast.jurisdiction(), "account_id": self.actors[seat].account_id}
        if text is not None:
            of |= {"media_type": "text/csv", "digest": FILES.put([text.encode()], cast.NOW)}
        return str(_held(file, **of).pk)

    def prepare(self, table: Table) -> None:
        """What has to stand before: each act on the matter that the last opening act before it opened."""
        pk: int | None = None
        for step in table.before:
            act = cast.act(step.act)
            raw = self.resolved(step.raw, step.by)
            done = perform(act, self.actors[step.by], raw, cast.NOW, matter_id=None if act.opens else pk)
            pk = done.matter.pk

    def stage(self, table: Table) -> dict[str, Staged]:
        """A matter of its own in every state, each linked to the one before, with a file and a paper."""
        self.prepare(table)
        staged: dict[str, Staged] = {}
        before: Matter | None = None
        template, serials = _template(), count(1001)  # beside what acts draw up
        for scene in table.scenes.values():
            pk: int | None = None
            for step in scene.reached:
                act = find_act(matter_class(table.code), step.act)
                raw = self.resolved(step.raw, step.by)
                at = cast.NOW + timedelta(days=step.after)
                done = perform(act, self.actors[step.by], raw, at, matter_id=pk)
                pk = done.matter.pk
            matter = done.matter
            assert matter.state == scene.state, (
                f"{table.code}: the way to {scene.state} led to {matter.state}"
            )
            if before is not None:
                Link.objects.create(entry=done.entry, source=before, target=matter, kind="walk")
            told = Message.objects.filter(entry__matter=matter, channel=Message.Channel.NOTICE)
            staged[scene.state] = Staged(
                matter,
                done.entry,
                _attached(matter),
                _drawn_up(done.entry, template, next(serials)),
                tuple(told),
            )
            before = matter
        return staged


def _attached(matter: Matter) -> Attachment:
    return _held("照片.png", jurisdiction=matter.jurisdiction, matter=matter)


def _held(name: str, **of: Any) -> Attachment:
    plain = {"media_type": "image/png", "digest": "0" * 64}
    return Attachment.objects.create(name=name, size=1, received_at=cast.NOW, **plain | of)


def _template() -> PaperTemplate:
    template = PaperTemplate(
        jurisdiction=cast.jurisdiction(),
        code="walk",
        version=1,
        name="通知",
        body="通知",
        valid_from=cast.TODAY,
    )
    template.save(by_act=True)
    return template


def _drawn_up(entry: Entry, template: PaperTemplate, serial: int) -> Paper:
    return Paper.objects.create(
        matter=entry.matter,
        entry=entry,
        template=template,
        issuer=cast.unit("office"),
        year=cast.TODAY.year,
        serial=serial,
        number=f"{serial}",
        title="通知",
        issued_at=cast.NOW,
        digest="0" * 64,
        media_type="text/html",
        secrecy="internal",
    )


def _actor(seat: str) -> Actor:
    county = [cast.jurisdiction().pk]
    if seat == "system_clock_beside":
        return system("clock", [cast.jurisdiction(cast.BESIDE).pk])
    if seat.startswith("system_") and seat not in cast.PARTS:
        return system(seat.removeprefix("system_"), county)
    if seat == "outside_party":
        return outside.acting(outside.with_account(outside.party("expert", "外部专家"), "outside-party"))
    if seat == "bearer":
        return bearer("report", county)
    return cast.actor(seat)


def _colleague(seat: str) -> int:
    """Somebody else of the seat's own unit; a cadre of the county where it has none."""
    part = cast.PARTS.get(seat)
    borrowed = cast.BY_DELEGATION | cast.BY_APPOINTMENT
    for name, other in cast.PARTS.items():
        beside = part and (other.unit, other.jurisdiction) == (part.unit, part.jurisdiction)
        if part and beside and other.account != part.account and name not in borrowed:
            return cast.person(name).pk
    return cast.person("cadre").pk


def _kept(seat: str, kind: str, signs_in: bool = False) -> int:
    """A party kept by the seat's own unit; by the housing bureau of the county where it has none."""
    part = cast.PARTS.get(seat)
    keeper = cast.unit(part.unit, part.jurisdiction) if part else cast.unit("housing")
    made = OutsideParty(jurisdiction=keeper.jurisdiction, kept_by=keeper, kind=kind, name="某对象")
    made.valid_from = cast.TODAY
    if signs_in:
        made.person = Person(jurisdiction=keeper.jurisdiction, name="某对象", valid_from=cast.TODAY)
        made.person.save(by_act=True)
        Account.objects.create(username=f"signing-in-{made.person.pk}", person=made.person, password="!")
    made.save(by_act=True)
    return made.pk


def _place(seat: str) -> str:
    return cast.PARTS[seat].jurisdiction if seat in cast.PARTS else cast.COUNTY


def _resolved(value: Any, place: str) -> Any:
    match value:
        case {"unit": str(code)}:
            return cast.unit(code).pk
        case {"own_unit": str(code)}:
            return cast.unit(code, place).pk
        case {"person": str(name)}:
            return cast.person(name).pk
        case {"own": str(name)}:
            return cast.person(name if place == cast.COUNTY else f"{place}_{name}").pk
        case {"matter": str(code)}:
            found = Matter.objects.filter(mechanism=code, jurisdiction__code=place).order_by("pk").last()
            return found.pk if found else 1  # whoever has none is barred before it is looked for
        case {"first": str(label)}:
            return apps.get_model(label)._default_manager.earliest("pk").pk
        case {"post": str(title)}:
            return Post.objects.get(title=title, valid_to=None, unit__jurisdiction__code=place).pk
        case {"held": str(title)}:
            return PostHolding.objects.get(post__title=title, post__unit__jurisdiction__code=place).pk
        case {"unentered": str(name)}:
            person, unit = cast.person(name), cast.unit("finance")
            made = RoleHolding(person=person, role=Role.CADRE, unit=unit, valid_from=cast.TODAY)
            made.save(by_act=True)
            return made.pk
        case {"regime": "demonstration"}:
            return cast.demonstration()
        case {"regime": "as shipped"}:
            return shipped()["demonstration"]
        case {"in_force": "own"}:
            own = ActivatedRegime.objects.filter(jurisdiction__code=place).order_by("pk").last()
            return own.pk if own else 1  # whoever has none is barred before it is looked for
    return value
