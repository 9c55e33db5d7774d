"""Signing in and out 登录: the password, the lock after failures, the journal, the role one acts in."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from qingfeng.faces.console.visit import HOLDING, ConsoleRequest, onward, resume_role
from qingfeng.faces.design.components import FlashMessage
from qingfeng.faces.design.fields import ErrorSummary, Field, FieldError
from qingfeng.faces.door import by_password
from qingfeng.kernel.people import accounts
from qingfeng.kernel.people.actors import NOBODY, Actor
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.record import journal
from qingfeng.kernel.text.words import Words


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. One sentence for every failure: it tells nobody which names exist."""
    visit = cast(ConsoleRequest, request)
    if visit.account is not None and visit.method == "GET":
        return HttpResponseRedirect(onward(visit))
    if visit.method == "GET":
        return _page(visit)
    username, password = visit.POST.get("username", "").strip(), visit.POST.get("password", "")
    missing = [name for name, value in (("username", username), ("password", password)) if not value]
    if missing:
        return _page(visit, username, dict.fromkeys(missing, _("Please fill this in.")))
    account = by_password(visit, username, password)
    if account is None:
        locked = bool(getattr(visit, "axes_locked_out", False))
        _journal_failure(visit, username, "locked" if locked else "failed")
        wrong = _("User name and password don't fit together. Check both, also whether capitals are on.")
        return _page(visit, username, {"password": wrong})
    login(visit, account)
    journal_sign_in(visit, account, "in")
    resume_role(visit)
    return HttpResponseRedirect(onward(visit))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the sign-in here."""
    visit = cast(ConsoleRequest, request)
    if visit.account is not None:
        journal_sign_in(visit, visit.account, "out")
        logout(visit)
    return HttpResponseRedirect(reverse("console:sign_in") + "?out=1")


@require_POST
def role(request: HttpRequest) -> HttpResponse:
    """Act in another of one's holdings from here on."""
    visit = cast(ConsoleRequest, request)
    wanted = visit.POST.get("role", "")
    held = [holding for holding in visit.holdings if str(holding.pk) == wanted]
    if held:
        visit.session[HOLDING] = held[0].pk
    return HttpResponseRedirect(onward(visit))


def locked_out(request: HttpRequest, response: HttpResponse, credentials: Any) -> HttpResponse:
    """What django-axes answers with while a name is locked for an address; at the second factor, its own page."""
    if (credentials or {}).get("door") == accounts.SECOND_FACTOR:
        return response
    return _page(cast(ConsoleRequest, request), flashes=(locked(),), status=429)


def locked() -> FlashMessage:
    """What is said while a name is locked for an address."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    words = ngettext(
        "After too many failures this sign-in is locked for %d minute. Wait, then try again.",
        "After too many failures this sign-in is locked for %d minutes. Wait, then try again.",
        minutes,
    )
    not_me = _("If it was not you who tried, tell the security administrator.")
    return FlashMessage(title=_("Locked for a while"), text=f"{words % minutes} {not_me}", tone="late")


def hidden_name(request: HttpRequest, credentials: Any) -> str:
    """The name tried, as the lock counts it."""
    given = credentials or {}
    name = given.get("username") or request.POST.get("username", "")
    return accounts.hidden_name(str(name), given.get("door", accounts.PASSWORD))


def journal_sign_in(visit: ConsoleRequest, account: Account, outcome: str) -> None:
    """Write what an account did at the door into the journal."""
    actor = Actor(account_id=account.pk, person_id=account.person_id)
    journal.write(journal.JournalEntry.Kind.SIGN_IN, actor, visit.now, outcome=outcome)


def _journal_failure(visit: ConsoleRequest, username: str, outcome: str) -> None:
    account = Account.objects.filter(username=username).first()
    actor = Actor(account_id=account.pk, person_id=account.person_id) if account else NOBODY
    about = {} if account else {"tried": accounts.hidden_name(username)}
    journal.write(journal.JournalEntry.Kind.SIGN_IN, actor, visit.now, outcome=outcome, **about)


def _page(
    visit: ConsoleRequest,
    username: str = "",
    wrong: dict[str, Words] | None = None,
    flashes: tuple[FlashMessage, ...] = (),
    status: int = 200,
) -> HttpResponse:
    wrong = wrong or {}
    if visit.GET.get("out") and not wrong and not flashes:
        flashes = (FlashMessage(title=_("You are signed out."), tone="done"),)
    elif visit.GET.get("ended") and not wrong and not flashes:
        kept = _("What you typed is kept: sign in as before, in the same role, and go on.")
        flashes = (FlashMessage(title=_("Your sign-in has ended"), text=kept, tone="near"),)
    fields = [
        Field(
            name="username",
            label=_("User name"),
            value=username,
            required=True,
            autocomplete="username",
            errors=[wrong["username"]] if "username" in wrong else (),
        ),
        Field(
            name="password",
            label=_("Password"),
            kind="password",
            required=True,
            autocomplete="current-password",
            errors=[wrong["password"]] if "password" in wrong else (),
        ),
    ]
    context = {
        "action": reverse("console:sign_in"),
        "fields": fields,
        "errors": ErrorSummary(
            errors=[FieldError(message=said, field_id=f"f-{name}") for name, said in wrong.items()]
        )
        if wrong
        else None,
        "next": visit.POST.get("next") or visit.GET.get("next", ""),
        "flashes": flashes,
    }
    return render(visit, "console/sign_in.html", context, status=status if not wrong else 422)
