"""The books, clocks, facts, events, contracts and measures of inspection; the states of a visit."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import STAYS, BookKind, Clock, Event, FactKind, State, link_kind
from qingfeng.mechanisms.problems.inspection.policy import OBJECT_WITHIN, REVIEW_WITHIN

ROUND = "inspection.round"
VISIT = "inspection.visit"
"""The contracts under which plans and campaigns open rounds, and rounds open visits."""
PROBLEM = "problem.found"
"""The contract under which a finding opens a problem sheet."""

DRINKING, DRINKING_LABEL = "lunch_alcohol", _("alcohol at lunch on a working day")
"""What is found beside problems of the regime's kinds, and named 工作日午间饮酒."""

# The states of a visit: rounds and statistics ask for them.
SCHEDULED = State("scheduled", _("to be visited"))
VISITED = State("visited", _("visited"))
FED_BACK = State("fed_back", _("conclusion fed back"))
OBJECTED = State("objected", _("objected to"))
CONCLUDED = State("concluded", _("concluded"), final=True)
DROPPED = State("dropped", _("not visited"), final=True)

FINDING_LINK = link_kind("finding", _("found by the visit"))
VISIT_LINK = link_kind("visit", _("visit of the round"))
ROUND_LINK = link_kind("round", _("round"))
TAKEN_IN_LINK = link_kind("taken_in", _("sheet taken in"))

PLANNED = BookKind("inspections.planned", _("Inspections planned for the year"), "inspection", becomes=STAYS)
BURDEN = BookKind("inspections.year", _("Inspections of the year"), "inspection", becomes=STAYS)

NEXT_ROUND = Clock("next_round", _("Next planned round"))
OBJECTING = Clock("objecting", _("Objecting"), OBJECT_WITHIN, appoints=True)
REVIEWING = Clock("reviewing", _("Deciding the objection"), REVIEW_WITHIN)

INSPECTED = FactKind("inspection.visited", _("Visits to a unit"))
FOUND = FactKind("inspection.found", _("Problems found by inspection"))
REVIEW_OVERDUE = FactKind("inspection.review_overdue", _("Objections not decided in time"))

UNIT_INSPECTED = Event("unit_inspected", _("A unit was inspected"), ("unit", "topic", "on"))


class CampaignMeasure(models.TextChoices):
    """What is reported of a campaign, each apart 处理情况; problems and persons are never added up."""

    VISITS = "visits", _("open and covert visits")
    PROBLEMS = "problems", _("problems found")
    SANCTIONS = "sanctions", _("sanctions")
    HANDLED = "handled", _("persons handled by the organization")
    IN_CASES = "in_cases", _("persons in cases")
