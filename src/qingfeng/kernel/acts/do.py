"""What an act's method has in hand: the time, the actor, the policy in force, and what it may leave behind.

Nothing here writes at once, but for the steps and the matters it opens: the engine carries the
effects out in its own order, or none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from django.conf import settings
from django.db import IntegrityError, models
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext

from qingfeng.kernel.acts.links import ORIGIN, Event, LinkKind, checked
from qingfeng.kernel.acts.steps import Approval
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.comparison import rooted
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.schema import Restatement, record_line
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, clocks_of
from qingfeng.kernel.papers import issuing
from qingfeng.kernel.papers.models import Paper, PaperApproval
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Person, Unit
from qingfeng.kernel.reading.compiled import insert_named, save
from qingfeng.kernel.record import books, facts
from qingfeng.kernel.record.batches.models import BatchRow, batched
from qingfeng.kernel.record.registers import Salted
from qingfeng.kernel.refusals import Barred, Ground, Misdeclared
from qingfeng.kernel.regime.parameters import Parameter
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.sealing.models import SealedValue, box
from qingfeng.kernel.text.words import Words, in_house
from qingfeng.kernel.time.clocks import Clock, Clockwork, in_force, unreckonable
from qingfeng.kernel.time.limits import told
from qingfeng.kernel.time.periods import day_of

if TYPE_CHECKING:
    from qingfeng.kernel.acts.declaration import Act
    from qingfeng.kernel.acts.engine import StoredAct


Opener: TypeAlias = "Callable[[str, Actor, Mapping[str, Any], datetime, Matter], StoredAct]"
"""How the engine opens a matter under a contract: for whom, with what, when, and out of which matter."""


IN_A_ROLE = _("Sign in, and choose a role in a unit at the top of the page.")


@dataclass
class Effects:
    """What an act leaves, gathered while its method runs."""

    facts: list[facts.Fact] = field(default_factory=list)
    movements: list[books.Movement] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    records: list[models.Model] = field(default_factory=list)
    gathered: list[Sequence[models.Model]] = field(default_factory=list)
    restated: list[Restatement] = field(default_factory=list)
    sealed: list[SealedValue] = field(default_factory=list)
    links: list[tuple[Matter, Matter, str]] = field(default_factory=list)
    rows: list[BatchRow] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    approvals: list[PaperApproval] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)


class Do:
    """The hands of one act 办理上下文."""

    def __init__(
        self,
        act: Act,
        actor: Actor,
        matter: Matter,
        now: datetime,
        policy: Policy,
        clocks: Clockwork,
        open_under: Opener,
    ) -> None:
        self.act = act
        self.actor = actor
        self.matter = matter
        self.now = now
        self.policy = policy
        self.clocks = clocks
        self._open_under = open_under
        self.counted_from: dict[str, datetime] = {}
        self.effects = Effects()

    @property
    def today(self) -> date:
        """The calendar day of the act."""
        return day_of(self.now)

    @cached_property
    def unit(self) -> Unit:
        """The unit that whoever acts serves in. Raises ``Barred`` where there is none."""
        if self.actor.unit_id is None:
            self.refuse(_("This is done for a unit, and you act for none."), remedy=IN_A_ROLE)
        return Unit.objects.get(pk=self.actor.unit_id)

    @cached_property
    def person(self) -> Person:
        """The person who acts. Raises ``Barred`` where none does, such as the system."""
        if self.actor.person_id is None:
            self.refuse(_("This is done by a person, and none acts."), remedy=IN_A_ROLE)
        return Person.objects.get(pk=self.actor.person_id)

    @cached_property
    def steps(self) -> Approval:
        """The matter's approval steps."""
        return Approval(self.matter)

    def value(self, parameter: Parameter) -> Any:
        """A parameter's value. Raises ``Barred`` where the regime has none yet."""
        return self.policy.value(parameter)

    def clause(self, parameter: Parameter) -> str:
        """The clause a parameter's value rests on."""
        return self.policy.valued(parameter).source.said

    def balance(self, kind: books.BookKind, owner: models.Model, period: str) -> books.Book:
        """A book as it stands, to tell of it beforehand; only reserving holds a cap."""
        return books.seen(self.matter.jurisdiction_id, kind, plain(owner), period)

    def leave(
        self,
        kind: facts.FactKind,
        subject: models.Model | None,
        quantity: int = 1,
        held_on: date | None = None,
    ) -> None:
        """Leave a fact about a unit or person; ``quantity`` is a whole number in the kind's unit and scale."""
        self.effects.facts.append(facts.leave(kind, subject, quantity, held_on or self.today))

    def standing_facts(self, kind: facts.FactKind, subject: models.Model | None) -> list[facts.Fact]:
        """The facts of a kind that this matter left about somebody, but for those taken back."""
        return facts.standing_of(self.matter.pk, kind, subject)

    def take_back(self, fact: facts.Fact) -> None:
        """Reverse a fact left before 冲销; it may be taken back once."""
        self.effects.facts.append(facts.reversing(fact))

    def count_from(self, clock: Clock, since: datetime) -> None:
        """Have a clock that this act starts counted from the time a thing happens, not from now 起算点."""
        self.counted_from[clock.name] = since

    def stand_still(self) -> None:
        """Let the limits stand still that wait for an act the system refuses now 停计."""
        self.clocks.stand_still(
            {
                clock.name
                for act in acts_of(type(self.matter)).values()
                if act.owed and self.matter.state in {state.code for state in act.sources}
                if unreckonable(act.starts, self.policy, self.now)
                for clock in act.stops
            }
        )

    def reckon(self, by_regime: bool = False) -> None:
        """Reckon the limits anew by the calendar as it is known now, and tell those it is about what ends otherwise.

        :param by_regime: with the lengths the regime in force has, not with those they began with
        """
        stood = Entry.objects.filter(matter=self.matter.pk, act="stand_still").order_by("-seq").first()
        declared = clocks_of(type(self.matter))
        holders = [one for one in self.matter.reads.holders(self.matter) if "@j" not in one]
        limits = in_force(declared.values(), self.policy) if by_regime else {}
        for row in self.clocks.reckon(stood.at if stood else None, limits):
            words = _("{}: the time limit “{}” ends on {} now.")
            self.notify(holders, words, self.matter, declared[row.name].label, told(row.due_at))

    def credit(self, kind: books.BookKind, owner: models.Model, period: str, amount: int) -> None:
        """Add to a balance."""
        self._move(kind, owner, period, books.BookEntry.Operation.CREDIT, amount)

    def allot(
        self, kind: books.BookKind, owner: models.Model, period: str, amount: int, clause: str = ""
    ) -> None:
        """Bring a balance to an amount 核定; refused with the clause when more is reserved or spent already."""
        self._move(kind, owner, period, books.ALLOT, amount, clause=clause)

    def reserve(
        self,
        kind: books.BookKind,
        owner: models.Model | str,
        period: str,
        amount: int,
        cap: int | None = None,
        clause: str = "",
    ) -> None:
        """Reserve from a balance, or under a cap; refused with the clause when it is not there.

        ``owner``: a record; or, for what is no record, such as a letter from outside, a name of at most 40 characters.
        """
        self._move(kind, owner, period, books.BookEntry.Operation.RESERVE, amount, cap, clause)

    def reserve_more(
        self, kind: books.BookKind, amount: int, cap: int | None = None, clause: str = ""
    ) -> None:
        """Reserve more in the book this matter reserved in 追加, under the same conditions."""
        self._settle(kind, books.BookEntry.Operation.RESERVE, amount, cap=cap, clause=clause)

    def commit(self, kind: books.BookKind, amount: int, period: str = "") -> None:
        """Spend of what this matter reserved, in the book it reserved it in; ``period`` names one of several."""
        self._settle(kind, books.BookEntry.Operation.COMMIT, amount, period)

    def release(
        self, kind: books.BookKind, amount: int, period: str = "", owner: models.Model | None = None
    ) -> None:
        """Give back of what this matter reserved, to its book; ``period`` or ``owner`` names one of several."""
        self._settle(kind, books.BookEntry.Operation.RELEASE, amount, period, owner=owner)

    def record(self, row: models.Model) -> None:
        """Write a register row, or another that the ledger speaks of, such as an account; its digest goes into the entry.

        ``Barred`` is raised, in the words of its class, where the database holds it taken.
        """
        if isinstance(row, Salted):
            row.resalt()
        with _unless_taken([row]):
            save(row, getattr(row, "outside", frozenset()))
        self.effects.records.append(row)

    def record_all(self, rows: Sequence[models.Model]) -> None:
        """Write new rows of one class at once, all or none, when the matter has its row: they may name it.

        ``Barred`` is raised then, in the words of the class, where the database holds one of them taken.
        """
        self.effects.gathered.append(rows)

    def keep_records(self) -> None:
        """Store the rows gathered; the engine does so once the matter has its row.

        A body that has to name rows it gathered may have them stored before.
        """
        gathered, self.effects.gathered = self.effects.gathered, []
        for rows in gathered:
            for row in rows:
                if isinstance(row, Salted):
                    row.resalt()
            with _unless_taken(rows):
                insert_named(rows)
            self.effects.records += rows

    def seal(self, name: str, text: str, subject: models.Model, retention: str) -> None:
        """Seal a personal value under its subject's own key."""
        self.effects.sealed.append(box(name, text, plain(subject), self.matter.code, retention))

    def notify(self, holders: str | Iterable[str], text: Words, *filled: object) -> None:
        """Tell a holder, or several, something in the house's language: in their inbox, and by mail where they have one."""
        said = {"subject": str(self.matter), "text": in_house(text, *filled), **outside(self.matter)}
        for holder in [holders] if isinstance(holders, str) else sorted(holders):
            self._send(Message.Channel.NOTICE, holder, said)

    def emit(self, event: Event, **carried: Any) -> None:
        """Say that something happened; listeners hear it from the worker, once this act is stored."""
        payload = plain(checked(event, carried))
        self._send(Message.Channel.EVENT, "", {"event": event.name, "matter": self.matter.pk, **payload})

    def open(self, contract: str, values: Mapping[str, Any], kind: LinkKind = ORIGIN) -> StoredAct:
        """Open another mechanism's matter under its contract, in this transaction, linked to this one."""
        done = self._open_under(contract, self.actor, values, self.now, self.matter)
        self.link(done.matter, kind)
        return done

    def link(self, target: Matter, kind: LinkKind) -> None:
        """Leave a typed link from this matter to another."""
        self.effects.links.append((self.matter, target, kind.code))

    def batch(self, rows: Sequence[Mapping[str, Any]]) -> str:
        """Commit to n rows by one Merkle root 批次; returns the root (hex)."""
        if self.effects.rows:
            raise Misdeclared("one batch to an entry")
        self.effects.rows, root = batched(rows)
        self.note("batch", {"root": root, "size": len(rows)})
        return root

    def restate(self, rows: Sequence[tuple[str, str, str, str]]) -> None:
        """Say anew how rows stand 重述, each as class, key, field list and digest, by one Merkle root."""
        self.effects.restated = [
            Restatement(position=position, of=of, row=row, schema=schema, digest=digest)
            for position, (of, row, schema, digest) in enumerate(rows)
        ]
        root, size = rooted(self.effects.restated)
        self.note("restated", {"root": root, "size": size})

    def paper(
        self, code: str, series_unit: Unit, title: str, context: Mapping[str, Any], **more: Any
    ) -> Paper:
        """Draw up a paper of this matter in a unit's name 拟文; see ``papers.issuing.drawn_up``."""
        drawn = issuing.drawn_up(self.matter, self.actor, self.now, code, series_unit, title, context, **more)
        self.effects.papers.append(drawn)
        return drawn

    def approve_paper(self, paper: Paper) -> None:
        """Approve a paper that an earlier act of this matter drew up 签发; refused to its author."""
        self.effects.approvals.append(issuing.approved(paper, self.matter, self.actor))

    def note(self, name: str, value: Any) -> None:
        """Put a further plain value into the entry, such as a draw's frame and seed."""
        self.effects.notes[name] = plain(value)

    def refuse(
        self, reason: Words, clause: str = "", remedy: Words = "", grounds: Sequence[Ground] = ()
    ) -> NoReturn:
        """Refuse the act: nothing of it is stored. ``grounds``: all that stands in the way, each with its clause."""
        raise Barred(reason, clause, remedy, grounds)

    def digests(self) -> list[list[Any]]:
        """The rows written, as the entry names them."""
        return [record_line(row) for row in self.effects.records]

    def _move(
        self,
        kind: books.BookKind,
        owner: models.Model | str,
        period: str,
        operation: str,
        amount: int,
        cap: int | None = None,
        clause: str = "",
    ) -> None:
        self.effects.movements.append(
            books.Movement(kind, plain(owner), period, operation, amount, cap, clause)
        )

    def _settle(
        self,
        kind: books.BookKind,
        operation: str,
        amount: int,
        period: str = "",
        cap: int | None = None,
        clause: str = "",
        owner: models.Model | None = None,
    ) -> None:
        book = books.reserved_in(kind, self.matter, period, plain(owner) if owner is not None else "")
        self.effects.movements.append(
            books.Movement(kind, book.owner, book.period, operation, amount, cap, clause)
        )

    def _send(self, channel: str, holder: str, payload: dict[str, Any]) -> None:
        self.effects.messages.append(
            Message(channel=channel, holder=holder, payload=payload, next_try_at=self.now)
        )


def notice_of(acts: Sequence[Act], matter: Matter) -> dict[str, str]:
    """The words that tell a holder which acts now wait on them, in the house's language: not the one who acts reads them."""
    with override(settings.LANGUAGE_CODE):
        named = pgettext("between acts", "”, “").join(str(act.label) for act in acts)
        return {
            "subject": str(matter),
            "text": say("“%(act)s” waits on you: %(matter)s") % {"act": named, "matter": matter},
            **outside(matter),
        }


def outside(matter: Matter) -> dict[str, str]:
    """What alone a letter may say of a matter that is discreet: its number."""
    return {"outside": matter.number} if matter.discreet else {}


@contextmanager
def _unless_taken(rows: Sequence[models.Model]) -> Iterator[None]:
    """Bar, in the words of the class of some rows, what the database holds taken."""
    try:
        yield
    except IntegrityError:
        taken = getattr(rows[0], "taken", None)
        if taken is None:
            raise
        raise Barred(*taken) from None
