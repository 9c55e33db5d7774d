"""The units invited to a meeting."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import CARRIED, Register, Unit


class Invitation(Register):
    """A unit invited to a meeting 参会单位, to the meeting's last day: of a unit that ends before it, the successor is."""

    meeting = models.ForeignKey("meetings.Meeting", models.PROTECT, related_name="invitations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))

    becomes: ClassVar = {"unit": CARRIED.with_matters("meetings").named("meeting__title")}

    class Meta:
        verbose_name = _("unit invited")
