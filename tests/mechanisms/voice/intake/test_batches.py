"""A file of messages becomes a batch: every row a message or named as unread, whatever happens meanwhile."""

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string

from qingfeng.kernel.acts import do as effects
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred, NotFound
from qingfeng.kernel.sealing.models import SealedValue, opened
from qingfeng.mechanisms.voice.intake import batch as batches
from qingfeng.mechanisms.voice.intake import import_jobs
from qingfeng.mechanisms.voice.intake.models import Batch, Halt, Layout, Message, Sorting
from tests.cast import NOW, actor, do, jurisdiction
from tests.faces.console.staff import browser, text
from tests.messages import HEADS, ROWS, batch, csv_of, gone_on, handed_in, received
from tests.refusals import invalid

pytestmark = pytest.mark.django_db


def test_every_row_is_a_message_or_is_named_with_its_column_and_the_reason() -> None:
    matter = batch()
    assert (matter.state, matter.rows, matter.read, matter.unread) == ("taken_in", 6, 5, 1)
    assert [message.row for message in matter.messages.order_by("row")] == [2, 3, 4, 5, 6]
    (unread,) = matter.unread_rows.all()
    assert (unread.row, unread.faults) == (7, [["", "empty"]])
    assert unread.cells[0] == "1006"
    assert list(verify()) == []


def test_a_message_says_what_its_row_said() -> None:
    first, second = batch().messages.order_by("row")[:2]
    assert (first.number, first.title, first.place) == ("1001", "东风路路灯坏了三天", "东风路")
    assert first.received_on == date(2026, 3, 1)
    assert first.received_at is not None
    assert first.received_at.isoformat() == "2026-03-01T01:30:00+00:00"
    assert (second.received_on, second.received_at) == (date(2026, 3, 2), None)


def test_who_wrote_is_masked_and_lies_under_seal() -> None:
    matter = batch()
    assert matter.messages.get(row=2).author == "张＊＊"
    assert "孙三" not in str(matter.unread_rows.get().cells)
    assert "张大山" not in "".join(matter.entries.values_list("body", flat=True))
    sealed = SealedValue.objects.get(entry__matter=matter, name="authors")
    assert '"2": "张大山"' in opened(sealed)


def test_a_near_repetition_and_a_number_seen_before_are_linked_and_nothing_is_dropped() -> None:
    matter = batch()
    near, numbered = matter.messages.get(row=4).twin, matter.messages.get(row=5).twin
    assert near.other.row == 2
    assert not near.same_number
    assert near.likeness >= 600
    assert (numbered.other.row, numbered.same_number, numbered.likeness) == (3, True, 1000)
    assert not hasattr(matter.messages.get(row=2), "twin")
    assert matter.messages.count() == 5


def test_a_repetition_of_an_earlier_batch_is_linked_too() -> None:
    earlier = batch()
    later = batch(csv_of(ROWS[:1]), at=NOW + timedelta(days=2))
    assert later.messages.get().twin.other.batch_id == earlier.pk
    much_later = batch(csv_of(ROWS[:1]), at=NOW + timedelta(days=400))
    assert not hasattr(much_later.messages.get(), "twin")


def test_a_file_longer_than_a_piece_is_taken_in_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "PIECE", 2)
    matter = received()
    do("intake.take_in", "clerk_housing", matter)
    for taken in (2, 4):
        assert import_jobs.go_on(NOW) == 1
        assert Batch.objects.get(pk=matter.pk).taken == taken
    matter = gone_on(matter)
    assert (matter.state, matter.taken, matter.read, matter.unread) == ("taken_in", 6, 5, 1)
    assert matter.entries.filter(act="take_some").count() == 3
    assert list(verify()) == []


def test_what_breaks_off_in_the_middle_goes_on_without_loss_or_doubles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "PIECE", 2)
    matter = received()
    do("intake.take_in", "clerk_housing", matter)
    stored = effects.insert_named
    pieces: list[int] = []

    def failing(rows: Any) -> None:
        pieces.extend(len(rows) for row in rows[:1] if isinstance(row, Message))
        if len(pieces) == 2:
            raise OSError("the disk is full")
        stored(rows)

    monkeypatch.setattr(effects, "insert_named", failing)
    assert [import_jobs.go_on(NOW) for _piece in range(2)] == [1, 0]
    assert (Batch.objects.get(pk=matter.pk).taken, Message.objects.count()) == (2, 2)
    assert import_jobs.go_on(NOW + timedelta(minutes=1)) == 0
    matter = gone_on(matter, NOW + timedelta(minutes=2))
    assert (matter.read, matter.unread) == (5, 1)
    assert list(matter.messages.order_by("row").values_list("row", flat=True)) == [2, 3, 4, 5, 6]


