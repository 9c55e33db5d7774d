"""The matters of this mechanism, one module each."""

from qingfeng.mechanisms.meetings.baselines import Baseline
from qingfeng.mechanisms.meetings.celebrations import Celebration
from qingfeng.mechanisms.meetings.meeting import Meeting
from qingfeng.mechanisms.meetings.papers import IssuedPaper

__all__ = ["Baseline", "Celebration", "IssuedPaper", "Meeting"]
