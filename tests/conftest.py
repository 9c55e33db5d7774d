"""What every test stands on: the cast, founded once in the template database."""

import gc
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.utils import translation
from hypothesis import HealthCheck, settings

from qingfeng.kernel.matters.registry import matter_class
from qingfeng.kernel.sealing.keystore import STORE
from tests.databases import own_copy

# How long an example takes says something of the machine, nothing of the rule.
settings.register_profile("qingfeng", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("qingfeng")

NUMBERS = count()
"""Of folders with keys."""
TESTS = Path(__file__).parent
FIRST = (
    "faces/api/test_any_request.py",
    "walk/test_walk.py",
    "browser/test_barriers.py",
    "walk/test_mutants.py",
    "faces/cli/test_installation.py",
    "house/test_how_to_add_a_mechanism.py",
    "scenarios/test_regimes.py",
    "faces/api/test_generated_client.py",
    "faces/api/test_bad_input.py",
    "faces/api/test_description.py",
    "faces/console/test_words.py",
)
"""Where the longest tests are, the longest first: begun last, one would keep all workers but its own waiting."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--of", metavar="NAME", help="of the walk, only what a mechanism or a chapter declares")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if of := config.getoption("--of"):
        others = [item for item in items if not _declared_by(of, item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]
    items.sort(key=_turn)


def pytest_collection_finish() -> None:
    # What is loaded by now stays: else every full collection would look through it again.
    gc.freeze()


def _walked(item: pytest.Item) -> str:
    """The code of the matters that a test of the walk is about; of any other test nothing."""
    walks = (
        isinstance(item, pytest.Function) and item.path.parent == TESTS / "walk" and hasattr(item, "callspec")
    )
    return str(item.callspec.params.get("code", "")) if walks else ""


def _declared_by(package: str, item: pytest.Item) -> bool:
    code = _walked(item)
    return not code or package in matter_class(code).__module__.split(".")


def _turn(item: pytest.Item) -> tuple[int, int]:
    name = item.path.relative_to(TESTS).as_posix()
    if name not in FIRST:
        return len(FIRST), 0
    # The longest table has most to try.
    code = _walked(item)
    return FIRST.index(name), -(TESTS / "walk" / f"{code}.yaml").stat().st_size if code else 0


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings: None, django_db_blocker: Any) -> None:
    """This worker's copy of the template, with the cast in it: `db` and `fresh_database` both have it."""
    with django_db_blocker.unblock():
        own_copy()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The toys are tested with settings of their own (``--ds=tests.toys.settings``), apart from the real house."""
    if collection_path.is_relative_to(TESTS / "toys") and not apps.is_installed("tests.toys"):
        return True
    return None


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Each test begins in Chinese, and takes the language it leaves with it."""
    with translation.override(django_settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def first_keys(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys under which the cast was founded, copied once: in the folder itself other workers go on writing."""
    first = tmp_path_factory.mktemp("keys")
    first.chmod(0o700)
    if django_settings.KEYS.exists():
        shutil.copytree(
            django_settings.KEYS, first, ignore=shutil.ignore_patterns(f"{STORE}*"), dirs_exist_ok=True
        )
        with (
            closing(sqlite3.connect(django_settings.KEYS / STORE)) as source,
            closing(sqlite3.connect(first / STORE)) as target,
        ):
            source.backup(target)
    return first


@pytest.fixture(autouse=True)
def own_keys(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test of data has keys of its own: what it destroys is not rolled back with the database."""
    if request.node.get_closest_marker("database") is None:
        yield
        return
    first = request.getfixturevalue("first_keys")
    usual = django_settings.KEYS, django_settings.HEADS
    # A name for each, whatever process was forked from this one: an opened store is kept by its folder.
    own = shutil.copytree(first, first.with_name(f"keys-{os.getpid()}-{next(NUMBERS)}"))
    django_settings.KEYS, django_settings.HEADS = own, own / usual[1].name
    yield
    django_settings.KEYS, django_settings.HEADS = usual
    shutil.rmtree(own)
