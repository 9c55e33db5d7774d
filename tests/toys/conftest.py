"""The cast, with the tables of the toys, and their regime in force beside the county's own."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.browser.conftest import chromium, site, window
from tests.cast import FOUNDED, do
from tests.faces.api.conftest import clock
from tests.faces.cli.conftest import logging_level, qingfeng
from tests.kernel.concurrency.conftest import at_once

__all__ = ["at_once", "chromium", "clock", "logging_level", "qingfeng", "site", "window"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        text = (Path(__file__).parent / "regime.yaml").read_text(encoding="utf-8")
        proposed = do("regime.propose", "office_a", at=FOUNDED, text=text)
        do("regime.activate", "office_b", proposed.matter, at=FOUNDED)
