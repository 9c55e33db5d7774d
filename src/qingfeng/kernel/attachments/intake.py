"""Receiving a file 接收附件, showing it, and clearing away what nobody used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.http import content_disposition_header
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from qingfeng.kernel.attachments.inspect import DAMAGED, inspect, screen
from qingfeng.kernel.attachments.kinds import Kind, by_name, cleaned, refused
from qingfeng.kernel.attachments.models import Attachment
from qingfeng.kernel.attachments.store import CHUNK, Store, written
from qingfeng.kernel.parties.models import Account, Jurisdiction
from qingfeng.kernel.refusals import Barred, Invalid

FILES = Store("files")
UNUSED = timedelta(days=1)
"""How long a file waits to be used in an act."""

IMAGES = tuple(f"image/{kind}" for kind in ("jpeg", "png", "webp"))
SAVED: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "optimize": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 88, "method": 4},
}
"""How the shown copy of each kind of image is written."""


class Readable(Protocol):
    """What a file is read from, such as an uploaded file."""

    def read(self, size: int, /) -> bytes: ...


def receive(
    stream: Readable,
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
        media_type = inspect(draft, kind)
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


def open_shown(attachment: Attachment) -> tuple[BinaryIO, str, str]:
    """What a reader is given: the open file, its media type and the Content-Disposition.

    Who may read it, ``reads.attachment`` decides before.

    :raises Barred: no copy without hidden data could be made; the original is never given instead
    """
    if not attachment.shown:
        raise Barred(
            _("No copy without hidden data could be made of this file, so it is not shown."),
            remedy=_("It is kept as evidence; ask whoever handed it in for another copy."),
        )
    inline = attachment.media_type in IMAGES
    return (
        FILES.open(attachment.shown),
        attachment.media_type,
        content_disposition_header(not inline, attachment.name) or "attachment",
    )


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


def _bounded(stream: Readable) -> Iterator[bytes]:
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


def _shown(draft: Path, kind: Kind, now: datetime) -> str:
    """The digest of a copy drawn anew from the pixels, upright; empty when it could not be written."""
    try:
        with Image.open(draft, formats=[kind.image]) as image:
            pixels = _pixels(image, kind)
    except (OSError, SyntaxError, ValueError, EOFError):
        raise refused(DAMAGED) from None
    try:
        with FILES.draft(now) as copy:
            pixels.save(copy, format=kind.image, **SAVED[kind.image])
            with copy.open("rb") as file:
                return FILES.put(iter(lambda: file.read(CHUNK), b""), now)
    except (OSError, ValueError):
        return ""


def _pixels(image: Image.Image, kind: Kind) -> Image.Image:
    ImageOps.exif_transpose(image, in_place=True)
    mode = "RGBA" if kind.image != "JPEG" and image.has_transparency_data else "RGB"
    drawn = image if image.mode == mode else image.convert(mode)
    # A fresh canvas carries none of what a file says beside its pixels.
    canvas = Image.new(mode, drawn.size)
    canvas.paste(drawn)
    return canvas
