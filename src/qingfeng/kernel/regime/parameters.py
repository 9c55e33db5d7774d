"""Declarations of policy parameters: what a regime file may set, of what kind, within which bounds.

Every number that a rule uses is policy: it stands in a regime with a date and a source, never in code. The
code declares the parameter; the mechanism that uses it registers the declaration.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal, Protocol, cast

from qingfeng.kernel.text.translatable import TranslatableError
from qingfeng.kernel.text.translatable import gettext_noop as _
from qingfeng.kernel.time.periods import Period, PeriodUnit
from qingfeng.kernel.time.recurrence import Every, Recurrence

Stricter = Literal["smaller", "larger"]

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")


class UnfitValue(TranslatableError, ValueError):
    """A written value does not fit its parameter."""


@dataclass(frozen=True, slots=True)
class ChoiceEntry:
    """One entry of a list of choices: a code and its label in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, order=True)
class MonthDay:
    """A day that returns every year, such as 12-31."""

    month: int
    day: int


Value = int | bool | str | date | Period | MonthDay | Recurrence | tuple[Any, ...] | frozenset[int]
Raw = object
"""A value as written: str, int, bool, Decimal, date, None, or lists and dicts of such."""


class ParameterKind(Protocol):
    """What a parameter's value may be."""

    ordered: ClassVar[bool]

    def read(self, raw: Raw) -> Value:
        """Return the value written as `raw`; raises Unfit."""
        ...


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number of `unit` (a word such as "times"), `least` to `most`, both included."""

    ordered: ClassVar[bool] = True
    unit: str
    least: int = 0
    most: int = 1_000_000

    @property
    def timed(self) -> bool:
        """Whether it counts time."""
        return self.unit in ("hours", "days", "working days")

    def read(self, raw: Raw) -> int:
        """Read a whole number."""
        return _within(_whole(raw), self.least, self.most)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in fen, `least` to `most`, both included."""

    ordered: ClassVar[bool] = True
    least: int = 0
    most: int = 10**14

    def read(self, raw: Raw) -> int:
        """Read a whole number of fen."""
        return _within(_whole(raw), self.least, self.most)


@dataclass(frozen=True, slots=True)
class Points:
    """A score kept in whole parts of a point, `scale` parts to the point; bounds are in parts.

    It is written in points: with a scale of 100, `2.5` is read as 250, and `2.505` is refused.
    """

    ordered: ClassVar[bool] = True
    scale: int = 100
    least: int = 0
    most: int = 10**9

    def read(self, raw: Raw) -> int:
        """Read points with decimals into whole parts; nothing is rounded."""
        if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
            raise UnfitValue(
                _("A number of points is wanted, such as 5 or 2.5, not %(found)s."), found=shown(raw)
            )
        parts = Decimal(raw) * self.scale
        if parts != int(parts):
            raise UnfitValue(
                _("%(found)s is finer than 1/%(scale)s of a point."), found=shown(raw), scale=self.scale
            )
        return _within(int(parts), self.least, self.most)


@dataclass(frozen=True, slots=True)
class Span:
    """A period: a mapping of n, unit and roll_forward, in one of `units`, n from `least` to `most`.

    `roll_forward` must be written for days and months, since it decides; for hours and working days it has
    no meaning and is refused. One that is `passing` runs as days pass: no calendar of working days moves its end.
    """

    ordered: ClassVar[bool] = True
    timed: ClassVar[bool] = True
    units: tuple[PeriodUnit, ...] = tuple(PeriodUnit)
    least: int = 1
    most: int = 3650
    passing: bool = False

    def read(self, raw: Raw) -> Period:
        """Read a period."""
        if not isinstance(raw, dict):
            raise UnfitValue(
                _("A period is wanted, such as {n: 5, unit: workday}, not %(found)s."), found=shown(raw)
            )
        for key in raw:
            if key not in ("n", "unit", "roll_forward"):
                raise UnfitValue(
                    _("A period has no key '%(key)s'; it has n, unit and roll_forward."), key=key
                )
        for key in ("n", "unit"):
            if key not in raw:
                raise UnfitValue(_("The period lacks '%(key)s'."), key=key)
        units = [unit for unit in self.units if not (self.passing and unit is PeriodUnit.WORKDAY)]
        allowed = ", ".join(units)
        if raw["unit"] not in [unit.value for unit in units]:
            raise UnfitValue(
                _("The unit of this period is one of %(allowed)s, not %(found)s."),
                allowed=allowed,
                found=shown(raw["unit"]),
            )
        unit = PeriodUnit(raw["unit"])
        n = _within(_whole(raw["n"]), self.least, self.most)
        if unit in (PeriodUnit.HOUR, PeriodUnit.WORKDAY):
            if "roll_forward" in raw:
                raise UnfitValue(_("roll_forward has a meaning for days and months only; leave it out."))
            return Period(n, unit)
        roll = raw.get("roll_forward")
        if not isinstance(roll, bool):
            raise UnfitValue(
                _("The period needs roll_forward: true or false (by Art. 203 of the Civil Code, true).")
            )
        if self.passing and roll:
            raise UnfitValue(_("This period runs as days pass; write roll_forward: false."))
        return Period(n, unit, roll)


