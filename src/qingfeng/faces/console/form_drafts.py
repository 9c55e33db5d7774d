"""What was typed is never lost: kept as a draft while one types, when the sign-in ends, and when a form's seal is old.

Each form names whose it is, under the installation's signature: by that alone a draft is kept, also when nobody is
signed in any more. It is opened again only to the same person in the same role.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import formats, timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from qingfeng.faces.console import components
from qingfeng.faces.console.refusal_pages import refusal_page, seal_too_old
from qingfeng.faces.console.visit import ConsoleRequest, fragment, is_fragment, with_next
from qingfeng.kernel.acts import drafts
from qingfeng.kernel.acts.drafts import KEPT, Owner
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.text.words import Words

SALT = "qingfeng.form"
OF_THE_FORM = frozenset({"csrfmiddlewaretoken", "whose", "again", "renewed", "twice"})
"""What a form sends besides what is typed in it."""


class FormSeal(NamedTuple):
    """Whose a form is, the address it is sent to, and the epoch of the account it was drawn for."""

    owner: Owner
    about: str
    epoch: int

    def signed(self) -> str:
        """As it stands in the form."""
        return signing.dumps([*self.owner, self.about, self.epoch], salt=SALT)

    @property
    def stands(self) -> bool:
        """Whether the account is open, and nothing ended its sign-ins since the form was drawn."""
        of = Account.objects.filter(person_id=self.owner.person_id, epoch=self.epoch, is_active=True)
        return of.exists()


def whose(visit: ConsoleRequest) -> FormSeal | None:
    """Whose the form is that was sent; none where it does not say, or somebody else wrote what it says."""
    try:
        person, holding, about, epoch = signing.loads(visit.POST.get("whose", ""), salt=SALT, max_age=KEPT)
    except (signing.BadSignature, ValueError):
        return None
    return FormSeal(Owner(person, holding), about, epoch)


def typed(data: QueryDict) -> Mapping[str, Sequence[str]]:
    """What was typed, by the names in the form."""
    return {name: data.getlist(name) for name in data if name not in OF_THE_FORM}


def told_when(draft: drafts.DraftContent) -> str:
    """The day and minute a draft was kept."""
    return formats.date_format(timezone.localtime(draft.saved_at), "Y-m-d H:i")


# The signature in the form stands for the seal against forgery; and it must work when nobody is signed in any more.
@csrf_exempt
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Keep what stands in a form now, while somebody types."""
    visit = cast(ConsoleRequest, request)
    form = whose(visit)
    if (
        form is None
        or not form.stands
        or not drafts.keep(form.owner, form.about, typed(visit.POST), visit.now)
    ):
        return fragment(visit, components.SentenceList(sentences=[_("This draft could not be kept.")]))
    at = formats.date_format(timezone.localtime(visit.now), "H:i")
    return fragment(visit, components.SentenceList(sentences=[format_lazy(_("Draft kept at {}"), at)]))


def signed_out(visit: ConsoleRequest, page: str) -> HttpResponse | None:
    """What is answered to a form sent after the sign-in ended; none where the form does not say whose it is.

    In its page the form stays as it is, with the way in beside it; alone, it is drawn again after the sign-in.
    """
    form = whose(visit)
    if form is None or form.about != visit.path:
        return None
    kept = form.stands and drafts.keep(form.owner, form.about, typed(visit.POST), visit.now)
    role = f"&as={form.owner.holding_id}" if form.owner.holding_id else ""
    address = with_next(page, f"{visit.path}?draft=1{role}") + "&ended=1"
    if not is_fragment(visit):
        return HttpResponseRedirect(address, status=303)
    return beside(
        visit,
        components.InlineRefusal(
            title=_("Your sign-in has ended"),
            reason=_("Nothing was sent. What you typed stands here, and is kept for you.")
            if kept
            else _("Nothing was sent. What you typed stands here, in this page alone."),
            next_step=_("Sign in in the window beside this one, come back here, and confirm again."),
            links=[components.TextLink(label=_("Sign in in a new window"), href=address, beside=True)],
        ),
        401,
    )


def of_another(visit: ConsoleRequest, form: FormSeal) -> HttpResponse:
    """Who is signed in now is another, or acts in another role, than when the form was opened."""
    kept = form.stands and drafts.keep(form.owner, form.about, typed(visit.POST), visit.now)
    refusal = Barred(
        _("This form was opened by somebody else, or in another role. Nothing was sent."),
        remedy=_("Act in that role again and open the form: what was typed is kept there.")
        if kept
        else _("What was typed could not be kept. Copy what is needed, and open the form anew."),
    )
    if not is_fragment(visit):
        return refusal_page(visit, refusal)
    title: Words = _("You act in another role now")
    return beside(
        visit, components.InlineRefusal(title=title, reason=refusal.reason, next_step=refusal.remedy), 403
    )


def beside(visit: ConsoleRequest, told: components.InlineRefusal, status: int) -> HttpResponse:
    """Words into the form that was sent, which stays in its page as it was typed."""
    response = fragment(visit, told, status)
    response.headers["HX-Retarget"] = "find [data-told]"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose seal is missing or old: an act's is given back with a fresh one; others are told so."""
    from qingfeng.faces.console.act_forms import act

    visit = cast(ConsoleRequest, request)
    match = visit.resolver_match
    # The seal may be old or missing ("CSRF token …", "CSRF cookie …"); from another site the form must not come.
    if (
        reason.startswith("CSRF ")
        and match is not None
        and match.view_name in ("console:act", "console:open")
        and whose(visit)
    ):
        visit.renewed = True
        return act(visit, **match.kwargs)  # type: ignore[return-value]  # a form is answered with a page
    return seal_too_old(visit, is_fragment(visit))
