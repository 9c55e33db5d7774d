"""Inspection 督导检查、明察暗访: planned, visited unit by unit, reported.

Rows of DOMAIN.md: C2 (inspection, its findings and the open circular) and C8 (special rectification 专项整治 with its one
report).
"""
