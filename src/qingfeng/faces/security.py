"""What every answer carries to the browser, and how long a sign-in lasts."""

import time
from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
PERMISSIONS_POLICY = ", ".join(
    f"{power}=()"
    for power in ("camera", "display-capture", "geolocation", "microphone", "payment", "serial", "usb")
)


class SecurityHeaders:
    """Stands first, so that static files and error pages carry the headers too."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Referrer-Policy", "same-origin")
        # Whatever isn't a static file, which says so itself, is for its reader and for now: a page that a later
        # user of the same machine could call up again would be one that nobody thought of.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class SlidingSession:
    """Moves the end of a sign-in forward while it is used.

    At most once a minute: a page that is only read then writes nothing, which on SQLite would queue
    every reader behind the one writer.
    """

    def __init__(self, answer: Answer, clock: Callable[[], float] = time.time) -> None:
        self.answer = answer
        self.clock = clock

    def __call__(self, request: HttpRequest) -> HttpResponse:
        minute = int(self.clock() // 60)
        if SESSION_KEY in request.session and request.session.get("minute") != minute:
            request.session["minute"] = minute
        return self.answer(request)
