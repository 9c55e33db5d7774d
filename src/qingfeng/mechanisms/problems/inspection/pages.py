"""What stands on a plan, a round, a visit and a campaign besides their fields, as tables for those who read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts import access
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.reading import reads
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.vocabulary import ListRow, Matter, Page, Parameter, Person, Unit
from qingfeng.mechanisms.problems.inspection.declarations import DRINKING, DRINKING_LABEL, CampaignMeasure
from qingfeng.mechanisms.problems.inspection.statistics import LOOKED_AT
from qingfeng.organization.topics import PROBLEM_KINDS, TOPICS

if TYPE_CHECKING:
    from qingfeng.mechanisms.problems.inspection.campaign import Campaign
    from qingfeng.mechanisms.problems.inspection.round import Inspection
    from qingfeng.mechanisms.problems.inspection.visit import Visit

Context = Mapping[str, Any]
Shown = tuple[Words, Sequence[Words], list[list[tuple[Words, Any]]]]

UNIT, TOPIC, KIND = _("Unit"), _("Topic"), _("Kind of problem")


def _table(caption: Words, heads: Sequence[Words], rows: Iterable[Sequence[Any]]) -> Shown:
    return caption, heads, [list(zip(heads, row, strict=True)) for row in rows]


def _labels(matter: Matter, parameter: Parameter) -> dict[str, Words]:
    return Policy(matter.jurisdiction_id, day_of(matter.opened_at)).labels(parameter)


def course(held: Inspection, actor: Actor, now: datetime) -> Context:
    """The team of a round, the units it may visit by code, and its visits as far as the reader reads them."""
    visits = access.readable(held.visits.select_related("unit").order_by("unit__code"), actor)
    units = Unit.objects.filter(pk__in=held.objects_of).order_by("code", "id")
    team = held.members.select_related("person").order_by("pk")
    return {
        "tables": [
            _table(
                _("Team"), (_("Person"), _("Seconded on")), ((row.person, row.valid_from) for row in team)
            ),
            _table(
                _("Units inspected"),
                (UNIT, _("Number"), _("Last visited on"), _("Visits"), _("Findings")),
                (
                    (visit.unit, visit.number, visit.visited_on, visit.times, len(visit.standing))
                    for visit in visits
                ),
            ),
            _table(_("Units of the round"), (_("Code"), UNIT), units.values_list("code", "name")),
        ]
    }


def findings(visit: Visit, actor: Actor, now: datetime) -> Context:
    """The findings of a visit, numbered, and the five looks with their words."""
    kinds, topics = _labels(visit, PROBLEM_KINDS) | {DRINKING: DRINKING_LABEL}, _labels(visit, TOPICS)
    people = Person.objects.in_bulk({pk for finding in visit.findings for pk in finding.get("people", ())})
    rows = [ListRow(place, finding) for place, finding in enumerate(visit.findings, start=1)]
    found = (
        (
            number,
            "：".join(
                filter(
                    None, (finding["title"], "、".join(str(people[pk]) for pk in finding.get("people", ())))
                )
            ),
            kinds.get(finding["kind"], finding["kind"]),
            topics.get(finding["topic"], finding["topic"]),
            finding["sheet"],
            "" if finding["stands"] else _("set aside"),
        )
        for number, finding in ((row.number, row.held) for row in without_sealed(visit, rows, actor))
    )
    showed = {"ok": _("in order"), "not": _("not in order"), "unseen": _("not seen")}
    looks = (
        (label, showed[visit.looks_of[name][0]], visit.looks_of[name][1])
        for name, label in LOOKED_AT
        if visit.looks_of
    )
    heads = (_("No."), _("Finding"), KIND, TOPIC, _("Problem sheet"), _("After the objection"))
    return {
        "tables": [
            _table(_("Findings"), heads, found),
            _table(_("The five checks"), (_("Checked"), _("What it showed"), _("In words")), looks),
        ]
    }


def without_sealed(visit: Visit, rows: Sequence[ListRow], actor: Actor) -> list[ListRow]:
    """Findings without their words where the sheet they led to was sealed from an actor."""
    sealed = {link.target.number for link in reads.led_to_sealed(actor, visit)}
    hidden = {"title": say("(sealed)"), "people": []}
    return [
        ListRow(row.number, {**row.held, **hidden}) if row.held["sheet"] in sealed else row for row in rows
    ]


def kind_of(row: ListRow) -> str:
    """The code of a finding's kind; alcohol at lunch is none of the regime's kinds, its title says it."""
    return "" if row.held["kind"] == DRINKING else row.held["kind"]


def figures(campaign: Campaign, actor: Actor, now: datetime) -> Context:
    """The kinds of problem a campaign aims at, and the sum of each measure by itself."""
    kinds = _labels(campaign, PROBLEM_KINDS)
    counted, beside = campaign.counted(), campaign.beside()
    summed = (
        (measure.label, str(counted.get(measure, "–")), str(beside.get(measure, "–")))
        for measure in CampaignMeasure
    )
    return {
        "tables": [
            _table(
                _("Kinds of problem it aims at"),
                (KIND,),
                ((kinds.get(kind, kind),) for kind in campaign.kinds),
            ),
            _table(
                _("Each measure by itself, never added up"),
                (_("Measure"), _("Counted here"), _("As reported, where it differs")),
                summed,
            ),
        ]
    }


TEMPLATE = "inspection/tables.html"
COURSE = Page("course", _("Team and visits"), TEMPLATE, course)
FINDINGS = Page("findings", _("Findings and looks"), TEMPLATE, findings)
FIGURES = Page("figures", _("Figures"), TEMPLATE, figures)
