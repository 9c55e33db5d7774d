"""Values of the regime in words 制度数值的表述, for pages and papers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as say

from qingfeng.kernel.money import in_yuan
from qingfeng.kernel.regime.document import DEFAULTS, NATIONAL
from qingfeng.kernel.regime.parameters import Count, Money, MonthDay, Parameter, Points
from qingfeng.kernel.regime.stack import ValueInForce
from qingfeng.kernel.regime.tables import Table, TimeOfDay
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import Period
from qingfeng.kernel.time.recurrence import Every, Recurrence

LONGEST_MONTH = 31
"""Days; a day of the month beyond it never comes."""


def origin_words(valued: ValueInForce, own: str) -> Words:
    """Whose a number is: the law's, that of a level above, the locality's (``own``: its code), decided here, or ours."""
    if valued.of == DEFAULTS:
        return say("our own choice")
    if valued.of == NATIONAL:
        return say("national rule")
    if valued.ask:
        return say("decided when it was put in force")
    return say("the locality's") if valued.of == own else say("of a level above")


def value_words(value: Any, parameter: Parameter | None = None) -> str:
    """A parameter's value in words; money, where the parameter says that it is, in yuan."""
    kind = parameter.kind if parameter is not None else None
    if isinstance(kind, Money):
        return in_yuan(value)
    if isinstance(kind, TimeOfDay):
        return f"{value // 60:02}:{value % 60:02}"
    if isinstance(kind, Points):
        return str(formats.localize(value / kind.scale if value % kind.scale else value // kind.scale))
    if isinstance(kind, Count):
        return _counted(value, kind.unit)
    if isinstance(kind, Table) and not hasattr(kind.row, "zh"):
        return say("; ").join(str(kind.told(row)) for row in value)
    if isinstance(value, frozenset):
        pattern = pgettext("date format", "M")
        months = [formats.date_format(date(2001, month, 1), pattern) for month in sorted(value)]
        return say(", ").join(months) if months else say("none")
    if isinstance(value, Period):
        return _counted(value.n, {"workday": "working days"}.get(value.unit, f"{value.unit}s"))
    if isinstance(value, Recurrence):
        return recurrence_words(value)
    if isinstance(value, MonthDay):
        return formats.date_format(date(2001, value.month, value.day), "MONTH_DAY_FORMAT")
    if isinstance(value, tuple):
        english = (get_language() or "").startswith("en")
        return say(", ").join(
            (choice.en if english else choice.zh) if hasattr(choice, "zh") else str(choice)
            for choice in value
        )
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return str(formats.localize(value))


def recurrence_words(value: Recurrence) -> str:
    """How often a duty returns, such as “each half month, on its day 1; off days: the next working day”."""
    every = {
        Every.WEEK: pgettext("recurrence", "each week"),
        Every.HALF_MONTH: pgettext("recurrence", "each half month"),
        Every.MONTH: pgettext("recurrence", "each month"),
        Every.QUARTER: pgettext("recurrence", "each quarter"),
        Every.HALF_YEAR: pgettext("recurrence", "each half year"),
        Every.YEAR: pgettext("recurrence", "each year"),
    }[value.every]
    if value.on_workday:
        return say("%(every)s, on its day %(day)s; a day off: the next working day") % {
            "every": every,
            "day": value.day,
        }
    return say("%(every)s, on its day %(day)s") % {"every": every, "day": value.day}


def _counted(n: int, unit: str) -> str:
    """A number with what it counts, such as “3 times”; a part of a thousand as a percentage."""
    if unit == "thousandths":
        return f"{n / 10:g}%"
    if unit == "day of the month" and n > LONGEST_MONTH:
        return say("none")
    patterns = {
        "minutes": ngettext("%d minute", "%d minutes", n),
        "hours": ngettext("%d hour", "%d hours", n),
        "half days": ngettext("%d half day", "%d half days", n),
        "days": ngettext("%d day", "%d days", n),
        "working days": ngettext("%d working day", "%d working days", n),
        "months": ngettext("%d month", "%d months", n),
        "years": ngettext("%d year", "%d years", n),
        "day of the month": say("day %d"),
        "times": ngettext("%d time", "%d times", n),
        "people": ngettext("%d person", "%d persons", n),
        "persons": ngettext("%d person", "%d persons", n),
        "leaders": ngettext("%d person", "%d persons", n),
        "units": ngettext("%d unit", "%d units", n),
        "meetings": ngettext("%d meeting", "%d meetings", n),
        "meals": ngettext("%d meal", "%d meals", n),
        "messages": ngettext("%d message", "%d messages", n),
        "items": ngettext("%d item", "%d items", n),
        "characters": ngettext("%d character", "%d characters", n),
    }
    return patterns[unit] % n
