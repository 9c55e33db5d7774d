"""Days and instants as integers."""

import datetime as dt

_EPOCH_DAY = dt.date(1970, 1, 1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def days(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH_DAY).days


def micros(moment: dt.datetime) -> int:
    """Microseconds since 1970 in UTC; a moment without a zone is read as UTC, as in the files."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return (aware - _EPOCH) // dt.timedelta(microseconds=1)
