"""Clues go to the discipline organ under seal: no word of them stands where others read, nor on a unit's sheet."""

from datetime import timedelta

import pytest

from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.attachments.intake import FILES
from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.reading import reads
from qingfeng.kernel.record.journal import JournalEntry
from qingfeng.kernel.refusals import Barred, Invalid, NotFound
from qingfeng.mechanisms.problems.rectification.models import Transfer
from tests.cast import NOW, actor, do, jurisdiction, unit
from tests.faces.console.staff import browser
from tests.refusals import invalid
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
    with pytest.raises(Barred, match="本事项现为“整改中”"):
        do("rectification.transfer", "office_a", matter)
    page = reads.page(actor("discipline"), "transfers", transfer.pk, "clues", NOW)
    assert [(clue.sheet_id, sealed) for clue, sealed in page.context["clues"]] == [(matter.pk, None)]


def test_a_transfer_without_sheets_or_with_one_twice_is_told_at_its_place() -> None:
    matter = sheet()
    before = rows()
    for sheets, place in (([], "sheets"), ([{"sheet": matter.pk}] * 2, "sheets.1.sheet")):
        with pytest.raises(Invalid) as refusal:
            do("transfers.prepare", "office_a", sheets=sheets)
        assert set(refusal.value.fields) == {place}
    assert rows() == before


def test_a_clue_is_answered_once_and_the_last_answer_closes_the_transfer() -> None:
    matters = [sheet("signed"), sheet("assigned")]
    transfer = do("transfers.prepare", "office_a", sheets=[{"sheet": one.pk} for one in matters]).matter
    do("transfers.hand_over", "office_a", transfer, letter=WORDS)
    do("transfers.acknowledge", "discipline", transfer)
    answer = {"clue": 2, "outcome": "nothing_found"}
    assert do("transfers.answer", "discipline", transfer, **answer).matter.state == "acknowledged"
    for wrong, said in ((answer, "第2项现为“已反馈”"), ({**answer, "clue": 3}, "没有这个序号")):
        with invalid("clue", said):
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
    matter, transfer = transferred()
    assert matter.closed
    with pytest.raises(Barred, match="纪检监察机关尚未答复这条线索"):
        do("rectification.take_up", "office_a", matter, reason="不等了。")
    do("transfers.acknowledge", "discipline", transfer)
    do("transfers.answer", "discipline", transfer, clue=1, outcome="given_back")
    assert do("rectification.take_up", "office_b", matter, reason="纪委交回。").matter.state == "verified"


TITLE, FOUND, FINDING = "渡口收费不开票", "丁某在渡口收费，不给票据。", "暗访两次，均未开票。"


def handed_in(who: str) -> Attachment:
    """A file somebody handed in and has not used yet."""
    return Attachment.objects.create(
        jurisdiction=jurisdiction(),
        account_id=actor(who).account_id,
        name="渡口照片.png",
        media_type="image/png",
        size=1,
        digest=FILES.put([b"."], NOW),
        received_at=NOW,
    )


def accused() -> Matter:
    """A sheet that accuses a unit, with evidence, verified; the office was told of it by its title."""
    matter = do(
        "rectification.register",
        "office_b",
        title=TITLE,
        kind="inaction",
        topic="not_acting",
        description=FOUND,
        unit=unit("education").pk,
        evidence=[str(handed_in("office_b").pk)],
    ).matter
    return do("rectification.verify", "office_b", matter, finding=FINDING).matter


def test_the_words_of_a_sheet_are_sealed_with_its_clue_wherever_they_stood() -> None:
    """Fields, list, search, history, notices, letters that wait: the office finds its number, and no word."""
    matter = accused()
    first = Entry.objects.filter(matter=matter.pk).earliest("id")
    told = [
        Message.objects.create(
            entry=first,
            channel=channel,
            holder=f"person@{actor('office_a').person_id}",
            payload={"subject": str(matter), "text": f"{matter}：{FOUND}", "to": "a@example.org"},
            next_try_at=NOW,
        )
        for channel in (Message.Channel.NOTICE, Message.Channel.MAIL)
    ]
    assert [row.pk for row in reads.searched(actor("office_a"), "渡口收费").rows] == [matter.pk]
    do("rectification.transfer", "office_a", matter)
    shown = reads.one(actor("office_b"), "rectification", matter.pk)
    assert (shown.title, shown.description, shown.concerned_id) == ("", "", None)
    assert shown.secrecy == Secrecy.SEALED
    assert str(shown) == matter.number
    for text in ("渡口收费", TITLE):
        assert reads.searched(actor("office_a"), text).rows == []
        assert reads.listing(actor("office_a"), "rectification", reads.Filters(text=text)).rows == []
    lines = reads.timeline(actor("office_b"), "rectification", matter.pk)
    assert lines
    assert {said.text for line in lines for said in line.said} == {None}
    assert not [file for line in lines for said in line.said for file in said.files]
    for message in told:
        message.refresh_from_db()
        assert TITLE not in str(message.payload)
        assert FOUND not in str(message.payload)
        assert matter.number in message.payload["subject"]
    assert list(verify()) == []


