"""A place to keep files, whoever hands them in, and the receiving itself."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from qingfeng.kernel.attachments import Attachment, intake
from qingfeng.kernel.attachments.intake import receive
from qingfeng.kernel.people.models import Jurisdiction

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
Hand = Callable[..., Attachment]


@pytest.fixture
def jurisdiction(db: None) -> Jurisdiction:
    return Jurisdiction.objects.create(code="demo", name="清风区")


@pytest.fixture
def kept(tmp_path: Path, settings: Any) -> Path:
    """Where files are kept."""
    settings.MEDIA_ROOT = tmp_path / "kept"
    settings.ATTACHMENT_LIMIT = 4 << 20
    return tmp_path / "kept"


@pytest.fixture
def hand_in(jurisdiction: Jurisdiction, kept: Path) -> Hand:
    """Hands in content under a name."""

    def hand_in(content: bytes, name: str, now: datetime = NOW, declared: int | None = None) -> Attachment:
        return receive(BytesIO(content), name, None, jurisdiction, now, declared)

    return hand_in


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are looked through here, where a test can stand in the way."""
    monkeypatch.setattr(intake, "apart", lambda _limits, job, *given: job(*given))


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
