"""Refusals in words on a page: the reason, the clause it rests on, and what to do next."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.console import components
from qingfeng.faces.design.components import Button, RefusalPage
from qingfeng.kernel import refusals
from qingfeng.kernel.text.words import Words

PASSING = (OperationalError, InterfaceError)
"""Faults of the database as a whole, which pass."""
RETRY_SECONDS = 10

TITLES: dict[str, Words] = {
    "not_found": _("Nothing here"),
    "barred": _("This can't be done"),
    "invalid": _("Something needs another look"),
    "conflict": _("Someone else was first"),
}


def refusal_page(request: HttpRequest, refusal: refusals.Refusal) -> HttpResponse:
    """A refusal as a page of its own, with its HTTP status."""
    told = RefusalPage(
        code=refusal.status,
        title=TITLES[refusal.code],
        reason=reason_of(refusal),
        clause=refusal.clause,
        grounds=grounds_of(refusal),
        next_step=refusal.remedy,
        actions=(
            Button(label=_("To the first page"), href=reverse("console:first"), tone="primary", icon="home"),
        ),
    )
    return render(request, "design/shells/refusal.html", {"refusal": told}, status=refusal.status)


def refusal_part(refusal: refusals.Refusal) -> components.InlineRefusal:
    """A refusal to stand inside a page."""
    return components.InlineRefusal(
        title=TITLES[refusal.code],
        reason=reason_of(refusal),
        clause=refusal.clause,
        grounds=grounds_of(refusal),
        next_step=refusal.remedy,
    )


def grounds_of(refusal: refusals.Refusal) -> Sequence[refusals.Ground]:
    """All that stands in the way, where a refusal names more than one thing."""
    return refusal.grounds if isinstance(refusal, refusals.Barred) else ()


def reason_of(refusal: refusals.Refusal) -> Words:
    """Its reason; of an invalid input without a form to show it in, the sentences themselves."""
    if isinstance(refusal, refusals.Invalid):
        return " ".join(str(sentence) for sentences in refusal.fields.values() for sentence in sentences)
    return refusal.reason


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere: the words of a matter that is not one's to see."""
    return refusal_page(request, refusals.NotFound())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Refused before any page was reached."""
    return refusal_page(
        request,
        refusals.Barred(_("This is not yours to do."), remedy=_("Go back, or ask the system administrator.")),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request no form of ours sends."""
    return _plainly(
        request,
        RefusalPage(
            code=400,
            title=_("This was not understood"),
            reason=_("The page sent something this system can't read."),
            next_step=_("Go back, reload the page and send it again."),
        ),
    )


def seal_too_old(request: HttpRequest, inside: bool) -> HttpResponse:
    """A form whose seal is missing or old, as a page of its own or ``inside`` the page it was sent from."""
    title = _("This form is too old")
    reason = _(
        "The page was open so long, or in so many windows, that its seal no longer fits. Nothing was stored."
    )
    if inside:
        told = components.InlineRefusal(
            title=title, reason=reason, next_step=_("Reload the page and send it again.")
        )
        return render(request, "console/fragment.html", {"part": told}, status=403)
    refusal = RefusalPage(
        code=403,
        title=title,
        reason=reason,
        next_step=_("Go back, copy what you typed, reload the page and send it again."),
        actions=(Button(label=_("To the first page"), href=reverse("console:first"), icon="home"),),
    )
    return render(request, "design/shells/refusal.html", {"refusal": refusal}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own mistake. Drawn without database or context processors, which may be what is broken."""
    if isinstance(sys.exception(), PASSING):
        return _away(request)
    told = RefusalPage(
        code=500,
        title=_("Something went wrong here"),
        reason=_("That was not your mistake. Nothing half done was stored."),
        next_step=_(
            "Try again in a few minutes. If it stays, tell the system administrator when it happened."
        ),
    )
    return _plainly(request, told)


def _away(request: HttpRequest) -> HttpResponse:
    """The database does not answer, so that nothing else can be told."""
    told = RefusalPage(
        code=503,
        title=_("The database does not answer just now"),
        reason=_("Nothing can be read or stored until it does. Nothing half done was stored."),
        next_step=_("Try again in a minute. If it stays, tell the system administrator."),
    )
    response = _plainly(request, told)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _plainly(request: HttpRequest, told: RefusalPage) -> HttpResponse:
    content = loader.render_to_string("design/shells/refusal.html", {"refusal": told, "request": request})
    return HttpResponse(content, status=told.code)
