"""The register of inspection: who was seconded to which round."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import Person, Register


class TeamMember(Register):
    """A person seconded to a round 抽调人员; the row stays when the round is over, so that recusal can be seen."""

    round = models.ForeignKey("inspection.Inspection", models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("team member")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "person"], name="inspection_member_once"),
        ]
