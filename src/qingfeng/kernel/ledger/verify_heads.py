"""Verification of what covers the entries: checkpoints with their trees, history, signatures and keys; the journal.

Both sides are read in their order and held against each other as they pass, so that memory stays flat.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice, zip_longest
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max, Q
from django.utils.translation import gettext as say

from qingfeng.kernel.ledger import keychain, known_heads
from qingfeng.kernel.ledger.canonical import entry_of
from qingfeng.kernel.ledger.continuity import genuine
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.faults import Fault
from qingfeng.kernel.ledger.history import leaf_of
from qingfeng.kernel.ledger.keychain import KeyStatement
from qingfeng.kernel.ledger.known_heads import Head, KnownHeads
from qingfeng.kernel.ledger.merkle import GrowingTree, leaf_hash
from qingfeng.kernel.ledger.models import Checkpoint, Entry, HistoryNode, Leaf, SealedUpTo
from qingfeng.kernel.ledger.signing import KeyUnusable, Signer
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.record.journal import JournalEntry, JournalHead

PIECE, ROWS = 100, 1_000
"""How many checkpoints, and how many small rows, are held at once."""
LEAVES = f"""
SELECT l.checkpoint_id, l.position, l.entry_id, e.hash, e.jurisdiction_id
FROM {Leaf._meta.db_table} l LEFT JOIN {Entry._meta.db_table} e ON e.id = l.entry_id
ORDER BY l.checkpoint_id, l.position
"""
UNSEALED = f"""
SELECT e.id, e.chain, e.seq FROM {Entry._meta.db_table} e
JOIN {SealedUpTo._meta.db_table} s ON s.jurisdiction_id = e.jurisdiction_id AND e.id <= s.settled
LEFT JOIN {Leaf._meta.db_table} l ON l.entry_id = e.id WHERE l.entry_id IS NULL
"""


@dataclass
class ChainProgress:
    """How far the checkpoints of a jurisdiction were followed."""

    number: int = 0
    hash: str = ""
    keys: int = 1
    tree: GrowingTree = field(default_factory=GrowingTree)


def heads(outside: Sequence[Head] = ()) -> Iterator[Fault]:
    """Checkpoints whose tree, chain, history, key or signature does not hold, and heads known that are not there.

    :param outside: heads that left the machine and came back
    """
    kept, chain = KnownHeads({}, ()), keychain.standing()
    try:
        kept = known_heads.read(settings.HEADS) or kept
        if chain and not kept.keys:
            yield Fault(
                f"keys/{settings.HEADS.name}",
                "it is missing, and with it what this installation knows it signed",
            )
    except KeyUnusable:
        yield Fault(f"keys/{settings.HEADS.name}", "it is damaged")
    yield from keychain.faults(chain, kept.keys)
    yield from _checkpoints(chain or _unpinned())
    yield from _nodes()
    yield from _unsealed()
    yield from _known([*kept.heads.values(), *outside])


def _unpinned() -> list[KeyStatement]:
    """Before the first signing that pins: the key that lies in ``keys/``, if there is one."""
    own = Signer.first(settings.KEYS)
    return [keychain.stated(own, None, own, datetime.min.replace(tzinfo=UTC))] if own else []


def _checkpoints(chain: Sequence[KeyStatement]) -> Iterator[Fault]:
    courses: dict[int, ChainProgress] = {}
    leaves = _Leaves()
    for piece in _pieces(Checkpoint.objects.select_related("jurisdiction").order_by("pk").iterator(PIECE)):
        lines = _journal_lines(piece)
        for checkpoint in piece:
            course = courses.setdefault(checkpoint.jurisdiction_id, ChainProgress())
            yield from leaves.before(checkpoint.pk)
            yield from _checkpoint(checkpoint, course, chain, lines, leaves)
    yield from leaves.before(None)


def _checkpoint(
    checkpoint: Checkpoint,
    course: ChainProgress,
    chain: Sequence[KeyStatement],
    lines: Mapping[int, str],
    leaves: _Leaves,
) -> Iterator[Fault]:
    where = f"checkpoint:{checkpoint.jurisdiction.code}/{checkpoint.number}"
    raw = checkpoint.header.encode()
    hashed = sm3(raw).hex()
    before, course.number, course.hash = (course.number, course.hash), checkpoint.number, hashed
    history = [course.tree.size, course.tree.root().hex()]
    course.tree.add(leaf_of(hashed))
    tree = leaves.of(checkpoint.pk, checkpoint.jurisdiction_id)
    try:
        header = entry_of(raw)
        told = header["number"], header["jurisdiction"], header["prev"], header["root"], header["size"]
        gap = header.get("gap")
        keys = header["keys"][0] if header["v"] == 2 else 1
        committed = header["history"] if header["v"] == 2 else history
        following = max(before[0], gap["to"][0] if gap else 0) + 1
        seen, line = header["journal"]
    except (ValueError, TypeError, LookupError, AttributeError):
        yield Fault(where, "the header, signature or key can't be read")
        yield from tree.faults(where)
        return
    number, code, prev, stated, size = told
    if hashed != checkpoint.hash or prev != before[1] or number != following:
        yield Fault(where, "it does not follow the checkpoint before it")
    if number != checkpoint.number or code != checkpoint.jurisdiction.code:
        yield Fault(where, "its columns are not what its header says")
    if genuine(checkpoint, chain) is None or keys < course.keys:
        yield Fault(where, "it is not signed by the key of this installation")
    elif checkpoint.public_key != chain[keys - 1].public_key.hex():
        yield Fault(where, "its columns are not what its header says")
    course.keys = max(course.keys, keys)
    if committed != history:
        yield Fault(where, "the history it commits to is not the one that is there")
    if lines.get(seen, "") != line:
        yield Fault(where, "the journal it saw is not the one that is there")
    yield from tree.faults(where)
    if tree.size != size:
        yield Fault(where, "a leaf of its tree is missing, or one too many")
    elif not tree.gone and tree.root != stated:
        yield Fault(where, "the entries are not the ones it sealed")
    if gap and not (gap["from"] == list(before) and _declared(gap, tree.first)):
        yield Fault(where, "the gap it names is not the one that two people declared")


def _declared(gap: Mapping[str, Any], entry_id: int | None) -> bool:
    """Whether the first leaf is the entry that declares this gap."""
    entry = Entry.objects.filter(pk=entry_id).first() if entry_id is not None else None
    try:
        notes = entry.content["notes"]["gap"] if entry is not None else None
    except (ValueError, TypeError, LookupError):
        return False
    return (
        entry is not None and entry.hash == gap["entry"] and notes == {"from": gap["from"], "to": gap["to"]}
    )


@dataclass
class _CheckpointTree:
    """What the leaves of one checkpoint come to."""

    size: int
    root: str
    first: int | None
    gone: Sequence[int]
    strange: Sequence[int]
    placed: bool

    def faults(self, where: str) -> Iterator[Fault]:
        """Leaves whose entry is gone, is another jurisdiction's, or stands out of its place."""
        for entry in self.gone:
            yield Fault(f"kernel_entry:{entry}, {where}", "the entry is sealed here, and it is gone")
        for entry in self.strange:
            yield Fault(
                f"kernel_entry:{entry}, {where}", "the entry sealed here belongs to another jurisdiction"
            )
        if not self.placed:
            yield Fault(where, "a leaf of its tree is missing, or one too many")


