"""The batch, its registers, and the hints made for it."""

from qingfeng.mechanisms.voice.intake.batch import Batch
from qingfeng.mechanisms.voice.intake.import_jobs import GO_ON
from qingfeng.mechanisms.voice.intake.registers import Halt, Hint, Layout, Message, Sorting, Twin, Unread

__all__ = ["GO_ON", "Batch", "Halt", "Hint", "Layout", "Message", "Sorting", "Twin", "Unread"]
