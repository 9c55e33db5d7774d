"""The issued paper and its acts."""

from __future__ import annotations

from typing import Annotated, ClassVar

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.refusals import Ground
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Did,
    Do,
    Holds,
    Input,
    Line,
    Matter,
    Office,
    Prose,
    Reason,
    Role,
    State,
    Unit,
    Whole,
    act,
)
from qingfeng.mechanisms.restraint.meetings.declarations import (
    PAPER_EXCESS,
    PAPER_ISSUED,
    PAPER_PRINTED,
    PAPERS,
    UNCAPPED,
)
from qingfeng.mechanisms.restraint.meetings.policy import (
    ELECTRONIC_ONLY,
    ONLY_FALLS,
    PAPER_LENGTH,
    SPECIAL_LENGTH,
)
from qingfeng.mechanisms.restraint.meetings.statistics import PAPERS_ISSUED

OFFICE = Office(Role.SUPERVISION_OFFICE)
CLERK = Holds(Role.UNIT_CLERK, of="unit")
HEAD = Holds(Role.UNIT_HEAD, of="unit")

DRAFTED = State("drafted", _("drafted"))
ISSUED = State("issued", _("sent out"), final=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True, void=True)


class PaperKind(models.TextChoices):
    """What a paper is for: the national rules cap the two differently 文件类型."""

    GENERAL = "general", _("policy paper")
    SPECIAL = "special", _("paper on a single task")


class PaperDraft(Input):
    """A paper as it is submitted."""

    title: Annotated[str, Line(100)]
    sort: PaperKind
    characters: Annotated[int, Whole(1, 1_000_000)]
    important: bool = False
    copies: Annotated[int, Whole(0, 100_000)] = 0


class IssuedPaper(Matter):
    """A paper on its way out, short, rarely printed, and no more in a year than in the year before (精文减会)."""

    code = "issued_papers"
    series = "发文"
    reads: ClassVar = OFFICE | CLERK | HEAD
    becomes: ClassVar = {"unit": FOLLOWS}
    filters = ("sort", "unit")
    statistics = PAPERS_ISSUED

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="issued_papers", verbose_name=_("drafting unit")
    )
    sort = models.CharField(_("sort of paper"), max_length=10, choices=PaperKind.choices)
    characters = models.PositiveIntegerField(_("length in characters"))
    important = models.BooleanField(_("important"))
    copies = models.PositiveIntegerField(_("printed copies"))

    class Meta:
        verbose_name = _("issued paper")
        verbose_name_plural = _("issued papers")

    @act(NEW, to=DRAFTED, by=CLERK, label=_("Submit a paper for issue"))
    def draft(self, do: Do, wanted: PaperDraft) -> None:
        """Submit a paper for issue; it is checked for its length, and printed only where it is important."""
        self.title, self.sort, self.characters = wanted.title, wanted.sort, wanted.characters
        self.important, self.copies = wanted.important, wanted.copies
        self.unit = do.unit
        general, special = do.value(PAPER_LENGTH), do.value(SPECIAL_LENGTH)
        most, limit = (
            (general, PAPER_LENGTH) if wanted.sort == PaperKind.GENERAL else (special, SPECIAL_LENGTH)
        )
        grounds = []
        if wanted.characters > most:
            words = format_lazy(_("{} characters: such a paper has at most {}."), wanted.characters, most)
            grounds.append(Ground(words, do.clause(limit)))
        if wanted.copies and not wanted.important and do.value(ELECTRONIC_ONLY):
            words = _("A paper that is not important goes electronically only.")
            grounds.append(Ground(words, do.clause(ELECTRONIC_ONLY)))
        if grounds:
            do.refuse(
                _("The paper can't go out like this. Nothing was stored."),
                remedy=_("Shorten it, or send it electronically."),
                grounds=grounds,
            )

    @act(DRAFTED, to=ISSUED, by=OFFICE & ~Did("draft"), owed=True, label=_("Issue"))
    def issue(self, do: Do) -> None:
        """Issue the paper, within the number of papers the unit issued in the year before."""
        book = do.balance(PAPERS, self.unit, str(do.today.year))
        falls = do.value(ONLY_FALLS)
        if falls and book.used >= book.credited:
            do.refuse(
                format_lazy(
                    _("The unit issued {} papers last year and has {} this year: the number only falls."),
                    book.credited,
                    book.used,
                ),
                do.clause(ONLY_FALLS),
                _("Issue it with an explanation, withdraw it, or have last year's number recorded."),
            )
        do.reserve(PAPERS, self.unit, str(do.today.year), 1, cap=None if falls else UNCAPPED)
        self._leave(do)

    @act(DRAFTED, to=ISSUED, by=OFFICE & ~Did("draft"), owed=True, label=_("Issue with an explanation"))
    def issue_in_excess(self, do: Do, why: Annotated[str, Prose(1000), _("Why one more is needed")]) -> None:
        """Issue a paper beyond last year's number, and explain in writing why."""
        do.reserve(PAPERS, self.unit, str(do.today.year), 1, cap=UNCAPPED)
        do.leave(PAPER_EXCESS, subject=self.unit)
        self._leave(do)

    @act(DRAFTED, to=WITHDRAWN, by=CLERK | OFFICE, label=_("Withdraw"))
    def withdraw(self, do: Do, why: Reason) -> None:
        """Withdraw the paper: it is not issued."""

    def _leave(self, do: Do) -> None:
        do.leave(PAPER_ISSUED, subject=self.unit)
        if self.copies:
            do.leave(PAPER_PRINTED, subject=self.unit)
