"""Leave 请销假: asked for before, cancelled after, approved by rank and length 事前请假、事后销假、分级负责.

Rows of DOMAIN.md: D1 (leave) and of D2 what a board tells of leave (whereabouts).
"""
