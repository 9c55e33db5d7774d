"""The toys: a trip approved in three steps, spending under a cap, a demotion, a poll, a spot check."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.steps import Step
from qingfeng.kernel.people.actors import Actor, unit_key
from qingfeng.kernel.record.batches.draw import draw
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.sealing.ballots import release
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    STAYS,
    BookKind,
    CalendarEvent,
    Count,
    Did,
    Do,
    FactKind,
    FenField,
    Holds,
    Input,
    Is,
    Line,
    Matter,
    Money,
    Office,
    OnStep,
    Page,
    Proposal,
    Role,
    Stage,
    State,
    Unit,
    Whole,
    Yuan,
    act,
    parameter,
)
from tests.toys.outside import Home as Home
from tests.toys.outside import HomeVisits as HomeVisits
from tests.toys.outside import Review as Review

OFFICE = Office(Role.SUPERVISION_OFFICE)
CLERK = Holds(Role.UNIT_CLERK, of="unit")

RECEPTION = BookKind("reception", "接待经费", "fen", becomes=STAYS)
BALANCE = BookKind("balance", "预算", "fen", lambda fen: f"{fen // 100}元", STAYS)
CAP = parameter("spending.cap", "年度上限", Money(), "一个单位一年的上限。", stricter="smaller")
SAMPLE = parameter("spot_check.size", "抽查数", Count("units"), "每次抽查几个单位。")
DEMOTED = FactKind("person.demoted", "降职")

ASKED = State("asked", "已申请")
APPROVED = State("approved", "已批准")
DECLINED = State("declined", "未批准", final=True, void=True)
SPENT = State("spent", "已列支", final=True)
GIVEN_BACK = State("given_back", "已退回", final=True)
OPEN = State("open", "投票中")
CLOSED = State("closed", "已截止", final=True)
DRAWN = State("drawn", "已抽取", final=True)


def plan(trip: "Trip", actor: Actor, now: datetime) -> dict[str, Any]:
    """What stands on the plan of a trip."""
    return {"stops": [trip.unit.name, "终点"], "reader": actor.unit_id, "header": "overridden by the house"}


class Trip(Matter):
    """A trip: the unit head; then finance and a unit beside it at once; then the leader."""

    code = "trip"
    series = "出行"
    reads: ClassVar = CLERK | OFFICE
    becomes: ClassVar = {"unit": FOLLOWS}
    pages = (Page("plan", "行程图", "toys/plan.html", plan, "toys/plan.js"),)

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")

    def occasion(self) -> CalendarEvent | None:
        if self.state == DECLINED.code:
            return None
        if self.title.startswith("全天"):
            day = day_of(self.opened_at)
            return CalendarEvent(day, day + timedelta(days=1), self.title)
        return CalendarEvent(self.opened_at, self.opened_at + timedelta(hours=2), self.title, self.unit.name)

    @act(NEW, to=ASKED, by=CLERK, label="申请出行")
    def ask(self, do: Do, title: Annotated[str, Line(60)], beside: Annotated[Unit, "会签单位"]) -> None:  # type: ignore[valid-type]
        """Ask for a trip."""
        self.title, self.unit_id = title, do.actor.unit_id or 0
        places = dict(Unit.objects.filter(jurisdiction=self.jurisdiction_id).values_list("code", "pk"))
        do.steps.route(
            Stage("单位负责人", (unit_key(Role.UNIT_HEAD, self.unit_id),)),
            Stage("财政会签", (unit_key(Role.FINANCE, places["finance"]),)),
            Stage("协办会签", (unit_key(Role.UNIT_HEAD, beside.pk),), beside=True),
            Stage("分管领导", (unit_key(Role.LEADER, places["leaders"]),)),
        )

    @act(ASKED, to=(ASKED, APPROVED, DECLINED), by=OnStep(), owed=True, label="审批")
    def decide(self, do: Do, agrees: Annotated[bool, "同意"]) -> State:
        """Agree, or not."""
        return {
            Step.Outcome.OPEN: ASKED,
            Step.Outcome.PASSED: APPROVED,
            Step.Outcome.REFUSED: DECLINED,
        }[do.steps.decide(do.actor, agrees, do.now)]

    @act(ASKED, to=(ASKED, APPROVED), by=OFFICE, label="回避")
    def recuse(self, do: Do, holder: Annotated[str, Line(60), "席位"]) -> State:
        """Take a seat out, because whoever holds it is concerned."""
        return APPROVED if do.steps.recuse(holder) == Step.Outcome.PASSED else ASKED


class Spending(Matter):
    """Money reserved under a cap, then spent or given back."""

    code = "spending"
    series = "经费"
    reads: ClassVar = CLERK | OFFICE
    becomes: ClassVar = {"unit": FOLLOWS}

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    amount = models.PositiveBigIntegerField(verbose_name="金额")

    @act(NEW, to=APPROVED, by=CLERK, label="预占经费")
    def reserve(self, do: Do, amount: Annotated[int, Whole(1, unit="分")]) -> None:
        """Reserve an amount, in fen."""
        self.unit_id, self.amount = do.actor.unit_id or 0, amount
        cap = do.policy.valued(CAP)
        year = str(do.today.year)
        do.reserve(RECEPTION, self.unit, year, amount, cap=do.value(CAP), clause=cap.source.clause)

    @act(APPROVED, to=SPENT, by=CLERK, label="追加列支")
    def spend_more(self, do: Do, amount: Annotated[int, Whole(1, unit="分")]) -> None:
        """Reserve what it cost beyond what was reserved, and spend it all."""
        do.reserve_more(RECEPTION, amount - self.amount, cap=do.value(CAP), clause="第一条")
        do.commit(RECEPTION, amount)

    @act(APPROVED, by=CLERK, label="核定预算")
    def allot(self, do: Do, amount: Annotated[int, Whole(0, unit="分")]) -> None:
        """Bring the unit's balance to an amount, in fen."""
        do.allot(BALANCE, self.unit, "2026", amount, clause="第二条")

    @act(APPROVED, by=CLERK, label="预占预算")
    def draw_on(self, do: Do, amount: Annotated[int, Whole(0, unit="分")]) -> None:
        """Reserve from the balance."""
        do.reserve(BALANCE, self.unit, "2026", amount)

    @act(APPROVED, to=SPENT, by=CLERK, label="列支")
    def spend(self, do: Do) -> None:
        """Spend what was reserved."""
        do.commit(RECEPTION, self.amount)

    @act(APPROVED, to=GIVEN_BACK, by=CLERK, label="退回")
    def give_back(self, do: Do) -> None:
        """Give back what was reserved."""
        do.release(RECEPTION, self.amount)


