"""Checkpoints 检查点: each minute, every entry not sealed yet goes into a signed Merkle tree.

Where no entry is new the journal may still have moved on: then the topmost jurisdiction seals an empty tree, at most
each hour, so that the journal's end is signed too.

Nothing is signed that does not go on from the last head this installation knows (`known`). After a restore that is
behind it two people declare the gap; the first checkpoint of the new history names it, and its first leaf is their act.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger import known_heads
from qingfeng.kernel.ledger.canonical import encode, entry_of
from qingfeng.kernel.ledger.continuity import (
    CLAUSE,
    Gap,
    genuine,
    last_of,
    longest,
    not_ours,
    require_going_on,
    require_marked,
    unsealed,
)
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.history import grow, grown, keep
from qingfeng.kernel.ledger.keychain import KeyStatement, pin, standing, stated
from qingfeng.kernel.ledger.known_heads import Head
from qingfeng.kernel.ledger.merkle import GrowingTree, root
from qingfeng.kernel.ledger.models import Checkpoint, Entry, Leaf, SealedUpTo
from qingfeng.kernel.ledger.signing import HeadSigner, Signer
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.record.journal import JournalHead
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.sealing.keystore import KeysMissing
from qingfeng.kernel.sealing.models import signing_key_missing

JOURNAL_SEALED = timedelta(hours=1)
"""How long the journal may go on without a checkpoint that saw its end."""


def signer() -> HeadSigner:
    """The installation's signer: of the last key pinned, or, before the first, the one made at first start.

    Raises ``KeysMissing`` where heads were signed and the key is gone: none is made anew.
    """
    # A key made anew would make a history that nobody outside can tell from a forged one (0045).
    if signing_key_missing():
        raise KeysMissing(_("The key that signs the ledger is missing, so no checkpoint is signed."))
    chain = longest()
    return Signer.load(settings.KEYS, chain[-1].key_id) if chain else Signer.load_or_create(settings.KEYS)


def change_key(now: datetime, chain: str) -> KeyStatement:
    """Make a new signing key, for which the one before it signs, within the act of two people that decided so.

    :param chain: the chain of their matter
    """
    keys, old = longest(), signer()
    before = keys[-1] if keys else stated(old, None, old, now)
    statement = stated(Signer.create_next(settings.KEYS), before, old, now, chain)
    for one in (*keys, before, statement):
        pin(one, now)
    transaction.on_commit(lambda: known_heads.advance(settings.HEADS, keys=standing()))
    return statement


def seal(jurisdiction: Jurisdiction, now: datetime, by: HeadSigner) -> Checkpoint | None:
    """Seal what is not sealed yet; none when there is nothing.

    The cost follows what is new: it is looked for first, without holding what SQLite's only writer needs.

    :raises Barred: the history that is there does not go on from the last head known
    """
    chain = _keys(by, now)
    mark = SealedUpTo.objects.filter(jurisdiction=jurisdiction).first() or SealedUpTo(
        jurisdiction=jurisdiction
    )
    oldest, _next = running()
    unsettled = mark.settled < mark.seen and oldest >= mark.horizon
    last = last_of(jurisdiction)
    # Once without the lock, so that a minute without news writes nothing; once more under it, in ``_seal``.
    require_going_on(jurisdiction, chain)
    require_marked(jurisdiction, mark)
    if not (unsettled or _outdated(last, chain, now) or unsealed(jurisdiction, mark.settled).exists()):
        return None
    if last is not None and entry_of(last.header.encode())["v"] == 1:
        grow(jurisdiction)
    with transaction.atomic():
        # Without its key: entries refer to the jurisdiction, and acts must not wait for a sealing.
        Jurisdiction.objects.select_for_update(no_key=True).get(pk=jurisdiction.pk)
        checkpoint = _seal(jurisdiction, now, by, chain)
        if checkpoint is not None:
            head = Head(jurisdiction.code, checkpoint.number, checkpoint.hash)
            # After the commit: a head remembered of what was rolled back would stop every later sealing (0042).
            transaction.on_commit(lambda: known_heads.advance(settings.HEADS, [head], chain))
        return checkpoint


def _seal(
    jurisdiction: Jurisdiction, now: datetime, by: HeadSigner, chain: Sequence[KeyStatement]
) -> Checkpoint | None:
    gap = require_going_on(jurisdiction, chain)
    mark = SealedUpTo.objects.get_or_create(jurisdiction=jurisdiction)[0]
    # In this order: what is seen now was given its id by a transaction before `following`, and whoever ended before
    # `oldest` has its entries among those that are looked for after.
    seen = Entry.objects.aggregate(last=Max("id"))["last"] or 0
    oldest, following = running()
    entries = list(unsealed(jurisdiction, mark.settled).values_list("id", "hash"))
    if oldest >= mark.horizon:  # else what was seen then waits on, and nothing is seen in its place
        # SQLite's only writer is this transaction.
        settled = seen if connection.vendor == "sqlite" else mark.seen
        SealedUpTo.objects.filter(pk=mark.pk).update(settled=settled, seen=seen, horizon=following)
    last = last_of(jurisdiction)
    if not entries and not _outdated(last, chain, now):
        return None
    if gap is not None:
        # First leaf: whoever verifies finds the act that answers for the gap without looking for it.
        entries.sort(key=lambda entry: entry[1] != gap[1])
    history = grown(jurisdiction, last)
    checkpoint = _signed(jurisdiction, now, by, chain, [leaf for _pk, leaf in entries], history, gap)
    Leaf.objects.bulk_create(
        (
            Leaf(entry_id=pk, checkpoint=checkpoint, position=position)
            for position, (pk, _hash) in enumerate(entries)
        ),
        batch_size=5000,
    )
    keep(jurisdiction, history, [checkpoint.hash])
    return checkpoint


def _signed(
    jurisdiction: Jurisdiction,
    now: datetime,
    by: HeadSigner,
    chain: Sequence[KeyStatement],
    leaves: Sequence[str],
    history: GrowingTree,
    gap: tuple[Gap, str] | None,
) -> Checkpoint:
    last = last_of(jurisdiction)
    before = last.number if last else 0
    journal = JournalHead.objects.first()
    content = {
        "v": 2,
        "jurisdiction": jurisdiction.code,
        "number": max(before, gap[0].upto.number if gap else 0) + 1,
        "prev": last.hash if last else "",
        "root": root([bytes.fromhex(leaf) for leaf in leaves]).hex(),
        "size": len(leaves),
        "history": [history.size, history.root().hex()],
        "keys": [len(chain), chain[-1].hash],
        "journal": [journal.seq, journal.hash] if journal else [0, ""],
        "at": plain(now),
        "hash": "SM3",
        "signature": by.algorithm,
        "key": by.key_id,
    }
    if gap is not None:
        content["gap"] = {**gap[0].content(), "entry": gap[1]}
    header = encode(content)
    made: Checkpoint = Checkpoint.objects.create(
        jurisdiction=jurisdiction,
        number=content["number"],
        header=header.decode(),
        hash=sm3(header).hex(),
        signature=by.sign(header).hex(),
        public_key=by.public_key.hex(),
    )
    return made


def refusals() -> list[Barred]:
    """Why the next round would seal nothing in some jurisdiction, in words; empty when all goes on."""
    found = []
    for jurisdiction in Jurisdiction.objects.order_by("id"):
        try:
            require_going_on(jurisdiction, longest())
            for mark in SealedUpTo.objects.filter(jurisdiction=jurisdiction):
                require_marked(jurisdiction, mark)
        except Barred as fault:
            found.append(fault)
    return found


def seal_all(now: datetime, by: HeadSigner) -> list[Checkpoint]:
    """Seal every jurisdiction's entries; returns the checkpoints made.

    :raises Barred: one of them must not be sealed; the others are all the same
    """
    made, refused = [], None
    for jurisdiction in Jurisdiction.objects.order_by("id"):
        try:
            made.append(seal(jurisdiction, now, by))
        except Barred as fault:
            refused = refused or fault
    if refused is not None:
        raise refused
    return [checkpoint for checkpoint in made if checkpoint is not None]


def running() -> tuple[int, int]:
    """The oldest transaction that runs, and the one that begins next; SQLite has one writer and no numbers."""
    if connection.vendor == "sqlite":
        return 0, 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint FROM pg_current_snapshot() s"
        )
        oldest, following = cursor.fetchone()
        return oldest, following


def _outdated(last: Checkpoint | None, chain: Sequence[KeyStatement], now: datetime) -> bool:
    """Whether the newest head commits to less than there is: of the first version, from before a change of key, or,
    the topmost jurisdiction's, from before the journal went on."""
    if last is None:
        return False
    header = entry_of(last.header.encode())
    if header["v"] == 1 or header["keys"][0] < len(chain):
        return True
    if header["at"] > plain(now - JOURNAL_SEALED) or last.jurisdiction.parent_id is not None:
        return False
    journal = JournalHead.objects.first()
    return journal is not None and header["journal"] != [journal.seq, journal.hash]


