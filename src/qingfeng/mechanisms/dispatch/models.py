"""The matters and rows of this mechanism, and the duties that call its meetings."""

from qingfeng.mechanisms.dispatch.duties import DUTIES
from qingfeng.mechanisms.dispatch.meeting import Dispatch
from qingfeng.mechanisms.dispatch.registers import AgendaItem, Attendance, Resolution
from qingfeng.mechanisms.dispatch.task import Task

__all__ = ["DUTIES", "AgendaItem", "Attendance", "Dispatch", "Resolution", "Task"]
