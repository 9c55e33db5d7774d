"""What the machine keeps of its own upkeep 运行记录: when the worker was last heard of, when a backup was last taken.

Files in the home directory, not rows: they tell of this machine, and can be read when the database is away.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Literal

from django.conf import settings

Of = Literal["worker", "backup", "backup_of_keys"]


def note(of: Of, now: datetime) -> None:
    """Keep that something happened now."""
    place = _place(of)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    draft = place.with_name(f".{of}.{os.getpid()}")
    draft.write_text(now.isoformat(), encoding="ascii")
    draft.replace(place)


def last(of: Of) -> datetime | None:
    """When it last happened. Raises ``ValueError`` where what was kept can't be read."""
    try:
        return datetime.fromisoformat(_place(of).read_text(encoding="ascii"))
    except FileNotFoundError:
        return None


def _place(of: Of) -> Path:
    return Path(settings.HOME) / "heard" / of
