"""Complain about this system 投诉建议: heard by the system administrators (政务移动互联网应用程序规范化管理办法, 2026)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from qingfeng.faces.console.visit import ConsoleRequest, page, signed_in
from qingfeng.faces.design.components import Button, PageHeader
from qingfeng.faces.design.fields import ErrorSummary, Field, FieldError
from qingfeng.kernel.background import outbox
from qingfeng.kernel.people.actors import office_key
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.text.words import Words

LONGEST = 2000


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def complaint(visit: ConsoleRequest) -> HttpResponse:
    """What one has to say of the system itself, told to those who run it."""
    text = visit.POST.get("text", "").strip()
    wrong: list[Words] = []
    if visit.method == "POST":
        if not text:
            wrong = [_("Please fill this in.")]
        elif len(text) > LONGEST:
            wrong = [_("At most 2000 characters; shorten it a little.")]
        else:
            assert visit.account is not None
            place = visit.actor.jurisdiction_id or visit.account.person.jurisdiction_id
            subject = say("Complaint about this system, by %(person)s") % {"person": visit.account.person}
            outbox.tell(office_key(Role.SYSTEM_ADMINISTRATOR, place), subject, text, visit.now)
            messages.success(
                visit, say("Thank you. The system administrators have your words, under your name.")
            )
            return HttpResponseRedirect(reverse("console:first"))
    field = Field(
        name="text",
        label=_("What troubles you, or what would be better"),
        kind="textarea",
        rows=8,
        max_length=LONGEST,
        value=text,
        required=True,
        errors=wrong,
        help=_("About the system, not about a matter: whoever runs it reads this, with your name."),
    )
    context = {
        "header": PageHeader(
            title=_("Complain about this system"),
            lead=_("Needless forms, needless counting, what breaks, what is hard to read: say it here."),
        ),
        "action": reverse("console:complaint"),
        "fields": [field],
        "errors": ErrorSummary(errors=[FieldError(message=said, field_id=field.id) for said in wrong])
        if wrong
        else None,
        "button": _("Send"),
        "cancel": Button(label=_("Cancel"), href=reverse("console:first"), tone="plain"),
    }
    return page(visit, "plain_form", context, status=422 if wrong else 200)
