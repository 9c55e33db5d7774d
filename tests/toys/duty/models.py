"""The sheet and the meeting."""

from typing import ClassVar

from django.db import models

from qingfeng.kernel.papers.issuing import revised
from qingfeng.kernel.papers.models import Paper
from qingfeng.kernel.vocabulary import (
    NEW,
    Do,
    Due,
    Duty,
    FactKind,
    Matter,
    Office,
    Role,
    State,
    System,
    Turns,
    act,
    parameter,
    recurring,
)

OFFICE = Office(Role.SUPERVISION_OFFICE)

BEGUN = State("begun", "已开始")
ENDED = State("ended", "已结束", final=True)

SHEETS_DRAWN = FactKind("toys.sheets_drawn", "已拟文")


class Sheet(Matter):
    """A matter that draws up papers."""

    code = "toys_sheet"
    series = "演练"
    reads: ClassVar = OFFICE

    wording = models.TextField("行文", blank=True)
    reason = models.CharField("事由", max_length=100, blank=True)

    class Meta:
        verbose_name = "演练单"
        verbose_name_plural = "演练单"

    @act(NEW, to=BEGUN, by=OFFICE, label="新建")
    def begin(self, do: Do, reason: str) -> None:
        """新建演练单。"""
        self.title = self.reason = reason

    @act(BEGUN, by=OFFICE, label="定稿模板")
    def word(self, do: Do, wording: str) -> None:
        """定稿公文模板。"""
        do.record(revised(self.jurisdiction, "toys.slip", "交办单", wording, do.today))

    @act(BEGUN, by=OFFICE, label="拟文")
    def draw_up(self, do: Do, reason: str) -> None:
        """拟制公文。"""
        unit = self.jurisdiction.units.get(code="01")
        do.paper("toys.slip", unit, reason, {"unit": unit, "reason": reason}, public_text="已交办")
        do.leave(SHEETS_DRAWN, subject=unit)

    @act(BEGUN, to=ENDED, by=OFFICE, label="签发")
    def approve(self, do: Do) -> None:
        """签发公文。"""
        do.approve_paper(Paper.objects.filter(matter=self).latest("id"))


TURNS = parameter("toys_meeting.turns", "召集周期", Turns(), "多久召集一次。")


def about(due: Due) -> dict[str, str]:
    """The input of a meeting."""
    return {"period": due.period}


MEETINGS = recurring(Duty("toys_meeting.meetings", "定期调度", TURNS, "toys.meeting", about))


class Meeting(Matter):
    """A meeting that is due by turns."""

    code = "toys_meeting"
    series = "调度"
    reads: ClassVar = OFFICE

    period = models.CharField("期间", max_length=20)

    class Meta:
        verbose_name = "调度会"
        verbose_name_plural = "调度会"

    @act(NEW, to=BEGUN, by=System("duty"), label="召集", provides="toys.meeting")
    def convene(self, do: Do, period: str) -> None:
        """到期召集调度会。"""
        self.title = self.period = period

    @act(BEGUN, to=ENDED, by=OFFICE, owed=True, label="召开")
    def hold(self, do: Do) -> None:
        """召开调度会。"""
