"""What can be decided of a reception and of expenses without a database: whole numbers in, whole numbers out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from qingfeng.kernel.text.normalization import folded

BRACKETS = str.maketrans("[]【】()〈〉《》﹝﹞", "〔〕" * 6)


def most_companions(guests: int, small_party: int, few: int, guests_each: int) -> int:
    """How many may keep guests company at table 陪餐人数.

    Up to ``small_party`` guests ``few``; beyond it one for every ``guests_each`` guests, what is left over not counted
    (党政机关国内公务接待管理规定: up to 10 guests 3, of more a third at most).
    """
    return few if guests <= small_party else guests // guests_each


def yearly_limit(headcount: int, a_head: int, most: int) -> int:
    """The most a unit may spend on receptions in a year, in fen: ``a_head`` for each of its staff, never above ``most``."""
    return min(headcount * a_head, most)


def growth(now: int, before: int) -> int | None:
    """Growth on the year before in thousandths, halves away from zero 四舍五入: ``-268`` is 26.8 % less.

    None where there was nothing before: no rate grows from zero.
    """
    if before <= 0:
        return None
    risen = (now - before) * 1000
    rounded = (2 * abs(risen) + before) // (2 * before)
    return rounded if risen >= 0 else -rounded


def percent(thousandths: int) -> str:
    """A rate as written, with its sign: ``-268`` is ``-26.8%``."""
    sign = "-" if thousandths < 0 else "+" if thousandths > 0 else ""
    return f"{sign}{abs(thousandths) // 10}.{abs(thousandths) % 10}%"


def of_this_place(organ: str, place: str, below: Collection[str], units: Collection[str]) -> bool:
    """Whether an organ is of the receiving unit's own place 同城: named after it, or like one of its units.

    An organ named after a place ``below`` is of that place: a city may receive its counties.
    """
    name = _plain(organ)
    if any(_plain(other) in name for other in below):
        return False
    return _plain(place) in name or name in {_plain(unit) for unit in units}


def of_this_city(organ: str, city: str, beside: Collection[str], units: Collection[str]) -> bool:
    """Whether an organ is of the city above 同一城市, or of a place beside, by its name."""
    name = _plain(organ)
    return any(_plain(place) in name for place in (city, *beside)) or name in {_plain(unit) for unit in units}


def letter_key(organ: str, number: str) -> str:
    """One letter, however its brackets, widths and blanks are typed: what two receptions may not share a meal under."""
    return f"{_plain(organ)}|{_plain(number)}"


def _plain(text: str) -> str:
    return "".join(folded(text).split()).translate(BRACKETS).casefold()


QUARTERS = ("q1", "q2", "q3", "q4")
YEAR = "year"


def of_year(periods: Mapping[str, int]) -> int | None:
    """What a year came to: as returned for the year, else the sum of the quarters returned. None: nothing returned."""
    if YEAR in periods:
        return periods[YEAR]
    returned = [periods[quarter] for quarter in QUARTERS if quarter in periods]
    return sum(returned) if returned else None


def like_before(now: Mapping[str, int], before: Mapping[str, int]) -> tuple[int | None, int | None]:
    """This year and the year before over the same stretch 同口径.

    Whole years where this year was returned whole; else the quarters returned this year, each of which the year before
    must have too. None where there is nothing to compare.
    """
    if YEAR in now:
        return now[YEAR], of_year(before)
    quarters = [quarter for quarter in QUARTERS if quarter in now]
    if not quarters:
        return None, None
    this = sum(now[quarter] for quarter in quarters)
    if len(quarters) == len(QUARTERS):
        return this, of_year(before)
    known = all(quarter in before for quarter in quarters)
    return this, sum(before[quarter] for quarter in quarters) if known else None
