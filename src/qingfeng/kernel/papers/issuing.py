"""Drawing up a paper 拟文, approving it 签发, reading it again, and revising its wording."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel import former_codes
from qingfeng.kernel.attachments.store import Store
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.matters.models import Matter, NumberSeries
from qingfeng.kernel.papers.models import LANGUAGE, Paper, PaperApproval, PaperTemplate
from qingfeng.kernel.papers.rendering import MEDIA_TYPE, BadWording, read, render
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Jurisdiction, Unit
from qingfeng.kernel.refusals import Barred, Invalid, Misdeclared
from qingfeng.kernel.time.periods import day_of

RENDITIONS = Store("papers")
UNISSUED = timedelta(days=1)
CLAUSE = "党政机关公文处理工作条例（2012）第二十二条"


def drawn_up(
    matter: Matter,
    actor: Actor,
    now: datetime,
    code: str,
    issuer: Unit,
    title: str,
    context: Mapping[str, Any],
    *,
    language: str = LANGUAGE,
    secrecy: str = "",
    public_text: str | None = None,
    expires_on: date | None = None,
) -> Paper:
    """A paper, numbered (GB/T 9704-2012, 7.2.5), its rendition on disk, not yet stored: the engine gives it its entry.

    :param code: of the template
    :param issuer: the unit that issues it, whose number series of the year it takes
    :param context: what the template names
    :raises Barred: no template of this code is in force
    """
    today = day_of(now)
    template = in_force(matter.jurisdiction, code, language, today)
    serial = NumberSeries.next(issuer.jurisdiction, series_of(issuer.pk), today.year)
    number = f"{issuer.code_characters or issuer.name}〔{today.year}〕{serial}号"
    shown = {"number": number, "title": title, "organ": issuer.name, "day": today}
    content = render(template.body, language, shown, context)
    return Paper(
        template=template,
        issuer=issuer,
        year=today.year,
        serial=serial,
        number=number,
        title=title,
        author_id=actor.person_id,
        issued_at=now,
        digest=RENDITIONS.put([content], now),
        media_type=MEDIA_TYPE,
        secrecy=secrecy or matter.secrecy,
        public_text=public_text,
        expires_on=expires_on,
    )


def series_of(issuer_id: int) -> str:
    """The word of the number series a unit's papers are numbered from."""
    return f"paper:{issuer_id}"


def approved(paper: Paper, matter: Matter, actor: Actor) -> PaperApproval:
    """The approval of a paper of this matter, not yet stored. Never by its author, nor in the author's stead.

    :raises Barred: the actor drew it up, or it was approved before
    """
    if paper.pk is None or paper.matter_id != matter.pk:
        raise Misdeclared("a paper is approved by a later act of its own matter")
    if actor.person_id is None:
        raise Misdeclared("a paper is approved by a person")
    if paper.author_id in actor.persons:
        raise Barred(
            _("Whoever drew a paper up does not approve it."),
            CLAUSE,
            _("Ask a second person who may approve it."),
        )
    if PaperApproval.objects.filter(paper=paper).exists():
        raise Barred(_("This paper is approved already."), remedy=_("Its page shows by whom."))
    return PaperApproval(paper=paper, approver_id=actor.person_id)


def in_force(jurisdiction: Jurisdiction, code: str, language: str, on: date) -> PaperTemplate:
    """The latest version in force on a day: the jurisdiction's own, else of the nearest one above it."""
    path = [int(part) for part in jurisdiction.path.split("/") if part]
    versions = PaperTemplate.objects.filter(
        jurisdiction_id__in=path,
        code__in=former_codes.names("papers", code),
        language=language,
        valid_from__lte=on,
    )
    found = max(versions, key=lambda found: (path.index(found.jurisdiction_id), found.version), default=None)
    if found is None:
        raise Barred(
            _("No wording of this paper is in force."),
            remedy=_("Have its template put into force, then try again."),
        )
    return found


def revised(
    jurisdiction: Jurisdiction,
    code: str,
    name: str,
    body: str,
    valid_from: date,
    *,
    language: str = LANGUAGE,
) -> PaperTemplate:
    """The next version of a template, for ``do.record``.

    :raises Invalid: the wording can't be read, under the field ``body``
    """
    try:
        read(body)
    except BadWording as fault:
        raise Invalid({"body": [str(fault)]}) from None
    codes = former_codes.names("papers", code)
    earlier = PaperTemplate.objects.filter(jurisdiction=jurisdiction, code__in=codes, language=language)
    return PaperTemplate(
        jurisdiction=jurisdiction,
        code=code,
        language=language,
        version=(earlier.aggregate(last=Max("version"))["last"] or 0) + 1,
        name=name,
        body=body,
        valid_from=valid_from,
    )


def rendition(paper: Paper) -> bytes:
    """The page of a paper, as it went out.

    Who may read it, ``reads.paper`` decides before.

    :raises Barred: the file is not the one the ledger committed to, and is not shown
    """
    with RENDITIONS.open(paper.digest) as file:
        content = file.read()
    if sm3(content).hex() != paper.digest:
        raise Barred(
            _("This paper is not as it went out, so it is not shown."),
            remedy=_("Tell the audit administrator; a backup holds the paper as it was."),
        )
    return content


def sweep(now: datetime) -> int:
    """Remove the renditions of papers that a day ago were drawn up in acts that failed; returns how many."""
    return RENDITIONS.sweep(
        now - UNISSUED,
        lambda digests: set(Paper.objects.filter(digest__in=digests).values_list("digest", flat=True)),
    )
