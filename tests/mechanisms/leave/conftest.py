"""What tests of leave stand on besides the cast."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.kernel.concurrency.conftest import at_once

__all__ = ["at_once"]


@pytest.fixture
def own_keys(settings: Any, tmp_path: Path) -> None:
    """A key store of the test's own: what it destroys is not rolled back with the database."""
    settings.KEYS = shutil.copytree(settings.KEYS, tmp_path / "keys")