class _Leaves:
    """The leaves as they pass, by checkpoint and place."""

    def __init__(self) -> None:
        self._rows = _streamed(LEAVES)
        self._next = next(self._rows, None)

    def before(self, checkpoint_id: int | None) -> Iterator[Fault]:
        """Leaves of checkpoints that should have passed already; of all that are left without one."""
        gone = None
        while self._next is not None and (checkpoint_id is None or self._next[0] < checkpoint_id):
            if self._next[0] != gone:
                gone = self._next[0]
                yield Fault(f"kernel_checkpoint:{gone}", "leaves hang on a checkpoint that is gone")
            self._next = next(self._rows, None)

    def of(self, checkpoint_id: int, jurisdiction_id: int) -> _CheckpointTree:
        """The tree over the leaves of this checkpoint."""
        tree, first, placed = GrowingTree(), None, True
        gone: list[int] = []
        strange: list[int] = []
        while self._next is not None and self._next[0] == checkpoint_id:
            _checkpoint, position, entry, digest, jurisdiction = self._next
            first = entry if first is None else first
            placed = placed and position == tree.size
            if digest is None:
                gone.append(entry)
            elif jurisdiction != jurisdiction_id:
                strange.append(entry)
            tree.add(bytes.fromhex(digest) if digest and len(digest) == 64 else b"")
            self._next = next(self._rows, None)
        return _CheckpointTree(tree.size, tree.root().hex(), first, gone, strange, placed)


def _nodes() -> Iterator[Fault]:
    """Kept subtrees of the history that are not what the checkpoints come to: nothing would be proved by them."""
    for jurisdiction in Jurisdiction.objects.order_by("pk"):
        checkpoints = Checkpoint.objects.filter(jurisdiction=jurisdiction).order_by("number")
        nodes = HistoryNode.objects.filter(jurisdiction=jurisdiction).order_by("pk")
        if not nodes.exists() and not checkpoints.filter(header__contains='"v":2').exists():
            continue
        stored = nodes.values_list("level", "place", "hash").iterator(ROWS)
        tree = GrowingTree()
        made = (
            (level, index, digest.hex())
            for head in checkpoints.values_list("hash", flat=True).iterator(ROWS)
            for (level, index), digest in tree.add(leaf_of(head))
        )
        for own, other in zip_longest(made, stored):
            if own != other:
                level, index, _hash = own or other or ("?", "?", "")
                yield Fault(
                    f"history:{jurisdiction.code}/{level}/{index}",
                    "the kept history is not that of the checkpoints",
                )
                break


