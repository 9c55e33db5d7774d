"""The ledger at the command line: verified, sealed, proved and exported by whoever keeps this installation."""

from __future__ import annotations

import argparse
import json
import os
import re
from itertools import chain
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.cli.keys import tell_unopened
from qingfeng.faces.cli.parser import Commands
from qingfeng.faces.cli.words import DONE, MISUSED, REFUSED, Trouble, tell
from qingfeng.kernel.ledger import keychain, known_heads
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.models import Checkpoint, Entry, Leaf
from qingfeng.kernel.ledger.proofs import proof
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.ledger.verify_heads import gaps
from qingfeng.kernel.people.actors import system
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.record import journal
from qingfeng.kernel.refusals import NotFound
from qingfeng.kernel.sealing import custody
from qingfeng.kernel.time.timekeeper import SystemTime

PLACE = re.compile(r"(matter:\d+)/(\d+)")


def add(commands: Commands) -> None:
    """Hang the commands in."""
    group = commands.group("ledger", _("verify, seal, prove and export the ledger"))
    whole = group.add(
        "verify", check, _("hold chains, checkpoints and tables against each other; name every fault")
    )
    whole.add_argument(
        "--head",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=say("a letter with heads that left the machine; each must be in the history"),
    )
    taken = group.add(
        "remember",
        remember,
        _("take heads that left the machine for known; only what goes on from them is sealed"),
    )
    taken.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help=say("a letter with heads, or a backup's manifest")
    )
    group.add("checkpoint", checkpoint, _("seal what is not sealed yet, and print the heads"))
    prove = group.add("prove", prove_entry, _("print the proof of one entry, for the stand-alone verifier"))
    prove.add_argument(
        "entry", metavar=say("ENTRY"), help=say("its hash, its id, or its place as matter:12/3")
    )
    prove.add_argument(
        "--head", default="", metavar="HEX", help=say("the head that its reader holds; unset: the newest")
    )
    export = group.add(
        "export", export_all, _("write every entry and checkpoint, for the stand-alone verifier")
    )
    export.add_argument("file", type=Path, metavar="FILE.jsonl", help=say("a file that does not exist yet"))


def check(given: argparse.Namespace) -> int:
    """Name every fault of the ledger; a gap that was declared is shown, and is none."""
    outside = [head for path in given.head for head in _heads(path)]
    count = 0
    for fault in chain(verify(outside), custody.faults(), custody.unfitting()):
        tell(str(fault))
        count += 1
    tell_unopened()
    for gap in gaps():
        tell(format_lazy(_("Mind: {}"), gap))
    if count:
        tell(
            format_lazy(
                _("{} faults found. Keep the database as it is, and tell the audit administrator."), count
            )
        )
        return REFUSED
    tell(
        format_lazy(
            _("All is in order: {} entries, {} checkpoints."),
            Entry.objects.count(),
            Checkpoint.objects.count(),
        )
    )
    return DONE


def remember(given: argparse.Namespace) -> int:
    """Take heads for known that came back from outside, such as after a restore on another machine."""
    heads = []
    for path in given.files:
        for head in _heads(path):
            row = Checkpoint.objects.filter(hash=head.hash).select_related("jurisdiction").first()
            if row is not None:
                head = known_heads.Head(row.jurisdiction.code, row.number, row.hash)
            elif not head.number:
                raise Trouble(
                    format_lazy(
                        _("{}: the head {} has no number beside it, and is not in the history."),
                        path,
                        head.hash,
                    ),
                    _(
                        "Name a newer letter. If there is none, tell the audit administrator: history is missing."
                    ),
                )
            heads.append(head)
    kept = known_heads.advance(settings.HEADS, heads, keychain.standing())
    _journalled("heads", remembered=[list(head) for head in heads])
    for head in kept.heads.values():
        tell(format_lazy(_("{}: checkpoint {}, head {}"), head.jurisdiction, head.number, head.hash))
    return DONE


def _heads(path: Path) -> list[known_heads.Head]:
    try:
        found = known_heads.heads_in(path.read_bytes())
    except OSError as fault:
        raise Trouble(
            format_lazy(_("{} can't be read: {}"), path, fault.strerror or ""), code=MISUSED
        ) from None
    if not found:
        raise Trouble(
            format_lazy(_("There is no head in {}."), path),
            _("Name a letter with heads as it was received."),
            MISUSED,
        )
    return found


