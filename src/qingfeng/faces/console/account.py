"""One's own account: the second factor 双因素, its enrolment, and the password."""

from __future__ import annotations

from base64 import b32encode
from typing import cast

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import password_validators_help_texts
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from qingfeng.faces import door
from qingfeng.faces.console import components
from qingfeng.faces.console.first_password import new_password_faults
from qingfeng.faces.console.sign_in import journal_sign_in, locked
from qingfeng.faces.console.visit import ConsoleRequest, elsewhere, is_unverified, onward, page
from qingfeng.faces.design.components import Button, FlashMessage, PageHeader, Pair, Summary
from qingfeng.faces.design.fields import ErrorSummary, Field, FieldError
from qingfeng.kernel.people import accounts
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.text.words import Words

WRONG_CODE = _("This code doesn't fit. Wait for the next one, and check the time of the device.")


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What guards one's account, and where to change it."""
    visit = cast(ConsoleRequest, request)
    if visit.account is None:
        return elsewhere(visit, "console:sign_in")
    if is_unverified(visit):
        return elsewhere(visit, "console:second_factor")
    enrolled = _device(visit.account) is not None
    change = components.TextLink(label=_("Change the password"), href=reverse("console:password"))
    factor = components.TextLink(label=_("Set up a second factor"), href=reverse("console:second_factor"))
    pairs = [
        Pair(label=_("User name"), value=visit.account.username),
        Pair(label=_("Full name"), value=str(visit.account.person)),
        Pair(label=_("E-mail"), value=visit.account.email or components.GoneValue(words=_("none"))),
        Pair(label=_("Password"), value=change),
        Pair(label=_("Second factor"), value=_("set up") if enrolled else factor),
    ]
    context = {
        "header": PageHeader(title=_("My account")),
        "content": [Summary(title=_("How you sign in"), pairs=pairs)],
    }
    return page(visit, "stack", context)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Give the second factor; who has none yet enrols a device first."""
    visit = cast(ConsoleRequest, request)
    if visit.account is None:
        return elsewhere(visit, "console:sign_in")
    if visit.verified:
        return HttpResponseRedirect(onward(visit))
    device = _device(visit.account)
    enrolling = device is None
    if device is None:
        device, _made = TOTPDevice.objects.get_or_create(
            user=visit.account, confirmed=False, defaults={"name": "console"}
        )
    if visit.method == "GET":
        return _code_page(visit, device, enrolling)
    code = "".join(visit.POST.get("code", "").split())
    with transaction.atomic():
        # Locked, so that tries at once are counted one after the other, and a code serves once.
        device = TOTPDevice.objects.select_for_update().get(pk=device.pk)
        barred = door.is_locked(visit, visit.account)
        fits = not barred and door.code_fits(visit, visit.account, code, [device])
        if fits and enrolling:
            device.confirmed = True
            device.save(update_fields=["confirmed"])
    if barred:
        return _code_page(visit, device, enrolling, barred=True)
    if not fits:
        journal_sign_in(visit, visit.account, "second factor failed")
        return _code_page(visit, device, enrolling, WRONG_CODE)
    visit.session.cycle_key()
    otp_login(visit, device)
    journal_sign_in(visit, visit.account, "second factor enrolled" if enrolling else "second factor")
    return HttpResponseRedirect(onward(visit))


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password. A wrong old one counts towards the lock, as at the door."""
    visit = cast(ConsoleRequest, request)
    if visit.account is None:
        return elsewhere(visit, "console:sign_in")
    if is_unverified(visit):
        return elsewhere(visit, "console:second_factor")
    if visit.method == "GET":
        return _password_page(visit, {})
    old, new, repeated = (visit.POST.get(name, "") for name in ("old", "new", "repeated"))
    wrong = new_password_faults(visit.account, new, repeated)
    if not wrong and door.by_password(visit, visit.account.username, old) is None:
        journal_sign_in(visit, visit.account, "password not changed")
        wrong["old"] = [_("This is not your password of today.")]
    if wrong:
        return _password_page(visit, wrong)
    accounts.set_password(visit.account, new)
    update_session_auth_hash(visit, visit.account)
    journal_sign_in(visit, visit.account, "password changed")
    messages.success(
        visit, say("Your password is changed. Other sign-ins and all tokens of yours have ended.")
    )
    return HttpResponseRedirect(reverse("console:account"))


def _device(account: Account) -> TOTPDevice | None:
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=account, confirmed=True).order_by("id").first()
    return found


def _code_page(
    visit: ConsoleRequest, device: TOTPDevice, enrolling: bool, wrong: Words = "", barred: bool = False
) -> HttpResponse:
    field = Field(
        name="code",
        label=_("Six-digit code"),
        required=True,
        autocomplete="one-time-code",
        help=_("From the authenticator on your phone or token; a new one every half minute."),
        errors=[wrong] if wrong else (),
    )
    flashes = [locked()] if barred else []
    if enrolling:
        flashes.append(
            FlashMessage(
                title=_("One of your roles asks for a second factor"),
                text=_("Set it up once; from then on you give a code after the password."),
            )
        )
    context = {
        "action": reverse("console:second_factor"),
        "fields": [field],
        "errors": ErrorSummary(errors=[FieldError(message=wrong, field_id=field.id)]) if wrong else None,
        "next": visit.POST.get("next") or visit.GET.get("next", ""),
        "button": _("Verify and go on"),
        "person": str(visit.account.person) if visit.account else "",
        "enrolling": enrolling,
        "flashes": flashes,
    }
    if enrolling:
        context |= {
            "picture": picture(device.config_url),
            "secret": _grouped(b32encode(device.bin_key).decode()),
        }
    return render(
        visit, "console/second_factor.html", context, status=429 if barred else 422 if wrong else 200
    )


def picture(address: str) -> SafeString:
    """The address as a QR code in SVG: no style of its own, always dark on light, as scanners want it."""
    drawn = segno.make(address, error="m").svg_inline(
        scale=5, border=3, light="#fff", dark="#111", svgclass="qr", lineclass=None, omitsize=True
    )
    return mark_safe(drawn)


def _grouped(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _password_page(visit: ConsoleRequest, wrong: dict[str, list[Words]]) -> HttpResponse:
    def field(name: str, label: Words, autocomplete: str, help: Words = "") -> Field:
        return Field(
            name=name,
            label=label,
            kind="password",
            required=True,
            autocomplete=autocomplete,
            help=help,
            errors=wrong.get(name, ()),
        )

    fields = (
        field("old", _("Password of today"), "current-password"),
        field("new", _("New password"), "new-password", " ".join(password_validators_help_texts())),
        field("repeated", _("New password once more"), "new-password"),
    )
    summary = [
        FieldError(message=sentence, field_id=f"f-{name}")
        for name, sentences in wrong.items()
        for sentence in sentences
    ]
    context = {
        "header": PageHeader(title=_("Change the password")),
        "action": reverse("console:password"),
        "fields": fields,
        "errors": ErrorSummary(errors=summary) if summary else None,
        "button": _("Change it"),
        "cancel": Button(label=_("Cancel"), href=reverse("console:account"), tone="plain"),
    }
    return page(visit, "plain_form", context, status=422 if wrong else 200)
