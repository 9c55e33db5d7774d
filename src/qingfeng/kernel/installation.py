"""What an installation was founded as 建库性质."""

from __future__ import annotations

from django.conf import settings


def demonstration() -> bool:
    """Whether it was founded to demonstrate 演示: then no number of it needs to be confirmed."""
    return bool(settings.DEMO)
