"""The campaign of special rectification and its acts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, ClassVar

from django.db import models
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.acts import access
from qingfeng.kernel.acts.engine import provider
from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.papers.models import Paper
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.vocabulary import (
    NEW,
    STAYS,
    Choice,
    Did,
    Do,
    Input,
    Line,
    ListRows,
    Matter,
    Office,
    OneOfRows,
    Prose,
    Reason,
    Role,
    RowColumn,
    State,
    Unit,
    Whole,
    act,
)
from qingfeng.mechanisms.problems.inspection import inputs, overlaps, paper_texts, rules
from qingfeng.mechanisms.problems.inspection.declarations import (
    PROBLEM,
    ROUND,
    ROUND_LINK,
    TAKEN_IN_LINK,
    CampaignMeasure,
)
from qingfeng.mechanisms.problems.inspection.guards import demand_another
from qingfeng.mechanisms.problems.inspection.pages import FIGURES
from qingfeng.mechanisms.problems.inspection.round import ISSUED, Inspection
from qingfeng.mechanisms.problems.inspection.statistics import MEASURES
from qingfeng.organization.topics import PROBLEM_KINDS

OFFICE = Office(Role.SUPERVISION_OFFICE)
LEADERS = Office(Role.LEADER)
DISCIPLINE = Office(Role.DISCIPLINE_ORGAN)
ORGANIZATION = Office(Role.ORGANIZATION_DEPARTMENT)

PROPOSED = State("proposed", _("proposed"))
REFUSED = State("refused", _("refused"), final=True)
RUNNING = State("running", _("running"))
REPORTED = State("reported", _("report drawn up"))
CLOSED = State("closed", _("closed by its report"), final=True)


class OfficeMeasure(models.TextChoices):
    """What the office reports."""

    VISITS = CampaignMeasure.VISITS.value, CampaignMeasure.VISITS.label
    PROBLEMS = CampaignMeasure.PROBLEMS.value, CampaignMeasure.PROBLEMS.label


class DisciplineMeasure(models.TextChoices):
    """What the discipline organ reports."""

    SANCTIONS = CampaignMeasure.SANCTIONS.value, CampaignMeasure.SANCTIONS.label
    IN_CASES = CampaignMeasure.IN_CASES.value, CampaignMeasure.IN_CASES.label


class FigureReport(Input):
    """A figure as its organ reports it."""

    number: Annotated[int, Whole(0, 1_000_000), pgettext_lazy("count", "Number")]
    source: Annotated[str, Line(200), _("What it rests on")]
    on: Annotated[date, _("As of")]
    corrects: Annotated[int, OneOfRows("reported"), _("No. of the figure it corrects; 0: none")] = 0


class CampaignTarget(Input):
    """A kind of problem that a campaign aims at."""

    kind: Annotated[str, Choice(PROBLEM_KINDS), _("Kind of problem")]


class CampaignProposal(Input):
    """A campaign as it is proposed."""

    title: Annotated[str, Line(100)]
    first_day: date
    last_day: date
    kinds: Annotated[list[CampaignTarget], _("Kinds of problem it aims at")]
    aims: Annotated[str, Prose(2000)]


class CampaignSheetRow(Input):
    """A problem sheet that is taken into a campaign."""

    number: Annotated[str, Line(60), _("Number of the problem sheet")]


class Campaign(Matter):
    """A dated campaign aimed at kinds of problem, with its rounds, sheets and the figures organs report (专项整治)."""

    code = "campaigns"
    series = "专项整治"
    reads: ClassVar = OFFICE | LEADERS | DISCIPLINE | ORGANIZATION
    becomes: ClassVar = {"figures": STAYS}
    statistics = MEASURES
    pages = (FIGURES,)
    reported = ListRows(
        "figures",
        label=_("Figures as reported"),
        columns=(
            RowColumn("measure", _("Measure"), CampaignMeasure),
            RowColumn("count", pgettext_lazy("count", "Number"), int, of=lambda row: row.held["number"]),
            RowColumn("on", _("As of"), date),
            RowColumn("source", _("What it rests on")),
            RowColumn("organ", _("Organ"), Unit),
            RowColumn("corrects", _("Corrects no."), int, of=lambda row: row.held["corrects"] or None),
        ),
        name="reported",
    )

    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    aims = models.TextField(_("what it is to reach"))
    kinds = models.JSONField(default=list, editable=False)
    figures = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")

    @act(NEW, to=PROPOSED, by=OFFICE, label=_("Propose a campaign"))
    def propose(self, do: Do, proposed: CampaignProposal) -> None:
        """Propose a campaign, with its days and the kinds of problem it aims at."""
        inputs.demand_days(proposed.first_day, proposed.last_day)
        if not proposed.kinds:
            raise Invalid({"kinds": [_("A campaign aims at one kind of problem at least.")]})
        for name in ("title", "first_day", "last_day", "aims"):
            setattr(self, name, getattr(proposed, name))
        self.kinds = list(dict.fromkeys(row.kind for row in proposed.kinds))

    @act(PROPOSED, to=RUNNING, by=LEADERS, owed=True, label=_("Launch the campaign"))
    def launch(self, do: Do) -> None:
        """Launch the campaign that the office proposed."""
        demand_another(do)

    @act(PROPOSED, to=REFUSED, by=LEADERS, owed=True, label=_("Refuse the campaign"))
    def refuse(self, do: Do, why: Reason) -> None:
        """Refuse the campaign, with the reason."""

    @act(RUNNING, by=OFFICE, label=_("Open a round of the campaign"))
    def open_round(self, do: Do, wanted: inputs.InspectionRequest, go_on: inputs.GoOn = "") -> None:
        """Open a round of inspection under the campaign, held against the plans and the rounds on record."""
        asked = inputs.plain(do, wanted)
        inputs.demand_apart(do, inputs.looked([asked]), overlaps.others(self), go_on)
        do.open(ROUND, inputs.contracted(asked, do.today), ROUND_LINK)

    @act(RUNNING, by=OFFICE, label=_("Take problem sheets in"))
    def take_in(self, do: Do, sheets: Annotated[list[CampaignSheetRow], _("Problem sheets")]) -> None:
        """Take in problem sheets that came from elsewhere and belong to the campaign."""
        readable = access.readable(provider(PROBLEM).matter._default_manager.all(), do.actor)
        found = {sheet.number: sheet for sheet in readable.filter(number__in=[row.number for row in sheets])}
        known = set(self._sheets().values_list("number", flat=True))
        for place, row in enumerate(sheets):
            if row.number not in found:
                raise Invalid({f"sheets.{place}.number": [_("No problem sheet has this number.")]})
            if row.number in known:
                raise Invalid({f"sheets.{place}.number": [_("This sheet is in the campaign already.")]})
            known.add(row.number)
            do.link(found[row.number], TAKEN_IN_LINK)

    @act(RUNNING, by=OFFICE, label=_("Report visits or problems"))
    def report_work(
        self, do: Do, measure: Annotated[OfficeMeasure, _("Measure")], figure: FigureReport
    ) -> None:
        """Report how many visits were made or problems found, as of a day; a later figure may correct an earlier one."""
        self._enter(do, measure.value, figure)

    @act(RUNNING, by=DISCIPLINE, label=_("Report sanctions or cases"))
    def report_discipline(
        self, do: Do, measure: Annotated[DisciplineMeasure, _("Measure")], figure: FigureReport
    ) -> None:
        """Report how many sanctions were imposed, or how many persons are in cases, as of a day."""
        self._enter(do, measure.value, figure)

    @act(RUNNING, by=ORGANIZATION, label=_("Report persons handled"))
    def report_handled(self, do: Do, figure: FigureReport) -> None:
        """Report how many persons were handled by the organization, as of a day."""
        self._enter(do, CampaignMeasure.HANDLED.value, figure)

    @act(RUNNING, to=REPORTED, by=OFFICE, label=_("Draw up the report"))
    def draw_up(self, do: Do) -> None:
        """Draw up the one report of the campaign, once its rounds have their circulars."""
        if Inspection.objects.filter(pk__in=self._rounds(), closed=False).exists():
            do.refuse(
                _("A round of the campaign has no circular yet."), remedy=_("Finish or call off that round.")
            )
        with paper_texts.in_house():
            title = f"关于“{self.title}”情况的报告"
            do.paper(paper_texts.ready(do, paper_texts.REPORT), do.unit, title, self._told(do))

    @act(REPORTED, to=RUNNING, by=OFFICE & ~Did("draw_up"), owed=True, label=_("Send the report back"))
    def send_back(self, do: Do, why: Reason) -> None:
        """Send the report back, to be drawn up anew."""

    @act(REPORTED, to=CLOSED, by=OFFICE & ~Did("draw_up"), owed=True, label=_("Issue the report"))
    def issue(self, do: Do) -> None:
        """Issue the report, which closes the campaign; never by whoever drew it up."""
        do.approve_paper(Paper.objects.filter(matter=self.pk).latest("id"))

    def sums(self) -> dict[str, int]:
        """The sum of each measure by itself, as the organs reported."""
        return rules.sums(self._reported(), CampaignMeasure.values)

    def counted(self) -> dict[str, int]:
        """The visits and problems of the campaign as this platform counts them; no typed figure takes their place."""
        made = Inspection.objects.filter(pk__in=self._rounds()).aggregate(made=Sum("visits__times"))["made"]
        return {CampaignMeasure.VISITS: made or 0, CampaignMeasure.PROBLEMS: self._sheets().count()}

    def beside(self) -> dict[str, int]:
        """What organs reported and this platform doesn't count, or counts otherwise."""
        counted, typed = self.counted(), {row["measure"] for row in self.figures}
        return {
            measure: number
            for measure, number in self.sums().items()
            if measure not in counted or (measure in typed and number != counted[measure])
        }

    def _reported(self) -> list[rules.CampaignFigure]:
        return [rules.CampaignFigure(row["measure"], row["number"], row["corrects"]) for row in self.figures]

    def _enter(self, do: Do, measure: str, figure: FigureReport) -> None:
        if figure.on > do.today:
            raise Invalid({"on": [_("This day is still to come.")]})
        if figure.corrects:
            if self.figures[figure.corrects - 1]["measure"] != measure:
                raise Invalid({"corrects": [_("No figure of this measure has that number.")]})
            if any(row["corrects"] == figure.corrects for row in self.figures):
                raise Invalid({"corrects": [_("This figure is corrected already; correct the later one.")]})
        row = {
            "measure": measure,
            "number": figure.number,
            "source": figure.source,
            "on": figure.on.isoformat(),
            "organ": do.actor.unit_id,
            "corrects": figure.corrects,
        }
        self.figures = [*self.figures, row]

    def _rounds(self) -> QuerySet[Link, Any]:
        return Link.objects.filter(source=self.pk, kind="round").values("target")

    def _sheets(self) -> QuerySet[Matter]:
        """The sheets that its visits opened, and those taken in."""
        visits = Link.objects.filter(source__in=self._rounds(), kind="visit").values("target")
        opened = Link.objects.filter(source__in=visits, kind="finding").values("target")
        taken = Link.objects.filter(source=self.pk, kind="taken_in").values("target")
        return Matter.objects.filter(Q(pk__in=opened) | Q(pk__in=taken))

    def _told(self, do: Do) -> dict[str, Any]:
        labels = do.policy.labels(PROBLEM_KINDS)
        rounds = Inspection.objects.filter(pk__in=self._rounds(), state=ISSUED.code)
        counted, beside = self.counted(), self.beside()
        return {
            "campaign": self.title,
            "first": self.first_day,
            "last": self.last_day,
            "aims": self.aims,
            "kinds": [labels.get(kind, kind) for kind in self.kinds],
            "rounds": rounds.count(),
            "visits": counted[CampaignMeasure.VISITS],
            "sheets": counted[CampaignMeasure.PROBLEMS],
            "closed": self._sheets().filter(closed=True).count(),
            "measures": [
                {
                    "label": CampaignMeasure(measure).label,
                    "number": counted.get(measure, "—"),
                    "reported": beside.get(measure, "—"),
                    "organs": self._organs(measure),
                }
                for measure in CampaignMeasure
            ],
        }

    def _organs(self, measure: str) -> list[str]:
        ids: Iterable[int] = {row["organ"] for row in self.figures if row["measure"] == measure}
        return list(Unit.objects.filter(pk__in=ids).order_by("code").values_list("name", flat=True))
