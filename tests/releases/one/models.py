"""Barrels in a cellar: a matter whose columns the next release changes, one it leaves alone, and a register."""

from typing import Annotated, ClassVar

from django.db import models

from qingfeng.kernel.papers.issuing import revised
from qingfeng.kernel.vocabulary import ANY, NEW, Do, Line, Matter, Office, Register, Role, State, Whole, act

OFFICE = Office(Role.SUPERVISION_OFFICE)
FILLED, EMPTY = State("filled", "已装"), State("empty", "已空", final=True)


class Cellar(Register):
    name = models.CharField("库名", max_length=40)
    keeper = models.CharField("保管", max_length=40, blank=True)
    depth = models.CharField("深度", max_length=10, default="3")


class Hoop(Register):
    name = models.CharField("箍", max_length=40)


class Barrel(Matter):
    code, series, ground = "barrel", "桶", True
    reads: ClassVar = OFFICE

    litres = models.PositiveIntegerField("升数", default=0)
    cooper = models.CharField("箍桶人", max_length=40, blank=True)
    wood = models.CharField("木料", max_length=20, default="橡木")

    @act(NEW, to=FILLED, by=OFFICE, label="装桶")
    def fill(
        self, do: Do, litres: Annotated[int, Whole(), "升数"], cooper: Annotated[str, Line(40), "箍桶人"]
    ) -> None:
        """装桶入库。"""
        self.litres, self.cooper, self.title = litres, cooper, f"{litres}升"
        do.record(Cellar(name=f"{litres}号库", keeper=cooper, valid_from=do.today))

    @act(FILLED, to=EMPTY, by=OFFICE, label="倒空")
    def drain(self, do: Do) -> None:
        """倒空。"""

    @act(ANY, by=OFFICE, label="换人")
    def hand_over(self, do: Do, keeper: Annotated[str, Line(40), "保管"]) -> None:
        """换保管人。"""
        cellar = Cellar.objects.order_by("id").first()
        assert cellar is not None
        cellar.keeper = keeper
        do.record(cellar)


class Tap(Matter):
    code, series, ground = "tap", "龙头", True
    reads: ClassVar = OFFICE

    bore = models.PositiveIntegerField("口径", default=0)

    @act(NEW, to=FILLED, by=OFFICE, label="安装")
    def fit(self, do: Do, bore: Annotated[int, Whole(), "口径"]) -> None:
        """安装龙头。"""
        self.bore, self.title = bore, f"{bore}毫米"

    @act(FILLED, by=OFFICE, label="出具证明")
    def certify(self, do: Do) -> None:
        """出具证明。"""
        do.record(revised(self.jurisdiction, "releases.slip", "证明", "<p>{{ unit }}</p>", do.today))
        unit = self.jurisdiction.units.get(code="office")
        do.paper("releases.slip", unit, "龙头证明", {"unit": unit})

    @act(FILLED, by=OFFICE, label="加箍")
    def hoop(self, do: Do) -> None:
        """加箍。"""
        do.record(Hoop(name=self.title, valid_from=do.today))
