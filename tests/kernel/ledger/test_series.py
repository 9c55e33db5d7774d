"""Number series against the numbers that bear them, in the form of now and that of older releases."""

import pytest

from qingfeng.kernel.ledger.verify_series import DrawnNumbers
from qingfeng.kernel.matters.models import NumberSeries
from tests import cast

pytestmark = pytest.mark.django_db
YEAR = 2031
"""In which the cast has done nothing."""


def faults(*numbers: str) -> list[str]:
    drawn, place = DrawnNumbers(), cast.jurisdiction()
    for number in numbers:
        drawn.number(place.pk, number)
    others = {f"kernel_numberseries:{other.pk}" for other in NumberSeries.objects.exclude(year=YEAR)}
    return [fault.where for fault in drawn.faults() if fault.where not in others]


def series(word: str, last: int) -> NumberSeries:
    place = cast.jurisdiction()
    return NumberSeries.objects.create(jurisdiction=place, word=word, year=YEAR, last=last)


def test_numbers_of_both_forms_count_in_one_series() -> None:
    series("巡查", 3)
    assert faults("清风区〔2031〕巡查1号", "清风区巡查〔2031〕2号", "清风区巡查〔2031〕3号") == []


def test_a_word_that_ends_like_another_has_a_series_of_its_own() -> None:
    series("查", 1)
    series("联合巡查", 2)
    assert faults("清风区联合巡查〔2031〕1号", "清风区联合巡查〔2031〕2号", "清风区查〔2031〕1号") == []


@pytest.mark.parametrize("number", ["清风区巡查〔2031〕3号", "清风区〔2031〕巡查3号"])
def test_a_number_left_out_or_a_series_that_is_gone_is_named(number: str) -> None:
    assert len(faults(number)) == 1
    kept = series("巡查", 3)
    assert faults(number) == [f"kernel_numberseries:{kept.pk}"]