def damage(monkeypatch: pytest.MonkeyPatch, batch: Batch, fault: Exception) -> None:
    """Let the file of one batch fail whenever the worker opens it."""
    opened_file = import_jobs.opened

    def damaged(digest: str, name: str, *more: Any) -> Any:
        if digest == batch.file_digest:
            raise fault
        return opened_file(digest, name, *more)

    damaged.cache_clear = opened_file.cache_clear  # type: ignore[attr-defined]
    monkeypatch.setattr(import_jobs, "opened", damaged)


def test_a_batch_that_fails_keeps_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = received(), received(csv_of(ROWS[:2]), name="第二份.csv")
    for matter in (first, second):
        do("intake.take_in", "clerk_housing", matter)
    damage(monkeypatch, first, FileNotFoundError())
    import_jobs.go_on(NOW)
    assert Batch.objects.get(pk=first.pk).state == "taking_in"
    assert Batch.objects.get(pk=second.pk).state == "taken_in"


def test_hints_that_fail_for_one_batch_are_made_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = received(), received(csv_of(ROWS[:2]), name="第二份.csv")
    for matter in (first, second):
        do("intake.take_in", "clerk_housing", matter)
    sort = import_jobs._sort

    def failing(batch: Batch, now: Any) -> int:
        if batch.pk == first.pk:
            raise MemoryError
        return sort(batch, now)

    monkeypatch.setattr(import_jobs, "_sort", failing)
    gone_on(second)
    assert Sorting.objects.get(batch=second.pk).done
    assert Halt.objects.get().batch_id == first.pk


@pytest.mark.parametrize(
    ("fault", "said"), [(FileNotFoundError(), "打不开这份文件"), (ValueError("x"), "详见系统日志")]
)
def test_a_batch_that_fails_says_so_on_its_page_and_is_tried_less_and_less_often(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, said: str
) -> None:
    matter = received()
    do("intake.take_in", "clerk_housing", matter)
    with monkeypatch.context() as patched:
        damage(patched, matter, fault)
        for tries, minutes in enumerate([0, 2, 6, 14], start=1):
            import_jobs.go_on(NOW + timedelta(minutes=minutes))
            import_jobs.go_on(NOW + timedelta(minutes=minutes, seconds=59))
            assert Halt.objects.get().tries == tries
        page = reads.page(actor("clerk_housing"), "intake", matter.pk, "file", NOW)
        assert said in render_to_string(page.page.template, {**page.context, "matter": page.matter})
        for day in range(1, 20):
            import_jobs.go_on(NOW + timedelta(days=day))
        assert Halt.objects.get().again_at == NOW + timedelta(days=19, hours=1)
    assert gone_on(matter, NOW + timedelta(days=20)).read == 5
    assert not Halt.objects.exists()


def test_what_is_done_on_a_page_of_the_batch_leads_back_to_it_and_says_so() -> None:
    matter = batch()
    client = browser("clerk_housing")
    here = f"/intake/{matter.pk}/page/messages/?show=unsure"
    shown = text(client.get(f"{here}&row=2"))
    (back,) = set(re.findall(r'name="next" value="([^"]*)"', shown))
    assert html.unescape(back) == f"{here}&row=2"
    sent = {"rows-0-row": 2, "reason": "不属于作风问题", "key": "k", "next": here}
    answer = client.post(f"/intake/{matter.pk}/set_aside/", sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, here)
    assert "is done and recorded" in text(client.get(here))


def test_the_columns_are_suggested_by_their_heads_and_what_is_unknown_is_left_out() -> None:
    matter = received(csv_of([[*ROWS[0], "x"]], [*HEADS, "点赞数"]))
    assert matter.columns == {
        "number": "留言编号",
        "author": "留言用户",
        "title": "留言主题",
        "received": "留言时间",
        "text": "留言详情",
        "place": "所属区域",
    }