@dataclass(frozen=True, slots=True)
class Turns:
    """How often a duty returns: a mapping of every, day and on_workday, all three written.

    `day` counts within the period (see Recurrence); with `on_workday` it opens on the next working day.
    """

    ordered: ClassVar[bool] = False
    timed: ClassVar[bool] = True

    def read(self, raw: Raw) -> Recurrence:
        """Read a recurrence."""
        if not isinstance(raw, dict) or set(raw) != {"every", "day", "on_workday"}:
            raise UnfitValue(
                _("A turn has exactly every, day and on_workday; this is %(found)s."), found=shown(raw)
            )
        if raw["every"] not in [every.value for every in Every]:
            raise UnfitValue(
                _("A duty returns every one of %(allowed)s, not %(found)s."),
                allowed=", ".join(Every),
                found=shown(raw["every"]),
            )
        if not isinstance(raw["on_workday"], bool):
            raise UnfitValue(_("true or false is wanted, not %(found)s."), found=shown(raw["on_workday"]))
        day = _whole(raw["day"])
        try:
            return Recurrence(Every(raw["every"]), day, raw["on_workday"])
        except ValueError:
            raise UnfitValue(_("A %(every)s has no day %(day)s."), every=raw["every"], day=day) from None


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no, written true or false."""

    ordered: ClassVar[bool] = True

    def read(self, raw: Raw) -> bool:
        """Read true or false."""
        if not isinstance(raw, bool):
            raise UnfitValue(_("true or false is wanted, not %(found)s."), found=shown(raw))
        return raw


@dataclass(frozen=True, slots=True)
class Choices:
    """A list of choices that the locality sets: each with code, zh and en; at least `least` of them."""

    ordered: ClassVar[bool] = False
    least: int = 1

    def read(self, raw: Raw) -> tuple[ChoiceEntry, ...]:
        """Read the list, in its order."""
        if not isinstance(raw, list):
            raise UnfitValue(_("A list of choices is wanted, not %(found)s."), found=shown(raw))
        if len(raw) < self.least:
            raise UnfitValue(
                _("At least %(least)s choices are wanted; there are %(n)s."), least=self.least, n=len(raw)
            )
        found: dict[str, ChoiceEntry] = {}
        for item in raw:
            choice = self._one(item)
            if choice.code in found:
                raise UnfitValue(_("The choice '%(code)s' stands here twice."), code=choice.code)
            found[choice.code] = choice
        return tuple(found.values())

    @staticmethod
    def _one(item: Raw) -> ChoiceEntry:
        if not isinstance(item, dict) or set(item) != {"code", "zh", "en"}:
            raise UnfitValue(_("A choice has exactly code, zh and en; this is %(found)s."), found=shown(item))
        for key, text in item.items():
            if not isinstance(text, str) or not text.strip():
                raise UnfitValue(
                    _("'%(key)s' of a choice is a text, not %(found)s."), key=key, found=shown(text)
                )
        if not _CODE.fullmatch(item["code"]):
            raise UnfitValue(
                _("The code '%(code)s' is none: only a-z, 0-9 and _, a letter first."),
                code=item["code"],
            )
        return ChoiceEntry(**item)


@dataclass(frozen=True, slots=True)
class Months:
    """Months of the year by number, such as `[3, 8]`; an empty list says that there are none."""

    ordered: ClassVar[bool] = False

    def read(self, raw: Raw) -> frozenset[int]:
        """Read the list."""
        if not isinstance(raw, list):
            raise UnfitValue(
                _("A list of months is wanted, such as [3, 8], not %(found)s."), found=shown(raw)
            )
        months = [_within(_whole(item), 1, 12) for item in raw]
        for month in months:
            if months.count(month) > 1:
                raise UnfitValue(_("The month %(month)s stands here twice."), month=month)
        return frozenset(months)


@dataclass(frozen=True, slots=True)
class Day:
    """A day: one date, or with `yearly` a day that returns each year, written MM-DD."""

    ordered: ClassVar[bool] = True
    yearly: bool = False

    def read(self, raw: Raw) -> date | MonthDay:
        """Read YYYY-MM-DD, or MM-DD if yearly."""
        if not self.yearly:
            if not isinstance(raw, date):
                raise UnfitValue(_("A date is wanted, such as 2026-03-01, not %(found)s."), found=shown(raw))
            return raw
        match = _MONTH_DAY.fullmatch(raw) if isinstance(raw, str) else None
        try:
            # 2001 is no leap year, so that 02-29, which most years lack, is refused.
            day = date(2001, int(match[1]), int(match[2])) if match else None
        except ValueError:
            day = None
        if day is None:
            raise UnfitValue(
                _("A day of every year is wanted, such as 03-01, not %(found)s."), found=shown(raw)
            )
        return MonthDay(day.month, day.day)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of at most `longest` characters, not empty."""

    ordered: ClassVar[bool] = False
    longest: int = 200

    def read(self, raw: Raw) -> str:
        """Read a text."""
        if not isinstance(raw, str) or not raw.strip():
            raise UnfitValue(
                _("A text is wanted, not %(found)s; a number or date becomes one in quotes."),
                found=shown(raw),
            )
        if len(raw) > self.longest:
            raise UnfitValue(
                _("The text has %(n)s characters; at most %(longest)s are allowed."),
                n=len(raw),
                longest=self.longest,
            )
        return raw