def _keys(by: HeadSigner, now: datetime) -> list[KeyStatement]:
    """The keys pinned, the last of which is ``by``; the first signing pins its own."""
    chain = standing()
    kept = known_heads.read(settings.HEADS)
    if kept is None:
        if chain:
            raise Barred(
                format_lazy(_("The file {} with the last heads is missing from keys/."), settings.HEADS.name),
                CLAUSE,
                _(
                    "Restore it from the backup of keys, or take the heads from a letter: “qingfeng ledger remember”."
                ),
            )
        kept = _first_kept(by, now)
    if [*kept.keys[: len(chain)]] != chain[: len(kept.keys)]:
        raise Barred(
            _("The signing keys in the database are not those that keys/ knows. Nothing is signed."),
            CLAUSE,
            _("Keep the database as it is, and tell the audit administrator."),
        )
    for statement in kept.keys[len(chain) :]:
        pin(statement, now)
        chain.append(statement)
    if chain[-1].key_id != by.key_id:
        raise Barred(
            format_lazy(
                _("This key ({}) is not the one that signs this ledger ({})."), by.key_id, chain[-1].key_id
            ),
            CLAUSE,
            _("Restore the key from the backup of keys. It is changed by an act of two people only."),
        )
    return chain


def newest_heads() -> list[Head]:
    """The newest head of each jurisdiction that has one."""
    found = ((jurisdiction, last_of(jurisdiction)) for jurisdiction in Jurisdiction.objects.order_by("id"))
    return [
        Head(jurisdiction.code, last.number, last.hash) for jurisdiction, last in found if last is not None
    ]


def _first_kept(by: HeadSigner, now: datetime) -> known_heads.KnownHeads:
    """Keep heads for the first time: what stands then has to be by the key that is pinned now."""
    first = stated(by, None, by, now)
    for jurisdiction in Jurisdiction.objects.order_by("id"):
        last = last_of(jurisdiction)
        if last is not None and genuine(last, [first]) is None:
            raise not_ours(jurisdiction, last)
    return known_heads.advance(settings.HEADS, newest_heads(), [first])
