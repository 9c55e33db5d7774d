"""Toys with parties outside the staff: homes visited, and an opinion asked of an expert, who answers it."""

from typing import Annotated, ClassVar

from django.db import models
from django.db.models import Q

from qingfeng.kernel.acts.steps import Step
from qingfeng.kernel.people.actors import person_key
from qingfeng.kernel.reading.boards import Board
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    CalendarEvent,
    Column,
    Do,
    Holds,
    Input,
    Line,
    Matter,
    Office,
    OneOfKind,
    OneOfRows,
    OnStep,
    Outside,
    OutsideKind,
    OutsideParty,
    Person,
    Prose,
    Register,
    Role,
    Rows,
    RowState,
    Sealed,
    Seated,
    Stage,
    State,
    Statistic,
    Unit,
    act,
)

CLERK = Holds(Role.UNIT_CLERK, of="unit")
OFFICE = Office(Role.SUPERVISION_OFFICE)
HOUSEHOLD = OneOfKind((OutsideKind.HOUSEHOLD,))
WHO_ANSWERS = OneOfKind((OutsideKind.EXPERT, OutsideKind.DELEGATE), signs_in=True)

GOING = State("going", "走访中")
OVER = State("over", "已走访", final=True)
ASKED = State("asked", "已请评审")
SEATED = State("seated", "会审中")
ANSWERED = State("answered", "已答复", final=True)
CALLED_OFF = State("called_off", "已撤销", final=True, void=True)

MET = RowState("met", "已解决", ~Q(met_by=""))
NEEDED = RowState("needed", "待解决", Q(met_by=""))


class Home(Register):
    """A home that was visited, and what is needed there 走访户."""

    visits = models.ForeignKey("toys.HomeVisits", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    household = models.ForeignKey(OutsideParty, models.PROTECT, related_name="+", verbose_name="农户")
    need = models.CharField("需求", max_length=200)
    met_by = models.CharField("如何解决", max_length=200, blank=True)


class HomeRow(Input):
    """A home to be visited."""

    household: Annotated[OutsideParty, HOUSEHOLD, "农户"]
    need: Annotated[str, Line(200), "需求"]


class HomeVisits(Matter):
    """Homes visited by a unit 入户走访."""

    code = "home_visits"
    series = "走访"
    reads: ClassVar = CLERK
    becomes: ClassVar = {"unit": FOLLOWS}
    homes = Rows(Home, label="走访户", columns=("household", "need", "met_by"), states=(MET, NEEDED))

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")

    class Meta:
        verbose_name = "入户走访"
        verbose_name_plural = "入户走访"

    @act(NEW, to=GOING, by=CLERK, label="登记走访")
    def enter(
        self, do: Do, title: Annotated[str, Line(60)], rows: Annotated[list[HomeRow], "走访户"]
    ) -> None:
        """Enter the homes that were visited, and what is needed there."""
        self.unit, self.title = do.unit, title
        self.homes.add(
            do, [Home(household=row.household, need=row.need, valid_from=do.today) for row in rows]
        )

    @act(GOING, to=OVER, by=CLERK, label="办结走访")
    def close(self, do: Do) -> None:
        """Close the visits."""

    @act(GOING, by=CLERK, label="记载解决情况")
    def meet(
        self,
        do: Do,
        home: Annotated[Home, OneOfRows("homes", (NEEDED,)), "走访户"],
        how: Annotated[str, Line(200), "如何解决"],
    ) -> None:
        """Note how a need was met."""
        home.met_by = how
        do.record(home)


class Review(Matter):
    """An opinion asked of an expert, and of a second one in a step 专家评审."""

    code = "review"
    series = "评审"
    reads: ClassVar = OFFICE | Outside("reviewer") | Seated()
    filters = ("reviewer",)
    statistics = (
        Statistic(
            "by_state",
            "评审情况",
            (Column("状态", "words"), Column("件数")),
            lambda reading: [(state, 1) for state in reading.queryset.values_list("state", flat=True)],
        ),
    )
    boards = (Board("who", "谁在评审", "当日", ("姓名",), lambda actor, on: [("某人",)]),)

    reviewer = models.ForeignKey(OutsideParty, models.PROTECT, related_name="+", verbose_name="评审人")
    second = models.ForeignKey(
        OutsideParty, models.PROTECT, null=True, related_name="+", verbose_name="会审人"
    )
    opinion = models.CharField("意见", max_length=500, blank=True)

    class Meta:
        verbose_name = "专家评审"
        verbose_name_plural = "专家评审"

    def occasion(self) -> CalendarEvent | None:
        return CalendarEvent(day_of(self.opened_at), day_of(self.opened_at), self.title)

    @act(NEW, to=ASKED, by=OFFICE, label="请专家评审")
    def ask(
        self,
        do: Do,
        title: Annotated[str, Line(60)],
        reviewer: Annotated[OutsideParty, WHO_ANSWERS],
        second: Annotated[OutsideParty | None, WHO_ANSWERS] = None,
    ) -> None:
        """Ask an expert or a delegate for an opinion, and another to agree with it."""
        self.title, self.reviewer, self.second = title, reviewer, second

    @act(ASKED, to=(SEATED, ANSWERED), by=Outside("reviewer"), owed=True, label="答复评审意见")
    def answer(
        self,
        do: Do,
        opinion: Annotated[str, Prose(500), "意见"],
        bank: Annotated[str, Line(40), Sealed("contact", of="reviewer"), "咨询费账户"] = "",
        about: Annotated[Unit | None, "所评单位"] = None,
        witness: Annotated[Person | None, "见证人"] = None,
    ) -> State:
        """Give the opinion that was asked for."""
        self.opinion = opinion
        if self.second is None:
            return ANSWERED
        assert self.second.person_id is not None
        do.steps.route(Stage("会审", (person_key(self.second.person_id),)))
        return SEATED

    @act(SEATED, to=(SEATED, ANSWERED), by=OnStep(), owed=True, label="会审")
    def agree(self, do: Do, agrees: Annotated[bool, "同意"]) -> State:
        """Agree with the opinion, or not."""
        return SEATED if do.steps.decide(do.actor, agrees, do.now) == Step.Outcome.OPEN else ANSWERED

    @act(ASKED, to=CALLED_OFF, by=OFFICE, label="撤销评审")
    def call_off(self, do: Do) -> None:
        """Call it off."""
