import re

import pytest
from django.utils.translation import override

from qingfeng.kernel.regime.parameters import (
    Choices,
    Count,
    Flag,
    Months,
    Parameter,
    Text,
    Turns,
    UnfitValue,
    measure,
    plain,
)
from qingfeng.kernel.regime.registry import Registry
from qingfeng.kernel.regime.value_words import value_words
from qingfeng.kernel.time.recurrence import Every, Recurrence

CAP = Parameter("meetings.a_year", "Meetings a year", Count("times"), "Cap", "smaller")


def test_a_name_is_declared_once() -> None:
    registry = Registry(CAP)
    with pytest.raises(ValueError, match=r"meetings\.a_year is declared twice"):
        registry.add(Parameter("meetings.a_year", "Other", Flag(), "Other"))
    assert registry.get("meetings.a_year") is CAP
    assert list(registry) == [CAP]
    assert registry.get("meetings.a_month") is None


@pytest.mark.parametrize("name", ["meetings", "Meetings.cap", "meetings.", "meetings.a-year", "会议.上限"])
def test_a_name_that_is_not_dotted_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no parameter name"):
        Parameter(name, "Label", Flag(), "Words")


@pytest.mark.parametrize("kind", [Choices(), Text(), Months()])
def test_what_has_no_order_has_no_stricter_value(kind: Choices | Text | Months) -> None:
    with pytest.raises(ValueError, match="no stricter value"):
        Parameter("problem.kinds", "Kinds", kind, "Words", "smaller")
    with pytest.raises(TypeError, match="no measure"):
        measure("text")


def test_a_turn_is_read_with_all_its_parts_and_says_what_is_wrong() -> None:
    written = {"every": "half_month", "day": 15, "on_workday": True}
    assert Turns().read(written) == Recurrence(Every.HALF_MONTH, 15, True)
    assert plain(Turns().read(written)) == written
    wrong = {
        "exactly every, day and on_workday": {"every": "month", "day": 1},
        "not 'fortnight'": {**written, "every": "fortnight"},
        "not […]": {**written, "every": ["month"]},
        "A half_month has no day 16": {**written, "day": 16},
        "A half_month has no day 0": {**written, "day": 0},
        "whole number": {**written, "day": "1"},
        "true or false": {**written, "on_workday": "yes"},
    }
    for words, raw in wrong.items():
        with pytest.raises(UnfitValue, match=re.escape(words)):
            Turns().read(raw)


@pytest.mark.parametrize(("written", "read"), [([3, 8], {3, 8}), ([12, 1], {1, 12}), ([], set())])
def test_months_are_a_list_of_numbers_and_may_be_none(written: list[int], read: set[int]) -> None:
    assert Months().read(written) == read
    assert plain(Months().read(written)) == sorted(written)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (3, "list of months"),
        ([13], "1 to 12"),
        ([0], "1 to 12"),
        (["3"], "whole number"),
        ([3, 8, 3], "The month 3 stands here twice"),
    ],
)
def test_what_is_no_list_of_months_is_refused(wrong: object, words: str) -> None:
    with pytest.raises(UnfitValue, match=re.escape(words)):
        Months().read(wrong)


@pytest.mark.parametrize(("value", "words"), [(1, "day 1"), (31, "31"), (32, "none"), (40, "none")])
def test_a_day_that_no_month_has_is_told_as_none(value: int, words: str) -> None:
    kept_free = Parameter("meetings.from", "From", Count("day of the month", 1, 40), "From", "smaller")
    with override("en"):
        assert re.search(words, value_words(value, kept_free))
