"""What a cell says, and which column is what."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.sheets.cells import DayAndTime
from qingfeng.mechanisms.voice.intake.rules import (
    LONGEST,
    TEXT,
    TITLE,
    UnreadableCell,
    by_content,
    is_message,
    known,
    masked,
    named,
    one_line,
    prose,
    read,
    suggested,
    when,
)

TODAY = date(2026, 3, 10)
cells = st.one_of(st.none(), st.text(max_size=40), st.integers(), st.booleans(), st.dates(), st.datetimes())


@pytest.mark.parametrize(
    ("written", "day", "at"),
    [
        ("2020/1/6 12:09:38", date(2020, 1, 6), time(12, 9, 38)),
        ("2020-09-03", date(2020, 9, 3), None),
        ("2020-09-03 00:00:00", date(2020, 9, 3), None),
        ("2020.9.3", date(2020, 9, 3), None),
        ("２０２０年１月６日", date(2020, 1, 6), None),
        ("2020年1月6日 上午9时5分", date(2020, 1, 6), time(9, 5)),
        ("2020/1/6 下午 3:05", date(2020, 1, 6), time(15, 5)),
        ("2020/1/6 下午12:05", date(2020, 1, 6), time(12, 5)),
        ("2020/1/6 上午12:05", date(2020, 1, 6), time(0, 5)),
        ("2020/1/6 3:05 PM", date(2020, 1, 6), time(15, 5)),
        ("2020-01-06T12:09:38+08:00", date(2020, 1, 6), time(12, 9, 38)),
        ("20200106", date(2020, 1, 6), None),
        (43836, date(2020, 1, 6), None),
        ("43836.5", date(2020, 1, 6), time(12)),
        (date(2020, 1, 6), date(2020, 1, 6), None),
        (datetime(2020, 1, 6, 9, 30), date(2020, 1, 6), time(9, 30)),
        ("2020-01-06T04:09:38Z", date(2020, 1, 6), time(12, 9, 38)),
    ],
)
def test_a_date_is_read_however_it_is_written(written: object, day: date, at: time | None) -> None:
    assert when(written, TODAY) == DayAndTime(day, at)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("三月六日", "date"),
        ("1/6/2020", "order"),
        ("2020/13/1", "date"),
        ("2020/2/30", "date"),
        ("2020/1/6 25:00", "date"),
        ("2020/1/6 12:09:38 以后", "date"),
        ("2020-01-06 星期八", "date"),
        (True, "date"),
        ("2026-03-11", "date_outside"),
        ("1989-12-31", "date_outside"),
    ],
)
def test_what_is_no_date_for_certain_is_not_guessed(written: object, reason: str) -> None:
    with pytest.raises(UnreadableCell, match=f"^{reason}$"):
        when(written, TODAY)  # type: ignore[arg-type]


def test_an_empty_cell_is_no_date_and_no_fault() -> None:
    assert when(None, TODAY) is None


@given(st.datetimes(datetime(1990, 1, 1), datetime(2026, 3, 9)))
def test_the_two_formats_and_the_count_of_days_say_the_same(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    one = f"{moment.year}/{moment.month}/{moment.day} {moment.hour}:{moment:%M:%S}"
    assert when(one, TODAY) == when(f"{moment:%Y-%m-%d %H:%M:%S}", TODAY)
    days = (moment.date() - date(1899, 12, 30)).days
    assert when(str(days), TODAY) == DayAndTime(moment.date())


@given(st.text(max_size=200))
def test_blanks_and_breaks_go_and_nothing_that_is_seen_does(text: str) -> None:
    seen = "".join(prose(text).split())
    assert prose(prose(text)) == prose(text)
    assert "".join(one_line(text).split()) == seen
    assert not any(line != line.strip() or not line for line in prose(text).splitlines())


def test_tabs_and_breaks_around_a_text_are_no_part_of_it() -> None:
    assert prose("\n\t\t\t\n\t\t 第一行\u3000\n\n\t第二行\u200b ") == "第一行\n第二行"


@given(st.dictionaries(st.sampled_from(("title", "text", "received", "author", "number")), cells))
def test_a_row_is_read_or_says_why_not(row: dict[str, object]) -> None:
    found = read(row, TODAY)  # type: ignore[arg-type]
    assert bool(found.faults) != bool(found.said.get(TITLE))


def test_a_row_without_title_is_called_by_the_first_line_of_its_text() -> None:
    assert read({"text": "路灯坏了\n请修"}, TODAY).said[TITLE] == "路灯坏了"


def test_a_side_field_that_cannot_be_read_is_left_empty_and_marked() -> None:
    found = read({"title": "路灯不亮", "received": "上周二", "place": "长" * 201}, TODAY)
    assert (found.said["title"], found.received, found.said.get("place")) == ("路灯不亮", None, None)
    assert set(found.marks) == {("received", "date"), ("place", "too_long")}
    assert not found.faults


def test_day_and_month_are_read_in_the_order_that_was_said() -> None:
    assert when("7/2/2026", TODAY, "dmy") == DayAndTime(date(2026, 2, 7))
    assert when("7/2/2025 8:05", TODAY, "mdy") == DayAndTime(date(2025, 7, 2), time(8, 5))
    assert when("25/2/2026", TODAY) == when("2/25/2026", TODAY) == DayAndTime(date(2026, 2, 25))
    assert read({"title": "x", "received": "7/2/2026"}, TODAY).marks == (("received", "order"),)


def test_names_in_rare_signs_are_kept_and_what_turns_text_round_is_not() -> None:
    assert one_line("\ue863\U0003134a路\u202e灯\u200b坏") == "\ue863\U0003134a路灯坏"


def test_everything_wrong_with_a_row_is_told_at_once() -> None:
    found = read({"received": "昨天", "text": "长" * (LONGEST[TEXT] + 1), "title": "x"}, TODAY)
    assert [(flaw.column, flaw.reason) for flaw in found.faults] == [
        ("received", "date"),
        ("text", "too_long"),
    ]


@pytest.mark.parametrize(
    ("heads", "wanted"),
    [
        (
            ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"],
            {
                "number": "留言编号",
                "author": "留言用户",
                "title": "留言主题",
                "received": "留言时间",
                "text": "留言详情",
                "answer": "答复意见",
                "answered": "答复时间",
            },
        ),
        (
            ["id", "forumName", "subject", "dateline", "content"],
            {"number": "id", "title": "subject", "received": "dateline", "text": "content"},
        ),
        (
            [
                "工单号",
                "诉求标题",
                "诉求内容",
                "创建时间",
                "kind_性质",
                "channel_信息来源",
                "days_to_final_reply",
            ],
            {
                "number": "工单号",
                "title": "诉求标题",
                "text": "诉求内容",
                "received": "创建时间",
                "their_kind": "kind_性质",
                "channel": "channel_信息来源",
                "answer": "days_to_final_reply",
            },
        ),
        (["甲", "乙"], {}),
    ],
)
def test_columns_are_suggested_by_their_heads(heads: list[str], wanted: dict[str, str]) -> None:
    assert suggested(heads) == wanted


def test_a_row_of_heads_is_known_by_what_a_message_needs() -> None:
    assert known(["登记编号", "诉求标题", "诉求内容"]) > 1
    assert known(["正文", "甲", "乙"]) == 1
    assert known(["十月来件汇总", None, None]) == known(["甲", "乙"]) == 0
    assert known(["7", "李某", "2026/3/1", "窗口排队时间太长，诉求内容另附，请主题教育办公室一并了解"]) == 0
    assert named(["编号", "标题", "标题", None]) == ["编号", "标题", "标题 (2)", "（4）"]


def test_a_file_without_heads_is_told_by_a_day_in_its_first_row_and_read_by_what_stands_in_it() -> None:
    rows = [["7", "井盖缺失", "2026/3/1", "学府街井盖缺失两天，夜里危险，请尽快补上。"]] * 3
    assert is_message(rows[0])
    assert not is_message(["甲", "乙", "丙", "丁"])
    heads = named([None] * 4)
    assert by_content(heads, rows) == {"received": "（3）", "text": "（4）"}


@pytest.mark.parametrize(
    ("heads", "title", "text"),
    [
        (["序号", "事项", "事项概况"], "事项", "事项概况"),
        (["诉求", "诉求详情", "问题类型"], "诉求", "诉求详情"),
        (["反映情况", "备注"], None, "反映情况"),
        (["标题", "内容", "办理情况"], "标题", "内容"),
    ],
)
def test_what_ends_like_a_text_is_the_text_and_no_title(
    heads: list[str], title: str | None, text: str
) -> None:
    found = suggested(heads)
    assert (found.get("title"), found["text"]) == (title, text)
    assert "number" not in found


def test_of_two_columns_of_days_the_clean_one_is_suggested() -> None:
    heads = ["标题", "受理时间", "受理时间（标准）"]
    rows = [["x", f"{day}/3/2026", f"2026-03-{day:02}"] for day in range(1, 11)]
    assert suggested(heads, rows)["received"] == "受理时间（标准）"
    assert suggested(heads)["received"] == "受理时间"


def test_a_name_is_masked_but_for_its_first_character() -> None:
    assert (masked("张大山"), masked("A00012"), masked("")) == ("张＊＊", "A＊＊", "")
