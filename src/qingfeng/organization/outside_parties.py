"""Parties outside the staff 外部主体名册: entered, mended and ended by a list of the unit that keeps them; two people do it.

What is proposed lies sealed under a key of the list's own, which is destroyed once the list is settled: what was
entered stands in the register then, and what was not stands nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.acts.steps import waiting_on
from qingfeng.kernel.guards.base import NOTHING, Decision, Guard, Question
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.people.actors import Actor, person_key, unit_key
from qingfeng.kernel.people.outside import CALLED_ON, parties_told_apart
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.sealing.models import keystore
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Did,
    Do,
    Event,
    Input,
    Line,
    Matter,
    OneOfKind,
    OutsideKind,
    OutsideParty,
    Page,
    Reason,
    Role,
    Sealed,
    State,
    Unit,
    act,
    listen,
)
from qingfeng.organization.name_lists import MOST_ROWS, named, opened_rows, proposed


@dataclass(frozen=True)
class Keeping(Guard):
    """Whoever holds one of some roles in the unit that keeps the parties 登记单位的任职者."""

    roles: tuple[Role, ...]

    def decide(self, question: Question) -> Decision:
        actor, matter = question.actor, question.matter
        unit_id = matter.unit_id if matter is not None else actor.unit_id  # type: ignore[attr-defined]
        if actor.role in self.roles and unit_id in actor.units:
            return Decision(True)
        return Decision(
            False, _("This is for the unit that keeps these parties."), remedy=_("Ask that unit.")
        )

    def condition(self, actor: Actor) -> Q:
        return Q(unit__in=actor.units) if actor.role in self.roles and actor.units else NOTHING

    def sentence(self) -> Words:
        words: Words = self.roles[0].label
        for role in self.roles[1:]:
            words = format_lazy(_("{} or {}"), words, role.label)
        return format_lazy(_("the {} of the unit that keeps them"), words)

    def holders(self, matter: Matter) -> frozenset[str]:
        unit_id: int = matter.unit_id  # type: ignore[attr-defined]
        return frozenset(unit_key(role, unit_id) for role in self.roles)


KEEPERS = Keeping((Role.UNIT_CLERK, Role.SUPERVISION_OFFICE))
"""Who enters, mends and ends the parties a unit keeps: its clerk; in the supervision office, whoever serves in it."""
READERS = Keeping((*KEEPERS.roles, Role.UNIT_HEAD))

SETTLED = Event("outside_parties.settled", _("List of parties settled"), ())

PROPOSED = State("proposed", pgettext_lazy("to be confirmed", "proposed"))
ENTERED = State("entered", pgettext_lazy("register", "entered"), final=True)
REFUSED = State("refused", _("not confirmed"), final=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True, void=True)

Faults = dict[str, list[Words]]


class OutsideRow(Input):
    """A party as a list gives it: a new one, or one that is there already, as it is to stand from now on."""

    kind: Annotated[OutsideKind, pgettext_lazy("party", "Kind")]
    name: Annotated[str, Line(60), Sealed("outside_party"), pgettext_lazy("party", "Name")]
    since: Annotated[date, _("From")]
    contact: Annotated[str, Line(60), Sealed("outside_party"), _("Contact, where one is needed")] = ""
    until: Annotated[date | None, _("To the end of")] = None
    entry: Annotated[
        OutsideParty | None, OneOfKind(tuple(OutsideKind)), _("Entry that is changed (empty: a new one)")
    ] = None
    another: Annotated[bool, _("Another of the same name")] = False


def register_page(matter: OutsideList, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """The list as it was proposed, until it is settled; and what the unit keeps today."""
    rows = [] if matter.closed else proposed_rows(opened_rows(matter))
    entries = [row.entry for row in rows if row.entry]
    told = {one.pk: words for one, words in zip(entries, parties_told_apart(entries), strict=True)}
    return {
        "heads": _heads(),
        "proposed": [
            [
                row.kind.label,
                row.name,
                row.since,
                row.contact,
                row.until or "",
                told[row.entry.pk] if row.entry else "",
            ]
            for row in rows
        ],
        "kept": _kept(matter.unit, day_of(now)),
    }


def register_workbook(
    matter: OutsideList, actor: Actor, now: datetime
) -> list[tuple[Words, Sequence[Words], Sequence[Sequence[object]]]]:
    """What the unit keeps today, in the columns of a list: mended in a sheet, it can be handed in again."""
    return [(_("Parties outside the staff"), _heads(), _kept(matter.unit, day_of(now)))]


class OutsideList(Matter):
    """A list of parties outside the staff on its way into the register 外部主体名册."""

    code = "outside_parties"
    series = "外部主体名册"
    ground = True
    forgotten = True
    retention = "10_years"
    reads: ClassVar = READERS
    becomes: ClassVar = {"unit": FOLLOWS}
    pages: ClassVar = (
        Page(
            "register",
            _("Parties of the unit"),
            "organization/outside_parties.html",
            register_page,
            workbook=register_workbook,
        ),
    )

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit that keeps them"))
    basis = models.CharField(_("document the list rests on"), max_length=200)
    size = models.PositiveIntegerField(_("number of rows"), default=0)

    class Meta:
        verbose_name = _("list of parties outside the staff")
        verbose_name_plural = _("lists of parties outside the staff")

    @act(NEW, to=PROPOSED, by=KEEPERS, label=_("Enter parties outside the staff"))
    def propose(
        self,
        do: Do,
        basis: Annotated[str, Line(200)],
        rows: Annotated[list[OutsideRow], _("Parties outside the staff")],
    ) -> None:
        """Enter villages, households, firms, delegates, supervisors or experts your unit keeps, or mend or end entries."""
        if not 1 <= len(rows) <= MOST_ROWS:
            raise Invalid({"rows": [_("A list has 1 to 1000 rows.")]})
        self.unit, self.basis, self.size = do.unit, basis, len(rows)
        self.title = basis
        if wrong := _faults(rows, do.unit, do.today):
            raise Invalid(wrong)

    @act(PROPOSED, to=ENTERED, by=READERS & ~Did("propose"), owed=True, label=_("Confirm"))
    def confirm(self, do: Do) -> None:
        """Put the list into the register, having compared it with the papers; a second person of the unit does it."""
        rows = proposed_rows(proposed(self, do))
        if wrong := _faults(rows, self.unit, do.today):
            do.refuse(
                _("Meanwhile the register changed: the list no longer fits it."),
                remedy=format_lazy(
                    _("{} Refuse the list, and have it entered anew."), next(iter(wrong.values()))[0]
                ),
            )
        parties = [_entered(do, row, self) for row in rows]
        do.batch(
            [
                {"party": party, "kind": party.kind, "since": party.valid_from, "until": party.valid_to}
                for party in parties
            ]
        )
        do.emit(SETTLED)

    @act(PROPOSED, to=REFUSED, by=READERS & ~Did("propose"), owed=True, label=_("Refuse the list"))
    def refuse(self, do: Do, reason: Reason) -> None:
        """Refuse the list, with the reason."""
        do.emit(SETTLED)

    @act(PROPOSED, to=WITHDRAWN, by=KEEPERS, label=_("Withdraw"))
    def withdraw(self, do: Do, reason: Reason) -> None:
        """Withdraw the list, to enter it anew."""
        do.emit(SETTLED)


@listen(SETTLED.name)
def forget(event: Mapping[str, Any], now: datetime) -> None:
    """Destroy the key of a list that is settled; doing it twice does no harm."""
    keystore().destroy(f"matter:{event['matter']}", now.isoformat())


def demand_another(do: Do) -> None:
    """Refuse what somebody does who asked for it in another role of theirs: two people do it."""
    if do.actor.person_id == do.matter.opened_by_id:
        do.refuse(_("You asked for this yourself."), remedy=_("Someone else has to do it."))


def waits_on_party(party: OutsideParty) -> int:
    """In how many open matters something waits on whoever signs in for a party, or will.

    The entry is held until the transaction ends: whoever asks it something meanwhile finds it gone, or is counted.
    """
    list(OutsideParty.objects.filter(pk=party.pk).select_for_update(no_key=True))
    if party.person_id is None:
        return 0
    key = person_key(party.person_id)
    owed = Access.objects.filter(holder=key, closed=False).exclude(act="")
    waiting = Q(pk__in=owed.values("matter")) | Q(pk__in=waiting_on([key]))
    return Matter.objects.filter(waiting, closed=False).count()


def still_awaited(waiting: int) -> Words:
    """What is said where an entry can't go because something waits on it."""
    return format_lazy(_("{} open matters wait on them."), waiting)


