"""Verification of clocks set aside: the journal says which the worker laid by, and which were let run again."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from qingfeng.kernel.ledger.canonical import entry_of
from qingfeng.kernel.ledger.faults import Fault
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.record.journal import JournalEntry
from qingfeng.kernel.time.clocks import LAID_ASIDE, TRIED_AGAIN, Running, words_digest


def set_aside() -> Iterator[Fault]:
    """Clocks that stand still though nobody laid them aside, or run though nobody let them."""
    said = _said()
    numbers = {number for number, _name in said}
    clocks = Running.objects.filter(Q(matter__number__in=numbers) | ~Q(set_aside="")).order_by("pk")
    columns = ("matter__number", "matter_id", "name", "set_aside")
    for number, matter_id, name, words in clocks.values_list(*columns):
        told = words_digest(words) if words else ""
        digest, at = said.get((number, name), ("", ""))
        if told != digest and (told or not _started_since(matter_id, name, at)):
            yield Fault(f"matter:{matter_id}", "a clock of it was set aside, or let run again, by nobody")


def _said() -> dict[tuple[str, str], tuple[str, str]]:
    """By clock, the digest of the words with which it was last set aside (none: let run again), and when."""
    said: dict[tuple[str, str], tuple[str, str]] = {}
    lines = JournalEntry.objects.filter(kind=JournalEntry.Kind.ADMINISTRATION).order_by("seq")
    for body in lines.values_list("body", flat=True).iterator(5000):
        try:
            content = entry_of(body.encode())
            about = content["about"]
            if about.get("did") in (LAID_ASIDE, TRIED_AGAIN) and "row" in about:
                said[about["of"], about["clock"]] = (about.get("words", ""), content["at"])
        except (ValueError, LookupError, AttributeError):
            continue  # the journal's own verification names it
    return said


def _started_since(matter_id: int, name: str, at: str) -> bool:
    """Whether an act started the clock anew after a moment, which takes it up again."""
    for body in Entry.objects.filter(matter_id=matter_id).values_list("body", flat=True):
        content = entry_of(body.encode())
        if content["at"] >= at and any(line[:2] == [name, "start"] for line in content.get("clocks", ())):
            return True
    return False
