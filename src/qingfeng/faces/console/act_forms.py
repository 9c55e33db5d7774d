"""An act through its form: drawn, sent, refused with everything kept, done."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from qingfeng.faces.console import components, form_drafts
from qingfeng.faces.console.display import address_of, mechanism_name
from qingfeng.faces.console.forms import Form
from qingfeng.faces.console.refusal_pages import refusal_part
from qingfeng.faces.console.sheet import matter_page
from qingfeng.faces.console.uploads import received
from qingfeng.faces.console.visit import (
    ConsoleRequest,
    fragment,
    gone_to,
    is_fragment,
    is_unverified,
    onward,
    page,
    signed_in,
)
from qingfeng.faces.console.workbooks import handed_out
from qingfeng.faces.design.components import Crumb, FlashMessage, PageHeader
from qingfeng.kernel import sheets
from qingfeng.kernel.acts import drafts
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.drafts import Owner
from qingfeng.kernel.acts.engine import openings, options, perform
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.acts.submissions import twin
from qingfeng.kernel.guards import Decision
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import find_act, matter_class
from qingfeng.kernel.reading import reads
from qingfeng.kernel.record.timeline import TimelineEntry
from qingfeng.kernel.refusals import Barred, Conflict, Invalid, NotFound
from qingfeng.kernel.time.periods import day_of

MAIN = "#content"
"""Where a page differs from the next one."""


@dataclass(frozen=True)
class Attempt:
    """One act, by one visitor, on one matter (none: it opens one)."""

    visit: ConsoleRequest
    act: Act
    matter: Matter | None

    @property
    def address(self) -> str:
        """Where its form stands and is sent to."""
        code = self.act.matter.code
        if self.matter is None:
            return reverse("console:open", args=[code, self.act.name])
        return reverse("console:act", args=[code, self.matter.pk, self.act.name])

    def decision(self) -> Decision:
        """Whether it may be done now, by what is known without its input."""
        if self.matter is None:
            found = openings(self.visit.actor, self.visit.now)
        else:
            found = options(self.visit.actor, self.matter, self.visit.now)
        return next(
            one.decision
            for one in found
            if one.act.name == self.act.name and one.act.matter is self.act.matter
        )

    def form(self, data: QueryDict | None = None, **more: Any) -> Form:
        """Its form, with what was typed."""
        place = self.matter.jurisdiction_id if self.matter else self.visit.actor.jurisdiction_id
        if place is None:
            raise NotFound
        scope = ActorScope(self.visit.actor, place, day_of(self.visit.now), matter=self.matter)
        matter_id = self.matter.pk if self.matter else None
        return Form(self.act, scope, data if data is not None else QueryDict(), matter_id=matter_id, **more)

    def drawn(
        self,
        form: Form,
        told: object = None,
        version: int | None = None,
        hidden: Sequence[tuple[str, str]] = (),
        once_more: bool = False,
    ) -> components.ActForm:
        """The form as a part. ``version``: what its sender will have seen; else what was sent."""
        sent = form.data.get("version", "")
        seen = str(version if version is not None else sent or (self.matter.version if self.matter else ""))
        key = form.data.get("key", "") if version is None else ""
        owner, account = Owner.of(self.visit.actor), self.visit.account
        whose = form_drafts.FormSeal(owner, self.address, account.epoch).signed() if owner and account else ""
        # What is typed now must not take the place of a draft that is still to be decided on.
        keeps = form.long and owner is not None and not isinstance(told, components.DraftOffer)
        return components.ActForm(
            key=self.act.name,
            label=self.act.label,
            action=self.address,
            explain=say(self.act.doc) if self.act.doc else "",
            tells=(
                *reads.warned(self.act, self.visit.actor, self.visit.now),
                *(self.act.tells(self.visit.actor, self.visit.now) if self.act.tells else ()),
            ),
            fields=form.controls(),
            hidden=(
                ("version", seen),
                ("key", key or secrets.token_urlsafe(18)),
                ("whose", whose),
                *hidden,
            ),
            errors=form.summary(),
            told=told,
            multipart=form.multipart,
            ready=form.ready,
            close=address_of(self.matter)
            if self.matter
            else reverse("console:listing", args=[self.act.matter.code]),
            whole=self.matter is None,
            typed=not form.fresh,
            once_more=once_more,
            draft=reverse("console:draft") if keeps else "",
        )

    def begun(self) -> HttpResponse:
        """Its form as one comes to it: empty, with the draft that is kept offered, or with that draft in it."""
        form, owner = self.form(), Owner.of(self.visit.actor)
        draft = drafts.kept(owner, self.address, self.visit.now) if owner else None
        if draft is None:
            return self.answer(self.drawn(form))
        part = self.drawn(form)
        at = form_drafts.told_when(draft)
        if "draft" not in self.visit.GET:
            offered = components.DraftOffer(at=at, href=f"{self.address}?draft=1", swap=part.place)
            return self.answer(self.drawn(form, offered))
        data = QueryDict(mutable=True)
        for name, values in draft.values.items():
            data.setlist(name, list(values))
        form = self.form(data)
        form.fill()
        title = say("This is what you had typed on %(at)s.") % {"at": at}
        text = _("Look it through, then confirm.")
        if form.multipart:
            text = _("Look it through, attach the files that are missing, then confirm.")
        return self.answer(self.drawn(form, FlashMessage(title=title, text=text)))

    def renewed(self, *, known: bool) -> HttpResponse:
        """The form under a fresh seal, with all that was typed and attached; where script runs it sends itself again.

        ``known``: it is known to be of who is signed in now; else they are asked, and nothing sends itself.
        """
        form = self.form(self.visit.POST)
        self._take_files(form)
        told = FlashMessage(
            title=_("You signed in again meanwhile") if known else _("This form was opened too long ago"),
            text=_("Nothing was sent yet. What you typed stands here; please confirm once more."),
            tone="near",
        )
        once_more = known and not form.again() and "renewed" not in form.data and not form.errors
        return self.answer(self.drawn(form, told, hidden=[("renewed", "1")], once_more=once_more), 403)

    def answer(self, part: components.ActForm | components.InlineRefusal, status: int = 200) -> HttpResponse:
        """A part in its place: alone for htmx, else on the matter's page, or a page of its own."""
        if is_fragment(self.visit):
            return fragment(self.visit, part, status)
        return self.paged(part, status)

    def paged(self, part: components.ActForm | components.InlineRefusal, status: int = 200) -> HttpResponse:
        """A part on the matter's page, or on a page of its own."""
        if self.matter is not None:
            return matter_page(self.visit, self.matter, self.act.name, part, status)
        code = self.act.matter.code
        crumb = Crumb(label=mechanism_name(self.act.matter), href=reverse("console:listing", args=[code]))
        header = PageHeader(title=self.act.label, lead=say(self.act.doc), crumbs=(crumb,))
        return page(self.visit, "form", {"header": header, "part": part}, status)

    def send(self) -> HttpResponse:
        """Carry it out, or give the form back with all that was typed and attached."""
        form = self.form(self.visit.POST)
        wish, _colon, other = form.data.get("again", "").partition(":")
        if wish == "as":
            return _attempt(self.visit, self.act.matter.code, other, None).as_well(form)
        if wish == "drop":
            self._drop_draft()
        self._take_files(form)
        sheet = self.act.inputs.sheet
        # A sheet just chosen is shown first, whichever button was pressed.
        if sheet is not None and sheet.name in form.uploaded:
            return self.answer(self.drawn(form), Invalid.status if form.errors else 200)
        if form.again():
            return self.answer(self.drawn(form))
        if form.errors:
            return self.answer(self.drawn(form), Invalid.status)
        earlier = self._sent_before(form)
        if earlier is not None:
            return self.answer(self.drawn(form, _twice(earlier), hidden=[("twice", "1")]), Conflict.status)
        version = form.data.get("version", "")
        try:
            done = perform(
                self.act,
                self.visit.actor,
                form.raw(),
                self.visit.now,
                matter_id=self.matter.pk if self.matter else None,
                version=int(version) if version.isdigit() and len(version) < 10 else None,
                key=form.data.get("key", "")[:80],
            )
        except Invalid as refusal:
            form.errors = refusal.fields
            return self.answer(self.drawn(form), refusal.status)
        except Conflict as refusal:
            if self.act.touch:
                return self.answer(refusal_part(refusal), refusal.status)
            return self._overtaken(form, refusal)
        except Barred as refusal:
            # Barred for what was typed, not for who typed it: then it is given back, to be mended.
            told = replace(refusal_part(refusal), links=self._instead())
            mend = self.decision() and not self.act.touch
            return self.answer(self.drawn(form, told) if mend else told, refusal.status)
        self._drop_draft()
        back = form.data.get("next", "")
        if self.act.touch and back and is_fragment(self.visit):
            return fragment(
                self.visit, components.TouchReceipt(label=self.act.label, number=done.matter.number)
            )
        messages.success(
            self.visit,
            say("“%(act)s” is done and recorded: %(matter)s, fingerprint %(head)s")
            % {"act": self.act.label, "matter": done.matter.number, "head": _head(done.entry.hash)},
        )
        return gone_to(self.visit, onward(self.visit) if back else address_of(done.matter))

    def as_well(self, form: Form) -> HttpResponse:
        """Its form with what was typed into another's, on its own page: the other's heading would stand over it."""
        decision = self.decision()
        if not decision:
            raise Barred(decision.reason, decision.clause, decision.remedy)
        data = form.data.copy()
        del data["again"]
        response = self.paged(self.drawn(self.form(data), version=0))
        if is_fragment(self.visit):
            response.headers["HX-Retarget"] = response.headers["HX-Reselect"] = MAIN
            response.headers["HX-Reswap"] = "outerHTML show:window:top"
            response.headers["HX-Replace-Url"] = self.address
        return response

    def _take_files(self, form: Form) -> None:
        if form.multipart and self.decision():
            taken = received(self.visit, self.act, form.scope.jurisdiction_id)
            form.uploaded, form.errors = taken.files, taken.errors
            form.fill()

    def _drop_draft(self) -> None:
        owner = Owner.of(self.visit.actor)
        if owner is not None:
            drafts.drop(owner, self.address)

    def _sent_before(self, form: Form) -> Entry | None:
        """What the same content opened a moment ago, unless a second one is meant."""
        if not self.act.opens or "twice" in form.data:
            return None
        return twin(self.visit.actor, form.data.get("key", "")[:80], self.act, form.raw(), self.visit.now)

    def _instead(self) -> list[components.AlternativeAct]:
        """The acts that ask all this one asks, and more: what was typed can be taken there."""
        if not self.act.opens:
            return []
        asked = _asked(self.act)
        return [
            components.AlternativeAct(name=one.act.name, label=_taken_to(one.act))
            for one in openings(self.visit.actor, self.visit.now)
            if one.decision
            and one.act.matter is self.act.matter
            and one.act is not self.act
            and asked <= _asked(one.act)
        ]

    def _overtaken(self, form: Form, refusal: Conflict) -> HttpResponse:
        """Who did what meanwhile; the form stays, with what was typed, where it can still be sent."""
        if self.matter is None:
            return self.answer(self.drawn(form, refusal_part(refusal), version=0), refusal.status)
        matter = reads.one(self.visit.actor, self.act.matter.code, self.matter.pk)
        seen = form.data.get("version", "")
        later = [
            line
            for line in reads.timeline(self.visit.actor, self.act.matter.code, matter.pk)
            if seen.isdigit() and line.entry.seq > int(seen)
        ]
        told = components.InlineRefusal(
            title=_("Someone else was first"),
            reason=refusal.reason,
            next_step=refusal.remedy,
            links=[
                components.SentenceList(sentences=[_happened(line) for line in later]),
                components.TextLink(label=_("See the matter as it is now"), href=address_of(matter)),
            ],
        )
        now = Attempt(self.visit, self.act, matter)
        if not now.decision():
            return now.answer(told, refusal.status)
        return now.answer(now.drawn(form, told, version=matter.version), refusal.status)


