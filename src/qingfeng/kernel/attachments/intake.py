"""Receiving a file 接收附件, showing it, and clearing away what nobody used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.attachments.inspect import inspect, screen
from qingfeng.kernel.attachments.kinds import FileKind, by_name, cleaned, refused
from qingfeng.kernel.attachments.models import Attachment
from qingfeng.kernel.attachments.pdf import quiet
from qingfeng.kernel.attachments.pictures import DRAWING, redraw
from qingfeng.kernel.attachments.store import CHUNK, Store, written
from qingfeng.kernel.background.isolation import INSPECTION, apart
from qingfeng.kernel.people.models import Account, Jurisdiction
from qingfeng.kernel.refusals import Barred, Invalid

FILES = Store("files")
UNUSED = timedelta(days=1)
"""How long a file waits to be used in an act."""

IMAGES = tuple(f"image/{kind}" for kind in ("jpeg", "png", "webp"))


class ByteSource(Protocol):
    """What a file is read from, such as an uploaded file."""

    def read(self, size: int, /) -> bytes: ...


def receive(
    stream: ByteSource,
    name: str,
    account: Account | None,
    jurisdiction: Jurisdiction,
    now: datetime,
    declared_size: int | None = None,
) -> Attachment:
    """Take in a file: inspected, on disk and in the table when this returns; no transaction may be open.

    :param name: the name it was handed in under; folders and control characters are cut from it
    :param account: who hands it in and may use it in an act
    :param declared_size: bytes, as the sender says; what is too much is refused without being read
    :raises Invalid: too big, not what its name says, dangerous, or marked as a state secret; none is kept
    """
    name = cleaned(name)
    kind = by_name(name)
    screen([name])
    if declared_size is not None and declared_size > settings.ATTACHMENT_LIMIT:
        raise _too_big()
    with FILES.draft(now) as draft:
        digest = written(_bounded(stream), draft)
        size = draft.stat().st_size
        if size == 0:
            raise refused(_("This file is empty; choose another."))
        media_type = apart(INSPECTION, inspect, draft, kind)
        shown = _shown(draft, kind, now) if kind.image else digest
        FILES.keep(draft, digest, now)
    with transaction.atomic(durable=True):
        return Attachment.objects.create(
            jurisdiction=jurisdiction,
            account=account,
            name=name,
            media_type=media_type,
            size=size,
            digest=digest,
            shown=shown,
            received_at=now,
        )


def open_shown(attachment: Attachment) -> BinaryIO:
    """The file a reader is given; it goes out under the attachment's name and media type.

    Who may read it, ``reads.attachment`` decides before.

    :raises Barred: no copy without hidden data could be made; the original is never given instead
    """
    if not attachment.shown:
        raise Barred(
            _("No copy without hidden data could be made of this file, so it is not shown."),
            remedy=_("It is kept as evidence; ask whoever handed it in for another copy."),
        )
    return FILES.open(attachment.shown)


def opens_in_page(attachment: Attachment) -> bool:
    """Whether a browser may open it beside its page: pictures, and a PDF in which nothing acts by itself."""
    return attachment.media_type in IMAGES or (
        attachment.media_type == "application/pdf" and _quiet(attachment.shown)
    )


@lru_cache(maxsize=1024)
def _quiet(digest: str) -> bool:
    """Asked for each reading and not stored: a digest names one content for ever, and so one answer."""
    with FILES.open(digest) as file:
        try:
            return apart(INSPECTION, quiet, Path(file.name))
        except Invalid:
            return False


def sweep(now: datetime) -> int:
    """Remove what was handed in a day ago and used in no act, with its files; returns how many files.

    What is bound to a matter stays for good.
    """
    before = now - UNUSED
    Attachment.objects.filter(matter=None, received_at__lt=before).delete()
    return FILES.sweep(before, _named)


def _named(digests: list[str]) -> set[str]:
    return {
        digest
        for column in ("digest", "shown")
        for digest in Attachment.objects.filter(**{f"{column}__in": digests}).values_list(column, flat=True)
    }


def _bounded(stream: ByteSource) -> Iterator[bytes]:
    taken = 0
    while chunk := stream.read(CHUNK):
        taken += len(chunk)
        if taken > settings.ATTACHMENT_LIMIT:
            raise _too_big()
        yield chunk


def _too_big() -> Invalid:
    return refused(
        format_lazy(
            _("This file is larger than {limit} MB; make it smaller or hand it in in parts."),
            limit=settings.ATTACHMENT_LIMIT >> 20,
        )
    )


def _shown(draft: Path, kind: FileKind, now: datetime) -> str:
    """The digest of a copy drawn anew from the pixels, upright; empty when it could not be written."""
    with FILES.draft(now) as copy:
        if not apart(DRAWING, redraw, draft, copy, kind.image):
            return ""
        with copy.open("rb") as file:
            return FILES.put(iter(lambda: file.read(CHUNK), b""), now)
