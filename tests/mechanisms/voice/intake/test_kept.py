"""A message is never lost to a side field, and nothing of a file goes without a word."""

import json

import pytest

from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.kernel.sealing.models import SealedValue, opened
from qingfeng.mechanisms.voice.intake.models import Batch, Layout, Twin
from tests.cast import do
from tests.faces.console.staff import browser
from tests.messages import HEADS, ROWS, batch, csv_of, gone_on, received, workbook_with
from tests.refusals import invalid

pytestmark = pytest.mark.django_db
DATED = (
    ("2001", "周四", "路口积水", "上周二下午", "学府街路口一下雨就积水，推车过不去。", "学府街"),
    ("2002", "吴五", "公厕锁门", "7/2/2026 8:05", "南湖公园的公厕白天也锁着门。", "南湖公园"),
    ("2003", "郑六", "井盖缺失", "2026年2月7号", "桐木巷井盖缺失两天，夜里危险。", "桐木巷"),
)


def test_a_day_that_cannot_be_read_is_left_empty_and_marked_with_what_stood_there() -> None:
    matter = batch(csv_of(DATED))
    assert (matter.read, matter.unread, matter.marked) == (3, 0, 2)
    first, second, third = matter.messages.order_by("row")
    assert first.marks == [["received", "date", "上周二下午"]]
    assert second.marks == [["received", "order", "7/2/2026 8:05"]]
    assert (third.marks, third.received_on.isoformat()) == (None, "2026-02-07")
    assert list(verify()) == []


def test_the_order_of_day_and_month_is_said_once_and_remembered_for_the_source() -> None:
    matter = received(csv_of(DATED))
    columns = [{"head": head, "holds": held} for held, head in matter.columns.items()]
    do("intake.set_columns", "clerk_housing", matter, columns=columns, order="dmy")
    do("intake.take_in", "clerk_housing", matter)
    assert gone_on(matter).messages.get(row=3).received_on.isoformat() == "2026-02-07"
    assert received(csv_of(DATED[1:])).order == "dmy"
    assert received(csv_of(DATED[1:]), source="另一来源").order == ""


def test_the_order_is_kept_with_a_saved_mapping_and_a_head_that_changed_is_told() -> None:
    matter = received(csv_of(DATED))
    columns = [{"head": head, "holds": held} for held, head in matter.columns.items()]
    do("intake.set_columns", "clerk_housing", matter, columns=columns, order="mdy", save_as="热线")
    layout = Layout.objects.get()
    heads = [*HEADS[:3], "来电时间", *HEADS[4:]]
    later = received(csv_of(DATED, heads), layout=layout.pk, source="另一来源")
    assert (later.order, later.missing) == ("mdy", {"received": "留言时间"})
    assert later.columns["received"] == "来电时间"
    shown = browser("clerk_housing").get(f"/intake/{later.pk}/page/file/").content.decode()
    assert "“留言时间”" in shown.partition("Heads of the saved mapping")[2]


def test_a_mark_is_mended_on_the_page_and_a_lost_row_becomes_a_message() -> None:
    matter = batch(csv_of([*DATED, *ROWS[5:]]))
    mend = {"row": 2, "holds": "received", "value": "2026-02-03"}
    with invalid("value", "日期无法识别"):
        do("intake.mend", "clerk_housing", matter, **{**mend, "value": "昨天"})
    do("intake.mend", "clerk_housing", matter, **mend)
    matter = Batch.objects.get(pk=matter.pk)
    message = matter.messages.get(row=2)
    assert (message.received_on.isoformat(), message.marks, matter.marked) == ("2026-02-03", None, 1)
    do("intake.mend", "clerk_housing", matter, row=5, holds="text", value="南湖公园长椅坏了。")
    matter = Batch.objects.get(pk=matter.pk)
    added = matter.messages.get(row=5)
    assert (added.text, added.place, added.author) == ("南湖公园长椅坏了。", "南湖公园", "孙＊＊")
    assert (matter.read, matter.unread) == (4, 0)
    sealed = json.loads(opened(SealedValue.objects.get(entry__matter=matter, name="authors")))
    assert sealed["5"] == "孙三"
    with invalid("holds", "该行此栏没有空缺"):
        do("intake.mend", "clerk_housing", matter, row=5, holds="text", value="再来一次")
    with invalid("holds", "该行此栏没有空缺"):
        do("intake.mend", "clerk_housing", matter, **mend)
    assert list(verify()) == []


def test_the_rows_to_be_mended_are_taken_along_and_handed_in_again() -> None:
    matter = batch(csv_of([*DATED, *ROWS[5:]]))
    client = browser("clerk_housing")
    assert "/page/file.xlsx" in client.get(f"/intake/{matter.pk}/page/file/").content.decode()
    answer = client.get(f"/intake/{matter.pk}/page/file.xlsx")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    again = received(content, "待补正.xlsx")
    assert again.rows == 3
    assert {"title", "text", "received"} <= set(again.columns)
    assert browser("clerk_education").get(f"/intake/{matter.pk}/page/file.xlsx").status_code == 404


def test_a_batch_with_unread_rows_is_not_finished_without_a_word() -> None:
    matter = batch(csv_of(ROWS[4:]))
    do("intake.set_aside", "clerk_housing", matter, rows=[{"row": 2}], reason="感谢")
    with pytest.raises(Barred, match="1"):
        do("intake.finish", "clerk_housing", matter)
    do("intake.finish", "clerk_housing", matter, reason="空行")


