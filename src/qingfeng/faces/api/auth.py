"""Who calls: a token, as one account in one role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import HttpBearer

from qingfeng.faces.api.errors import TooManyRequests
from qingfeng.faces.api.models import Token
from qingfeng.faces.api.tokens import used
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.time.timekeeper import SystemTime, Timekeeper

clock: Timekeeper = SystemTime()
"""What time it is for this face."""


@dataclass(frozen=True)
class Caller:
    """Who calls, by which token, and when: one moment for the whole request."""

    token: Token
    actor: Actor
    now: datetime


class BearerToken(HttpBearer):
    """The bearer of a token, acting in the one role it was issued for."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        return called(token)


def called(secret: str) -> Caller:
    """The caller a token's secret stands for. Raises ``Unauthenticated``, ``Barred``, ``TooMany``."""
    now = clock.now()
    found, actor = used(secret, now)
    _count(found, now)
    return Caller(found, actor, now)


def caller(request: HttpRequest) -> Caller:
    """The caller that the token named."""
    found: Caller = request.auth  # type: ignore[attr-defined]
    return found


def _count(token: Token, now: datetime) -> None:
    """Count a token's requests of this minute, in each process by itself. Raises ``TooMany``."""
    minute, second = divmod(int(now.timestamp()), 60)
    key = f"api-token-{token.pk}-{minute}"
    cache.add(key, 0, 120)
    if cache.incr(key) > settings.API_PER_MINUTE:
        raise TooManyRequests(60 - second)
