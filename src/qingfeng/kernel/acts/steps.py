"""Steps 审批环节: approval in order, by all, any or some of the seats; several at once for lead and co-units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger.canonical import encode_plain
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.reading.compiled import compiled, int_slot
from qingfeng.kernel.refusals import Barred, Misdeclared
from qingfeng.kernel.text.words import Words

if TYPE_CHECKING:
    from qingfeng.kernel.matters.models import Matter
    from qingfeng.kernel.people.actors import Actor


@dataclass(frozen=True)
class Stage:
    """A stage as an act lays it out: holder keys, how many must agree (0: all), and whether it runs beside the last."""

    label: Words
    seats: tuple[str, ...]
    need: int = 0
    beside: bool = False


class Step(models.Model):
    """A stage of one matter 环节, in one round."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("open")
        PASSED = "passed", _("agreed")
        REFUSED = "refused", _("not agreed")
        DROPPED = "dropped", _("no longer asked")

    matter = models.ForeignKey("kernel.Matter", models.PROTECT, related_name="steps")
    round = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=80)
    need = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)

    DIGESTED: ClassVar = ("round", "order", "label", "need", "outcome")


class Seat(models.Model):
    """A seat in a step 席位: whoever answers to the holder key may take it, once."""

    step = models.ForeignKey(Step, models.PROTECT, related_name="seats")
    holder = models.CharField(max_length=64)
    agrees = models.BooleanField(null=True)
    person = models.ForeignKey("kernel.Person", models.PROTECT, null=True, related_name="+")
    recused = models.BooleanField(default=False)
    at = models.DateTimeField(null=True)

    DIGESTED: ClassVar = ("step_id", "holder", "agrees", "person_id", "recused", "at")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["holder"])]


