"""Proposal, hearing, decision, appeal 建议—陈述申辩—决定—申诉: the one pattern for all that touches a standing.

Nothing here follows from a score: a proposal is opened with its facts, the one it concerns is told
and heard, a person decides under a document number, another reviews, and an appeal never ends
worse for who appealed (公务员法 arts. 95-96; 政务处分法 art. 43; 政府督查工作条例 art. 17). A third person whom
an upheld appeal displaces gets a proposal of their own, with notice, hearing and appeal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.declaration import act
from qingfeng.kernel.acts.inputs import Line, Prose
from qingfeng.kernel.acts.links import link_kind
from qingfeng.kernel.guards import Did, Guard, Per, System
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.states import NEW, State
from qingfeng.kernel.people.models import Person
from qingfeng.kernel.regime.parameters import Span
from qingfeng.kernel.regime.policy import parameter
from qingfeng.kernel.time.clocks import Clock

if TYPE_CHECKING:
    from qingfeng.kernel.acts.do import Do

HEAR_WITHIN = parameter(
    "proposal.hear_within",
    _("Time to be heard"),
    Span(),
    _("How long the one a proposal concerns has to state their view before it may be decided."),
    stricter="larger",
)
APPEAL_WITHIN = parameter(
    "proposal.appeal_within",
    _("Time to appeal"),
    Span(),
    _("How long a decision may be appealed against."),
    stricter="larger",
)
REVIEW_WITHIN = parameter(
    "proposal.review_within",
    _("Time to review"),
    Span(),
    _("How long the review of an appeal may take."),
    stricter="smaller",
)

HEARING = Clock("hearing", _("Hearing"), HEAR_WITHIN, appoints=True)
APPEALING = Clock("appealing", _("Appeal"), APPEAL_WITHIN, appoints=True)
REVIEWING = Clock("reviewing", _("Review"), REVIEW_WITHIN)

PROPOSED = State("proposed", _("proposed"))
NOTIFIED = State("notified", _("to be heard"))
HEARD = State("heard", _("heard"))
DECIDED = State("decided", _("decided"))
APPEALED = State("appealed", _("under appeal"))
REVIEWED = State("reviewed", _("reviewed"), final=True)
FINAL = State("final", _("final"), final=True)

DISPLACED = link_kind("displaced", _("proposed in the place of another"))


class Proposal(Matter):
    """The pattern, to be filled in by a mechanism.

    A subclass names the guards ``proposers``, ``deciders``, ``reviewers`` and ``subjects`` (the one
    concerned), and ``results``: the codes a decision may have, the mildest first.
    """

    proposers: ClassVar[Guard]
    deciders: ClassVar[Guard]
    reviewers: ClassVar[Guard]
    subjects: ClassVar[Guard]
    results: ClassVar[tuple[str, ...]]

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person concerned"))
    grounds = models.TextField(_("facts and grounds"))
    clause = models.CharField(_("clause it rests on"), max_length=200)
    proposed = models.CharField(_("proposed result"), max_length=40)
    decided = models.CharField(_("result"), max_length=40, blank=True)
    document = models.CharField(_("number of the decision"), max_length=60, blank=True)

    class Meta:
        abstract = True

    def take_effect(self, do: Do) -> None:
        """What the result leaves once it is decided: facts, register rows. A mechanism says."""

    def undo(self, do: Do) -> None:
        """Take back what the result left, when an appeal is upheld. A mechanism says."""

    @act(NEW, to=PROPOSED, by=Per("proposers"), provides="{code}", label=_("Propose"))
    def propose(
        self,
        do: Do,
        person: Person,
        proposed: Annotated[str, Line(40)],
        grounds: Annotated[str, Prose(4000)],
        clause: Annotated[str, Line(200)],
    ) -> None:
        """Propose a result for a person, with the facts, the evidence and the clause."""
        self._known(do, proposed)
        self.person, self.proposed, self.grounds, self.clause = person, proposed, grounds, clause
        self.title = str(type(self)._meta.verbose_name)

    @act(PROPOSED, to=NOTIFIED, by=Per("proposers"), owed=True, starts=HEARING, label=_("Notify"))
    def notify(self, do: Do) -> None:
        """Tell the person what is proposed and why, and that they may state their view."""

    @act(NOTIFIED, to=HEARD, by=Per("subjects"), owed=True, stops=HEARING, label=_("State one's view"))
    def state_view(self, do: Do, view: Annotated[str, Prose(8000), _("View")]) -> None:
        """State one's view; it stands beside the grounds wherever they are read."""

    @act(NOTIFIED, to=HEARD, by=System("clock"), expires=HEARING, label=_("Close the hearing"))
    def close_hearing(self, do: Do) -> None:
        """Note that the time to be heard is over; nothing follows from it but that a person may decide."""

    @act(
        HEARD,
        to=DECIDED,
        by=Per("deciders") & ~Did("propose"),
        owed=True,
        starts=APPEALING,
        label=_("Decide"),
    )
    def decide(
        self,
        do: Do,
        decided: Annotated[str, Line(40)],
        document: Annotated[str, Line(60)],
        reasons: Annotated[str, Prose(4000), _("Reasons, and the meeting that decided")],
    ) -> None:
        """Decide, under the number of a document and by someone who did not propose it."""
        if self._severity(do, decided) > self._severity(do, self.proposed):
            do.refuse(
                _("This is heavier than what the person was heard on."),
                remedy=_("Open a new proposal for it, so that they can be heard."),
            )
        self.decided, self.document = decided, document
        self.take_effect(do)

    @act(DECIDED, to=APPEALED, by=Per("subjects"), stops=APPEALING, starts=REVIEWING, label=_("Appeal"))
    def appeal(self, do: Do, why: Annotated[str, Prose(8000), _("Why")]) -> None:
        """Appeal against the decision."""

    @act(
        APPEALED,
        to=REVIEWED,
        by=Per("reviewers") & ~Did("decide") & ~Did("propose"),
        owed=True,
        stops=REVIEWING,
        label=_("Decide the appeal"),
    )
    def review(
        self,
        do: Do,
        result: Annotated[str, Line(40), _("Result after review")],
        document: Annotated[str, Line(60), _("Number of the review decision")],
        reasons: Annotated[str, Prose(4000), _("Reasons")],
        displaced: Annotated[Person | None, _("Person displaced by it")] = None,
    ) -> None:
        """Decide the appeal: never worse, and never by who decided or proposed."""
        if self._severity(do, result) > self._severity(do, self.decided):
            do.refuse(
                _("An appeal never ends worse for who appealed."),
                "公务员法 art. 95",
                _("Confirm the result, or choose a milder one."),
            )
        if result != self.decided:
            self.undo(do)
            if displaced is not None:
                do.open(
                    self.code,
                    {
                        "person": displaced.pk,
                        "proposed": self.decided,
                        "grounds": reasons,
                        "clause": self.clause,
                    },
                    kind=DISPLACED,
                )
            self.decided = result
            self.take_effect(do)

    @act(DECIDED, to=FINAL, by=System("clock"), expires=APPEALING, label=_("Become final"))
    def become_final(self, do: Do) -> None:
        """Note that the time to appeal is over; the decision stands as the person made it."""

    def _known(self, do: Do, result: str) -> None:
        if result not in self.results:
            do.refuse(
                _("There is no such result here."), remedy=_("Choose one of the results of this matter.")
            )

    def _severity(self, do: Do, result: str) -> int:
        self._known(do, result)
        return self.results.index(result)
