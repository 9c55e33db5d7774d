"""The journal keeps refusals, in a chain of its own, and is not to be drowned."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings

from bench.tampering import unguard
from qingfeng.kernel.ledger import known_heads
from qingfeng.kernel.ledger.canonical import decode
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.merkle import leaf_hash
from qingfeng.kernel.ledger.models import HistoryNode
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.record.journal import A_MINUTE, JournalEntry, JournalHead
from qingfeng.kernel.refusals import Barred, Conflict, NotFound
from tests import cast
from tests.cast import NOW, account, do
from tests.refusals import invalid
from tests.sheets import FOUND, sheet

pytestmark = pytest.mark.django_db


def about(line: JournalEntry) -> dict[str, Any]:
    said: dict[str, Any] = decode(line.body.encode())["about"]
    return said


def refusals() -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(kind="refusal").order_by("seq"))


def test_a_refusal_is_kept_with_who_what_and_why() -> None:
    matter = sheet("assigned")
    with pytest.raises(Barred, match="本事项现为"):
        do("rectification.assign", "clerk_housing", matter)
    with pytest.raises(NotFound):
        do("rectification.assign", "clerk_education", matter)
    barred, hidden = refusals()[-2:]
    assert about(barred) == {"act": "rectification.assign", "matter": matter.pk, "refused": "barred"}
    assert about(hidden)["refused"] == "not_found"
    assert barred.account == account("clerk_housing")
    assert "清风" not in barred.body


def test_what_was_typed_wrong_or_came_late_is_no_refusal_to_keep() -> None:
    before = len(refusals())
    with invalid("title", "请填写此项"):
        do("rectification.register", "office_a", **{**FOUND, "title": ""})
    matter = sheet("assigned")
    with pytest.raises(Conflict, match="该时限已停止计算"):
        do("rectification.sign_overdue", cast.the_system("clock"), matter)
    assert len(refusals()) == before


def test_lines_count_without_gaps_and_hold_the_hash_of_the_line_before() -> None:
    for _each in range(3):
        with pytest.raises(Barred, match="此项由效能督查部门办理"):
            do("rectification.register", "cadre", **FOUND)
    lines = list(JournalEntry.objects.order_by("seq"))
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    for before, line in pairwise(lines):
        assert decode(line.body.encode())["prev"] == before.hash == leaf_hash(before.body.encode()).hex()


def test_one_account_can_not_drown_it_and_does_not_silence_another() -> None:
    for _each in range(A_MINUTE + 5):
        with pytest.raises(Barred, match="此项由效能督查部门办理"):
            do("rectification.register", "cadre", **FOUND)
    own = JournalEntry.objects.filter(account=account("cadre"))
    assert own.count() == A_MINUTE
    with pytest.raises(Barred, match="此项由效能督查部门办理"):
        do("rectification.register", "finance", **FOUND)
    assert JournalEntry.objects.filter(account=account("finance")).count() == 1
    with pytest.raises(Barred, match="此项由效能督查部门办理"):
        do("rectification.register", "cadre", at=NOW + timedelta(minutes=2), **FOUND)
    assert own.count() == A_MINUTE + 1


def test_an_end_cut_off_together_with_its_head_is_found_by_the_checkpoint_that_saw_it() -> None:
    with pytest.raises(Barred, match="此项由效能督查部门办理"):
        do("rectification.register", "cadre", **FOUND)
    do("rectification.register", "office_a", **FOUND)
    seal_all(NOW, signer())
    assert list(verify()) == []
    last = JournalEntry.objects.order_by("seq").last()
    assert last is not None
    unguard()
    JournalEntry.objects.filter(pk=last.pk).delete()
    before = JournalEntry.objects.order_by("seq").last()
    JournalHead.objects.update(seq=before.seq if before else 0, hash=before.hash if before else "")
    # The line cut off pinned the key; every jurisdiction's checkpoint saw the one journal.
    assert [fault.where for fault in verify()] == [
        "signing_key:1",
        "checkpoint:city/1",
        "checkpoint:qingfeng/1",
        "checkpoint:linan/1",
    ]


def refused_at(at: datetime) -> None:
    with pytest.raises(Barred, match="此项由效能督查部门办理"):
        do("rectification.register", "cadre", at=at, **FOUND)


def cut_off(lines: int) -> None:
    """The journal's last lines, with its head put back to what is left."""
    unguard()
    gone = JournalEntry.objects.order_by("-seq").values_list("pk", flat=True)[:lines]
    JournalEntry.objects.filter(pk__in=list(gone)).delete()
    before = JournalEntry.objects.order_by("-seq").first()
    JournalHead.objects.update(seq=before.seq if before else 0, hash=before.hash if before else "")


def test_its_end_is_sealed_within_the_hour_though_no_entry_is_new() -> None:
    seal_all(NOW, signer())
    refused_at(NOW)
    assert seal_all(NOW + timedelta(minutes=59), signer()) == []
    sealed = seal_all(NOW + timedelta(hours=1), signer())
    assert [head.jurisdiction.parent_id for head in sealed] == [None]
    assert list(verify()) == []
    for minutes in (61, 121, 600):
        assert seal_all(NOW + timedelta(minutes=minutes), signer()) == []
    cut_off(1)
    assert [fault.where for fault in verify()] == ["checkpoint:city/2"]


def test_its_end_cut_off_with_the_checkpoint_that_saw_it_is_found_by_the_head_that_is_kept() -> None:
    seal_all(NOW, signer())
    refused_at(NOW)
    newest = seal_all(NOW + timedelta(hours=1), signer())[0]
    known_heads.advance(settings.HEADS, [known_heads.Head("city", newest.number, newest.hash)])
    cut_off(1)
    HistoryNode.objects.filter(jurisdiction=newest.jurisdiction).exclude(level=0, place=0).delete()
    newest.delete()
    assert [fault.where for fault in verify()] == ["head:city/2"]


@pytest.mark.parametrize("first_too", [True, False])
def test_a_second_head_is_named_whether_the_first_stays_or_not(first_too: bool) -> None:
    refused_at(NOW)
    unguard()
    head = JournalHead.objects.get()
    JournalHead.objects.create(pk=2, seq=head.seq, hash=head.hash)
    if not first_too:
        head.delete()
    assert [fault.where for fault in verify()] == ["journal"]
