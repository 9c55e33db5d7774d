"""The matters of rectification: the problem sheet and the transfer of clues; and its registers."""

from qingfeng.mechanisms.problems.rectification.problem import Problem
from qingfeng.mechanisms.problems.rectification.registers import Clue, Milestone, Slip
from qingfeng.mechanisms.problems.rectification.transfers import Transfer

__all__ = ["Clue", "Milestone", "Problem", "Slip", "Transfer"]
