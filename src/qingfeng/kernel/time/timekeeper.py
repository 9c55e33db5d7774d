"""Where the present moment comes from. Rules never read the machine's clock; they are given a timekeeper."""

from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
"""The one legal time of the country; days begin and end by it."""


class Timekeeper(Protocol):
    """Tells what moment it is."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemTime:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's present moment in UTC."""
        return datetime.now(UTC)


class FixedTime:
    """A clock that stands until it is moved: for tests, replays and imports."""

    def __init__(self, at: datetime) -> None:
        """Stand at `at`; raises ValueError if it is naive."""
        if at.tzinfo is None:
            raise ValueError("A moment without a time zone is ambiguous; give one, such as UTC.")
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment at which it stands, in UTC."""
        return self._at

    def advance(self, by: timedelta) -> None:
        """Move on by `by`; raises ValueError for going back, since recorded time only grows."""
        if by < timedelta(0):
            raise ValueError("Time does not run backward; make another FixedTime for an earlier moment.")
        self._at += by