def test_the_same_file_is_taken_in_again_only_when_that_is_said() -> None:
    before = received(csv_of(DATED))
    with pytest.raises(Invalid) as refusal:
        received(csv_of(DATED), "改名.csv", again=False)
    assert before.number in str(refusal.value.fields["file"][0])
    assert received(csv_of(DATED), again=True).pk != before.pk
    do("intake.withdraw", "clerk_education", received(csv_of(DATED[:1]), who="clerk_education"))
    assert received(csv_of(DATED[:1]), who="clerk_education", again=False)


def test_a_file_without_heads_is_asked_about_and_no_row_is_lost() -> None:
    content = csv_of(DATED[1:], DATED[0])
    matter = received(content)
    assert (matter.headless, matter.rows, matter.asked) == (True, 3, True)
    with pytest.raises(Barred, match="文件中没有可识别的表头"):
        do("intake.take_in", "clerk_housing", matter)
    shown = browser("clerk_housing").get(f"/intake/{matter.pk}/page/file/").content.decode()
    assert 'name="first_row"' in shown
    columns = [{"head": head, "holds": held} for held, head in matter.columns.items()]
    do("intake.set_columns", "clerk_housing", matter, columns=columns, first_row="message")
    do("intake.take_in", "clerk_housing", matter)
    assert gone_on(matter).read == 3
    headed = received(content, "第二份.csv")
    columns = [{"head": head, "holds": held} for held, head in headed.columns.items()]
    headed = do("intake.set_columns", "clerk_housing", headed, columns=columns, first_row="heads").matter
    assert (headed.rows, headed.heads[0]) == (2, "2001")


def test_rows_of_every_month_are_read_beneath_each_other_and_a_cover_is_passed_over() -> None:
    content = workbook_with(
        封面=[["三月来件汇总"]], 三月=[HEADS, *DATED], 四月=[HEADS, *ROWS[:2]], 台账=[["甲"], ["乙"]]
    )
    matter = batch(content, "两月.xlsx")
    assert (matter.rows, matter.read) == (5, 5)
    assert set(matter.messages.values_list("row", flat=True)) == {2, 3, 4, 6, 7}
    waiting = received(content, "两月.xlsx")
    shown = browser("clerk_housing").get(f"/intake/{waiting.pk}/page/file/").content.decode()
    told = shown.partition("How this file was read")[2].partition("What each column holds")[0]
    assert all(name in told for name in ("封面", "台账", "四月"))


def test_numbers_that_begin_anew_each_month_are_no_duplicates_and_the_match_by_text_stays() -> None:
    january = [
        [str(at), "甲", f"{street}问题", "2026-01-05", f"{street}{said}", street]
        for at, (street, said) in enumerate(JANUARY)
    ]
    february = [
        [str(at), "乙", f"{street}问题", "2026-02-05", f"{street}{said}", street]
        for at, (street, said) in enumerate(JANUARY[::-1])
    ]
    batch(csv_of(january))
    later = batch(csv_of(february), "二月.csv")
    twins = {message.row: message.twin for message in later.messages.select_related("twin__other")}
    assert not any(twin.same_number for twin in twins.values())
    assert [
        twin.other.title == message.title
        for message in later.messages.order_by("row")
        for twin in [twins[message.row]]
    ] == [True] * 4


JANUARY = (
    ("东风路", "中段路灯三盏不亮，夜里看不清。"),
    ("河滨小区", "电梯停运一周，老人下不了楼。"),
    ("学府街", "摊贩占道经营，学生绕行。"),
    ("新桥村", "自来水浑浊有异味，不敢喝。"),
)


def test_what_is_somewhat_alike_stands_apart_as_perhaps() -> None:
    said = "便民中心的取号机坏了三天，窗口前排起长队，老人站着等。"
    matter = batch(
        csv_of(
            [
                ["1", "甲", "取号机坏了", "2026-03-01", said, ""],
                ["2", "乙", "取号机坏了", "2026-03-02", said[:17] + "没有人来修理。", ""],
            ]
        )
    )
    twin = matter.messages.get(row=3).twin
    assert 500 <= twin.likeness < 600
    assert twin.perhaps


def test_a_number_is_the_same_only_within_one_source() -> None:
    """Texts somewhat alike that bear one number: a repetition where one office counts, and nothing where two do."""
    said = "桐木巷口的公交站牌倒了，老人看不清车次，候车没有座椅。"
    once = ["77", "甲", "公交站牌", "2026-03-01", said, ""]
    again = ["77", "乙", "公交站牌", "2026-03-02", said[:12] + "夜里也没有路灯，雨天积水难行。", ""]
    batch(csv_of([once]), source="十二号热线")
    (elsewhere,) = batch(csv_of([again]), "另处.csv", source="区长信箱").messages.all()
    assert not Twin.objects.filter(message=elsewhere).exists()
    (beside,) = batch(csv_of([again]), "同处.csv", source="十二号热线").messages.all()
    assert (beside.twin.same_number or beside.twin.numbered is not None) is True


def test_the_page_of_columns_shows_ten_rows_as_they_are_made_of_the_file() -> None:
    rows = [
        [str(at), "甲乙", f"第{at}盏灯不亮", "2026-03-01", f"杆号{at}，夜里看不清。", ""]
        for at in range(1, 13)
    ]
    matter = received(csv_of(rows))
    page = browser("clerk_housing").get(f"/intake/{matter.pk}/page/file/").content.decode()
    shown = page.partition("The first rows as they would be read")[2].partition("</table>")[0]
    assert [at for at in range(1, 13) if f"第{at}盏灯不亮" in shown] == list(range(1, 11))
