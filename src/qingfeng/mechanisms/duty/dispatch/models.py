"""The matters and rows of this mechanism, and the duties that call its meetings."""

from qingfeng.mechanisms.duty.dispatch.duties import DUTIES
from qingfeng.mechanisms.duty.dispatch.meeting import Dispatch
from qingfeng.mechanisms.duty.dispatch.registers import AgendaItem, Attendance, Resolution
from qingfeng.mechanisms.duty.dispatch.task import Task

__all__ = ["DUTIES", "AgendaItem", "Attendance", "Dispatch", "Resolution", "Task"]
