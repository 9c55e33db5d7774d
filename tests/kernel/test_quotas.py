"""How much is owed: a number a rank; with days counted, between the least and the most of the ranks held."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.record.quotas import Quota, Spell, owed, rank_on

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
RANKS = ("section", "division", "bureau")
days = st.dates(date(2025, 7, 1), date(2027, 3, 1))


@st.composite
def held(draw: st.DrawFn) -> list[Spell]:
    since = sorted(draw(st.sets(days, min_size=1, max_size=5)))
    return [(day, draw(st.sampled_from((*RANKS, "")))) for day in since]


def quotas(by_day: bool, numbers: tuple[int, int] = (60, 90)) -> list[Quota]:
    return [Quota("division", numbers[0], by_day), Quota("bureau", numbers[1], by_day)]


def test_the_rank_held_on_the_last_day_decides() -> None:
    spells = [(FIRST, "bureau"), (date(2026, 11, 3), "division")]
    assert owed(quotas(by_day=False), spells, FIRST, LAST) == 60
    assert owed(quotas(by_day=False), spells, FIRST, date(2026, 11, 2)) == 90


def test_where_the_regime_counts_days_each_rank_has_its_part() -> None:
    # 181 days at 60 and 184 at 90, of 365: 75.1
    spells = [(FIRST, "division"), (date(2026, 7, 1), "bureau")]
    assert owed(quotas(by_day=True), spells, FIRST, LAST) == (181 * 60 + 184 * 90) // 365 == 75
    # Who joins with the last quarter owes a quarter's part, and no part of a day that isn't whole.
    assert owed(quotas(by_day=True), [(date(2026, 10, 1), "bureau")], FIRST, LAST) == 92 * 90 // 365 == 22
    # Days before, and those of a rank that owes nothing, count nothing.
    spells = [(date(2024, 5, 1), "section"), (date(2026, 10, 1), "bureau")]
    assert owed(quotas(by_day=True), spells, FIRST, LAST) == 22


@given(held(), st.booleans())
def test_a_last_rank_that_owes_nothing_owes_nothing(spells: list[Spell], by_day: bool) -> None:
    number = owed(quotas(by_day), spells, FIRST, LAST)
    assert (number is None) == (rank_on(spells, LAST) not in ("division", "bureau"))


@given(held(), st.integers(1, 200), st.integers(0, 200))
def test_it_is_never_more_than_the_most_and_grows_with_the_numbers(
    spells: list[Spell], least: int, more: int
) -> None:
    number = owed(quotas(True, (least, least + more)), spells, FIRST, LAST)
    higher = owed(quotas(True, (least + 1, least + more + 1)), spells, FIRST, LAST)
    if number is not None and higher is not None:
        assert 0 <= number <= least + more
        assert number <= higher <= number + 1


@given(st.sampled_from(("division", "bureau")), st.booleans(), st.dates(date(2020, 1, 1), FIRST))
def test_an_unchanged_rank_owes_its_whole_number(rank: str, by_day: bool, since: date) -> None:
    assert owed(quotas(by_day), [(since, rank)], FIRST, LAST) == {"division": 60, "bureau": 90}[rank]


@given(held(), days)
def test_a_spell_cut_in_two_owes_the_same(spells: list[Spell], at: date) -> None:
    cut = sorted({at: rank_on(spells, at), **dict(spells)}.items())
    assert owed(quotas(True), cut, FIRST, LAST) == owed(quotas(True), spells, FIRST, LAST)


@given(held(), st.integers(1, 400))
def test_what_comes_after_the_period_changes_nothing(spells: list[Spell], later: int) -> None:
    more = [*(one for one in spells if one[0] <= LAST), (LAST + timedelta(days=later), "bureau")]
    before = [one for one in spells if one[0] <= LAST]
    for by_day in (False, True):
        assert owed(quotas(by_day), more, FIRST, LAST) == owed(quotas(by_day), before, FIRST, LAST)