def test_who_reads_the_transfer_reads_the_words_and_the_evidence_and_each_reading_is_journalled() -> None:
    matter = accused()
    do("rectification.transfer", "office_a", matter)
    transfer = Transfer.objects.get(clues__sheet=matter.pk)
    evidence = Attachment.objects.get(matter=matter.pk)
    with pytest.raises(NotFound):
        reads.attachment(actor("office_b"), evidence.pk)
    with pytest.raises(NotFound):
        reads.timeline(actor("discipline"), "rectification", matter.pk)
    for name in ("office_a", "discipline"):
        before = JournalEntry.objects.filter(kind=JournalEntry.Kind.READING).count()
        ((clue, sealed),) = reads.page(actor(name), "transfers", transfer.pk, "clues", NOW).context["clues"]
        assert clue.sheet_id == matter.pk
        assert [text for _label, text in sealed.said] == [TITLE, FOUND, FINDING]
        assert sealed.concerned == unit("education")
        assert [file.pk for file in sealed.files] == [evidence.pk]
        assert reads.attachment(actor(name), evidence.pk).pk == evidence.pk
        assert JournalEntry.objects.filter(kind=JournalEntry.Kind.READING).count() == before + 3
    said = [
        said.text
        for line in reads.timeline(actor("office_a"), "rectification", matter.pk)
        for said in line.said
    ]
    assert TITLE in said


def test_of_a_batch_the_sheets_that_no_unit_reads_are_sealed_and_the_others_go_on() -> None:
    known, unknown = sheet("assigned"), accused()
    disputed = do("rectification.dispute", "clerk_housing", sheet("assigned"), reason="非我单位职责。").matter
    rows_ = [{"sheet": one.pk} for one in (unknown, known, disputed)]
    batch = do("transfers.prepare", "office_a", sheets=rows_).matter
    sealed = reads.one(actor("office_b"), "rectification", unknown.pk)
    assert (sealed.state, sealed.secrecy, sealed.title) == ("transferred", Secrecy.SEALED, "")
    # What a unit reads goes on as it was: that its words vanished would warn it.
    for one in (known, disputed):
        found = reads.one(actor("clerk_housing"), "rectification", one.pk)
        assert (found.state, found.title) == (one.state, one.title)
    clues = reads.page(actor("discipline"), "transfers", batch.pk, "clues", NOW).context["clues"]
    assert [said is not None for _clue, said in clues] == [True, False, False]
    assert list(verify()) == []


def test_a_closed_sheet_that_no_unit_reads_is_refused_at_its_place_and_nothing_is_sealed() -> None:
    unknown, known = accused(), sheet("assigned")
    dismissed = do("rectification.dismiss", "office_a", sheet("found"), reason="查无此事。").matter
    gone = do("rectification.transfer", "office_a", accused()).matter
    for one in (dismissed, gone):
        before = rows()
        with pytest.raises(Invalid) as refusal:
            do("transfers.prepare", "office_a", sheets=[{"sheet": row.pk} for row in (unknown, known, one)])
        assert set(refusal.value.fields) == {"sheets.2.sheet"}
        assert rows() == before
    assert Matter.objects.get(pk=unknown.pk).title == TITLE


def test_a_sheet_taken_up_again_has_its_words_back() -> None:
    matter = accused()
    do("rectification.transfer", "office_a", matter)
    transfer = Transfer.objects.get(clues__sheet=matter.pk)
    with pytest.raises(Barred, match="纪检监察机关尚未答复这条线索"):
        do("rectification.take_up", "office_b", matter, reason="继续整改。")
    do("transfers.drop", "office_a", transfer, reason="线索已由上级受理。")
    taken = do("rectification.take_up", "office_a", matter, reason="继续整改。").matter
    assert (taken.title, taken.description, taken.concerned_id) == (TITLE, FOUND, unit("education").pk)
    assert taken.secrecy == Secrecy.INTERNAL
    assert [row.pk for row in reads.searched(actor("office_b"), "渡口收费").rows] == [matter.pk]
    assert TITLE in [
        said.text
        for line in reads.timeline(actor("office_b"), "rectification", matter.pk)
        for said in line.said
    ]
    assert list(verify()) == []


def test_on_no_page_of_the_office_stands_a_word_of_it_and_the_discipline_organ_reads_them() -> None:
    matter = accused()
    do("rectification.transfer", "office_a", matter)
    transfer = Transfer.objects.get(clues__sheet=matter.pk)
    for address in (
        "/",
        "/rectification/",
        f"/rectification/{matter.pk}/",
        f"/rectification/{matter.pk}/page/slip/",
        "/notices/",
        "/search/?text=渡口",
    ):
        shown = browser("office_b").get(address, follow=True).content.decode()
        assert not [words for words in (TITLE, FOUND, FINDING, "渡口照片") if words in shown], address
    assert matter.number in browser("office_b").get("/rectification/").content.decode()
    shown = browser("discipline").get(f"/transfers/{transfer.pk}/page/clues/").content.decode()
    for words in (TITLE, FOUND, FINDING, "渡口照片", str(unit("education"))):
        assert words in shown
