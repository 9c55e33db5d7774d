"""Restraint 约束: leave, meetings, papers, receptions and the money spent on them."""
