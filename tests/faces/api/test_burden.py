"""A program is told what was asked of units in a month."""

import pytest

from tests import cast
from tests.faces.api.conftest import Program, assign, opened

pytestmark = pytest.mark.django_db


def test_a_program_is_told_by_unit_and_kind(office: Program, clerk: Program) -> None:
    assign(office, opened(office))
    rows = office.get("/burden?month=2026-03").json()["rows"]
    mine = {row["kind"]: row["asked"] for row in rows if row["unit"]["id"] == cast.unit("housing").pk}
    assert (mine["meeting"], mine["inspection"], mine["form"]) == (0, 0, 1)
    assert mine["field"] > 0
    assert {row["unit"]["id"] for row in clerk.get("/burden").json()["rows"]} == {cast.unit("housing").pk}
    assert office.get("/burden?month=2026-13").status_code == 422