def _twice(earlier: Entry) -> components.InlineRefusal:
    assert earlier.matter is not None
    return components.InlineRefusal(
        title=_("You have sent this already"),
        reason=_(
            "The same content was sent a moment ago, and is recorded. Nothing was opened a second time."
        ),
        next_step=_("If you mean to open a second one with the same content, confirm once more."),
        links=[components.TextLink(label=str(earlier.matter), href=address_of(earlier.matter))],
    )


def _asked(act: Act) -> set[tuple[str, str, tuple[str, ...]]]:
    return {(spec.name, spec.kind, tuple(one.name for one in spec.rows)) for spec in act.inputs.fields}


def _taken_to(act: Act) -> str:
    return say("%(act)s, with what you typed here") % {"act": act.label}


def _happened(line: TimelineEntry) -> str:
    at = formats.date_format(timezone.localtime(line.entry.at), "Y-m-d H:i")
    who = line.person or (say("The system") if line.system else "")
    return say("%(at)s · %(who)s (%(role)s): %(act)s") % {
        "at": at,
        "who": who,
        "role": line.role,
        "act": line.label,
    }


def _head(fingerprint: str) -> str:
    return " ".join(fingerprint[start : start + 4] for start in range(0, 12, 4))


def _matter_asked(visit: ConsoleRequest) -> int | None:
    written = visit.GET.get("matter", "")
    return int(written) if written.isdigit() and len(written) < 19 else None


