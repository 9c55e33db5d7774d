"""What becomes on reorganization day of what a unit holds 承继: told beforehand, and done on the day.

Each model says what becomes of it (``kernel.record.succession``); here that is counted and carried out. Role holdings end
with the unit: whoever is to act in the successor is granted that anew, by two. Books stay: what was reserved is settled
in the book it was reserved in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from typing import Any, TypeVar

from django.db import models
from django.db.models import ForeignKey, Q
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.handover import carry_over, following
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.matters.unit_holders import fates_of, lists_of, names, records, registers
from qingfeng.kernel.people.models import Succession
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.record import facts
from qingfeng.kernel.record.books import BOOKS, Book
from qingfeng.kernel.record.succession import CARRIED, ENDS, FOLLOWS, GOES_ON, STAYS, Becomes
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import Act, Do, Matter, Register, Unit
from qingfeng.organization.ties import drop_roles
from qingfeng.organization.units import FormerName

R = TypeVar("R", bound=Register)


@dataclass(frozen=True)
class HandoverItem:
    """One line of what a unit holds: what it is, how many, those told by name, and what becomes of them.

    ``heir``: with whom they go on; none where they don't. ``by``: the act by which they are seen to by hand.
    """

    what: Words
    count: int
    becomes: Becomes
    heir: Unit | None = None
    names: tuple[str, ...] = ()
    by: Act | None = None


@dataclass(frozen=True)
class Heirs:
    """The successors of a unit: the first takes what no other takes; ``taken`` says which mechanisms another takes."""

    first: Unit
    taken: Mapping[str, Unit]

    def of(self, code: str) -> Unit:
        """Who takes over the open matters of a mechanism, and what goes with them."""
        return self.taken.get(code, self.first)


def lasting(register: type[R], on: date) -> models.QuerySet[R]:
    """The rows that hold on a day or after it."""
    return register._default_manager.filter(Q(valid_to=None) | Q(valid_to__gte=on)).order_by("id")


def naming(register: type[R], fields: Iterable[str], unit: Unit, on: date) -> models.QuerySet[R]:
    """The lasting rows that name a unit in one of the fields."""
    named = Q(pk__in=())
    for name in fields:
        named |= Q(**{name: unit})
    return lasting(register, on).filter(named)


def hold(ending: Iterable[Unit], heirs: Iterable[Unit], on: date) -> None:
    """Lock units that are to end, the roles in them, and their successors, before anything of theirs is looked for.

    An act that names one, or is done in one, is either stored before and seen, or looks again and finds it ended. In
    the order in which acts lock: roles first, then units, each by id.
    """
    ended = [unit.pk for unit in ending]
    named = {*ended, *(unit.pk for unit in heirs)}
    for rows in (lasting(RoleHolding, on).filter(unit__in=ended), Unit.objects.filter(pk__in=named)):
        list(rows.order_by("id").select_for_update(no_key=True).values_list("id"))


def held(unit: Unit, heirs: Heirs, on: date, by: Matter) -> list[HandoverItem]:
    """All that a unit holds, as it stands now, with what becomes of it on a day."""
    found = [
        HandoverItem(matter._meta.verbose_name_plural or "", len(ids), FOLLOWS, heirs.of(matter.code))
        for matter, ids in following(unit, by)
    ]
    for record in records():
        for fate in dict.fromkeys(fates_of(record).values()):
            found.append(_item(record, _rows(record, fate, unit, on), fate, heirs))
    for matter in mechanisms().values():
        for name, rows in lists_of(matter).items():
            waiting = matter._default_manager.filter(closed=False).order_by("pk")
            count = sum(names(one, name, unit.pk) for one in waiting)
            label = " · ".join(map(str, (matter._meta.verbose_name_plural, *((rows.label,) if rows else ()))))
            found.append(HandoverItem(label, count, matter.becomes[name], by=_by(matter.becomes[name])))
    books = Book.objects.filter(owner=plain(unit), period__gte=str(on.year))
    kept = {"credited": 0, "reserved": 0, "committed": 0}
    for kind, count in (
        books.exclude(**kept).order_by("kind").values_list("kind").annotate(models.Count("pk"))
    ):
        fate = BOOKS[kind].becomes or STAYS
        found.append(HandoverItem(BOOKS[kind].label, count, fate, by=_by(fate)))
    left = facts.standing().filter(subject=plain(unit)).count()
    found.append(HandoverItem(_("Figures of the unit"), left, STAYS))
    return [one for one in found if one.count]


def _rows(record: type[models.Model], fate: Becomes, unit: Unit, on: date) -> models.QuerySet[Any]:
    """The rows that name a unit in a field with this fate: of what stays all there are, else those that hold on the day."""
    named = Q(pk__in=())
    for name, one in fates_of(record).items():
        if one == fate:
            for path in _paths(record, name):
                named |= Q(**{path: unit})
    if fate == STAYS or not issubclass(record, Register):
        return record._default_manager.filter(named).order_by("pk")
    return lasting(record, on).filter(named)


def _paths(record: type[models.Model], name: str) -> list[str]:
    """The ways from a row to a unit by a field: the field itself, or through the row that goes on with the unit."""
    to: Any = record._meta.get_field(name).related_model
    if to is Unit:
        return [name]
    return [f"{name}__{one}" for one, fate in fates_of(to).items() if fate == CARRIED]


def _item(
    record: type[models.Model], rows: models.QuerySet[Any], fate: Becomes, heirs: Heirs
) -> HandoverItem:
    told = (" ".join(str(_told(row, path)) for path in fate.names) for row in rows) if fate.names else ()
    heir = heirs.of(fate.goes_with) if fate in (CARRIED, GOES_ON) else None
    what = record._meta.verbose_name or ""
    return HandoverItem(what, rows.count(), fate, heir, tuple(told), _by(fate))


def _told(row: Any, path: str) -> Any:
    *through, last = path.split("__")
    row = reduce(getattr, through, row)
    return getattr(row, f"get_{last}_display", lambda: getattr(row, last))()


def _by(fate: Becomes) -> Act | None:
    code, _dot, name = fate.act.partition(".")
    return acts_of(mechanisms()[code])[name] if name else None


def end(do: Do, unit: Unit, successors: list[Unit], heirs: Heirs, on: date) -> int:
    """End a unit the day before ``on``, and do with all it holds what is declared. Returns the matters carried."""
    last = on - timedelta(days=1)
    drop_roles(do, list(lasting(RoleHolding, on).filter(unit=unit)), last)
    carried = carry_over(unit, heirs.of, do.now, do.matter)
    for one in successors:
        do.record(Succession(predecessor=unit, successor=one, valid_from=on))
    for child in lasting(Unit, on).filter(parent=unit):
        change(do, child, on, parent=heirs.first)
    for register in registers():
        if register not in (Unit, RoleHolding):
            _move(do, register, unit, heirs, on)
    # A unit above that ended before it on the same day has placed it anew.
    unit.refresh_from_db()
    unit.valid_to = last
    do.record(unit)
    return carried


def _move(do: Do, register: type[Register], unit: Unit, heirs: Heirs, on: date) -> None:
    """Carry on the rows of a register that go on with the successor, and end those that end with the unit."""
    named = {
        name: fate
        for name, fate in register.becomes.items()
        if register._meta.get_field(name).related_model is Unit
    }
    going = {name: heirs.of(fate.goes_with) for name, fate in named.items() if fate == CARRIED}
    for row in naming(register, going, unit, on):
        _carry(do, row, on, {name: to for name, to in going.items() if getattr(row, f"{name}_id") == unit.pk})
    for name, fate in named.items():
        for row in naming(register, [name], unit, on) if fate == GOES_ON else ():
            setattr(row, name, heirs.of(fate.goes_with))
            do.record(row)
    for row in naming(register, [name for name, fate in named.items() if fate == ENDS], unit, on):
        row.valid_to = on - timedelta(days=1)
        do.record(row)


def _carry(do: Do, row: Register, on: date, changed: dict[str, Any]) -> None:
    """Let a row go on with the successor, and what hangs on it with it."""
    hanging = [(name, list(lasting(one, on).filter(**{name: row}))) for one, name in _hanging_on(type(row))]
    heir = go_on(do, row, on, **changed)
    for name, rows in hanging:
        for one in rows:
            _carry(do, one, on, {name: heir})


def _hanging_on(carried: type[Register]) -> Iterator[tuple[type[Register], str]]:
    for register in registers():
        for name, fate in register.becomes.items():
            field = register._meta.get_field(name)
            if fate == CARRIED and isinstance(field, ForeignKey) and field.related_model is carried:
                yield register, name


def change(do: Do, unit: Unit, on: date, **values: Any) -> None:
    """Name or place a unit anew; what it was until the day before stands with its former names."""
    since = FormerName.objects.filter(unit=unit).aggregate(last=models.Max("valid_to"))["last"]
    first = since + timedelta(days=1) if since else unit.valid_from
    if first < on:
        do.record(
            FormerName(
                unit=unit,
                name=unit.name,
                parent=unit.parent,
                sequence=unit.sequence,
                short_name=unit.short_name,
                code_characters=unit.code_characters,
                valid_from=first,
                valid_to=on - timedelta(days=1),
            )
        )
    for name, value in values.items():
        setattr(unit, name, value)
    do.record(unit)


def go_on(do: Do, row: R, on: date, **changed: Any) -> R:
    """End a row the day before, and let another go on in its place to where it was to end."""
    values = {
        field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name != "id"
    }
    heir = type(row)(**{**values, **changed, "valid_from": max(on, row.valid_from)})
    row.valid_to = on - timedelta(days=1)
    do.record(row)
    do.record(heir)
    return heir
