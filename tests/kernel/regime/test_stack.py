from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.regime.document import Document, digest, load
from qingfeng.kernel.regime.parameters import (
    Count,
    Day,
    Flag,
    Parameter,
    Points,
    Span,
    Stricter,
    Text,
)
from qingfeng.kernel.regime.registry import Registry
from qingfeng.kernel.regime.stack import IncomparableValues, NoValue, Stack
from qingfeng.kernel.time.periods import Period, PeriodUnit

CAP = Parameter("meetings.a_year", "Meetings a year", Count("times"), "Cap", "smaller")
LATE = Parameter("score.late", "Deduction", Points(1), "For each case", "larger")
ALCOHOL = Parameter("reception.alcohol", "Alcohol", Flag(), "Allowed", "smaller")
SIGN = Parameter("rectification.sign_within", "Acknowledgement", Span(), "From assignment", "smaller")
DUE_ON = Parameter("evaluation.due_on", "Day", Day(yearly=True), "Every year", "smaller")
BEGINS = Parameter("scheme.begins", "Day", Day(), "Once", "smaller")
TITLE = Parameter("hotline.title", "Name", Text(), "On the portal")
REGISTRY = Registry(CAP, LATE, ALCOHOL, SIGN, DUE_ON, BEGINS, TITLE)
ON = date(2026, 3, 1)


def layer(code: str, name: str, *values: tuple[str, str]) -> Document:
    lines = [
        f"regime: {code}",
        "title: 示例",
        "title_en: Example",
        f"jurisdiction: {code}",
        "place: 某地",
        "enables: []",
        "values:",
        f"  {name}:",
    ]
    for since, value in values:
        lines.append(
            f"  - {{from: {since}, value: {value}, verified: true, source: {{title: {code}, clause: '1'}}}}"
        )
    return load("\n".join(lines).encode(), f"{code}.yaml", REGISTRY)


def stack(parameter: Parameter, national: str, local: str) -> Stack:
    return Stack(
        layer(code, parameter.name, ("2020-01-01", value))
        for code, value in [("national", national), ("county", local)]
    )


@pytest.mark.parametrize(
    ("parameter", "national", "local", "holds"),
    [
        (CAP, "12", "10", "county"),
        (CAP, "12", "15", "national"),
        (CAP, "12", "12", "county"),
        (LATE, "5", "8", "county"),
        (LATE, "5", "3", "national"),
        (ALCOHOL, "false", "true", "national"),
        (SIGN, "{n: 5, unit: workday}", "{n: 3, unit: workday}", "county"),
        (SIGN, "{n: 5, unit: day, roll_forward: false}", "{n: 5, unit: day, roll_forward: true}", "national"),
        (DUE_ON, "12-31", "06-30", "county"),
        (BEGINS, "2026-02-01", "2026-03-01", "national"),
        (TITLE, "全国", "本县", "county"),
    ],
)
def test_the_stricter_holds_else_the_most_local(
    parameter: Parameter, national: str, local: str, holds: str
) -> None:
    assert stack(parameter, national, local).value(parameter, ON).layer == holds


def test_a_value_holds_from_its_first_day_until_the_next() -> None:
    one = Stack([layer("county", CAP.name, ("2020-01-01", "12"), ("2026-03-01", "10"))])
    assert [one.value(CAP, day).value for day in (date(2020, 1, 1), date(2026, 2, 28), date(2026, 3, 1))] == [
        12,
        12,
        10,
    ]


def test_a_local_value_that_has_not_begun_does_not_hold() -> None:
    both = Stack(
        [layer("national", CAP.name, ("2020-01-01", "12")), layer("county", CAP.name, ("2026-03-02", "10"))]
    )
    assert both.value(CAP, ON).layer == "national"
    assert both.value(CAP, date(2026, 3, 2)).layer == "county"


def test_before_the_first_date_there_is_no_value_and_it_says_what_to_do() -> None:
    one = Stack([layer("county", CAP.name, ("2020-01-01", "12"))])
    with pytest.raises(NoValue) as caught:
        one.value(CAP, date(2019, 12, 31))
    assert str(caught.value) == (
        "meetings.a_year has no value on 2019-12-31. Have a regime activated that sets it from that day or "
        "earlier, with its source, then try again."
    )
    with pytest.raises(NoValue, match="score"):
        one.value(LATE, ON)
    with pytest.raises(NoValue, match="meetings"):
        Stack([]).value(CAP, ON)


def test_units_that_cannot_be_compared_are_refused() -> None:
    mixed = stack(SIGN, "{n: 7, unit: day, roll_forward: true}", "{n: 5, unit: workday}")
    with pytest.raises(IncomparableValues) as caught:
        mixed.value(SIGN, ON)
    assert "measured in day by national and in workday by county on 2026-03-01" in str(caught.value)


def test_a_value_carries_where_it_stands() -> None:
    document = layer("county", SIGN.name, ("2020-01-01", "{n: 3, unit: workday}"))
    valued = Stack([document]).value(SIGN, ON)
    assert (valued.parameter, valued.value, valued.layer) == (
        SIGN.name,
        Period(3, PeriodUnit.WORKDAY),
        "county",
    )
    assert (valued.since, valued.verified, valued.source.title) == (date(2020, 1, 1), True, "county")
    assert valued.digest == digest(document)
    assert Stack([document]).digests == (digest(document),)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=5), st.sampled_from(["smaller", "larger", None]))
def test_of_many_levels_the_strictest_or_the_last_holds(values: list[int], stricter: Stricter | None) -> None:
    cap = Parameter(CAP.name, "Cap", Count("times"), "Cap", stricter)
    many = Stack(layer(f"level{n}", CAP.name, ("2020-01-01", str(value))) for n, value in enumerate(values))
    expected = {"smaller": min(values), "larger": max(values), None: values[-1]}[stricter]
    assert many.value(cap, ON).value == expected


def test_what_each_level_says_is_told_with_whose_it_is_and_none_where_nobody_says_anything() -> None:
    three = Stack(
        [
            layer("national", "meetings.a_year", ("2024-01-01", "5")),
            layer("city", "meetings.a_year", ("2024-01-01", "2"), ("2026-06-01", "1")),
            layer("county", "score.late", ("2024-01-01", "1")),
        ]
    )
    assert [(one.of, one.value) for one in three.levels(CAP, ON)] == [("national", 5), ("city", 2)]
    assert three.value(CAP, ON) == three.levels(CAP, ON)[1]
    assert three.levels(TITLE, ON) == []
