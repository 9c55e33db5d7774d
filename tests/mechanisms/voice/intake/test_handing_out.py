"""Messages are handed out one by one: a sheet opened, set aside, joined to an earlier one; a clerk decides each."""

from typing import Any

import pytest

from qingfeng.kernel.acts.engine import options
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred
from qingfeng.mechanisms.problems.rectification.models import Problem
from qingfeng.mechanisms.voice.intake.file_preview import workbook
from qingfeng.mechanisms.voice.intake.models import Batch, Message
from tests.cast import NOW, actor, do, unit
from tests.faces.console.staff import browser
from tests.messages import ROWS, batch, csv_of, gone_on, received
from tests.refusals import invalid

pytestmark = pytest.mark.django_db


def message(matter: Batch, row: int) -> Message:
    return matter.messages.get(row=row)


def page(matter: Batch, who: str = "clerk_housing", **asked: str) -> dict[str, Any]:
    return dict(reads.page(actor(who), "intake", matter.pk, "messages", NOW, asked).context)


def rows(context: dict[str, Any]) -> list[int]:
    return [line["message"].row for line in context["lines"]]


def test_a_sheet_is_opened_from_a_message_and_linked_to_its_batch() -> None:
    matter = batch()
    do(
        "intake.open_sheet",
        "clerk_housing",
        matter,
        row=2,
        kind="livelihood",
        topic="not_acting",
        unit=unit("housing").pk,
    )
    sheet = Problem.objects.get()
    assert (sheet.title, sheet.kind, sheet.source) == ("东风路路灯坏了三天", "livelihood", "message")
    assert sheet.description.startswith("东风路中段三盏路灯不亮")
    assert sheet.state == "found"
    found = message(matter, 2)
    assert (found.outcome, found.kind, found.sheet_id) == ("sheet", "livelihood", sheet.pk)
    assert [(kind, one.pk) for kind, one in reads.links(actor("office_a"), "intake", matter.pk)] == [
        ("message", sheet.pk)
    ]
    assert list(verify()) == []


def test_from_a_message_one_goes_on_to_its_sheet_where_one_reads_it() -> None:
    matter = batch()
    do("intake.open_sheet", "clerk_housing", matter, row=2, kind="livelihood", topic="not_acting")
    sheet = Problem.objects.get()
    address = f"/intake/{matter.pk}/page/messages/?show=sheets&row=2"
    for who, may in (("office_a", True), ("clerk_housing", False)):
        shown = browser(who).get(address).content.decode()
        assert sheet.number in shown
        assert (f"/rectification/{sheet.pk}/" in shown) == may


def test_a_long_message_is_cut_for_the_sheet_and_stays_whole_in_the_batch() -> None:
    matter = batch(csv_of([("1", "甲", "长" * 150, "2026-03-01", "文" * 3000, "")]))
    do("intake.open_sheet", "office_a", matter, row=2, kind="livelihood", topic="not_acting")
    sheet = Problem.objects.get()
    assert (len(sheet.title), len(sheet.description)) == (100, 2000)
    assert sheet.description.endswith("…")
    assert len(message(matter, 2).text) == 3000


def test_from_one_message_one_sheet_is_opened() -> None:
    matter = batch()
    do("intake.open_sheet", "clerk_housing", matter, row=2, kind="livelihood", topic="not_acting")
    with invalid("row", "第2项现为“已转为问题单”"):
        do("intake.open_sheet", "clerk_housing", matter, row=2, kind="livelihood", topic="not_acting")
    assert Problem.objects.count() == 1


def test_messages_are_set_aside_with_a_reason_and_taken_up_again() -> None:
    matter = batch()
    do("intake.set_aside", "clerk_housing", matter, rows=[{"row": 6}], reason="感谢，无须办理")
    assert (message(matter, 6).outcome, message(matter, 6).reason) == ("set_aside", "感谢，无须办理")
    do("intake.take_up", "clerk_housing", matter, row=6)
    assert (message(matter, 6).outcome, message(matter, 6).reason) == ("", "")
    with invalid("row", "第6项现为“待分办”"):
        do("intake.take_up", "clerk_housing", matter, row=6)


def test_a_duplicate_is_joined_to_the_first_of_its_kind_and_stays() -> None:
    matter = batch()
    first, repeats = message(matter, 2), message(matter, 4)
    with invalid("of", "请选择更早的来件"):
        do("intake.mark_duplicate", "clerk_housing", matter, row=2, of=repeats.pk)
    do("intake.mark_duplicate", "clerk_housing", matter, row=4, of=first.pk)
    do("intake.mark_duplicate", "clerk_housing", matter, row=5, of=repeats.pk)
    assert message(matter, 4).original_id == message(matter, 5).original_id == first.pk
    assert matter.messages.count() == 5


