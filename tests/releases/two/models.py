"""The same barrels: litres are called volume, the cooper is gone, two columns came, of which one holds JSON."""

from typing import Annotated, Any, ClassVar

from django.db import models

from qingfeng.kernel.papers.issuing import revised
from qingfeng.kernel.vocabulary import ANY, NEW, Do, Line, Matter, Office, Register, Role, State, Whole, act

OFFICE = Office(Role.SUPERVISION_OFFICE)
FILLED, EMPTY = State("filled", "已装"), State("empty", "已空", final=True)


def marks() -> dict[str, Any]:
    return {"火印": ["甲"], "层": 1}


class Cellar(Register):
    name = models.CharField("库名", max_length=40)
    depth = models.PositiveIntegerField("深度", default=3)
    door = models.CharField("门", max_length=10, default="东")
    marks = models.JSONField("印记", default=marks)


class Hoop(Register):
    name = models.CharField("箍", max_length=40)
    width = models.PositiveIntegerField("宽", default=2)


class Barrel(Matter):
    code, series, ground = "barrel", "桶", True
    reads: ClassVar = OFFICE

    volume = models.PositiveIntegerField("容量", default=0)
    wood = models.CharField("木料", max_length=20, default="橡木")
    origin = models.CharField("产地", max_length=20, default="本地")
    marks = models.JSONField("印记", default=marks)

    @act(NEW, to=FILLED, by=OFFICE, label="装桶")
    def fill(
        self, do: Do, volume: Annotated[int, Whole(), "容量"], origin: Annotated[str, Line(20), "产地"]
    ) -> None:
        """装桶入库。"""
        self.volume, self.origin, self.title = volume, origin, f"{volume}升"
        do.record(Cellar(name=f"{volume}号库", valid_from=do.today))

    @act(FILLED, to=EMPTY, by=OFFICE, label="倒空")
    def drain(self, do: Do) -> None:
        """倒空。"""

    @act(ANY, by=OFFICE, label="换门")
    def hang(self, do: Do, door: Annotated[str, Line(10), "门"]) -> None:
        """换门。"""
        cellar = Cellar.objects.order_by("id").first()
        assert cellar is not None
        cellar.door = door
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
