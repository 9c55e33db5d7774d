"""Clues go to the discipline organ under seal: no word of them stands where others read, nor on a unit's sheet."""

from datetime import timedelta

import pytest

from qingfeng.kernel import reads, worker
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.links import Link
from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.outbox import Message
from qingfeng.kernel.refusals import Barred, Invalid, NotFound
from qingfeng.mechanisms.rectification.models import Transfer
from tests.cast import NOW, actor, do
from tests.sheets import rows, sheet

pytestmark = pytest.mark.django_db

WORDS = "涉嫌收受礼金"


def transferred() -> tuple[Matter, Transfer]:
    """A sheet no unit knows of, and its transfer, handed over."""
    matter = do("rectification.transfer", "office_a", sheet("verified")).matter
    transfer = Transfer.objects.get(clues__sheet=matter.pk)
    do("transfers.hand_over", "office_a", transfer, letter=WORDS)
    return matter, Transfer.objects.get(pk=transfer.pk)


def test_a_transfer_has_neither_title_nor_words_and_is_in_no_search() -> None:
    _matter, transfer = transferred()
    assert (transfer.secrecy, transfer.title) == (Secrecy.SEALED, "")
    assert WORDS not in "".join(Entry.objects.filter(matter=transfer.pk).values_list("body", flat=True))
    for name in ("office_a", "discipline"):
        assert transfer.pk not in {row.pk for row in reads.searched(actor(name), "移送").rows}
    told = Message.objects.filter(entry__matter=transfer.pk, channel=Message.Channel.NOTICE)
    assert told.exists()
    assert not [message for message in told if WORDS in str(message.payload)]


def test_only_who_hands_it_over_and_the_discipline_organ_read_it() -> None:
    matter, transfer = transferred()
    for name in ("office_a", "discipline"):
        assert reads.one(actor(name), "transfers", transfer.pk).pk == transfer.pk
        assert WORDS in [
            said.text for line in reads.timeline(actor(name), "transfers", transfer.pk) for said in line.said
        ]
    for name in ("office_b", "two_roles", "head_housing", "leader", "linan_discipline"):
        with pytest.raises(NotFound):
            reads.one(actor(name), "transfers", transfer.pk)
    # Who reads the sheet and not the transfer is not told that they are linked.
    assert reads.links(actor("office_b"), "rectification", matter.pk) == []
    assert [one.pk for _kind, one in reads.links(actor("office_a"), "rectification", matter.pk)] == [
        transfer.pk
    ]


def test_a_sheet_a_unit_works_on_goes_along_and_nothing_of_it_stands_there() -> None:
    matter = sheet("rectifying")
    entries = Entry.objects.filter(matter=matter.pk).count()
    transfer = do("transfers.prepare", "office_a", sheets=[{"sheet": matter.pk}]).matter
    assert Entry.objects.filter(matter=matter.pk).count() == entries
    assert not Link.objects.filter(source=matter.pk).exists()
    assert not Link.objects.filter(target=matter.pk).exists()
    assert Matter.objects.get(pk=matter.pk).state == "rectifying"
    with pytest.raises(Barred):
        do("rectification.transfer", "office_a", matter)
    page = reads.page(actor("discipline"), "transfers", transfer.pk, "clues", NOW)
    assert [clue.sheet_id for clue in page.context["clues"]] == [matter.pk]


def test_a_transfer_without_sheets_or_with_one_twice_is_told_at_its_place() -> None:
    matter = sheet()
    before = rows()
    for sheets, place in (([], "sheets"), ([{"sheet": matter.pk}] * 2, "sheets.1.sheet")):
        with pytest.raises(Invalid) as refusal:
            do("transfers.prepare", "office_a", sheets=sheets)
        assert set(refusal.value.fields) == {place}
    assert rows() == before


def test_a_clue_is_answered_once_and_the_last_answer_closes_the_transfer() -> None:
    matters = [sheet(), sheet()]
    transfer = do("transfers.prepare", "office_a", sheets=[{"sheet": one.pk} for one in matters]).matter
    do("transfers.hand_over", "office_a", transfer, letter=WORDS)
    do("transfers.acknowledge", "discipline", transfer)
    answer = {"clue": 2, "outcome": "nothing_found"}
    assert do("transfers.answer", "discipline", transfer, **answer).matter.state == "acknowledged"
    for wrong in (answer, {**answer, "clue": 3}):
        with pytest.raises(Invalid):
            do("transfers.answer", "discipline", transfer, **wrong)
    assert do("transfers.answer", "discipline", transfer, clue=1, outcome="given_back").matter.closed
    assert list(verify()) == []


def test_what_is_not_acknowledged_in_time_is_said_to_both_sides_and_to_nobody_else() -> None:
    _matter, transfer = transferred()
    assert worker.run_out(NOW + timedelta(days=10)) == 1
    entry = Entry.objects.get(matter=transfer.pk, act="acknowledge_overdue")
    holders = set(Message.objects.filter(entry=entry).values_list("holder", flat=True))
    assert holders == {
        f"person@{actor('office_a').person_id}",
        f"discipline_organ@j{transfer.jurisdiction_id}",
    }


def test_a_sheet_the_discipline_organ_leaves_to_the_office_is_taken_up_again() -> None:
    matter, _transfer = transferred()
    assert matter.closed
    assert do("rectification.take_up", "office_b", matter, reason="纪委交回。").matter.state == "verified"
