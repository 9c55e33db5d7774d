"""The agenda comes from open matters, and tells nobody of what they may not read."""

import pytest

from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred
from tests import cast
from tests.cast import NOW, actor, do
from tests.mechanisms.duty.dispatch.meetings import DAY, agenda, at, called, clock, held, resolved, task
from tests.refusals import invalid

pytestmark = pytest.mark.django_db


def shown(who: str, meeting: Matter) -> list[tuple[int, str]]:
    """The agenda as one reader has it: number, and the title of the matter or the topic."""
    rows = reads.rows(actor(who), "dispatch", meeting.pk, "agenda").rows
    return [
        (
            row.number,
            row.values["matter"]["name"].split()[-1] if row.values["matter"] else row.values["topic"],
        )
        for row in rows
    ]


def test_overdue_comes_first_then_what_is_due_soon_then_what_nobody_touched() -> None:
    task("2026-12-01", title="长期未办", moment=NOW - 20 * DAY)
    task("2026-03-13", title="临期")
    clock("tasks.overdue", task("2026-03-05", title="逾期", moment=NOW - 8 * DAY), "2026-03-06 00:00")
    task("2026-06-30", title="不急")
    meeting = called()
    do("dispatch.draw_up", "office_a", meeting)
    assert agenda(meeting) == [("overdue", "逾期"), ("near", "临期"), ("idle", "长期未办")]


def test_drawn_again_it_adds_only_what_is_new_and_what_was_struck_stays_off() -> None:
    task("2026-03-13", title="甲")
    task("2026-03-14", title="乙")
    meeting = called()
    do("dispatch.draw_up", "office_a", meeting)
    do("dispatch.strike", "office_b", meeting, item=1, reason="已当面办结。")
    with pytest.raises(Barred, match="没有可以列入的事项"):
        do("dispatch.draw_up", "office_a", meeting)
    task("2026-03-12", title="丙")
    do("dispatch.draw_up", "office_a", meeting)
    assert agenda(meeting) == [("near", "乙"), ("near", "丙")]
    assert shown("office_a", meeting) == [(1, "甲"), (2, "乙"), (3, "丙")]


def test_only_mechanisms_the_regime_names_are_drawn_from() -> None:
    task("2026-03-13")
    with pytest.raises(Barred, match="没有可以列入的事项"):
        do("dispatch.draw_up", "office_a", called(kind="inspection"))


def test_what_is_sealed_and_what_lies_elsewhere_is_never_drawn_nor_added() -> None:
    sealed = task("2026-03-13", title="密")
    Matter.objects.filter(pk=sealed.pk).update(secrecy=Secrecy.SEALED)
    raw = {
        "title": "别处",
        "unit": cast.unit("housing", cast.BESIDE).pk,
        "what": "。",
        "due_on": "2026-03-13",
    }
    beside = do("tasks.set", "linan_office", **raw).matter
    meeting = called()
    with pytest.raises(Barred, match="没有可以列入的事项"):
        do("dispatch.draw_up", "office_a", meeting)
    for hidden in (sealed, beside):
        with invalid("number", "没有这一事项"):
            do("dispatch.add", "office_a", meeting, number=hidden.number, reason="要议。")


def test_a_unit_that_calls_the_meeting_draws_only_what_it_reads_itself() -> None:
    task("2026-03-13", title="住建局的")
    other = task("2026-03-13", unit="education", title="教育局的")
    meeting = called("housing")
    do("dispatch.draw_up", "clerk_housing", meeting)
    assert agenda(meeting) == [("near", "住建局的")]
    with invalid("number", "没有这一事项"):
        do("dispatch.add", "clerk_housing", meeting, number=other.number, reason="要议。")


def test_nobody_s_own_leave_comes_before_a_meeting() -> None:
    leave = do(
        "leave.request",
        "clerk_housing",
        kind="personal",
        first_day="2026-03-12",
        last_day="2026-03-12",
        reason="家事。",
    ).matter
    with invalid("number", "没有这一事项"):
        do("dispatch.add", "clerk_housing", called("housing"), number=leave.number, reason="要议。")


def test_the_page_tells_no_title_to_who_may_not_read_the_matter() -> None:
    task("2026-03-13", unit="education", title="教育局的")
    meeting = called()
    do("dispatch.draw_up", "office_a", meeting)
    assert shown("office_b", meeting) == [(1, "教育局的")]
    # The office's meeting goes to a unit that succeeds it, whose clerks don't read what was on its agenda.
    raw = {"unit": cast.unit("office").pk, "successor": cast.unit("housing").pk}
    do("dispatch.follow", cast.the_system("succession"), meeting, **raw)
    assert shown("clerk_housing", meeting) == [(1, "")]


def test_an_item_is_a_matter_or_a_topic_and_stands_once() -> None:
    meeting, own = called(), task("2026-12-01")
    one_of_two = "事项编号和议题请填其中一项"
    for wrong, said in (
        ({}, one_of_two),
        ({"number": own.number, "topic": "值守"}, one_of_two),
        ({"number": "无此编号"}, "没有这一事项"),
    ):
        with invalid("number", said):
            do("dispatch.add", "office_a", meeting, reason="要议。", **wrong)
    do("dispatch.add", "office_a", meeting, reason="要议。", number=own.number)
    with invalid("number", "议题中已有这一事项"):
        do("dispatch.add", "office_a", meeting, reason="再议。", number=own.number)
    with invalid("item", "没有这个序号"):
        do("dispatch.strike", "office_a", meeting, item=2, reason="没有这一项。")
    do("dispatch.strike", "office_a", meeting, item=1, reason="不议了。")
    do("dispatch.add", "office_a", meeting, reason="还是要议。", number=own.number)
    assert agenda(meeting) == [("added", "窗口值守")]


def test_a_task_done_stands_on_the_next_agenda_and_on_that_one_only() -> None:
    first = called()
    done = resolved(held(first))
    do("tasks.report", "clerk_housing", done, result="已补齐。", no_evidence="已由科室现场看过。")
    do("tasks.confirm", "office_b", done, finding="属实。")
    second = called(day="2026-03-16")
    do("dispatch.draw_up", "office_a", second, at("2026-03-16 09:00"))
    assert agenda(second) == [("done", "补齐值守表")]
    with pytest.raises(Barred, match="没有可以列入的事项"):
        do("dispatch.draw_up", "office_a", called(day="2026-03-17"), at("2026-03-17 09:00"))


def test_the_agenda_is_no_longer_than_the_regime_lets_it_be() -> None:
    for number in range(22):
        task("2026-03-13", title=f"第{number}项")
    meeting = called()
    do("dispatch.draw_up", "office_a", meeting)
    assert len(agenda(meeting)) == 20