def test_a_message_of_a_batch_one_does_not_read_can_not_be_named() -> None:
    foreign = message(batch(who="clerk_education"), 2)
    matter = batch()
    with invalid("of", "请从所列项中选择"):
        do("intake.mark_duplicate", "clerk_housing", matter, row=4, of=foreign.pk)
    do("intake.mark_duplicate", "office_a", matter, row=4, of=foreign.pk)


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ([], "rows", "请选择1至200件来件"),
        ([{"row": 1}], "rows", "第1行没有待分办的来件"),
        ([{"row": 7}], "rows", "第7行没有待分办的来件"),
        ([{"row": 3}, {"row": 3}], "rows", "第3行没有待分办的来件"),
    ],
)
def test_what_names_no_message_to_be_handed_out_is_refused(
    wrong: list[dict[str, int]], field: str, said: str
) -> None:
    matter = batch()
    with invalid(field, said):
        do("intake.set_aside", "clerk_housing", matter, rows=wrong, reason="感谢")


def test_a_batch_is_finished_once_something_became_of_every_message() -> None:
    matter = batch()
    do("intake.set_aside", "clerk_housing", matter, rows=[{"row": row} for row in (2, 3, 4)], reason="已答复")
    with pytest.raises(Barred, match="文件中有 1 行未能识别"):
        do("intake.finish", "clerk_housing", matter)
    assert do("intake.finish", "clerk_housing", matter, reason="无须办理").matter.state == "finished"
    assert [message(matter, row).reason for row in (2, 6)] == ["已答复", "无须办理"]
    assert list(verify()) == []


def test_kinds_are_suggested_once_enough_were_confirmed_and_the_clerk_is_told_before() -> None:
    lamp = [
        (str(at), "", f"路灯坏了{at}盏", "2026-03-01", f"某路路灯不亮，{at}盏，请修路灯。", "")
        for at in range(40)
    ]
    desk = [
        (str(at), "", f"窗口没人{at}次", "2026-03-01", f"窗口无人值守，等了{at}个小时，窗口没人。", "")
        for at in range(40)
    ]
    first = batch(csv_of([*lamp, *desk]))
    assert page(first)["learned_from"] == 0
    assert not hasattr(message(first, 2), "hint")
    named = [{"row": row, "kind": "livelihood" if row < 42 else "inaction"} for row in range(2, 82)]
    do("intake.confirm", "clerk_housing", first, rows=named)
    second = batch(csv_of([lamp[3], desk[5], ("9", "", "？", "2026-03-01", "", "")]))
    assert message(second, 2).hint.first == "livelihood"
    assert message(second, 3).hint.first == "inaction"
    assert message(second, 2).kind == ""
    found = page(second)
    assert (found["learned_from"], found["sorted"]) == (80, True)
    assert rows(page(second, show="sure")) == [2, 3]
    assert rows(page(second, show="sure", kind="inaction")) == [3]
    assert rows(page(second, show="unsure")) == [4]
    assert list(verify()) == []


def test_kinds_are_suggested_anew_when_that_is_asked_for() -> None:
    lamp = [(str(at), "", f"路灯坏了{at}盏", "2026-03-01", f"某路路灯不亮，{at}盏。", "") for at in range(40)]
    desk = [
        (str(at), "", f"窗口没人{at}次", "2026-03-01", f"窗口无人值守，等了{at}个小时。", "")
        for at in range(40)
    ]
    matter = batch(csv_of([*lamp, *desk]))
    named = [{"row": row, "kind": "livelihood" if row < 42 else "inaction"} for row in range(2, 80)]
    do("intake.confirm", "clerk_housing", matter, rows=named)
    do("intake.suggest_anew", "clerk_housing", matter)
    gone_on(matter)
    assert message(matter, 81).hint.first == "inaction"


def test_the_list_is_narrowed_by_what_is_open_repeated_or_searched_for() -> None:
    matter = batch()
    assert rows(page(matter)) == [2, 3, 4, 5, 6]
    assert rows(page(matter, show="twins")) == [4, 5]
    assert rows(page(matter, text="路灯")) == [2, 4]
    assert rows(page(matter, text="大厅")) == [3, 5]
    assert page(matter, text="灯")["short"]
    do("intake.confirm", "clerk_housing", matter, rows=[{"row": 3, "kind": "inaction"}])
    assert rows(page(matter, show="confirmed")) == [3]
    do("intake.set_aside", "clerk_housing", matter, rows=[{"row": 6}], reason="感谢")
    assert rows(page(matter, show="aside")) == [6]
    assert rows(page(matter, after="3")) == [4, 5]
    assert page(matter, row="4")["chosen"]["twin"].other.row == 2


