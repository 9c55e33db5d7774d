"""The sources, states, clocks, facts and contracts of rectification."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import Clock, FactKind, State, link_kind
from qingfeng.mechanisms.problems.rectification.policy import (
    ACKNOWLEDGE_WITHIN,
    DISPUTE_WITHIN,
    LOOK_BACK_AFTER,
    PLAN_WITHIN,
    RECTIFY_WITHIN,
    SIGN_WITHIN,
)

PROBLEM_FOUND = "problem.found"
CLUE_TRANSFER = "clue.transfer"
REBOUND_LINK = link_kind("rebound", _("rebound"))
TRANSFER_LINK = link_kind("transfer", _("handed over"))


class ProblemSource(models.TextChoices):
    """How the office came to hear of a problem 问题来源."""

    REPORT = "report", _("report by the public")
    MEDIA = "media", _("exposed in the media")
    INSPECTION = "inspection", _("inspection")
    EVALUATION = "evaluation", _("evaluation")
    HOTLINE = "hotline", _("hotline")
    MESSAGE = "message", _("message board")
    SUPERIOR = "superior", _("handed down from above")
    OWN = "own", _("found by the office itself")


FOUND = State("found", _("found"))
UNFOUNDED = State("unfounded", _("not founded"), final=True)
VERIFIED = State("verified", _("verified"))
TRANSFERRED = State("transferred", _("handed to the discipline organ"), final=True)
ASSIGNED = State("assigned", _("assigned"))
DISPUTED = State("disputed", _("disputed"))
SIGNED = State("signed", _("receipt acknowledged, plan to come"))
RECTIFYING = State("rectifying", _("being rectified"))
EXTENDING = State("extending", _("being rectified, more time asked for"))
SUSPENDED = State("suspended", _("suspended"))
REPORTED = State("reported", _("reported as rectified"))
WRITTEN_OFF = State("written_off", _("closed out"), final=True)
LOOK_BACK_DUE = State("look_back_due", _("closed out, to be looked back at"), final=True)
HELD = State("held", _("closed out, not come back"), final=True)

PREPARED = State("prepared", _("being prepared"))
DROPPED = State("dropped", _("not handed over"), final=True)
HANDED_OVER = State("handed_over", _("handed over, not verified"))
ACKNOWLEDGED = State("acknowledged", _("acknowledged, being looked into"))
ANSWERED = State("answered", _("every clue answered"), final=True)
NOT_HANDED_OVER = (PREPARED.code, DROPPED.code)

AT_WORK = (RECTIFYING, EXTENDING)
IN_HAND = (ASSIGNED, SIGNED, *AT_WORK)
ENDED_WELL = (WRITTEN_OFF, LOOK_BACK_DUE, HELD)

SIGNING = Clock("signing", _("Acknowledgement"), SIGN_WITHIN)
DISPUTING = Clock("disputing", _("Disputing"), DISPUTE_WITHIN, appoints=True)
PLANNING = Clock("planning", _("Planning"), PLAN_WITHIN)
RECTIFYING_CLOCK = Clock("rectifying", _("Rectifying"), RECTIFY_WITHIN)
NEARING = Clock("nearing", _("Blue slip"), warns_of=RECTIFYING_CLOCK)
STEP = Clock("step", _("Next step of the plan"))
LOOKING_BACK = Clock("looking_back", _("Look-back"), LOOK_BACK_AFTER, appoints=True)
ACKNOWLEDGING = Clock("acknowledging", _("Acknowledging"), ACKNOWLEDGE_WITHIN)

PROBLEM_ASSIGNED = FactKind("problem.assigned", _("Problems assigned"))
PROBLEM_SIGNED_LATE = FactKind("problem.sign_overdue", _("Problems not acknowledged in time"))
PROBLEM_OVERDUE = FactKind("problem.overdue", _("Problems overdue"))
PROBLEM_SENT_BACK = FactKind("problem.sent_back", _("Problems sent back"))
PROBLEM_WRITTEN_OFF = FactKind("problem.written_off", _("Problems closed out"))
PROBLEM_REBOUND = FactKind("problem.rebound", _("Rebounds"))
PROBLEM_POOR = FactKind("problem.poor", _("Poor rectification"))
"""Once a sheet for each of: overdue, sent back, rebound; what assessment deducts for."""
