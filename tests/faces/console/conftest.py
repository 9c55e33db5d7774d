"""At the console: a time that stands still, and browsers with someone signed in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from qingfeng.kernel.time.timekeeper import FixedTime
from tests import cast
from tests.faces.console.staff import browser


@pytest.fixture(autouse=True)
def clock(settings: Any) -> FixedTime:
    """The console's clock, standing at NOW until a test moves it."""
    settings.TIMEKEEPER = cast.clock()
    return settings.TIMEKEEPER  # type: ignore[no-any-return]


@pytest.fixture
def signed_in(db: None) -> Callable[..., Client]:
    return browser
