"""What every test stands on: the cast, founded once in the template database."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says something of the machine, nothing of the rule.
settings.register_profile("qingfeng", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("qingfeng")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The migrated template database, with the cast in it: `db` and `fresh_database` both have it."""
    with django_db_blocker.unblock():
        from tests.cast import found_all

        found_all()