class Approval:
    """The steps of one matter during one act: read under its lock, written by the engine, named in its entry."""

    def __init__(self, matter: Matter) -> None:
        self.matter = matter
        self.operations: list[list[Any]] = []
        self._planned: list[Stage] = []

    def route(self, *stages: Stage) -> None:
        """Lay out a new round. Raises ``Misdeclared`` for a stage nobody could pass."""
        for stage in stages:
            if not stage.seats or stage.need > len(set(stage.seats)):
                raise Misdeclared(f"{stage.label}: a stage needs seats enough to pass it")
        self._planned += stages

    def write(self) -> None:
        """Store what was laid out; the engine does so once the matter has its row."""
        if not self._planned:
            return
        last = self.matter.steps.aggregate(last=models.Max("round"))["last"] or 0
        order = 0
        for stage in self._planned:
            order += not stage.beside or order == 0
            # Sorted, since the entry names them: one stage has one sequence of bytes.
            seats = sorted(set(stage.seats))
            step = Step.objects.create(
                matter=self.matter,
                round=last + 1,
                order=order,
                # The words of that day: who looks the step up later reads what was asked then.
                label=str(stage.label),
                need=stage.need or len(seats),
            )
            Seat.objects.bulk_create(Seat(step=step, holder=holder) for holder in seats)
            self.operations.append(["stage", last + 1, order, step.need, seats])
        self._planned = []

    def decide(self, actor: Actor, agrees: bool, now: datetime) -> Step.Outcome:
        """Take the actor's seats in the steps that are open; returns how the round stands.

        :raises Barred: when no seat is theirs, or they had their say in this step
        """
        seats = [
            seat
            for seat in _open_seats(self.matter)
            if seat.holder in actor.keys and not _had_say(seat, actor)
        ]
        if not seats:
            raise Barred(
                _("The step that is open now is not yours, or you have had your say."),
                remedy=_("The matter's page shows whose turn it is."),
            )
        for step_id in dict.fromkeys(seat.step_id for seat in seats):
            first, *others = [seat for seat in seats if seat.step_id == step_id]
            # Two seats of one key are those of a unit and of one merged into it: one say for both.
            spoken = [first, *(seat for seat in others if seat.holder == first.holder)]
            step, others = first.step, [seat for seat in others if seat.holder != first.holder]
            # Where every unit must agree, nobody else might be there to speak for the second unit of a
            # portfolio: who is in charge of both speaks for both. Where some are enough, one person is one voice.
            if "@u" in first.holder and step.need == step.seats.count():
                spoken += [seat for seat in others if "@u" in seat.holder]
            for seat in spoken:
                seat.agrees, seat.person_id, seat.at = agrees, actor.person_id, now
                seat.save()
                self.operations.append(["say", step.order, seat.holder, agrees])
            self._conclude(step)
        return self.outcome()

    def follow(self, keys: Mapping[str, str]) -> None:
        """Give the seats of holders that are still to be taken to their successors, who keep their voice 承继."""
        waiting = Seat.objects.filter(
            step__matter=self.matter,
            step__outcome=Step.Outcome.OPEN,
            holder__in=keys,
            agrees=None,
            recused=False,
        )
        for seat in waiting.select_related("step").order_by("id"):
            former, seat.holder = seat.holder, keys[seat.holder]
            seat.save(update_fields=["holder"])
            self.operations.append(["follow", seat.step.order, former, seat.holder])

    def recuse(self, holder: str) -> Step.Outcome:
        """Take a seat out of the open steps 回避 (公务员法 art. 76); who steps aside is not counted."""
        for seat in _open_seats(self.matter):
            if seat.holder == holder:
                seat.recused = True
                seat.save()
                self.operations.append(["recuse", seat.step.order, holder])
                self._conclude(seat.step)
        return self.outcome()

    def pending(self) -> bool:
        """Whether somebody's say is still to come."""
        return bool(candidates(self.matter))

    def drop(self) -> None:
        """Ask nobody any more: the steps still open are closed without a say 撤回."""
        for step in latest(self.matter):
            if step.outcome == Step.Outcome.OPEN:
                step.outcome = Step.Outcome.DROPPED
                step.save(update_fields=["outcome"])
                self.operations.append(["drop", step.order])

    def said(self) -> dict[str, Any]:
        """What the entry says of this act's part in the steps, and the digest of the rows after it."""
        return {"did": self.operations, "rows": rows_digest(self.matter.pk)} if self.operations else {}

    def outcome(self) -> Step.Outcome:
        """How the latest round stands."""
        outcomes = [step.outcome for step in latest(self.matter)]
        if Step.Outcome.REFUSED in outcomes:
            return Step.Outcome.REFUSED
        return Step.Outcome.PASSED if set(outcomes) <= {Step.Outcome.PASSED} else Step.Outcome.OPEN

    def _conclude(self, step: Step) -> None:
        seats = list(step.seats.all())
        able = [seat for seat in seats if not seat.recused]
        # Who steps aside counts neither way; else recusing somebody would be a way to stop what they would pass.
        need = min(step.need, len(able))
        agreed = sum(seat.agrees is True for seat in able)
        against = sum(seat.agrees is False for seat in able)
        if not able:
            raise Barred(
                _("Nobody would be left to decide this step."), remedy=_("Name someone to stand in first.")
            )
        if agreed >= need:
            step.outcome = Step.Outcome.PASSED
        # As soon as it can pass no more: nobody is asked to speak to what is decided already.
        elif len(able) - against < need:
            step.outcome = Step.Outcome.REFUSED
        else:
            return
        step.save(update_fields=["outcome"])


def rows_digest(matter_id: int) -> str:
    """Digest (hex) of all steps and seats of a matter."""
    return digest_of_rows(compiled(_digested_steps)(matter_id), compiled(_digested_seats)(matter_id))


def _digested_steps() -> QuerySet[Step, tuple[Any, ...]]:
    return Step.objects.filter(matter_id=int_slot(0)).order_by("id").values_list(*Step.DIGESTED)


def _digested_seats() -> QuerySet[Seat, tuple[Any, ...]]:
    return Seat.objects.filter(step__matter_id=int_slot(0)).order_by("id").values_list(*Seat.DIGESTED)


def digest_of_rows(steps: list[tuple[Any, ...]], seats: list[tuple[Any, ...]]) -> str:
    """Digest (hex) of steps and seats in the order of their ids."""
    return sm3(encode_plain([plain(steps), plain(seats)])).hex()


