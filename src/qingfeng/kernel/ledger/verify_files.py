"""Verification of the files on disk: attachments, what is shown of them, and papers, each read whole and in pieces."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, QuerySet
from django.utils.translation import gettext_noop

from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.attachments.intake import FILES
from qingfeng.kernel.attachments.store import Store
from qingfeng.kernel.ledger.faults import Fault
from qingfeng.kernel.papers.issuing import RENDITIONS
from qingfeng.kernel.papers.models import Paper

OTHER = gettext_noop("its file is not the one the ledger committed to")
GONE = gettext_noop("its file is gone, or can't be read")


def files() -> Iterator[Fault]:
    """Files that are gone, or are not the ones that entries name."""
    bound = Attachment.objects.exclude(Attachment.awaiting)
    yield from _of(FILES, "kernel.attachment", bound, "digest")
    yield from _of(FILES, "kernel.attachment", bound.exclude(shown__in=("", F("digest"))), "shown")
    yield from _of(RENDITIONS, "kernel_paper", Paper.objects.all(), "digest")


def _of(
    store: Store, name: str, rows: QuerySet[Attachment] | QuerySet[Paper], column: str
) -> Iterator[Fault]:
    before, words = "", None
    for pk, digest in rows.order_by(column).values_list("pk", column).iterator():
        if digest != before:
            before, words = digest, _fault(store, digest)
        if words is not None:
            yield Fault(f"{name}:{pk}", words)


def _fault(store: Store, digest: str) -> str | None:
    try:
        return None if store.digest(digest) == digest else OTHER
    except OSError:
        return GONE
