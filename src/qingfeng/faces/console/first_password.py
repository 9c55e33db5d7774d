"""The first password 首次设置密码: set by its owner, by a link that was handed out."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from qingfeng.faces.console.refusal_pages import refusal_page
from qingfeng.faces.console.sign_in import journal_sign_in
from qingfeng.faces.console.visit import ConsoleRequest
from qingfeng.faces.design.fields import ErrorSummary, Field, FieldError
from qingfeng.faces.door import LONGEST_PASSWORD
from qingfeng.faces.first_links import account_by_link
from qingfeng.kernel.people import accounts
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.refusals import NotFound
from qingfeng.kernel.text.words import Words

OF_DJANGO = (
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    _("This password is too common."),
    _("This password is entirely numeric."),
    _("The password is too similar to the %(verbose_name)s."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
    ),
    _("Your password can’t be too similar to your other personal information."),
    _("Your password can’t be a commonly used password."),
    _("Your password can’t be entirely numeric."),
)
"""What Django's validators say of a password on every way: its own Chinese lacks some and says 你."""


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def first_password(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """Set the first password of an account by the link for it; what is no such link is not there."""
    visit = cast(ConsoleRequest, request)
    account = account_by_link(pk, token)
    if account is None:
        return refusal_page(visit, NotFound())
    if visit.method == "GET":
        return _page(visit, account, {})
    wrong = new_password_faults(account, visit.POST.get("new", ""), visit.POST.get("repeated", ""))
    if wrong:
        return _page(visit, account, wrong)
    accounts.set_password(account, visit.POST["new"])
    journal_sign_in(visit, account, "first password set")
    messages.success(visit, say("Your password is set. Sign in with it now."))
    return HttpResponseRedirect(reverse("console:sign_in"))


def new_password_faults(account: Account, new: str, repeated: str) -> dict[str, list[Words]]:
    """What is wrong with a new password, by field."""
    wrong: dict[str, list[Words]] = {}
    if new != repeated:
        wrong["repeated"] = [_("The two are not the same; type the new one again.")]
    if len(new) > LONGEST_PASSWORD:
        wrong["new"] = [format_lazy(_("At most {} characters; shorten it a little."), LONGEST_PASSWORD)]
    else:
        try:
            validate_password(new, account)
        except ValidationError as fault:
            wrong["new"] = list(fault.messages)
    return wrong


def _page(visit: ConsoleRequest, account: Account, wrong: dict[str, list[Words]]) -> HttpResponse:
    def field(name: str, label: Words, help: Words = "") -> Field:
        return Field(
            name=name,
            label=label,
            kind="password",
            required=True,
            autocomplete="new-password",
            help=help,
            errors=wrong.get(name, ()),
        )

    summary = [
        FieldError(message=said, field_id=f"f-{name}") for name, lines in wrong.items() for said in lines
    ]
    context = {
        "action": visit.path,
        "person": f"{account.person} · {account.username}",
        "fields": (
            field("new", _("New password"), " ".join(password_validators_help_texts())),
            field("repeated", _("New password once more")),
        ),
        "errors": ErrorSummary(errors=summary) if summary else None,
    }
    return render(visit, "console/first_password.html", context, status=422 if wrong else 200)
