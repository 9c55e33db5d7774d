"""Standing in for who is on leave 代理: a colleague is asked, says yes or no, and acts in the roles while it runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.actors import person_key
from qingfeng.kernel.people.models import standing
from qingfeng.kernel.people.role import PRIVILEGED
from qingfeng.kernel.people.roles import Delegation, RoleHolding
from qingfeng.kernel.vocabulary import Do, Person
from qingfeng.mechanisms.restraint.leave import rules
from qingfeng.mechanisms.restraint.leave.inputs import wrong
from qingfeng.mechanisms.restraint.leave.registers import HalfDay

if TYPE_CHECKING:
    from qingfeng.mechanisms.restraint.leave.models import Leave

THERE = _("Whoever stands in is someone else, and there on these days.")


def ask(leave: Leave, do: Do, named: Person | None, wanted: Mapping[rules.Half, bool]) -> None:
    """Ask a colleague to stand in; until they accept, nobody does."""
    if named is None:
        return
    if named.pk == leave.person_id or _is_away(named, wanted.keys()):
        wrong("stand_in", THERE, remedy=_("Name another colleague, or nobody."))
    leave.asked_to_stand_in = named


def ask_another(leave: Leave, do: Do, named: Person) -> None:
    """Ask another colleague instead, as long as nobody has accepted."""
    if leave.stand_in_id is not None:
        do.refuse(
            _("Somebody has accepted to stand in already."),
            remedy=_("Arrange any change with them; it is theirs to the end of this leave."),
        )
    ask(leave, do, named, dict.fromkeys(_halves(leave), True))


def answer(leave: Leave, do: Do, agrees: bool, begun_or_approved: bool) -> None:
    """Take the answer of who was asked: they stand in from then on, or the person is told to ask another."""
    asked = leave.asked_to_stand_in
    assert asked is not None
    if agrees and _is_away(asked, _halves(leave)):
        do.refuse(
            _("You are on leave on some of these days yourself."), remedy=_("Decline, with the reason.")
        )
    leave.asked_to_stand_in = None
    words = _("{} stands in for you in leave {}.")
    if agrees:
        leave.stand_in = asked
        if begun_or_approved:
            delegate(leave, do)
    else:
        words = _("{} can't stand in for you in leave {}. Ask another colleague, or leave it at nobody.")
    do.notify(person_key(leave.person_id), words, asked, leave.number)


def delegate(leave: Leave, do: Do) -> None:
    """Have the stand-in act in the person's roles while the leave runs, but for those that need a second factor."""
    if leave.stand_in is None:
        return
    held = RoleHolding.objects.filter(standing(do.today), person=leave.person).exclude(role__in=PRIVILEGED)
    for holding in held.order_by("id"):
        do.record(
            Delegation(
                holding=holding,
                delegate=leave.stand_in,
                valid_from=max(leave.first_day, do.today),
                valid_to=leave.last_day,
            )
        )


def end(leave: Leave, do: Do, last_day: date) -> None:
    """Let the stand-in act to the end of another day than was said."""
    if leave.stand_in_id is None:
        return
    made = Delegation.objects.filter(
        holding__person=leave.person,
        delegate_id=leave.stand_in_id,
        valid_from__gte=leave.first_day,
        valid_to=leave.loaded("last_day"),  # what was withdrawn meanwhile stays so
    )
    for row in made.order_by("id"):
        row.valid_to = last_day
        do.record(row)


def _is_away(person: Person, halves: Collection[rules.Half]) -> bool:
    days = [day for day, _half in halves]
    away = HalfDay.objects.filter(person=person, released=False, day__range=(min(days), max(days)))
    return not set(halves).isdisjoint(away.values_list("day", "half"))


def _halves(leave: Leave) -> list[rules.Half]:
    return list(rules.halves(leave.first, leave.last))