def test_the_pages_are_drawn_and_their_forms_do_the_acts() -> None:
    client = browser("clerk_housing")
    waiting = received()
    shown = client.get(f"/intake/{waiting.pk}/page/file/").content.decode()
    assert "留言主题" in shown
    assert "there is neither title nor text" in shown
    assert "张大山" not in shown.partition("The first rows as they would be read")[2]
    matter = batch(csv_of(ROWS))
    shown = client.get(f"/intake/{matter.pk}/page/messages/?row=4").content.decode()
    assert "Likely repeats" in shown
    told = client.post(
        f"/intake/{matter.pk}/open_sheet/",
        {"row": "2", "kind": "livelihood", "topic": "not_acting", "unit": "", "key": "k"},
    )
    assert told.status_code == 303
    assert Problem.objects.count() == 1
    assert "there is neither title nor text" in client.get(f"/intake/{matter.pk}/page/file/").content.decode()


def test_without_a_list_of_kinds_no_act_is_offered_that_needs_one() -> None:
    matter = received()
    offered = {option.act.name for option in options(actor("clerk_housing"), matter, NOW) if option.decision}
    assert offered == {"set_columns", "take_in", "withdraw"}


def test_the_history_of_a_batch_says_nothing_to_the_office_of_what_led_to_a_sealed_sheet() -> None:
    """Nor what was mended before, be it of another message; the unit that took it in reads on."""
    matter = batch()
    Batch.objects.filter(pk=matter.pk).update(marked=1)
    Message.objects.filter(batch=matter, row=3).update(marks=[["received", "date", "一三九零零"]])
    do("intake.mend", "office_a", matter, row=3, holds="received", value="2026-03-02")
    concerned = unit("education")
    for row, named in ((2, unit("housing")), (3, concerned)):
        do(
            "intake.open_sheet",
            "office_a",
            matter,
            row=row,
            kind="livelihood",
            topic="not_acting",
            unit=named.pk,
        )
    do("rectification.transfer", "office_a", Problem.objects.get(concerned=concerned))

    def told(who: str) -> dict[str, list[str | None]]:
        lines = reads.timeline(actor(who), "intake", matter.pk)
        return {f"{line.entry.act} {line.entry.seq}": [said.text for said in line.said] for line in lines}

    last = Matter.objects.get(pk=matter.pk).version
    for who, hushed in (("office_b", True), ("clerk_housing", False)):
        lines = told(who)
        assert ({*lines[f"open_sheet {last}"]} == {None}) is hushed
        assert ({*lines[f"mend {last - 2}"]} == {None}) is hushed
        assert str(unit("housing")) in lines[f"open_sheet {last - 1}"]


def test_what_led_to_a_sheet_that_was_sealed_with_its_clue_is_told_to_the_office_no_more() -> None:
    """Nor what repeats it; a unit that took it in itself has the file, and reads what it read."""
    matter = batch()
    do("intake.open_sheet", "office_a", matter, row=3, kind="livelihood", topic="not_acting")
    do("intake.mark_duplicate", "office_a", matter, row=5, of=message(matter, 3).pk)
    do("rectification.transfer", "office_a", Problem.objects.get())
    found = page(matter, "office_b", show="every", row="3")
    told = {line["message"].row: line["message"] for line in found["lines"]}
    for row in (3, 5):
        assert (told[row].title, told[row].text, told[row].place) == ("（加密保存）", "", "")
        assert told[row].number
    assert found["chosen"]["message"].text == ""
    assert told[2].title == ROWS[0][2]
    assert rows(page(matter, "office_b", show="every", text="无人值守")) == []
    assert rows(page(matter, "office_b", show="every", text="1002")) == [3, 5]
    part = reads.rows(actor("office_b"), "intake", matter.pk, "messages").rows
    assert {one.number: one.values["text"] for one in part if one.number in (3, 5)} == {3: "", 5: ""}
    assert message(matter, 3) not in Message.choosable(actor("office_b"), NOW.date())
    assert rows(page(matter, "clerk_housing", show="every", text="无人值守")) == [3, 5]
    assert list(verify()) == []
    marks = [["received", "date", "一三九零零"]]
    Message.objects.filter(batch=matter, row__in=(2, 3)).update(marks=marks)
    for who, told_of in (("office_b", [2]), ("clerk_housing", [2, 3])):
        shown = reads.page(actor(who), "intake", matter.pk, "file", NOW, {}).context["marks"]
        assert [line["row"] for line in shown] == told_of
        [(_name, _heads, lines)] = workbook(matter, actor(who), NOW)
        assert {int(line[0]) for line in lines} & {2, 3} == set(told_of)
    assert page(matter, "office_b", show="every", row="3")["chosen"]["marks"] == []


def test_a_message_that_leaves_the_list_between_two_pages_takes_no_other_along() -> None:
    matter = batch()
    first, second, *rest = rows(page(matter, show="open"))
    do("intake.set_aside", "clerk_housing", matter, rows=[{"row": first}, {"row": second}], reason="感谢")
    assert rows(page(matter, show="open", after=str(second))) == rest
