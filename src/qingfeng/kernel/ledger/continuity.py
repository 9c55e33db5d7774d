"""Whether what is there goes on from what was signed here 续接校验: asked before anything more is signed upon it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger import known_heads
from qingfeng.kernel.ledger.canonical import entry_of
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.keychain import KeyStatement, standing
from qingfeng.kernel.ledger.known_heads import Head
from qingfeng.kernel.ledger.models import Checkpoint, Entry, Leaf, SealedUpTo
from qingfeng.kernel.ledger.signing import Verifier
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.refusals import Barred

CLAUSE = "GB/T 22239-2019, 8.1.4.3"


@dataclass(frozen=True)
class Gap:
    """A stretch of history that is lost 断档: after the last checkpoint that is there, up to the last head known."""

    after: Head
    upto: Head

    def content(self) -> dict[str, Any]:
        """How the entry of those who declare it, and the header, write it."""
        return {"from": list(self.after[1:]), "to": list(self.upto[1:])}


def longest() -> Sequence[KeyStatement]:
    """The keys as the database has them, or as ``keys/`` does where it knows more: a restored database may lack the last."""
    kept = known_heads.read(settings.HEADS)
    return max(standing(), kept.keys if kept else [], key=len)


def genuine(checkpoint: Checkpoint, chain: Sequence[KeyStatement]) -> dict[str, Any] | None:
    """The header of a checkpoint that the installation's key of its time signed; none for any other.

    A header of the first version knows one key. Later ones say how many there were: what an older key signs after
    it was changed is not genuine.
    """
    raw = checkpoint.header.encode()
    try:
        header = entry_of(raw)
        place, named = header["keys"] if header["v"] == 2 else (1, chain[0].hash)
        key = chain[place - 1]
        if sm3(raw).hex() != checkpoint.hash or (key.hash, key.key_id) != (named, header["key"]) or place < 1:
            return None
        signature = bytes.fromhex(checkpoint.signature)
        # ``fromhex`` takes capitals and blanks too, which nobody wrote here.
        signed = signature.hex() == checkpoint.signature and Verifier(key.public_key).verify(signature, raw)
    except (ValueError, TypeError, LookupError):
        return None
    return header if signed else None


def last_of(jurisdiction: Jurisdiction) -> Checkpoint | None:
    """The newest checkpoint of a jurisdiction."""
    return Checkpoint.objects.filter(jurisdiction=jurisdiction).order_by("-number").first()


def gap_of(jurisdiction: Jurisdiction) -> Gap | None:
    """What is missing between the checkpoints that are there and the last head known; none if nothing is.

    :raises Barred: what is there is not the installation's own, so that no declaration mends it
    """
    chain = longest()
    kept = known_heads.read(settings.HEADS)
    head = kept.heads.get(jurisdiction.code) if kept else None
    last = last_of(jurisdiction)
    if head is None or _goes_on(jurisdiction, head, chain):
        return None
    if last is not None and genuine(last, chain) is None:
        raise not_ours(jurisdiction, last)
    return Gap(Head(jurisdiction.code, last.number if last else 0, last.hash if last else ""), head)


def unsealed(jurisdiction: Jurisdiction, settled: int) -> QuerySet[Entry]:
    """The entries after the settled ones that no checkpoint holds; a lower id may commit later than a higher."""
    sealed = Leaf.objects.filter(entry_id=OuterRef("pk"), entry_id__gt=settled)
    return Entry.objects.filter(~Exists(sealed), jurisdiction=jurisdiction, pk__gt=settled).order_by("id")


def require_marked(jurisdiction: Jurisdiction, mark: SealedUpTo) -> None:
    """Refuse a mark that lets entries pass unsealed: whoever sets it ahead has them signed later, as they are by then.

    :raises Barred: it stands above every entry, or above one after the last leaf
    """
    last = Entry.objects.aggregate(last=Max("id"))["last"] or 0
    leaf = Leaf.objects.filter(checkpoint=last_of(jurisdiction)).aggregate(last=Max("entry_id"))["last"] or 0
    passed = unsealed(jurisdiction, leaf).filter(pk__lte=mark.settled)
    if max(mark.settled, mark.seen) > last or passed.exists():
        raise Barred(
            format_lazy(
                _("The mark up to which {} is sealed stands ahead of its entries."), jurisdiction.code
            ),
            CLAUSE,
            _("Keep the database as it is, and tell the audit administrator."),
        )


def require_going_on(jurisdiction: Jurisdiction, chain: Sequence[KeyStatement]) -> tuple[Gap, str] | None:
    """Let pass what goes on from the last head known; for a gap that was declared, it and the hash of the entry."""
    kept = known_heads.read(settings.HEADS)
    head = kept.heads.get(jurisdiction.code) if kept else None
    if kept is not None and head is None:
        _require_all_there(kept)
    if _goes_on(jurisdiction, head or Head(jurisdiction.code, 0, ""), chain):
        return None
    gap = gap_of(jurisdiction)
    entry = _declared(jurisdiction, gap) if gap else None
    if gap is None or entry is None:
        words = _(
            "The ledger of {} does not go on from head {} ({}), which was signed here. Nothing more is sealed."
        )
        raise Barred(
            format_lazy(words, jurisdiction.code, head.number if head else 0, head.hash[:16] if head else ""),
            CLAUSE,
            _(
                "After a restore two people declare the gap (“ledger_gaps.declare”). Otherwise keep the database,"
                " and tell the audit administrator."
            ),
        )
    return gap, entry


def _require_all_there(kept: known_heads.KnownHeads) -> None:
    """Before a jurisdiction is sealed that was not known: one that was known and is gone may be this, by another name."""
    gone = kept.heads.keys() - set(Jurisdiction.objects.values_list("code", flat=True))
    if gone:
        raise Barred(
            format_lazy(_("The jurisdiction {} was sealed here, and it is gone."), min(gone)),
            CLAUSE,
            _("Found it again under its code, and declare the gap; else tell the audit administrator."),
        )


def _goes_on(jurisdiction: Jurisdiction, head: Head, chain: Sequence[KeyStatement]) -> bool:
    """Whether the checkpoint of this head is there, and each after it joins on and is genuine.

    A head that was lost is answered for by the checkpoint that names its gap: a process may die between the two.
    """
    since = Checkpoint.objects.filter(jurisdiction=jurisdiction, number__gte=head.number).order_by("number")
    before = head.hash
    # From the known head on only: what lies before it was looked at when it was the known one.
    for checkpoint in since.iterator(500):
        if checkpoint.number == head.number and head.number:
            if checkpoint.hash != head.hash or genuine(checkpoint, chain) is None:
                return False
            head = head._replace(number=0)
            continue
        header = genuine(checkpoint, chain)
        if header is None:
            return False
        bridged = head.number and header.get("gap", {}).get("to") == list(head[1:])
        if not bridged and (head.number or header["prev"] != before):
            return False
        head, before = head._replace(number=0), checkpoint.hash
    return not head.number


def _declared(jurisdiction: Jurisdiction, gap: Gap) -> str | None:
    """The hash of the entry in which two people declared this gap, if they did."""
    mark = SealedUpTo.objects.filter(jurisdiction=jurisdiction).first()
    for digest, body in (
        unsealed(jurisdiction, mark.settled if mark else 0)
        .filter(body__contains='"gap":{')
        .values_list("hash", "body")
    ):
        if entry_of(body.encode()).get("notes", {}).get("gap") == gap.content():
            return str(digest)
    return None


def not_ours(jurisdiction: Jurisdiction, checkpoint: Checkpoint) -> Barred:
    return Barred(
        format_lazy(
            _("Checkpoint {} of {} was not signed by this installation."),
            checkpoint.number,
            jurisdiction.code,
        ),
        CLAUSE,
        _("Keep the database as it is, and tell the audit administrator."),
    )
