"""The clocks, facts and sections of dispatch and of the tasks it sets."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import Clock, FactKind, link_kind
from qingfeng.mechanisms.duty.dispatch import rules
from qingfeng.mechanisms.duty.dispatch.policy import HOLD_WITHIN

RESOLUTION_LINK = link_kind("resolution", _("resolved by the meeting"))
AGENDA_LINK = link_kind("agenda", _("on the agenda"))

HOLDING = Clock("holding", _("Holding the meeting"), HOLD_WITHIN)

DISPATCH_HELD = FactKind("dispatch.held", _("Recurring meetings held"))
DISPATCH_MISSED = FactKind("dispatch.missed", _("Recurring meetings missed"))
"""Held stands beside missed, so that a gap is seen; it is no merit (整治形式主义为基层减负若干规定 2024)."""
TASK_SET = FactKind("task.set", _("Tasks set"))
TASK_DONE = FactKind("task.done", _("Tasks done"))
TASK_OVERDUE = FactKind("task.overdue", _("Tasks overdue"))


class AgendaReason(models.TextChoices):
    """Why an item stands on the agenda 列入原因."""

    OVERDUE = rules.AgendaSection.OVERDUE.value, _("overdue")  # 已逾期
    NEAR = rules.AgendaSection.NEAR.value, _("due soon")  # 临期
    IDLE = rules.AgendaSection.IDLE.value, _("long without an act")  # 久未办理
    ADDED = "added", _("added by hand")  # 人工列入
    DONE = "done", _("task of an earlier meeting, done")  # 上次议定、已办结
