"""What every answer carries, and how a sign-in is kept alive."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpResponse
from django.test import Client, RequestFactory

from qingfeng.faces.security import SlidingSession


@pytest.mark.parametrize("address", ["/static/django_htmx/htmx-2.min.js", "/no/such/page"])
def test_every_answer_forbids_what_is_inline_or_foreign(client: Client, address: str) -> None:
    response = client.get(address)
    response.getvalue()  # read to its end, so that the file behind it is closed
    headers = response.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.fixture
def session() -> SessionBase:
    empty: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore()
    return empty


def visit(session: SessionBase, minutes: Iterator[float] | list[float]) -> list[bool]:
    """Whether each visit wrote the session."""
    written = []
    for minute in minutes:
        session.modified = False
        request = RequestFactory().get("/")
        request.session = session
        SlidingSession(lambda _: HttpResponse(), clock=lambda at=minute * 60: at)(request)
        written.append(session.modified)
    return written


def test_a_sign_in_in_use_is_prolonged_once_a_minute(session: SessionBase) -> None:
    session[SESSION_KEY] = "1"
    assert visit(session, [10.0, 10.5, 11.0, 11.9, 12.0]) == [True, False, True, False, True]


def test_a_visitor_who_has_not_signed_in_gets_no_session(session: SessionBase) -> None:
    assert visit(session, [10.0, 11.0]) == [False, False]
    assert session.is_empty()


def test_an_unused_sign_in_ends_after_half_an_hour() -> None:
    assert settings.SESSION_COOKIE_AGE == 30 * 60
    assert not settings.SESSION_SAVE_EVERY_REQUEST