@dataclass(frozen=True, slots=True)
class Parameter:
    """A policy parameter.

    `name` is dotted, the mechanism first: `rectification.sign_within`. `label` and `describes` are for people
    (a str, or a lazily translated one). `stricter` says which of two values is the stricter where a national
    and a local one meet; without it the most local one holds.
    """

    name: str
    label: object
    kind: ParameterKind
    describes: object
    stricter: Stricter | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"'{self.name}' is no parameter name; write it like rectification.sign_within.")
        if self.stricter and not self.kind.ordered:
            raise ValueError(f"{self.name}: a {type(self.kind).__name__} has no stricter value.")

    @property
    def timed(self) -> bool:
        """Whether its value measures time, and so may drive a clock: nothing unconfirmed does."""
        return bool(getattr(self.kind, "timed", False))


def plain(value: Value) -> object:
    """Return `value` as canonical JSON can hold it."""
    if isinstance(value, Period):
        return {"n": value.n, "unit": value.unit.value, "roll_forward": value.roll_forward}
    if isinstance(value, Recurrence):
        return {"every": value.every.value, "day": value.day, "on_workday": value.on_workday}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, MonthDay):
        return f"{value.month:02}-{value.day:02}"
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    return value


def measure(value: Value) -> tuple[str, int]:
    """Return what a value is measured in and how much it is; only equal measures can be compared.

    Five working days and seven days cannot: which is longer depends on the calendar.
    """
    if isinstance(value, Period):
        return value.unit.value, value.n * 2 + value.roll_forward
    if isinstance(value, MonthDay):
        return "month_day", value.month * 100 + value.day
    if isinstance(value, date):
        return "date", value.toordinal()
    if isinstance(value, int):
        return "number", int(value)
    raise TypeError(f"A {type(value).__name__} has no measure.")


def _whole(raw: Raw) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise UnfitValue(_("A whole number is wanted, not %(found)s."), found=shown(raw))
    return raw


def _within(n: int, least: int, most: int) -> int:
    if not least <= n <= most:
        raise UnfitValue(
            _("%(n)s is out of bounds; %(least)s to %(most)s is allowed."), n=n, least=least, most=most
        )
    return n


_NAMED: dict[type, Callable[[object], str]] = {
    list: lambda raw: "[…]",
    dict: lambda raw: "{" + ", ".join(f"{key}: …" for key in cast(dict[str, object], raw)) + "}",
    type(None): lambda raw: "null",
    bool: lambda raw: str(raw).lower(),
    str: lambda raw: f"'{raw}'" if len(str(raw)) <= 40 else f"'{str(raw)[:40]}…'",
}


def shown(raw: Raw) -> str:
    """Return what was written, short enough for a message."""
    return _NAMED.get(type(raw), str)(raw)
