"""The transfer of clues to the discipline organ 问题线索移送: sealed, acknowledged, every clue answered 有案必查."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.matters.models import Secrecy
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import (
    NEW,
    Attachment,
    Do,
    Files,
    Input,
    Is,
    Matter,
    Office,
    OneOfRows,
    Person,
    Prose,
    Reason,
    Role,
    State,
    System,
    act,
)
from qingfeng.mechanisms.problems.rectification import slips
from qingfeng.mechanisms.problems.rectification.declarations import (
    ACKNOWLEDGED,
    ACKNOWLEDGING,
    ANSWERED,
    CLUE_TRANSFER,
    DROPPED,
    HANDED_OVER,
    PREPARED,
)
from qingfeng.mechanisms.problems.rectification.pages import CLUES_PAGE
from qingfeng.mechanisms.problems.rectification.problem import Problem
from qingfeng.mechanisms.problems.rectification.registers import CLUES, OUTCOME_OWED, Clue, ClueOutcome
from qingfeng.mechanisms.problems.rectification.statistics import HANDED_OVER_BY_MONTH, TRANSFERS

OFFICE = Office(Role.SUPERVISION_OFFICE)
DISCIPLINE = Office(Role.DISCIPLINE_ORGAN)
HANDING_OVER = Is("prepared_by")
Unanswered = Annotated[Clue, OneOfRows("clues", (OUTCOME_OWED,)), _("Clue no.")]


class SheetRow(Input):
    """A problem sheet that goes with a transfer."""

    sheet: Annotated[Problem, _("Problem sheet")]  # type: ignore[valid-type]  # mypy, before Problem is analysed


class Transfer(Matter):
    """Clues handed to the discipline organ in one batch (问题线索移送).

    It has no title, and no words but sealed ones. Whoever hands it over and the discipline organ read it,
    nobody else: no unit a clue may be about learns of it, and nothing of it stands on a sheet that a unit reads.
    """

    code = "transfers"
    series = "移送"
    retention = "permanent"
    reads: ClassVar = DISCIPLINE | HANDING_OVER
    in_person = ("prepared_by",)
    statistics = TRANSFERS
    tallies = (HANDED_OVER_BY_MONTH,)
    pages = (CLUES_PAGE,)
    clues_told = CLUES

    prepared_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("who hands it over")
    )

    class Meta:
        verbose_name = _("transfer of clues")
        verbose_name_plural = _("transfers of clues")

    @act(NEW, to=PREPARED, by=OFFICE, provides=CLUE_TRANSFER, label=_("Prepare a transfer"))
    def prepare(self, do: Do, sheets: Annotated[list[SheetRow], _("Sheets that go with it")]) -> None:
        """Gather sheets whose clues are handed to the discipline organ; what no unit reads is sealed, the rest goes on."""
        if do.actor.instead_of is not None or do.actor.person_id is None:
            do.refuse(
                _("A transfer is handed over by a person in their own role."),
                remedy=_("Ask a colleague of the office to do it."),
            )
        self.secrecy, self.title, self.prepared_by_id = Secrecy.SEALED, "", do.actor.person_id
        self._demand_each_once(sheets)
        # Opened by a sheet that hands itself over, the sealing is that sheet's own act.
        if do.actor.reason != CLUE_TRANSFER:
            self._seal_what_no_unit_reads(do, sheets)
        do.record_all(
            [
                Clue(transfer=self, sheet=row.sheet, place=place, valid_from=do.today)
                for place, row in enumerate(sheets, start=1)
            ]
        )

    @act(PREPARED, to=HANDED_OVER, by=HANDING_OVER, owed=True, starts=ACKNOWLEDGING, label=_("Hand over"))
    def hand_over(
        self,
        do: Do,
        letter: Annotated[str, Prose(4000), _("What points to a breach of discipline or law")],
        evidence: Annotated[list[Attachment], Files(9), _("Evidence")] = [],  # noqa: B006
    ) -> None:
        """Hand the clues over, with the words that only those who read this transfer ever see."""

    @act(PREPARED, to=DROPPED, by=HANDING_OVER, label=_("Don't hand over"))
    def drop(self, do: Do, reason: Reason) -> None:
        """Let the transfer be, with the reason."""

    @act(HANDED_OVER, to=ACKNOWLEDGED, by=DISCIPLINE, owed=True, stops=ACKNOWLEDGING, label=_("Acknowledge"))
    def acknowledge(self, do: Do) -> None:
        """Acknowledge the clues; each of them is looked into."""
        self._tell(do, _("The clues are acknowledged."))

    @act(ACKNOWLEDGED, to=(ACKNOWLEDGED, ANSWERED), by=DISCIPLINE, owed=True, label=_("Answer a clue"))
    def answer(
        self,
        do: Do,
        clue: Unanswered,
        outcome: Annotated[ClueOutcome, _("Outcome")],
        words: Annotated[str, Prose(1000), _("What the office may know")] = "",
    ) -> State:
        """Tell those who handed it over what became of a clue; the transfer is done when every one has its answer."""
        clue.outcome = outcome.value
        do.record(clue)
        self._tell(do, _("A clue is answered."))
        return ACKNOWLEDGED if self.clues.filter(outcome="").exclude(pk=clue.pk).exists() else ANSWERED

    @act(HANDED_OVER, by=System("clock"), expires=ACKNOWLEDGING, label=_("Note that it is not acknowledged"))
    def acknowledge_overdue(self, do: Do) -> None:
        """Note that the clues were not acknowledged in time, and say so to both sides."""
        words = _("The clues are not acknowledged yet; the time for it has run out.")
        slips.tell(self, do, DISCIPLINE.holders(self) | HANDING_OVER.holders(self), words)

    def _tell(self, do: Do, words: Words) -> None:
        slips.tell(self, do, HANDING_OVER.holders(self), words)

    @staticmethod
    def _demand_each_once(sheets: list[SheetRow]) -> None:
        """Refuse none, and one that stands there twice."""
        if not sheets:
            raise Invalid({"sheets": [_("Name at least one sheet.")]})
        named = [row.sheet.pk for row in sheets]
        for place, pk in enumerate(named):
            if pk in named[:place]:
                raise Invalid({f"sheets.{place}.sheet": [_("This sheet stands here twice.")]})

    def _seal_what_no_unit_reads(self, do: Do, sheets: list[SheetRow]) -> None:
        """Hand over, by their own act, the sheets that no unit reads: it seals their words. In the order of their ids."""
        unread = [(place, row.sheet) for place, row in enumerate(sheets) if row.sheet.responsible_id is None]
        for place, sheet in unread:
            if sheet.closed:
                words = _(
                    "This sheet is closed, and no unit reads it. Take it up again first, or leave it out."
                )
                raise Invalid({f"sheets.{place}.sheet": [words]})
        # The reason tells the sheet that a transfer takes it along, so that it opens none of its own.
        along = replace(do.actor, reason=CLUE_TRANSFER)
        for pk in sorted(sheet.pk for _place, sheet in unread):
            perform(acts_of(Problem)["transfer"], along, {}, do.now, matter_id=pk)