def proposed_rows(plain: Sequence[Mapping[str, Any]]) -> list[OutsideRow]:
    """The rows again as the act took them."""
    ids = {named(row["entry"]) for row in plain if row["entry"]}
    entries = OutsideParty.objects.select_related("kept_by", "person").in_bulk(ids)
    return [
        OutsideRow(
            **{
                **row,
                "kind": OutsideKind(row["kind"]),
                "entry": entries[named(row["entry"])] if row["entry"] else None,
            }
        )
        for row in plain
    ]


def _faults(rows: Sequence[OutsideRow], unit: Unit, on: date) -> Faults:
    """What the rows can't be, beside each other and beside what the unit keeps; by places such as ``rows.3.name``."""
    kept = OutsideParty.objects.filter(_lasting(on), kept_by=unit, erased_at=None)
    known = set(kept.filter(name__in={row.name for row in rows}).values_list("kind", "name", "pk"))
    seen = Counter((row.kind, row.name) for row in rows if row.entry is None)
    entries = Counter(row.entry.pk for row in rows if row.entry)
    wrong: Faults = {}
    for place, row in enumerate(rows):
        for column, fault in _of_row(row, unit, known, seen, entries):
            wrong.setdefault(f"rows.{place}.{column}", []).append(fault)
    return wrong


