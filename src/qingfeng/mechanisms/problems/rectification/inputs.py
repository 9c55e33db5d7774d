"""What is asked of who registers a problem, plans its rectification, and checks it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import Attachment, Choice, Files, Input, Line, Person, Prose, Unit
from qingfeng.mechanisms.problems.rectification.declarations import ProblemSource
from qingfeng.organization.topics import PROBLEM_KINDS, TOPICS


class FoundProblem(Input):
    """A problem as it was found; these are the values of the contract ``problem.found`` too."""

    title: Annotated[str, Line(100)]
    kind: Annotated[str, Choice(PROBLEM_KINDS)]
    description: Annotated[str, Prose(2000)]
    source: ProblemSource = ProblemSource.OWN
    topic: Annotated[str, Choice(TOPICS, where_listed=True)] = ""
    unit: Annotated[Unit | None, _("Unit it concerns")] = None
    evidence: Annotated[list[Attachment], Files(9), _("Evidence")] = []  # noqa: RUF012  # pydantic copies it


class StepRow(Input):
    """A step of the road map."""

    what: Annotated[str, Line(100), _("Step")]
    day: Annotated[date, _("Day")]


class RectificationPlan(Input):
    """A plan 整改方案: who is responsible, the road map, the timetable 责任人、路线图、时间表. None may be missing."""

    rectifier: Person
    measures: Annotated[str, Prose(2000)]
    steps: Annotated[list[StepRow], _("Road map")]
    finish_on: date


class PublicRating(models.TextChoices):
    """What the people say who had the trouble 群众评价; nobody has to be asked."""

    NOT_ASKED = "not_asked", _("not asked")
    SATISFIED = "satisfied", _("satisfied")
    FAIRLY = "fairly", _("fairly satisfied")
    DISSATISFIED = "dissatisfied", _("not satisfied")


class VerificationMethod(models.TextChoices):
    """How it was checked that a problem is put right 核查方式."""

    ON_SITE = "on_site", _("on the spot")
    UNANNOUNCED = "unannounced", _("on the spot, unannounced")
    PAPERS = "papers", _("by the papers")
    PEOPLE = "people", _("by asking those who had the trouble")