def checkpoint(given: argparse.Namespace) -> int:
    """Seal what is not sealed yet; print the head of every jurisdiction."""
    seal_all(SystemTime().now(), signer())
    for jurisdiction in Jurisdiction.objects.order_by("id"):
        head = jurisdiction.checkpoints.order_by("-number").first()
        if head is not None:
            tell(format_lazy(_("{}: checkpoint {}, head {}"), jurisdiction.code, head.number, head.hash))
    return DONE


def prove_entry(given: argparse.Namespace) -> int:
    """Print the proof bundle of one entry."""
    entry = _entry(given.entry)
    if not Leaf.objects.filter(entry=entry).exists():
        raise Trouble(
            _("No checkpoint holds this entry yet."), _("Run “qingfeng ledger checkpoint” and try again.")
        )
    try:
        bundle = proof(entry, given.head.lower())
    except NotFound:
        raise Trouble(
            _("No head that is there can prove this entry so."),
            _("A head older than the entry proves nothing of it; leave --head out, or wait a minute."),
        ) from None
    _journalled("proof", entry=entry.hash)
    tell(json.dumps(bundle, ensure_ascii=False, indent=1))
    return DONE


def export_all(given: argparse.Namespace) -> int:
    """Write the whole ledger as JSON Lines, whole or not at all."""
    path: Path = given.file
    if path.exists():
        raise Trouble(
            format_lazy(_("{} is there already."), path), _("Choose another name, or move it away."), MISUSED
        )
    draft = path.with_name(path.name + ".partial")
    try:
        with open(draft, "w", encoding="utf-8", opener=_private) as file:
            entries, checkpoints = write_export(file)
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        draft.unlink(missing_ok=True)
        raise Trouble(format_lazy(_("{} can't be written: {}"), path, fault.strerror or "")) from None
    draft.replace(path)
    _journalled("ledger", entries=entries)
    tell(format_lazy(_("{} entries and {} checkpoints written to {}."), entries, checkpoints, path))
    return DONE


def write_export(file: TextIO) -> tuple[int, int]:
    """Write the keys, checkpoints with their leaves, then the entries they hold; returns how many of the last two.

    What no checkpoint holds yet is left for the next export: it could not be verified.
    """
    for key in keychain.standing():
        line = {"kind": "key", "statement": key.body, "signature": key.signature}
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
    checkpoints = 0
    for head in Checkpoint.objects.order_by("id").iterator(500):
        leaves = head.leaves.order_by("position").values_list("entry__hash", flat=True)
        sealed = {
            "kind": "checkpoint",
            "header": head.header,
            "signature": head.signature,
            "public_key": head.public_key,
            "leaves": list(leaves),
        }
        file.write(json.dumps(sealed, ensure_ascii=False) + "\n")
        checkpoints += 1
    entries = 0
    covered = Entry.objects.filter(leaf__isnull=False).order_by("id")
    for code, body in covered.values_list("jurisdiction__code", "body").iterator(2000):
        file.write(
            json.dumps({"kind": "entry", "jurisdiction": code, "body": body}, ensure_ascii=False) + "\n"
        )
        entries += 1
    return entries, checkpoints


def _entry(named: str) -> Entry:
    place = PLACE.fullmatch(named)
    if place:
        found = Entry.objects.filter(chain=place[1], seq=int(place[2]))
    elif re.fullmatch("[0-9a-f]{64}", named):
        found = Entry.objects.filter(hash=named)
    elif named.isascii() and named.isdigit() and len(named) < 19:
        found = Entry.objects.filter(pk=int(named))
    else:
        raise Trouble(
            _("This names no entry."), _("Give its hash, its id, or its place as matter:12/3."), MISUSED
        )
    entry = found.first()
    if entry is None:
        raise Trouble(_("There is no such entry."), _("Look it up in the matter's timeline."))
    return entry


def _journalled(what: str, **about: object) -> None:
    kind = journal.JournalEntry.Kind.EXPORT
    journal.write(kind, system("console"), SystemTime().now(), what=what, os_user=os.getuid(), **about)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
