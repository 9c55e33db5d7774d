import pytest

from qingfeng.kernel.regime.parameters import Choices, Count, Flag, Parameter, Registry, Text, measure

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


@pytest.mark.parametrize("kind", [Choices(), Text()])
def test_what_has_no_order_has_no_stricter_value(kind: Choices | Text) -> None:
    with pytest.raises(ValueError, match="no stricter value"):
        Parameter("problem.kinds", "Kinds", kind, "Words", "smaller")
    with pytest.raises(TypeError, match="no measure"):
        measure("text")
