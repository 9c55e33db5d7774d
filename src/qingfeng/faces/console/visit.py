"""A visit: who asks, in which role, at what time; and how an answer goes out, as a page or a fragment.

``Acting`` stands in the middleware and settles the first three. An account acts in one holding at a time; one that
has a privileged role among its holdings acts as nobody, in whichever role, until the second factor was given. Whose
last role has ended acts as the person alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django_htmx.middleware import HtmxDetails

from qingfeng.faces.console.refusal_pages import refusal_page, refusal_part
from qingfeng.kernel.people.actors import NOBODY, Actor, as_person, holder_of
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.outside import acting_for_party
from qingfeng.kernel.people.roles import RoleHolding, held_before, holdings_of, with_second_factor
from qingfeng.kernel.refusals import Barred, NotFound, Refusal
from qingfeng.kernel.time.periods import day_of

HOLDING = "holding"
"""Where the session keeps the id of the holding acted in."""
BECOME = "become"
"""Where the session of a demonstration keeps that its person was chosen with one click."""

P = ParamSpec("P")


class ConsoleRequest(HttpRequest):
    """A request as the console's views see it."""

    session: SessionBase
    htmx: HtmxDetails
    account: Account | None
    holdings: list[RoleHolding]
    holding: RoleHolding | None
    verified: bool
    actor: Actor
    now: datetime
    renewed: bool
    """Whether the form that was sent bears a seal from before the last sign-in."""


class ActorMiddleware:
    """Settles time and actor of a request, from the sign-in and the holding chosen."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visit = cast(ConsoleRequest, request)
        visit.now = settings.TIMEKEEPER.now()
        visit.renewed = False
        visit.account, visit.holdings, visit.holding, visit.actor, visit.verified = (
            None,
            [],
            None,
            NOBODY,
            False,
        )
        if SESSION_KEY in visit.session and visit.user.is_authenticated:
            visit.account = visit.user
            verified = visit.account.is_verified()  # type: ignore[attr-defined]  # set by django-otp
            visit.verified = bool(verified) or (settings.DEMO and BECOME in visit.session)
            today = day_of(visit.now)
            visit.holdings = holdings_of(visit.account.person, today)
            visit.holding = chosen(visit)
            if visit.holding is not None and not is_unverified(visit):
                visit.actor = holder_of(visit.account, visit.holding, today)
            elif visit.holding is None:
                visit.actor = _alone(visit.account, today)
        return self.answer(request)


def _alone(account: Account, on: date) -> Actor:
    """Who acts in no role: a party outside the staff, or whose last role has ended; else nobody."""
    party = acting_for_party(account, on)
    if party is not None:
        return party
    return as_person(account, on) if held_before(account.person, on) else NOBODY


def chosen(visit: ConsoleRequest) -> RoleHolding | None:
    """The holding acted in: the one chosen, or else the first of one's own."""
    wanted = visit.session.get(HOLDING)
    own = [
        holding for holding in visit.holdings if holding.person_id == cast(Account, visit.account).person_id
    ]
    named = [holding for holding in visit.holdings if holding.pk == wanted]
    return next(iter(named + own + visit.holdings), None)


def staff(
    view: Callable[Concatenate[ConsoleRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A view for the staff; to an account of a party outside it there is nothing under its address."""

    @wraps(view)
    def inside(visit: ConsoleRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if visit.actor.outside:
            raise NotFound
        return view(visit, *args, **kwargs)

    return signed_in(inside)


def signed_in(
    view: Callable[Concatenate[ConsoleRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A view for whoever is signed in, parties outside the staff too; refusals become pages, or fragments."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        visit = cast(ConsoleRequest, request)
        if visit.account is None:
            return elsewhere(visit, "console:sign_in")
        if visit.holding is None and visit.actor is NOBODY:
            barred = Barred(
                _("You hold no role today."),
                remedy=_("Ask who manages role holdings in your office to grant you one."),
            )
            return refusal_page(visit, barred)
        if is_unverified(visit):
            return elsewhere(visit, "console:second_factor")
        try:
            return view(visit, *args, **kwargs)
        except NotFound as refusal:
            if is_fragment(visit):
                # A cell can't say that its page is gone: let the page say it.
                return HttpResponse(status=404, headers={"HX-Refresh": "true"})
            return refusal_page(visit, refusal)
        except Refusal as refusal:
            if is_fragment(visit):
                return fragment(visit, refusal_part(refusal), refusal.status)
            return refusal_page(visit, refusal)

    return guarded


def is_unverified(visit: ConsoleRequest) -> bool:
    """Whether a second factor is still to be given: for one privileged role, it is asked in every role."""
    return with_second_factor(visit.holdings) and not visit.verified


def is_fragment(visit: ConsoleRequest) -> bool:
    """The one rule: htmx gets a fragment, unless it asks on behalf of the whole page."""
    return bool(visit.htmx) and not visit.htmx.boosted and not visit.htmx.history_restore_request


def page(visit: ConsoleRequest, name: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """A whole page from ``templates/console/<name>.html``."""
    response = render(visit, f"console/{name}.html", dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def fragment(visit: ConsoleRequest, part: object, status: int = 200) -> HttpResponse:
    """One part alone, to stand in the place htmx asked it for."""
    return page(visit, "fragment", {"part": part}, status)


def elsewhere(visit: ConsoleRequest, name: str) -> HttpResponse:
    """Send a visitor to a page of the way in, and back here after. A fragment moves the whole page there."""
    if is_fragment(visit):
        back = urlsplit(visit.htmx.current_url_abs_path or "").path
        return HttpResponse(status=401, headers={"HX-Redirect": with_next(name, back)})
    return HttpResponseRedirect(with_next(name, visit.get_full_path() if visit.method == "GET" else ""))


def with_next(name: str, target: str) -> str:
    """The address of a page, with where to go after it."""
    first = target in ("", reverse("console:first"))
    return reverse(name) + ("" if first else "?" + urlencode({"next": target}))


def onward(request: HttpRequest) -> str:
    """Where ``next`` leads, if that is a place of this site; else the first page."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else reverse("console:first")


def resume_role(visit: ConsoleRequest) -> None:
    """Act on in the role a form was left in, where ``next`` leads back to it; if it is not one's own, nothing follows."""
    left = parse_qs(urlsplit(onward(visit)).query).get("as", [""])[0]
    if left.isascii() and left.isdigit():
        visit.session[HOLDING] = int(left)


def gone_to(visit: ConsoleRequest, address: str) -> HttpResponse:
    """After something was done: the whole browser goes to an address."""
    if is_fragment(visit):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
