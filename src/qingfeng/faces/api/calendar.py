"""The calendar feed 日程订阅: what of the matters its caller may read stands in a calendar (RFC 5545)."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from datetime import UTC, date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as say
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from qingfeng.faces.api import errors
from qingfeng.faces.api.auth import Caller, called
from qingfeng.faces.downloads import download
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Refusal
from qingfeng.kernel.time.calendar_events import CalendarEvent

PRODUCT = "-//Qingfeng//Calendar feed//ZH"


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The feed, by a token as Bearer, or as the password of Basic, since most calendar programs know only that."""
    try:
        who = called(_secret(request))
    except Refusal as refusal:
        response = errors.answer(request, refusal)
        if refusal.status == 401:
            response["WWW-Authenticate"] = 'Basic realm="Qingfeng", charset="UTF-8", Bearer'
        return response
    with translation.override(translation.get_language_from_request(request)):
        body = written(request, who)
    # Calendar programs fetch it and save nothing; in a browser it is a file like any other.
    return download(body, "qingfeng.ics", "text/calendar; charset=utf-8")


def written(request: HttpRequest, who: Caller) -> bytes:
    """The calendar as RFC 5545 has it. Moments are in UTC, so that no time zone has to be defined."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", say("Qingfeng"))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for matter, occasion in reads.occasions(who.actor, who.now):
        calendar.add_component(_event(request, matter, occasion, who.now))
    body: bytes = calendar.to_ical()
    return body


def _event(request: HttpRequest, matter: Matter, occasion: CalendarEvent, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{matter.mechanism}-{matter.pk}@{matter.jurisdiction.code}.qingfeng")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", matter.version)
    event.add("summary", occasion.title)
    event.add("dtstart", _reckoned(occasion.start))
    # The end of whole days is the day after (RFC 5545, 3.6.1).
    whole = not isinstance(occasion.end, datetime)
    event.add("dtend", occasion.end + timedelta(days=1) if whole else _reckoned(occasion.end))
    if occasion.place:
        event.add("location", occasion.place)
    event.add("description", matter.number)
    event.add(
        "url", request.build_absolute_uri(reverse("console:matter", args=[matter.mechanism, matter.pk]))
    )
    return event


def _reckoned(when: date) -> date:
    return when.astimezone(UTC) if isinstance(when, datetime) else when


def _secret(request: HttpRequest) -> str:
    """The token a request carries. Raises ``Unauthenticated``."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and given:
        return given.strip()
    if scheme.lower() != "basic":
        raise errors.Unauthenticated
    try:
        return b64decode(given, validate=True).decode().partition(":")[2]
    except (Error, UnicodeDecodeError):
        raise errors.Unauthenticated from None