def test_a_mapping_that_was_corrected_and_saved_serves_the_next_file() -> None:
    content = csv_of([["1", "路灯坏了", "东风路的"]], ["甲", "乙", "丙"])
    matter = received(content)
    with pytest.raises(Barred, match="首行"):
        do("intake.take_in", "clerk_housing", matter)
    columns = [{"head": "乙", "holds": "title"}, {"head": "丙", "holds": "text"}, {"head": "甲"}]
    do("intake.set_columns", "clerk_housing", matter, columns=columns, save_as="市长信箱")
    layout = Layout.objects.get(jurisdiction=jurisdiction())
    assert layout.columns == {"title": "乙", "text": "丙"}
    assert batch(content, layout=layout.pk).messages.get().text == "东风路的"
    matter = Batch.objects.get(pk=matter.pk)
    do("intake.set_columns", "clerk_housing", matter, columns=columns[:1], save_as="市长信箱")
    assert Layout.objects.get().columns == {"title": "乙"}
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("columns", "field", "said"),
    [
        ([{"head": "没有这一栏", "holds": "title"}], "columns.0.head", "文件中没有这一表头"),
        (
            [{"head": "留言主题", "holds": "title"}, {"head": "留言详情", "holds": "title"}],
            "columns.1.holds",
            "一栏只对应一项",
        ),
        (
            [{"head": "留言主题", "holds": "title"}, {"head": "留言主题", "holds": "text"}],
            "columns.1.holds",
            "一栏只对应一项",
        ),
        ([{"head": "留言编号", "holds": "number"}], "columns", "请指明哪一栏是来件的标题或正文"),
    ],
)
def test_a_mapping_that_is_not_one_is_refused(columns: list[dict[str, str]], field: str, said: str) -> None:
    with invalid(field, said):
        do("intake.set_columns", "clerk_housing", received(), columns=columns)


@pytest.mark.parametrize(
    ("content", "name", "field", "said"),
    [
        (b"", "x.csv", "file", "文件是空的"),
        (b"\n\n", "x.csv", "file.file", "这份表格是空的"),
        ("留言主题,留言详情\n".encode(), "x.csv", "file.file", "表格只有表头"),
        (b"hello", "x.txt", "file.file", "请用 Excel 表格（.xlsx）或 .csv 文件"),
        (b"PK\x03\x04 no workbook", "x.xlsx", "file", "文件已损坏或不完整"),
    ],
)
def test_what_is_no_sheet_of_rows_is_refused_before_anything_is_stored(
    content: bytes, name: str, field: str, said: str
) -> None:
    with invalid(field, said):
        received(content, name)
    assert not Batch.objects.exists()
    assert not Attachment.objects.exclude(matter=None).exists()


def test_a_file_has_to_come_with_it() -> None:
    with invalid("file", "所填内容不符合本栏要求"):
        do("intake.receive", "clerk_housing", file=[], source="市长信箱", origin="message")


def test_nobody_hands_in_the_file_of_another() -> None:
    file = handed_in(csv_of(), who="clerk_education")
    raw = {"file": [str(file.pk)], "source": "市长信箱", "origin": "message"}
    with invalid("file", "文件未上传成功"):
        do("intake.receive", "clerk_housing", **raw)
    assert do("intake.receive", "clerk_education", **raw).matter.state == "received"


def test_a_file_not_to_be_taken_in_is_withdrawn() -> None:
    assert do("intake.withdraw", "clerk_housing", received()).matter.state == "withdrawn"


def test_a_clerk_of_another_unit_finds_nothing_of_it() -> None:
    matter = batch()
    assert reads.page(actor("clerk_housing"), "intake", matter.pk, "messages", NOW)
    with pytest.raises(NotFound):
        reads.page(actor("clerk_education"), "intake", matter.pk, "messages", NOW)
    with pytest.raises(NotFound):
        do("intake.set_aside", "clerk_education", matter, rows=[{"row": 6}], reason="感谢")


def test_the_system_alone_takes_rows_in() -> None:
    matter = received()
    do("intake.take_in", "clerk_housing", matter)
    with pytest.raises(Barred, match="此项到期由系统自动记录"):
        do("intake.take_some", "clerk_housing", matter)