NO_STEPS = digest_of_rows([], [])


def latest(matter: Matter) -> list[Step]:
    """The steps of a matter's latest round, in order."""
    steps = compiled(_steps)(matter.pk)
    return [step for step in steps if step.round == steps[0].round]


def _steps() -> QuerySet[Step]:
    return Step.objects.filter(matter_id=int_slot(0)).order_by("-round", "order", "id")


def _open_seats(matter: Matter) -> list[Seat]:
    steps = latest(matter)
    # One branch that refuses ends the round, also where lead and co-units are asked side by side.
    if any(step.outcome == Step.Outcome.REFUSED for step in steps):
        return []
    front = min((step.order for step in steps if step.outcome == Step.Outcome.OPEN), default=None)
    asked = {step.pk for step in steps if step.order == front and step.outcome == Step.Outcome.OPEN}
    if not asked:
        return []
    return [seat for seat in compiled(_untaken)(matter.pk) if seat.step_id in asked]


def _untaken() -> QuerySet[Seat]:
    untaken = Seat.objects.filter(step__matter_id=int_slot(0), agrees=None, recused=False)
    return untaken.select_related("step").order_by("id")


def _had_say(seat: Seat, actor: Actor) -> bool:
    """Whether someone spoke in the step already; for a unit merged meanwhile into their own they speak once more."""
    if actor.person_id is None:
        return False
    said = {holder for (holder,) in compiled(_said_in)(seat.step_id, actor.person_id)}
    return bool(said) and seat.holder not in said


def _said_in() -> QuerySet[Seat, tuple[str]]:
    return Seat.objects.filter(step_id=int_slot(0), person_id=int_slot(1)).values_list("holder")


def open_for(matter: Matter, actor: Actor) -> bool:
    """Whether a seat of the steps that are open is the actor's to take."""
    return any(seat.holder in actor.keys and not _had_say(seat, actor) for seat in _open_seats(matter))


def candidates(matter: Matter) -> frozenset[str]:
    """Holder keys of the seats that are still to be taken now."""
    return frozenset(seat.holder for seat in _open_seats(matter))


def holders_of(matter: Matter) -> frozenset[str]:
    """Holder keys of every seat there is or was in the steps of a matter."""
    if matter.pk is None:
        return frozenset()
    return frozenset(holder for (holder,) in compiled(_seated)(matter.pk))


def _seated() -> QuerySet[Seat, tuple[str]]:
    return Seat.objects.filter(step__matter_id=int_slot(0)).values_list("holder")


def seated(actor: Actor) -> QuerySet[Any, Any]:
    """Ids of the matters in whose steps an actor has or had a seat."""
    return Seat.objects.filter(holder__in=actor.keys).values("step__matter_id")


def waiting_on(holders: Iterable[str]) -> QuerySet[Any, Any]:
    """Ids of the matters in whose steps one of some holders has a seat that is still to be taken."""
    waiting = Seat.objects.filter(step__outcome=Step.Outcome.OPEN, agrees=None, recused=False)
    return waiting.filter(holder__in=holders).values("step__matter_id")


def waiting_for(actor: Actor) -> QuerySet[Any, Any]:
    """Ids of the matters for which ``open_for`` says yes."""
    of_matter = Step.objects.filter(matter_id=OuterRef("step__matter_id"))
    same_round = Q(round=OuterRef("step__round"))
    earlier = Q(outcome=Step.Outcome.OPEN, order__lt=OuterRef("step__order"))
    overtaken = of_matter.filter(
        Q(round__gt=OuterRef("step__round")) | same_round & (Q(outcome=Step.Outcome.REFUSED) | earlier)
    )
    seats = Seat.objects.filter(
        ~Exists(overtaken),
        step__outcome=Step.Outcome.OPEN,
        holder__in=actor.keys,
        agrees=None,
        recused=False,
    )
    if actor.person_id is not None:
        said = Seat.objects.filter(step_id=OuterRef("step_id"), person_id=actor.person_id)
        seats = seats.filter(~Exists(said) | Exists(said.filter(holder=OuterRef("holder"))))
    return seats.values("step__matter_id")
