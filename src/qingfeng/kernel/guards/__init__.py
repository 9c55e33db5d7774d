"""Guards 权限条件: objects that decide with a reason, condition a query, and say themselves in words."""

from qingfeng.kernel.guards.base import Decision, Guard, Per, Question
from qingfeng.kernel.guards.who import (
    Anyone,
    Bearer,
    Concerns,
    Did,
    Holds,
    Is,
    Office,
    OnStep,
    Outside,
    Seated,
    SetOver,
    System,
    When,
)

__all__ = [
    "Anyone",
    "Bearer",
    "Concerns",
    "Decision",
    "Did",
    "Guard",
    "Holds",
    "Is",
    "Office",
    "OnStep",
    "Outside",
    "Per",
    "Question",
    "Seated",
    "SetOver",
    "System",
    "When",
]
