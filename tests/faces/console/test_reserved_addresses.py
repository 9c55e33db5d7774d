"""No mechanism is named like an address of the house."""

import pytest

from qingfeng.faces.console import checks
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.mechanisms.problems.rectification.models import Problem


@pytest.mark.parametrize(
    "code", ["search", "account", "handbook", "api", "design", "static", "sign-in", "role", "administration"]
)
def test_a_code_that_the_house_has_is_refused_at_the_start(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "mechanisms", lambda: {code: Problem})
    (fault,) = checks.codes(None)
    assert (fault.id, fault.obj) == ("qingfeng.E019", Problem)
    assert code in fault.msg


def test_the_mechanisms_there_are_have_codes_of_their_own() -> None:
    assert checks.codes(None) == []
    assert not checks.reserved() & set(mechanisms())
