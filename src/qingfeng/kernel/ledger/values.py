"""Field values in the plain types the ledger can hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import models
from pydantic import BaseModel

LEAVES = frozenset({str, int, bool, type(None)})


def moment(value: datetime) -> str:
    """A moment as the ledger writes it, in UTC to the microsecond; one without a zone is in UTC already."""
    if value.tzinfo is not None and value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return f"{value.isoformat(timespec='microseconds')[:26]}Z"


def plain(value: Any) -> Any:
    """A value as canonical JSON can hold it: times in UTC to the microsecond, models as ``label:id``.

    Raises ``TypeError`` for what has no exact form, floats and decimals among them.
    """
    if type(value) in LEAVES:
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, models.Model):
        return f"{value._meta.model_name}:{value.pk}"
    if isinstance(value, BaseModel):
        return plain(dict(value))
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no exact form in the ledger")
