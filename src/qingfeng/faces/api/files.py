"""Files in and out: handed in before the act that uses them, given out as the copy without hidden data."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.api import presentation, schemas
from qingfeng.faces.api.auth import caller
from qingfeng.faces.api.errors import RequestTooLarge, WrongType
from qingfeng.faces.api.routing import ACT_ERRORS, BYTES, ApiOperation, Face
from qingfeng.faces.downloads import download, streamed
from qingfeng.kernel.acts.sentences import FIXED
from qingfeng.kernel.attachments.intake import open_shown, opens_in_page, receive
from qingfeng.kernel.papers.issuing import rendition
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Invalid

TAG = "general"
AROUND = 1 << 20
"""Bytes that a form may add around its file."""

HAND_IN = ApiOperation(
    name="attachments.hand_in",
    method="POST",
    address="/attachments",
    answer=schemas.FileView,
    label=_("Hand in a file"),
    text=_("As “file” of a form. Name its id in an act within a day; until then only you can read it."),
    tag=TAG,
    errors=tuple(status for status in ACT_ERRORS if status not in (404, 409)),
    status=201,
    takes_file=True,
)
GIVE_OUT = ApiOperation(
    name="attachments.give_out",
    method="GET",
    address="/attachments/{uuid:file_id}",
    answer=BYTES,
    label=_("Read a file"),
    text=_("Pictures come as a copy without hidden data."),
    tag=TAG,
)


PAPER = ApiOperation(
    name="papers.give_out",
    method="GET",
    address="/papers/{int:paper_id}",
    answer=BYTES,
    label=_("Read a paper"),
    text=_("Its page, as it went out."),
    tag=TAG,
)


def hang(face: Face) -> None:
    """Hang them all."""
    face.hang(HAND_IN, hand_in)
    face.hang(GIVE_OUT, give_out)
    face.hang(PAPER, paper)


def hand_in(request: HttpRequest, response: HttpResponse) -> presentation.Shown:
    """Take one file in, unread where it says itself that it is too large."""
    who = caller(request)
    if request.content_type != "multipart/form-data":
        raise WrongType
    if int(request.headers.get("Content-Length") or 0) > settings.ATTACHMENT_LIMIT + AROUND:
        raise RequestTooLarge
    handed = request.FILES.getlist("file")
    if len(handed) != 1 or len(request.FILES) != 1:
        raise Invalid({"file": [FIXED["missing"] if not handed else _("Hand in one file at a time.")]})
    jurisdiction = Jurisdiction.objects.get(units__holdings=who.token.holding_id)
    (file,) = handed
    found = receive(file, file.name or "", who.token.account, jurisdiction, who.now, file.size)
    response["Location"] = f"{request.path}/{found.pk}"
    return presentation.file(found)


def give_out(request: HttpRequest, response: HttpResponse, file_id: UUID) -> FileResponse:
    """Give a file out to whoever may read its matter."""
    found = reads.attachment(caller(request).actor, file_id)
    return streamed(open_shown(found), found.name, found.media_type, opens_in_page(found))


def paper(request: HttpRequest, response: HttpResponse, paper_id: int) -> HttpResponse:
    """Give a paper's page out to whoever may read its matter."""
    found = reads.paper(caller(request).actor, paper_id)
    return download(rendition(found), f"{found.number}.html", found.media_type)
