"""Intake 来件导入与分办: citizens' messages and hotline cases, taken in as batches and handed out.

Rows of DOMAIN.md: C1 (every problem the office hears of comes onto a sheet) and A8 (focus topics: what many
raise shows).
"""
