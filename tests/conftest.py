"""What every test stands on: the cast, founded once in the template database."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.utils import translation
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


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The toys are tested with settings of their own (``--ds=tests.toys.settings``), apart from the real house."""
    toys = Path(__file__).parent / "toys"
    if collection_path.is_relative_to(toys) and not apps.is_installed("tests.toys"):
        return True
    return None


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Each test begins in Chinese, and takes the language it leaves with it."""
    with translation.override(django_settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def own_heads() -> Iterator[None]:
    """Each test knows no heads at first: those of another test's database are not in its own."""
    usual = django_settings.HEADS
    own = django_settings.HOME / f"heads-{os.getpid()}" / usual.name
    own.parent.mkdir(exist_ok=True)
    django_settings.HEADS = own
    yield
    django_settings.HEADS = usual
    own.unlink(missing_ok=True)
