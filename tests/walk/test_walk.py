"""Who may do what, tried by everyone on everything, against the tables written by hand."""

import pytest

from tests.walk.staging import Company
from tests.walk.table import names, table
from tests.walk.walking import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]


@pytest.mark.parametrize("code", names())
def test_everyone_may_do_and_read_what_the_table_says_and_nothing_else(code: str) -> None:
    company = Company()
    walk = Walk(table(code), company, company.stage(table(code)))
    faults = list(walk.mismatches())
    assert not faults, "\n".join(faults[:40])