def _of_row(
    row: OutsideRow,
    unit: Unit,
    known: set[tuple[str, str, int]],
    seen: Mapping[tuple[OutsideKind, str], int],
    entries: Mapping[int, int],
) -> Iterator[tuple[str, Words]]:
    if row.until is not None and row.until < row.since:
        yield "until", _("It would end before it began.")
    entry = row.entry
    if entry is None:
        twice = seen[row.kind, row.name] > 1 or any(
            known_as[:2] == (row.kind, row.name) for known_as in known
        )
        if twice and not row.another:
            yield (
                "name",
                _(
                    "There is one of this kind and name already. If it is another, say so; else name the entry."
                ),
            )
        return
    if entries[entry.pk] > 1:
        yield "entry", _("This entry stands in the list twice.")
    if entry.erased_at is not None:
        yield "entry", _("This entry was erased.")
    elif entry.kept_by_id != unit.pk:
        yield "entry", _("Another unit keeps this entry.")
    if entry.kind != row.kind:
        yield "kind", _("An entry keeps its kind; end it and enter another.")
    if row.until is not None and row.until != entry.valid_to and (waiting := waits_on_party(entry)):
        yield "until", still_awaited(waiting)


def _entered(do: Do, row: OutsideRow, matter: OutsideList) -> OutsideParty:
    """Write what a row says; the name of whoever signs in for themselves goes with it."""
    party = row.entry or OutsideParty(
        jurisdiction_id=matter.jurisdiction_id, kept_by=matter.unit, kind=row.kind.value
    )
    party.name, party.contact = row.name, row.contact
    party.valid_from, party.valid_to = row.since, row.until
    do.record(party)
    if party.person is not None and party.kind in CALLED_ON and party.person.name != row.name:
        party.person.name = row.name
        do.record(party.person)
    return party


def _lasting(on: date) -> Q:
    return Q(valid_to=None) | Q(valid_to__gte=on)


def _heads() -> list[Words]:
    """The heads of a list's columns, but for the tick that belongs to one list alone."""
    sheet = acts_of(OutsideList)["propose"].inputs.sheet
    assert sheet is not None
    return [spec.label for spec in sheet.rows if spec.name != "another"]


def _kept(unit: Unit, on: date) -> list[list[object]]:
    found = OutsideParty.objects.filter(_lasting(on), kept_by=unit, erased_at=None).select_related("kept_by")
    kept = list(found.order_by("kind", "name", "pk"))
    return [
        [OutsideKind(one.kind).label, one.name, one.valid_from, one.contact, one.valid_to or "", told]
        for one, told in zip(kept, parties_told_apart(kept), strict=True)
    ]