def _attempt(visit: ConsoleRequest, code: str, name: str, pk: int | None) -> Attempt:
    declared = find_act(matter_class(code), name)
    if declared.opens != (pk is None) or (declared.opens and visit.actor.outside):
        raise NotFound
    return Attempt(visit, declared, None if pk is None else reads.one(visit.actor, code, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, code: str, name: str, pk: int | None = None) -> HttpResponseBase:
    """An act's form, alone or on its matter's page; and where it is sent to."""
    visit = cast(ConsoleRequest, request)
    if visit.method == "POST" and (visit.account is None or is_unverified(visit)):
        way_in = "console:sign_in" if visit.account is None else "console:second_factor"
        answer = form_drafts.signed_out(visit, way_in)
        if answer is not None:
            return answer
    return _act(visit, code, name, pk)


@signed_in
def _act(visit: ConsoleRequest, code: str, name: str, pk: int | None) -> HttpResponse:
    attempt = _attempt(visit, code, name, pk)
    if visit.method == "POST":
        form = form_drafts.whose(visit)
        if form is not None and form.owner != Owner.of(visit.actor):
            return form_drafts.of_another(visit, form)
        # Each form drawn here says whose it is. One that doesn't is of a program's making: it is sent under the seal of
        # this session, and done as who is signed in. One that can't be read any more may have been another's.
        unread = form is None and visit.POST.get("whose", "") != ""
        return attempt.renewed(known=not unread) if visit.renewed or unread else attempt.send()
    decision = attempt.decision()
    if not decision:
        refusal = Barred(decision.reason, decision.clause, decision.remedy)
        if attempt.matter is None:
            raise refusal
        return attempt.answer(refusal_part(refusal), refusal.status)
    return attempt.begun()


@require_safe
@signed_in
def template(visit: ConsoleRequest, code: str, name: str) -> HttpResponse:
    """The workbook that can fill the rows of an act 导入模板."""
    attempt = _attempt(visit, code, name, _matter_asked(visit))
    sheet = attempt.act.inputs.sheet
    if sheet is None or not attempt.decision():
        raise NotFound
    content = sheets.template(sheet.rows, attempt.form().scope, str(attempt.act.label))
    return handed_out(content, f"{mechanism_name(attempt.act.matter)} {attempt.act.label}")


@require_safe
def choose(request: HttpRequest, code: str, name: str, path: str) -> HttpResponseBase:
    """The options of one choice of a form, narrowed by what was typed over it."""
    visit = cast(ConsoleRequest, request)
    if visit.account is None and is_fragment(visit):
        # The form around it stays: sending it tells the rest.
        return fragment(visit, components.Options(choices=[], empty=_("Your sign-in has ended")), 401)
    return _choose(visit, code, name, path)


@signed_in
def _choose(visit: ConsoleRequest, code: str, name: str, path: str) -> HttpResponse:
    attempt = _attempt(visit, code, name, _matter_asked(visit))
    if not attempt.decision():
        raise NotFound
    return fragment(visit, attempt.form(visit.GET).options(path))
