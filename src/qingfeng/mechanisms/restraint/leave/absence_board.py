"""Who is away 去向: what colleagues may know of leave, and no more: that someone is away, and who stands in.

Never the kind, the reason, the place, the length or who approved (个人信息保护法 arts. 6, 28).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.absence import knows_away
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.reading.boards import Board, Row
from qingfeng.kernel.text.words import Words
from qingfeng.mechanisms.restraint.leave.declarations import GRANTED
from qingfeng.mechanisms.restraint.leave.registers import HalfDay
from qingfeng.mechanisms.restraint.leave.rules import AFTERNOON, MORNING

PARTS: dict[frozenset[int], Words] = {
    frozenset({MORNING}): _("morning"),
    frozenset({AFTERNOON}): _("afternoon"),
    frozenset({MORNING, AFTERNOON}): _("all day"),
}


def who_is_away(actor: Actor, on: date) -> Sequence[Row]:
    """Unit, person, part of the day and stand-in, by unit, in the jurisdictions the actor covers."""
    halves = (
        HalfDay.objects.filter(
            day=on,
            released=False,
            leave__state__in=GRANTED,
            leave__jurisdiction_id__in=actor.jurisdictions,
        )
        .select_related("leave__unit", "leave__stand_in", "person")
        .order_by("leave__unit__code", "leave__unit_id", "person__name", "person_id", "half")
    )
    found: dict[int, list[HalfDay]] = {}
    for half in halves:
        # More that is asked for and not approved yet is nobody's business.
        if half.when <= half.leave.last:
            found.setdefault(half.person_id, []).append(half)
    return [
        (
            str(rows[0].leave.unit),
            str(rows[0].person),
            PARTS[frozenset(row.half for row in rows)],
            str(rows[0].leave.stand_in) if rows[0].leave.stand_in else say("nobody named"),
        )
        for rows in found.values()
    ]


@knows_away
def away(persons: Collection[int], on: date) -> set[int]:
    """Which of some persons are away on a day, be it for half of it."""
    halves = HalfDay.objects.filter(
        day=on,
        released=False,
        person__in=persons,
        leave__state__in=GRANTED,
        # More that is asked for and not approved yet is nobody's business.
        leave__last_day__gte=on,
    )
    return set(halves.values_list("person_id", flat=True))


AWAY_BOARD = Board(
    "away",
    _("Who is away"),
    _("Shows who is away and who stands in, never why."),
    (_("Unit"), _("Person"), _("Part of the day"), _("Who stands in")),
    who_is_away,
)
