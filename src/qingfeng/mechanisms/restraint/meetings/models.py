"""The matters of this mechanism, one module each."""

from qingfeng.mechanisms.restraint.meetings.baselines import Baseline
from qingfeng.mechanisms.restraint.meetings.celebrations import Celebration
from qingfeng.mechanisms.restraint.meetings.meeting import Meeting
from qingfeng.mechanisms.restraint.meetings.papers import IssuedPaper

__all__ = ["Baseline", "Celebration", "IssuedPaper", "Meeting"]
