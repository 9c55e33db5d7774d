"""A unit's own problem list 自查问题清单: drawn up, put right and closed out by itself.

Row of DOMAIN.md: C6 (self-examination and own problem list).

It is kept apart from the office's problem sheets and is never punished as one: nothing here opens a sheet, no fact is
left but that a list stands (for coverage), no day that passes leaves anything but a reminder to the unit itself. Its
items are read by the unit and its leader in charge; the office has the counts.
"""
