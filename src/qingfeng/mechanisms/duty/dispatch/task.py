"""The task 督办事项: a demand of the supervision office on a unit."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.demands import CALLED_OFF
from qingfeng.kernel.vocabulary import Burden, BurdenKind, Demand, Holds, Office, Role
from qingfeng.mechanisms.duty.dispatch.declarations import TASK_DONE, TASK_OVERDUE, TASK_SET
from qingfeng.mechanisms.duty.dispatch.statistics import OF_TASKS, TASKS

OFFICE = Office(Role.SUPERVISION_OFFICE)
CLERK = Holds(Role.UNIT_CLERK, of="unit")
HEAD = Holds(Role.UNIT_HEAD, of="unit")
LEADER = Holds(Role.LEADER, of="unit")


class Task(Demand):
    """A task with a unit and a day, pressed until it is done (督办事项、限期办结)."""

    code, series, contract = "tasks", "督办", "task.set"
    reads: ClassVar = OFFICE | CLERK | HEAD | LEADER
    askers: ClassVar = OFFICE
    checkers: ClassVar = OFFICE
    answerers: ClassVar = CLERK
    leaves_set, leaves_done, leaves_overdue = TASK_SET, TASK_DONE, TASK_OVERDUE
    filters = ("unit",)
    asks = Burden(BurdenKind.FORM, by=("dispatch.conclude",), unless=(CALLED_OFF,))
    statistics = TASKS
    tallies = (OF_TASKS,)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
