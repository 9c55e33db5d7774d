import pytest

from qingfeng.kernel.regime.parameters import (
    Choices,
    Count,
    Day,
    Flag,
    Money,
    Parameter,
    Points,
    Span,
    Text,
)
from qingfeng.kernel.regime.registry import Registry
from qingfeng.kernel.time.periods import PeriodUnit

DECLARED = [
    Parameter(
        "rectification.sign_within",
        "Time to sign for a problem",
        Span((PeriodUnit.WORKDAY, PeriodUnit.DAY), most=60),
        "From assignment",
        "smaller",
    ),
    Parameter("rectification.report_within", "Time to report", Span(), "From signing", "smaller"),
    Parameter("meetings.a_year", "Meetings a year", Count("times", 0, 366), "Cap", "smaller"),
    Parameter("reception.cap", "Reception a person and year", Money(), "Cap", "smaller"),
    Parameter("reception.alcohol", "Alcohol at working meals", Flag(), "Allowed", "smaller"),
    Parameter("score.late", "Deduction for lateness", Points(100), "For each case", "larger"),
    Parameter("problem.kinds", "Kinds of problem", Choices(), "Offered when a problem is found"),
    Parameter("scheme.begins", "First day of the scheme", Day(), "Once", "smaller"),
    Parameter("evaluation.due_on", "Day of evaluation", Day(yearly=True), "Every year", "smaller"),
    Parameter("hotline.title", "Name of the hotline", Text(10), "On the portal"),
]


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry(*DECLARED)
