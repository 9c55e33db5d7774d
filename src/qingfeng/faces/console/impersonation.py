"""Becoming somebody of the demonstration with one click 切换演示身份; outside a demonstration this is not there.

Passwords are known there and second factors would be in nobody's hands, so that a privileged role is acted in
without one. Each change is a sign-in, and is journalled as one.
"""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from qingfeng.faces.console.refusal_pages import refusal_page
from qingfeng.faces.console.sign_in import journal_sign_in
from qingfeng.faces.console.visit import BECOME, ConsoleRequest, onward, resume_role
from qingfeng.faces.design.shell import PersonSwitch, RoleChoice
from qingfeng.faces.invented_district import PEOPLE, SHOWN, is_demonstration
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.refusals import NotFound

KNOWN = {someone.username: someone for someone in PEOPLE}


@require_POST
def become(request: HttpRequest) -> HttpResponse:
    """Sign in as one of those shown. Anybody else, and everybody outside a demonstration, is not found."""
    visit = cast(ConsoleRequest, request)
    username = visit.POST.get("username", "")
    account = None
    if settings.DEMO and username in SHOWN and is_demonstration():
        account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        return refusal_page(visit, NotFound())
    if visit.account is not None:
        journal_sign_in(visit, visit.account, "out")
    # A session of its own: nothing of who one was before stays in it.
    visit.session.flush()
    login(visit, account, backend="django.contrib.auth.backends.ModelBackend")
    visit.session[BECOME] = True
    resume_role(visit)
    journal_sign_in(visit, account, "in, in the demonstration")
    return HttpResponseRedirect(onward(visit))


def becoming(account: Account | None = None) -> PersonSwitch | None:
    """Whom one can become, on the sign-in page or, signed in, in the frame; none outside a demonstration."""
    if not settings.DEMO:
        return None
    return PersonSwitch(
        action=reverse("console:become"),
        people=[
            RoleChoice(
                key=username,
                label=f"{KNOWN[username].name} · {username}",
                current=account is not None and account.username == username,
            )
            for username in SHOWN
        ],
    )
