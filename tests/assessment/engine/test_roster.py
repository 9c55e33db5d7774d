"""Who is assessed and linked: by the day it holds and by the moment it is known."""

import pytest

from qingfeng.assessment.engine import AssessmentPeriod, EngineRefusal, roster_from
from tests.assessment.engine.support import moment

ROSTER = """
jurisdiction: "1"
members:
  - subject: "unit:1"
    name: 甲
    group: a
    from: 2021-01-01
    until: 2021-06-29
    recorded_at: 2021-01-01T00:00:00Z
  - {subject: "unit:1", name: 甲, group: b, from: 2021-06-30, recorded_at: 2021-07-20T00:00:00Z}
  - subject: "unit:2"
    name: 乙
    group: a
    from: 2021-01-01
    recorded_at: 2021-01-01T00:00:00Z
    withdrawn_at: 2021-07-20T00:00:00Z
links:
  - subject: "person:1"
    to: "unit:1"
    weight: 2
    from: 2021-06-28
    until: 2021-07-02
    recorded_at: 2021-06-28T00:00:00Z
"""
HALF = AssessmentPeriod.parse("2021H1")


def groups(period: AssessmentPeriod, known_at: str) -> dict[str, str]:
    return {m.subject: m.group for m in roster_from(ROSTER).members_in(period, moment(known_at))}


def test_the_last_day_of_the_period_decides_the_group() -> None:
    assert groups(AssessmentPeriod.parse("2021Q1"), "2021-08-01") == {"unit:1": "a"}
    assert groups(HALF, "2021-08-01") == {"unit:1": "b"}


def test_a_row_is_seen_from_its_recording_until_its_withdrawal() -> None:
    assert groups(HALF, "2021-07-19T23:59:59Z") == {"unit:2": "a"}
    assert groups(HALF, "2021-07-20") == {"unit:1": "b"}


def test_links_count_the_days_they_share_with_the_period() -> None:
    links = roster_from(ROSTER).links_in(HALF, moment("2021-08-01"))
    assert [(link.to, link.share) for link in links["person:1"]] == [("unit:1", 2 * 3)]
    after = roster_from(ROSTER).links_in(AssessmentPeriod.parse("2021H2"), moment("2022-01-01"))
    assert [(link.to, link.share) for link in after["person:1"]] == [("unit:1", 2 * 2)]


def test_a_subject_in_two_groups_on_one_day_is_refused() -> None:
    with pytest.raises(
        EngineRefusal, match=r"roster.yaml:10: “unit:1”有两段日期重叠（2021-06-29 至 2021-06-29）"
    ):
        roster_from(ROSTER.replace("from: 2021-06-30", "from: 2021-06-29"))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021", "2021-01-01", "2021-12-31"),
        ("2021H2", "2021-07-01", "2021-12-31"),
        ("2020Q1", "2020-01-01", "2020-03-31"),
        ("2020M02", "2020-02-01", "2020-02-29"),
        ("2021M12", "2021-12-01", "2021-12-31"),
    ],
)
def test_periods_hold_both_ends(text: str, first: str, last: str) -> None:
    period = AssessmentPeriod.parse(text)
    assert (str(period.first), str(period.last), str(period)) == (first, last, text)


@pytest.mark.parametrize("text", ["21", "2021Q5", "2021M13", "2021H0", "2021X1", "2021Q"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="2"):
        AssessmentPeriod.parse(text)


def test_a_period_is_over_at_local_midnight() -> None:
    assert not HALF.over_at(moment("2021-06-30T15:59:59Z"))
    assert HALF.over_at(moment("2021-06-30T16:00:00Z"))
