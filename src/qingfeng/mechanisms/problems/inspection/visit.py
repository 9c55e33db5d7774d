"""One unit's part in a round: the visits to it, what was found, its conclusion and its say."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.actors import person_key
from qingfeng.kernel.people.models import standing
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import in_house
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Attachment,
    Burden,
    BurdenKind,
    Choice,
    Did,
    Do,
    Files,
    Holds,
    Input,
    Line,
    ListRows,
    Matter,
    Office,
    OneOfRows,
    Person,
    Prose,
    Reason,
    Role,
    RowColumn,
    RowState,
    Scrutiny,
    System,
    Unit,
    act,
)
from qingfeng.mechanisms.problems.inspection.declarations import (
    BURDEN,
    CONCLUDED,
    DRINKING,
    DRINKING_LABEL,
    DROPPED,
    FED_BACK,
    FINDING_LINK,
    FOUND,
    INSPECTED,
    OBJECTED,
    OBJECTING,
    PROBLEM,
    REVIEW_OVERDUE,
    REVIEWING,
    SCHEDULED,
    UNIT_INSPECTED,
    VISIT,
    VISITED,
)
from qingfeng.mechanisms.problems.inspection.guards import BelongsTo, OnTeam
from qingfeng.mechanisms.problems.inspection.pages import FINDINGS, KIND, TOPIC, kind_of, without_sealed
from qingfeng.mechanisms.problems.inspection.policy import A_YEAR, LUNCH_ALCOHOL, Manner
from qingfeng.mechanisms.problems.inspection.round import UNDER_WAY, Inspection
from qingfeng.mechanisms.problems.inspection.statistics import LOOKED_AT, STATISTICS
from qingfeng.organization.topics import OFTEN, PROBLEM_KINDS, TOPICS

OFFICE = Office(Role.SUPERVISION_OFFICE)
TEAM = OnTeam("round", "unit")
HEAD = Holds(Role.UNIT_HEAD, of="told")
CLERK = Holds(Role.UNIT_CLERK, of="told")
LEADER = Holds(Role.LEADER, of="told")
OUTSIDERS = OFFICE & ~BelongsTo("unit")

SET_ASIDE = RowState("set_aside", _("set aside"), lambda finding: not finding["stands"])
STANDS = RowState("stands", _("stands"), lambda finding: bool(finding["stands"]))
MASKED = _("Photos; staff unrecognizable, no citizens, nothing taken in secret")


class LookResult(models.TextChoices):
    """What one of the five looks showed 五看."""

    OK = "ok", _("in order")
    NOT = "not", _("not in order")
    UNSEEN = "unseen", _("not seen")


class FiveLooks(Input):
    """The five looks 五看, each with its words."""

    problem_list: Annotated[LookResult, _("Problem list")]
    problem_list_words: Annotated[str, Line(200), _("Problem list: what was seen")] = ""
    ledger: Annotated[LookResult, _("Rectification ledger")]
    ledger_words: Annotated[str, Line(200), _("Rectification ledger: what was seen")] = ""
    limits: Annotated[LookResult, _("Time limits kept")]
    limits_words: Annotated[str, Line(200), _("Time limits kept: what was seen")] = ""
    follow_up: Annotated[LookResult, _("Follow-up mechanism")]
    follow_up_words: Annotated[str, Line(200), _("Follow-up mechanism: what was seen")] = ""
    peoples_view: Annotated[LookResult, _("The people's view")]
    peoples_view_words: Annotated[str, Line(200), _("The people's view: what was heard")] = ""


class SpotQuestion(Input):
    """A question put to staff on the spot; nobody is named."""

    question: Annotated[str, Line(200), _("Question")]
    right: Annotated[bool, _("Answered right")] = False


class Finding(Input):
    """A problem as it was found."""

    title: Annotated[str, Line(100)]
    kind: Annotated[str, Choice(PROBLEM_KINDS), _("Kind of problem")]
    problem_topic: Annotated[str, Choice(TOPICS), _("Topic of the problem; none: that of the round")] = ""
    found: Annotated[str, Prose(2000), _("What was found")]


class Drinker(Input):
    """Somebody of the unit who drank at lunch on a working day, by name: a team isn't offered other units' people."""

    name: Annotated[str, Line(40), _("Full name")]


class OverturnedFinding(Input):
    """A finding that an objection does away with."""

    number: Annotated[int, OneOfRows("findings", (STANDS,)), _("No. of the finding")]


class Visit(Matter):
    """A unit's part in a round: what was seen and found there, the conclusion, and the unit's say (督查结论及复核)."""

    code = "inspection_visits"
    series = "督查结论"
    reads: ClassVar = OFFICE | TEAM | HEAD | CLERK | LEADER
    becomes: ClassVar = {"unit": FOLLOWS, "told": FOLLOWS}
    filters = ("unit", "topic", "manner")
    statistics = STATISTICS
    looks = Scrutiny(TOPICS, OFTEN, unit="unit", on="visited_on")
    asks = Burden(
        BurdenKind.INSPECTION,
        on="round__first_day",
        told="told",
        by=("inspections.ask", "inspection_plans.file"),
        unless=(DROPPED,),
    )
    pages = (FINDINGS,)
    findings_told = ListRows(
        "findings",
        label=_("Findings"),
        columns=(
            RowColumn("title", _("Finding")),
            RowColumn("people", _("People named"), list[Person], of=lambda row: row.held.get("people", [])),
            RowColumn("kind", KIND, PROBLEM_KINDS, of=kind_of),
            RowColumn("topic", TOPIC, TOPICS),
            RowColumn("sheet", _("Problem sheet")),
        ),
        states=(SET_ASIDE, STANDS),
        drawn_on="findings",
        told=without_sealed,
    )
    said_ahead = frozenset({"find"})

    round = models.ForeignKey(
        Inspection, models.PROTECT, related_name="visits", verbose_name=_("round of inspection")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("visited unit"))
    told = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("unit that was told")
    )
    topic = models.CharField(_("topic"), max_length=60)
    manner = models.CharField(_("open or covert"), max_length=10, choices=Manner.choices)
    visited_on = models.DateField(_("last visited on"), null=True)
    times = models.PositiveSmallIntegerField(_("visits"), default=0)
    asked = models.PositiveIntegerField(_("questions on the spot"), default=0)
    right = models.PositiveIntegerField(_("answered right"), default=0)
    conclusion = models.TextField(_("conclusion"), blank=True)
    objection = models.TextField(_("objection"), blank=True)
    upheld = models.BooleanField(_("objection upheld"), default=False)
    looks_of = models.JSONField(default=dict, editable=False)
    findings = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("visit to a unit")
        verbose_name_plural = _("visits to units")

    @property
    def covert(self) -> bool:
        """Whether its unit doesn't know of it yet."""
        return self.manner == Manner.COVERT and self.told_id is None

    @property
    def discreet(self) -> bool:
        """A covert visit is, until its conclusion is fed back."""
        return super().discreet or self.covert

    @property
    def standing(self) -> list[dict[str, Any]]:
        """The findings that no objection did away with."""
        return [finding for finding in self.findings if finding["stands"]]

    @act(
        NEW,
        to=SCHEDULED,
        by=System(VISIT, _("when its round begins")),
        provides=VISIT,
        label=_("Open a visit"),
    )
    def open(self, do: Do, round: Inspection, unit: Unit) -> None:
        """Open a unit's part in a round that begins; it goes on the unit's account for the year."""
        self.round, self.unit = round, unit
        self.title, self.topic, self.manner = f"{round.title} · {unit}"[:200], round.topic, round.manner
        year = str(round.first_day.year)
        do.reserve(BURDEN, unit, year, 1, do.value(A_YEAR), do.clause(A_YEAR))

    @act((SCHEDULED, VISITED), to=VISITED, by=TEAM, owed=True, label=_("Record a visit"))
    def see(
        self,
        do: Do,
        on: Annotated[date, _("Day of the visit")],
        seen: Annotated[str, Prose(2000), _("What was seen")],
        photos: Annotated[list[Attachment], Files(9), MASKED] = [],  # noqa: B006
    ) -> None:
        """Record a visit: the day, and what was seen with open eyes. No hidden recording, no trap for anybody."""
        if self.round.state != UNDER_WAY.code:
            do.refuse(_("This round is over: its circular is drawn up."), remedy=_("Leave the unit out."))
        if on > do.today or on < self.round.first_day:
            raise Invalid({"on": [_("A visit lies between the first day of the round and today.")]})
        if self.state == SCHEDULED.code:
            do.commit(BURDEN, 1)
        self.visited_on, self.times = max(on, self.visited_on or on), self.times + 1
        do.leave(INSPECTED, subject=self.unit, held_on=on)
        do.emit(UNIT_INSPECTED, unit=self.unit_id, topic=self.topic, on=on)

    @act(VISITED, by=TEAM, label=_("Record the five checks"))
    def look(self, do: Do, looks: FiveLooks) -> None:
        """Record the five looks: problem list, rectification ledger, time limits, follow-up, the people's view."""
        self.looks_of = {
            name: [getattr(looks, name).value, getattr(looks, f"{name}_words")] for name, _label in LOOKED_AT
        }

    @act(VISITED, by=TEAM, label=_("Record a test on the spot"))
    def test(self, do: Do, questions: Annotated[list[SpotQuestion], _("Questions")]) -> None:
        """Record what staff were asked on the spot and how often they knew; by unit, and nobody by name."""
        if not questions:
            raise Invalid({"questions": [_("A test has at least one question.")]})
        self.asked += len(questions)
        self.right += sum(row.right for row in questions)

    @act(VISITED, by=TEAM, label=_("Record a finding"))
    def find(self, do: Do, finding: Finding) -> None:
        """Record a problem that was found; it gets a problem sheet of its own, after a covert visit with the conclusion."""
        row = {
            "title": finding.title,
            "kind": finding.kind,
            "topic": finding.problem_topic or self.topic,
            "found": finding.found,
            "sheet": "",
            "stands": True,
        }
        self.findings = [*self.findings, row if self.covert else self._with_sheet(do, row)]
        do.leave(FOUND, subject=self.unit)

    @act(VISITED, by=TEAM, label=_("Record alcohol at lunch"))
    def find_drinking(
        self,
        do: Do,
        on: Annotated[date, _("Day")],
        people: Annotated[list[Drinker], _("Who drank")],
        found: Annotated[str, Prose(2000), _("What was found")],
    ) -> None:
        """Record who drank alcohol at lunch on a working day, be it at a reception or not; there is no exception."""
        if not do.policy.levels(LUNCH_ALCOHOL) or do.value(LUNCH_ALCOHOL):
            do.refuse(
                _("The regime doesn't forbid alcohol at lunch on working days."),
                remedy=_("Record what was found as a finding, if it is one."),
            )
        if not self.round.first_day <= on <= do.today:
            raise Invalid({"on": [_("It lies between the first day of the round and today.")]})
        if not do.policy.workdays.is_workday(on):
            raise Invalid({"on": [_("This is no working day."), do.clause(LUNCH_ALCOHOL)]})
        if not people:
            raise Invalid({"people": [_("Name at least one person.")]})
        named = [self._of_unit(place, row.name, on) for place, row in enumerate(people)]
        title = in_house(DRINKING_LABEL)
        row = {"title": title, "kind": DRINKING, "topic": self.topic, "sheet": "", "stands": True}
        self.findings = [
            *self.findings,
            {**row, "day": on.isoformat(), "people": sorted(set(named)), "words": found},
        ]
        do.leave(FOUND, subject=self.unit)
        do.notify(
            {person_key(person) for person in named},
            _(
                "You are named with alcohol at lunch on {} ({}). Tell the supervision office if it was otherwise."
            ),
            on.isoformat(),
            do.clause(LUNCH_ALCOHOL),
        )

    @act(VISITED, to=FED_BACK, by=OUTSIDERS, owed=True, starts=OBJECTING, label=_("Feed the conclusion back"))
    def feed_back(self, do: Do, conclusion: Annotated[str, Prose(4000)]) -> None:
        """Tell the unit the conclusion; from now on it reads its sheet, and may object in time."""
        self.conclusion, self.told = conclusion, self.unit
        # Opened before, a sheet could be assigned before the unit is told, and would name who went there unknown.
        self.findings = [
            self._with_sheet(do, finding) if "found" in finding else finding for finding in self.findings
        ]

    @act(FED_BACK, to=CONCLUDED, by=HEAD, owed=True, stops=OBJECTING, label=_("Accept the conclusion"))
    def accept(self, do: Do) -> None:
        """Accept the conclusion."""

    @act(FED_BACK, to=OBJECTED, by=HEAD, stops=OBJECTING, starts=REVIEWING, label=_("Object"))
    def object(self, do: Do, objection: Annotated[str, Prose(4000)]) -> None:
        """Object to the conclusion; others than those who took part will decide."""
        self.objection = objection

    @act(
        OBJECTED,
        to=CONCLUDED,
        by=OUTSIDERS & ~OnTeam("round") & ~Did("feed_back"),
        owed=True,
        stops=REVIEWING,
        label=_("Decide the objection"),
    )
    def decide(
        self,
        do: Do,
        upheld: Annotated[bool, _("The objection is upheld")],
        reasons: Annotated[str, Prose(4000), _("Reasons")],
        set_aside: Annotated[list[OverturnedFinding], _("Findings set aside")] = [],  # noqa: B006
    ) -> None:
        """Decide the objection, without anybody who took part; findings set aside count no longer."""
        numbers = {row.number for row in set_aside}
        if numbers and (not upheld or max(numbers) > len(self.findings)):
            words = _("Findings are set aside where an objection is upheld, by their numbers on this sheet.")
            raise Invalid({"set_aside": [words]})
        self.upheld = upheld
        self.findings = [
            {**finding, "stands": finding["stands"] and place not in numbers}
            for place, finding in enumerate(self.findings, start=1)
        ]
        # Each finding left one fact, in the order of the findings.
        left = Fact.objects.filter(entry__matter=self, name__in=FOUND.names, reverses=None).order_by("id")
        for place, fact in enumerate(left if numbers else (), start=1):
            if place in numbers:
                do.take_back(fact)

    @act(FED_BACK, to=CONCLUDED, by=System("clock"), expires=OBJECTING, label=_("Note that nobody objected"))
    def lapse(self, do: Do) -> None:
        """Note that the time to object is over; the conclusion stands."""

    @act(OBJECTED, by=System("clock"), expires=REVIEWING, label=_("Mark the decision overdue"))
    def review_overdue(self, do: Do) -> None:
        """Note that the objection was not decided in time, and say so."""
        do.leave(REVIEW_OVERDUE, subject=self.round.lead)
        do.notify(OFFICE.holders(self), _("A unit's objection is overdue: {}"), self)

    @act(SCHEDULED, to=DROPPED, by=OFFICE, label=_("Leave the unit out"))
    def drop(self, do: Do, why: Reason) -> None:
        """Leave the unit out of the round; it has room again on its account."""
        do.release(BURDEN, 1)

    def _with_sheet(self, do: Do, finding: dict[str, Any]) -> dict[str, Any]:
        """A finding with the problem sheet opened for it, which has the words from then on."""
        values = {
            "title": finding["title"],
            "kind": finding["kind"],
            "source": "inspection",
            "topic": finding["topic"],
            "description": finding["found"],
            "unit": self.unit_id,
        }
        sheet = do.open(PROBLEM, values, FINDING_LINK).matter
        told = {name: said for name, said in finding.items() if name != "found"}
        return {**told, "sheet": sheet.number}

    def _of_unit(self, place: int, name: str, on: date) -> int:
        """The id of the one person of the unit who bears a name. Raises ``Invalid`` where there is none, or several."""
        served = RoleHolding.objects.filter(standing(on), unit=self.unit, person__name=name)
        found = set(served.values_list("person_id", flat=True))
        if len(found) != 1:
            words = (
                _("Nobody of this name serves in the unit.")
                if not found
                else _("Several people of this name serve in the unit; ask the office.")
            )
            raise Invalid({f"people.{place}.name": [words]})
        return found.pop()