def _unsealed() -> Iterator[Fault]:
    """Entries that are taken for sealed, and no checkpoint holds them."""
    for _pk, chain, seq in _streamed(UNSEALED):
        yield Fault(f"{chain}/{seq}", "no checkpoint seals it")
    last = Entry.objects.aggregate(last=Max("id"))["last"] or 0
    for mark in SealedUpTo.objects.filter(Q(settled__gt=last) | Q(seen__gt=last)).order_by("pk"):
        yield Fault(f"kernel_sealedupto:{mark.pk}", "it stands ahead of the entries")


def _known(wanted: Iterable[Head]) -> Iterator[Fault]:
    """Heads that were signed here, or left the machine, and are not in the history, nor in a gap that was declared."""
    lost = [(gap.jurisdiction, gap.after, gap.upto) for gap in gaps()]
    for head in dict.fromkeys(wanted):
        if Checkpoint.objects.filter(hash=head.hash).exists():
            continue
        if any(
            head[:] == (code, *upto)
            or head.hash == upto[1]
            or (head.jurisdiction == code and after[0] < head.number <= upto[0])
            for code, after, upto in lost
        ):
            continue
        place = f"head:{head.jurisdiction}/{head.number}" if head.number else f"head:{head.hash[:16]}"
        yield Fault(place, "this head was signed and is not in the history")


@dataclass(frozen=True)
class DeclaredGap:
    """A gap that two people declared 断档: by the checkpoint that names it, with their words."""

    jurisdiction: str
    number: int
    after: tuple[int, str]
    upto: tuple[int, str]
    lost: str
    why: str
    at: str

    def __str__(self) -> str:
        return say(
            "%(jurisdiction)s: what was entered after checkpoint %(after)s up to %(upto)s (head %(head)s) was lost;"
            " declared at %(at)s. Lost: %(lost)s. Why: %(why)s"
        ) % {
            "jurisdiction": self.jurisdiction,
            "after": self.after[0],
            "upto": self.upto[0],
            "head": self.upto[1],
            "at": self.at,
            "lost": self.lost,
            "why": self.why,
        }


def gaps() -> Iterator[DeclaredGap]:
    """Every gap that was declared: no fault, and shown for ever."""
    for checkpoint in Checkpoint.objects.filter(header__contains='"gap":{').order_by("pk"):
        try:
            header = entry_of(checkpoint.header.encode())
            gap, entry = header["gap"], Entry.objects.get(hash=header["gap"]["entry"]).content
            given = entry["notes"]["words"]
            after, upto = ((int(number), str(head)) for number, head in (gap["from"], gap["to"]))
            yield DeclaredGap(
                header["jurisdiction"],
                header["number"],
                after,
                upto,
                given["lost"],
                given["why"],
                header["at"],
            )
        except (ValueError, TypeError, LookupError, Entry.DoesNotExist):
            continue  # named as a fault of this checkpoint


def journal() -> Iterator[Fault]:
    """Lines of the journal that are changed, missing or out of place."""
    seq, before = 0, ""
    lines = JournalEntry.objects.order_by("seq").values_list(
        "seq", "kind", "account_id", "at", "body", "hash"
    )
    for number, kind, account, at, body, stored in lines.iterator(ROWS):
        where = f"journal:{number}"
        raw = body.encode()
        try:
            content = entry_of(raw)
            follows = content["prev"]
            told = (content["seq"], content["kind"], content["actor"].get("account"), content["at"])
        except (TypeError, ValueError, LookupError, AttributeError):
            yield Fault(where, "the line can't be read")
            continue
        if number != seq + 1 or follows != before or leaf_hash(raw).hex() != stored:
            yield Fault(where, "the line was changed, or one before it is missing")
        if told != (number, kind, account, plain(at)):
            yield Fault(where, "its columns are not what its body says")
        seq, before = number, stored
    heads = list(JournalHead.objects.values_list("pk", "seq", "hash"))
    if heads != ([(1, seq, before)] if heads or seq else []):
        yield Fault("journal", "its last lines are missing")


def _journal_lines(checkpoints: Sequence[Checkpoint]) -> dict[int, str]:
    """The lines of the journal that these checkpoints saw."""
    wanted = set()
    for checkpoint in checkpoints:
        try:
            wanted.add(int(entry_of(checkpoint.header.encode())["journal"][0]))
        except (ValueError, TypeError, LookupError):
            continue
    return dict(JournalEntry.objects.filter(seq__in=wanted).values_list("seq", "hash"))


def _pieces(rows: Iterable[Checkpoint]) -> Iterator[list[Checkpoint]]:
    going = iter(rows)
    while piece := list(islice(going, PIECE)):
        yield piece


def _streamed(statement: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement, fetched some at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(ROWS):
            yield from rows
