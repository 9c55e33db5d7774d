"""Guards 权限条件: objects that decide with a reason, condition a query, and say themselves in words."""

from qingfeng.kernel.guards.base import Decision, Guard, Question
from qingfeng.kernel.guards.who import Anyone, Bearer, Did, Holds, Is, Office, OnStep, System, When

__all__ = [
    "Anyone",
    "Bearer",
    "Decision",
    "Did",
    "Guard",
    "Holds",
    "Is",
    "Office",
    "OnStep",
    "Question",
    "System",
    "When",
]
