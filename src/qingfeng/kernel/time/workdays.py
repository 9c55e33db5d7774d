"""Working days (工作日) of the national calendar, with make-up working days (调休上班).

The base is `chinesecalendar` (2004 to the last year it carries). A later year is known only when the notice
of the State Council's General Office (国务院办公厅关于部分节假日安排的通知) for it has been entered:
without it, Saturdays, Sundays and holidays that are swapped would be guessed, and so would every deadline.
Source: 全国年节及纪念日放假办法 (2024-11-10); the yearly notices.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from chinese_calendar.constants import holidays as _HOLIDAYS
from chinese_calendar.constants import workdays as _MADE_UP

from qingfeng.kernel.text.translatable import TranslatableError
from qingfeng.kernel.text.translatable import gettext_noop as _

FIRST_YEAR = min(_HOLIDAYS).year
LAST_YEAR = max(_HOLIDAYS).year
_DAY = timedelta(days=1)


class CalendarNotPublished(TranslatableError, LookupError):
    """No working-day calendar is held for a year; `year` names it."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            _(
                "The working days of %(year)s are not known here. When the State Council's notice on the "
                "holidays of %(year)s has appeared, have it entered in the working-day calendar, then try "
                "again."
            ),
            year=year,
        )


class WrongNotice(TranslatableError, ValueError):
    """A notice contradicts itself or its year."""


@dataclass(frozen=True, slots=True)
class HolidayNotice:
    """One year's published arrangement: which weekdays are off, which weekend days are worked.

    `off` holds every holiday date (weekend days may be among them); `work` the make-up working days. Days in
    the last December before or the first January after belong to the notice that names them (29 December 2018
    stood in the notice for 2019). `source` is the notice's number or title.
    """

    year: int
    off: tuple[date, ...]
    work: tuple[date, ...]
    source: str

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise WrongNotice(_("A notice needs its source: the number or title of the published paper."))
        both = sorted(set(self.off) & set(self.work))
        if both:
            raise WrongNotice(_("%(day)s cannot be off and worked at once."), day=both[0])
        early, late = date(self.year - 1, 12, 1), date(self.year + 1, 1, 31)
        for day in (*self.off, *self.work):
            if not early <= day <= late:
                raise WrongNotice(
                    _("%(day)s does not belong to the notice for %(year)s."), day=day, year=self.year
                )

    def demand_made_up(self, known: "Workdays") -> None:
        """Refuse a weekday among the made-up days, unless it is off by what is known: then it is worked after all.

        Raises WrongNotice.
        """
        for day in self.work:
            if day.weekday() < 5 and (day.year not in known.years or known.is_workday(day)):
                raise WrongNotice(_("%(day)s is a weekday; make-up working days fall on weekends."), day=day)


@dataclass(frozen=True)
class Workdays:
    """The working-day calendar at one state of knowledge. Immutable; entering a notice makes a new one.

    `overlay` sets single days (a day off by decree, such as the extension of the Spring Festival of 2020)
    over the notices, and they over the base. Of two notices that speak of one day, the later given holds.
    """

    notices: tuple[HolidayNotice, ...] = ()
    overlay: Mapping[date, bool] = field(default_factory=dict, hash=False)
    _days: Mapping[date, bool] = field(init=False, repr=False, compare=False)
    _years: frozenset[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        days: dict[date, bool] = {}
        for notice in self.notices:
            days.update(dict.fromkeys(notice.off, False))
            days.update(dict.fromkeys(notice.work, True))
        object.__setattr__(self, "overlay", MappingProxyType(dict(self.overlay)))
        object.__setattr__(self, "_days", MappingProxyType({**days, **self.overlay}))
        known = {*range(FIRST_YEAR, LAST_YEAR + 1), *(notice.year for notice in self.notices)}
        object.__setattr__(self, "_years", frozenset(known))

    @property
    def years(self) -> frozenset[int]:
        """The years whose working days are known."""
        return self._years

    def is_workday(self, day: date) -> bool:
        """Tell whether `day` is worked; raises CalendarNotPublished for an unknown year."""
        # Refused rather than guessed: Saturdays and Sundays alone would be wrong by a week of swapped days a year.
        if day.year not in self._years:
            raise CalendarNotPublished(day.year)
        said = self._days.get(day)
        if said is not None:
            return said
        return day in _MADE_UP or (day.weekday() < 5 and day not in _HOLIDAYS)

    def next_workday(self, day: date) -> date:
        """Return `day` if it is worked, else the first working day after it."""
        while not self.is_workday(day):
            day += _DAY
        return day

    def add(self, day: date, n: int) -> date:
        """Return the `n`-th working day after `day`, which itself is not counted; for 0, `day` as it is.

        Raises:
            ValueError: if `n` is negative.
            CalendarNotPublished: if the count runs into an unknown year.
        """
        if n < 0:
            raise ValueError("Working days are counted forward; n must not be negative.")
        while n:
            day += _DAY
            n -= self.is_workday(day)
        return day

    def count(self, after: date, upto: date) -> int:
        """Return how many working days lie after `after` and up to `upto`, the latter included.

        It undoes `add`: count(d, add(d, n)) == n. Raises ValueError if `upto` lies before `after`.
        """
        if upto < after:
            raise ValueError("The day up to which is counted lies before the day after which it begins.")
        return sum(self.is_workday(after + timedelta(days=n)) for n in range(1, (upto - after).days + 1))
