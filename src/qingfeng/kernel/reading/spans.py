"""Weeks and months to count by, as the database itself can tell them.

Django asks SQLite for them by a Python function a row, which takes longer than all the rest of a statistic.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, DateField, DateTimeField, IntegerField, Value, When
from django.db.models.functions import ExtractMonth
from django.db.models.sql.compiler import SQLCompiler


def span_of(column: str, begins: Sequence[date]) -> Case:
    """Which span, from 0 on, a column of moments, or of days, falls into, each span from its begin to the next one's.

    What lies before the first begin is in none; the last span has no end.
    """
    ends = [
        When(**{f"{column}__lt": begin}, then=Value(place - 1)) for place, begin in enumerate(begins[1:], 1)
    ]
    before = When(**{f"{column}__lt": begins[0]}, then=Value(None))
    return Case(before, *ends, default=Value(len(begins) - 1), output_field=IntegerField())


@DateField.register_lookup
class MonthOfDay(ExtractMonth):
    """The month of a day. SQLite keeps days as text: 2026-11-30."""

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Any]:
        """What SQLite cuts out of it, as a number."""
        if isinstance(self.lhs.output_field, DateTimeField):
            return super().as_sql(compiler, connection)
        inner, parameters = compiler.compile(self.lhs)
        return f"CAST(substr({inner}, 6, 2) AS integer)", parameters