class Demotion(Proposal):
    """A person's post in question: kept, warned, acting, demoted."""

    code = "demotion"
    series = "干部"
    proposers: ClassVar = Office(Role.SUPERVISION_OFFICE)
    deciders: ClassVar = Office(Role.ORGANIZATION_DEPARTMENT)
    reviewers: ClassVar = Office(Role.ORGANIZATION_DEPARTMENT)
    subjects: ClassVar = Is("person")
    results: ClassVar = ("kept", "warned", "acting", "demoted")
    reads: ClassVar = Office(Role.SUPERVISION_OFFICE) | Office(Role.ORGANIZATION_DEPARTMENT) | Is("person")

    class Meta:
        verbose_name = "干部任用建议"

    def take_effect(self, do: Do) -> None:
        if self.decided == "demoted":
            do.leave(DEMOTED, subject=self.person)

    def undo(self, do: Do) -> None:
        for fact in Fact.objects.filter(entry__matter=self.pk, name=DEMOTED.name, reversed_by=None):
            do.take_back(fact)


class Poll(Matter):
    """An anonymous poll, released as one shuffled batch."""

    code = "poll"
    series = "测评"
    reads: ClassVar = OFFICE

    @act(NEW, to=OPEN, by=OFFICE, label="开启投票")
    def start(self, do: Do, title: Annotated[str, Line(60)]) -> None:
        """Open the poll."""
        self.title = title

    @act(OPEN, to=CLOSED, by=OFFICE, label="公布结果")
    def release(self, do: Do) -> None:
        """Close the poll and enter the votes, shuffled, as one batch."""
        do.batch([{"vote": vote} for vote in release(do)])


class SpotCheck(Matter):
    """Units drawn so that anyone can draw them again."""

    code = "spot_check"
    series = "抽查"
    reads: ClassVar = OFFICE

    @act(NEW, to=DRAWN, by=OFFICE & ~Did("draw"), label="抽取单位")
    def draw(self, do: Do, seed: Annotated[str, Line(64), "种子"]) -> None:
        """Draw units from all that stand, by a seed made public."""
        frame = [unit.code for unit in Unit.choosable(do.actor, do.today).order_by("code")]
        drawn = draw(frame, seed=seed, size=do.value(SAMPLE))
        self.title = "、".join(drawn.selected)
        do.note(
            "draw",
            {"frame": frame, "digest": drawn.frame_digest, "seed": seed, "selected": list(drawn.selected)},
        )
        do.batch([{"unit": code} for code in drawn.selected])


class Paid(models.TextChoices):
    """How a bill was paid."""

    CARD = "card", "公务卡"
    TRANSFER = "transfer", "转账"


class Bill(Input):
    """A bill: its number, from whom, of which day, how much, how paid."""

    number: Annotated[str, Line(20), "票号"]
    unit: Annotated[Unit, _("Unit")]  # type: ignore[valid-type]
    day: Annotated[date, "日期"]
    amount: Annotated[int, Yuan(1), "金额"]
    paid: Annotated[Paid, "支付方式"] = Paid.CARD
    guests: Annotated[int, Whole(0, 50, unit="人"), "人数"] = 0


class Bills(Matter):
    """Bills of a reception, taken over from a sheet at once."""

    code = "bills"
    series = "账单"
    reads: ClassVar = CLERK | OFFICE
    becomes: ClassVar = {"unit": FOLLOWS}

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    total = FenField(verbose_name="合计")

    @act(NEW, to=SPENT, by=CLERK, label="登记账单")
    def take_over(
        self,
        do: Do,
        title: Annotated[str, Line(60)],
        bills: Annotated[list[Bill], "账单"],
        cap: Annotated[int, Yuan(), "上限"] = 100_000_00,
    ) -> None:
        """Take over the bills of a month."""
        self.title, self.unit_id = title, do.actor.unit_id or 0
        self.total = sum(bill.amount for bill in bills)
        if self.total > cap:
            do.refuse("超过上限。")

    @act(SPENT, by=CLERK, label="补登账单")
    def add(self, do: Do, late: Annotated[list[Bill], "补登账单"] = ()) -> None:  # type: ignore[assignment]
        """Add bills that came late."""
        self.total += sum(bill.amount for bill in late)
