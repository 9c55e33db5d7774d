"""What can be checked without trusting this page: an entry of the ledger with its proof; and the files."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qingfeng.faces.console import components
from qingfeng.faces.console.display import address_of
from qingfeng.faces.console.visit import ConsoleRequest, page, signed_in
from qingfeng.faces.design.components import Button, Crumb, PageHeader, Pair, Summary
from qingfeng.faces.downloads import download, streamed
from qingfeng.kernel.attachments.intake import open_shown, opens_in_page
from qingfeng.kernel.ledger.models import Entry, Leaf
from qingfeng.kernel.ledger.proofs import proof
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import NotFound


def _entry(visit: ConsoleRequest, code: str, pk: int, entry: int) -> Entry:
    found = reads.entry(visit.actor, entry)
    if (found.matter.mechanism, found.matter_id) != (code, pk):
        raise NotFound
    return found


@require_safe
@signed_in
def entry(visit: ConsoleRequest, code: str, pk: int, entry: int) -> HttpResponse:
    """One entry as the ledger holds it, and where it is sealed."""
    found = _entry(visit, code, pk, entry)
    leaf = Leaf.objects.filter(entry=found).select_related("checkpoint").first()
    pairs = [
        Pair(label=_("Fingerprint (SM3)"), value=components.Code(text=found.hash), wide=True),
        Pair(label=_("Entry of this matter"), value=found.seq),
    ]
    actions: tuple[Button, ...] = ()
    if leaf is None:
        waits = _("Not yet in a checkpoint; the next one follows within a minute.")
        pairs.append(Pair(label=_("Checkpoint"), value=components.GoneValue(words=waits)))
    else:
        pairs += [
            Pair(label=_("Checkpoint"), value=leaf.checkpoint.number),
            Pair(label=_("Place in it"), value=leaf.position),
            Pair(
                label=_("Head of the checkpoint (SM3)"),
                value=components.Code(text=leaf.checkpoint.hash),
                wide=True,
            ),
        ]
        href = reverse("console:proof", args=[code, pk, found.pk])
        actions = (Button(label=_("Download the proof"), href=href, tone="primary", icon="export"),)
    context = {
        "header": PageHeader(
            title=_("Entry of the ledger"),
            number=found.matter.number,
            lead=_(
                "Whoever has the proof can check this entry with the stand-alone verifier, without this system."
            ),
            crumbs=(Crumb(label=found.matter.title or found.matter.number, href=address_of(found.matter)),),
            actions=actions,
        ),
        "content": [
            Summary(title=_("Where it stands"), pairs=pairs),
            components.Card(
                title=_("What is hashed"),
                content=[
                    components.Paragraph(
                        text=_("Free text and personal values stand here as commitments, not in clear.")
                    ),
                    components.Code(text=found.body, block=True),
                ],
            ),
        ],
    }
    return page(visit, "stack", context)


@require_safe
@signed_in
def proof_file(visit: ConsoleRequest, code: str, pk: int, entry: int) -> HttpResponse:
    """The proof bundle of an entry, for the stand-alone verifier."""
    found = _entry(visit, code, pk, entry)
    content = json.dumps(proof(found), ensure_ascii=False, indent=1).encode()
    return download(content, f"proof-{found.pk}.json", "application/json")


@require_safe
@signed_in
def file(visit: ConsoleRequest, pk: UUID) -> FileResponse:
    """An attachment of a matter the reader may read: the copy without hidden data."""
    found = reads.attachment(visit.actor, pk)
    return streamed(open_shown(found), found.name, found.media_type, opens_in_page(found))
