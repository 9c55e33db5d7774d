"""The sheet, the meeting, a unit's monthly report that must not fall silent, and a leader's year at the grassroots."""

from datetime import date
from typing import Annotated, ClassVar

from django.db import models
from pydantic import BaseModel

from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.papers.issuing import revised
from qingfeng.kernel.papers.models import Paper
from qingfeng.kernel.people.models import Jurisdiction, standing
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.record.goals import RUNNING
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Clock,
    Do,
    Due,
    Duty,
    FactKind,
    Is,
    Line,
    Matter,
    Office,
    PersonalGoal,
    Role,
    Span,
    State,
    System,
    Turns,
    Unit,
    act,
    goal,
    parameter,
    recurring,
)
from qingfeng.organization.cadres import BY_RANK

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


REPORT_TURNS = parameter("toys_report.turns", "报告周期", Turns(), "多久报告一次。")
SILENT_FOR = parameter("toys_report.silent_for", "静默时限", Span(passing=True), "多久无人办理即提醒。")
SILENT = Clock("silent", "静默", SILENT_FOR, silent=True)


def units(jurisdiction: Jurisdiction, on: date) -> models.QuerySet[Unit]:
    """The units there are on a day."""
    return Unit.objects.filter(standing(on), jurisdiction=jurisdiction)


def of_unit(due: Due) -> dict[str, object]:
    """The input of a unit's report."""
    assert due.subject is not None
    return {"unit": due.subject.pk, "period": due.period}


REPORTS = recurring(Duty("toys_report.reports", "单位报告", REPORT_TURNS, "toys.report", of_unit, units))


class Report(Matter):
    """A report that each unit owes each period."""

    code = "toys_report"
    series = "报告"
    reads: ClassVar = OFFICE
    becomes: ClassVar = {"unit": FOLLOWS}

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    period = models.CharField("期间", max_length=20)
    reminded = models.PositiveIntegerField("提醒次数", default=0)

    class Meta:
        verbose_name = "单位报告"
        verbose_name_plural = "单位报告"

    @act(NEW, to=BEGUN, by=System("duty"), label="布置", provides="toys.report", starts=SILENT)
    def set_out(self, do: Do, unit: Unit, period: str) -> None:
        """到期布置单位报告。"""
        self.unit, self.period = unit, period
        self.title = f"{unit} {period}"

    @act(BEGUN, by=OFFICE, label="批注")
    def note(self, do: Do) -> None:
        """批注一次。"""

    @act(BEGUN, by=System("clock"), expires=SILENT, label="提醒")
    def overlooked(self, do: Do) -> None:
        """久未办理，提醒一次。"""
        self.reminded += 1

    @act(BEGUN, to=ENDED, by=OFFICE, label="办结")
    def finish(self, do: Do) -> None:
        """办结报告。"""

    @act(ENDED, to=BEGUN, by=OFFICE, label="重办")
    def reopen(self, do: Do) -> None:
        """重新办理。"""


DAY_SPENT = FactKind("toys.day_spent", "调研天数", unit="day")
DAYS = goal("toys_year.days", "调研天数", of=DAY_SPENT, by=BY_RANK)
YEARLY = parameter("toys_year.turns", "调研年度", Turns(), "何时开始计算。")
YEARS = recurring(DAYS.duty("toys_year.years", "年度调研", YEARLY, "toys_year.open"))


class DayRow(BaseModel):
    """A day, where, and what was done."""

    day: Annotated[date, "日期"]
    place: Annotated[str, Line(80), "地点"]
    did: Annotated[str, Line(200), "内容"]


class Year(PersonalGoal):
    """A leader's year at the grassroots."""

    code = "toys_year"
    series = "调研"
    reads: ClassVar = Is("person") | OFFICE
    goal = DAYS
    statistics = (DAYS.reached(),)

    days = models.JSONField("调研日", default=list)

    class Meta:
        verbose_name = "年度调研"
        verbose_name_plural = "年度调研"

    @act(RUNNING, by=Is("person"), label="登记调研")
    def enter(self, do: Do, days: Annotated[list[DayRow], "调研日"]) -> None:
        """登记调研日：期内、不晚于今天，一天只记一次。"""
        for place, row in enumerate(days):
            again = self.counted(row.day) or row.day in [one.day for one in days[:place]]
            if again or not self.first <= row.day <= min(self.last, do.today):
                do.refuse(f"{row.day}不在本期内，或已登记。", remedy="核对日期后重新登记。")
            do.leave(DAY_SPENT, self.person, held_on=row.day)
        self.days = [*self.days, *(plain(row) for row in days)]

    @act(RUNNING, by=OFFICE, label="不予计入")
    def strike(self, do: Do, day: Annotated[date, "日期"], reason: Annotated[str, Line(200), "理由"]) -> None:
        """某日不予计入，并说明理由。"""
        fact = self.counted(day)
        if fact is None:
            do.refuse(f"{day}没有计入的调研。", remedy="核对日期。")
        do.take_back(fact)

    def counted(self, day: date) -> Fact | None:
        """The fact of a day that stands."""
        facts = Fact.objects.filter(name=DAY_SPENT.name, subject=plain(self.person), held_on=day)
        return facts.filter(reverses=None, reversed_by=None).first()
