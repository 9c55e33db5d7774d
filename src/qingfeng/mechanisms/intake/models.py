"""The batch, its registers, and the hints made for it."""

from qingfeng.mechanisms.intake.batch import Batch
from qingfeng.mechanisms.intake.going_on import GO_ON
from qingfeng.mechanisms.intake.registers import Halt, Hint, Layout, Message, Sorting, Twin, Unread

__all__ = ["GO_ON", "Batch", "Halt", "Hint", "Layout", "Message", "Sorting", "Twin", "Unread"]
