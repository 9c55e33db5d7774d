"""Rectification 问题整改: every problem on one sheet until it is closed out 一事一表、逐一销号.

Rows of DOMAIN.md: C1 (sheet, slips, urging, look-back, rebound), C3 (transfer of clues to the discipline organ),
C5 (kinds of problem) and A8 (focus topics), both lists the locality's own.
"""
