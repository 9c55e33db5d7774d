"""The one table of matters, and the number series they draw from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.acts.declaration import act
from qingfeng.kernel.acts.inputs import Line
from qingfeng.kernel.guards import System
from qingfeng.kernel.matters.states import ANY
from qingfeng.kernel.people.actors import person_key, unit_key
from qingfeng.kernel.people.models import Jurisdiction, Person, Unit
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.reading.compiled import increment
from qingfeng.kernel.record.succession import FOLLOWS, Fates

if TYPE_CHECKING:
    from qingfeng.kernel.acts.do import Do
    from qingfeng.kernel.acts.footing import Footing
    from qingfeng.kernel.guards import Guard
    from qingfeng.kernel.matters.states import State
    from qingfeng.kernel.reading.boards import Board
    from qingfeng.kernel.reading.burden import Burden
    from qingfeng.kernel.reading.coverage import Scrutiny
    from qingfeng.kernel.reading.pages import Page
    from qingfeng.kernel.reading.rows import DeclaredRows
    from qingfeng.kernel.reading.statistics import Statistic
    from qingfeng.kernel.reading.tallies import Tally
    from qingfeng.kernel.time.calendar_events import CalendarEvent
    from qingfeng.kernel.time.clocks import Clock
    from qingfeng.kernel.time.workdays import Workdays


UNIT_THAT_ENDS = _("Unit that ends")
SUCCESSOR = _("Successor")
REASON = _("Reason")
BY_REGIME = _("With the lengths of the regime in force")
PERSON_WHO_LEAVES = _("Person who leaves")
WHO_TAKES_OVER = _("Who takes over")


class Secrecy(models.TextChoices):
    """How far a matter may be known 知悉范围. State secrets are never kept here (保守国家秘密法 arts. 30-31)."""

    INTERNAL = "internal", _("internal")
    WORK_SECRET = "work_secret", _("work secret")
    SEALED = "sealed", _("sealed")


class Matter(models.Model):
    """A matter 事项. A mechanism's matter is a subclass: its fields are joined to this row.

    A subclass declares ``code`` (its name in addresses and the ledger), ``series`` (the word in its
    number 发文字号), ``reads`` (who may read it), ``retention`` (the class its prose is sealed under:
    10_years, 30_years or permanent, 机关文件材料归档范围和文书档案保管期限规定), ``filters`` (the
    fields a list can be narrowed by), ``in_person`` (the fields that name who answers for it: when they leave, another
    does), ``said_ahead`` (acts that say what a later act opens other matters with), ``forgotten`` (whether the keys of
    its own go once it is closed: a list of people that stands in the register then), ``statistics`` and ``tallies``
    (what of them is kept), ``pages``, ``boards``, ``looks``, ``asks`` (what it asks of a unit, ``kernel.reading.burden``),
    its rows (``kernel.reading.rows``), ``becomes`` (what becomes of it when a unit that a field names is merged or split,
    ``kernel.record.succession``), what it makes of a shape (``own_states`` and ``own_clocks``: those of the shape under
    its own words; ``contract``: under which others open it) and its acts. A
    mechanism opens matters where the regime enables it; what the house itself stands on (``ground``) needs no regime.
    """

    code: ClassVar[str] = ""
    series: ClassVar[str] = ""
    reads: ClassVar[Guard]
    retention: ClassVar[str] = "30_years"
    filters: ClassVar[tuple[str, ...]] = ()
    statistics: ClassVar[tuple[Statistic, ...]] = ()
    tallies: ClassVar[tuple[Tally, ...]] = ()
    boards: ClassVar[tuple[Board, ...]] = ()
    pages: ClassVar[tuple[Page, ...]] = ()
    looks: ClassVar[Scrutiny | None] = None
    asks: ClassVar[Burden | None] = None
    ground: ClassVar[bool] = False
    becomes: ClassVar[Fates] = {}
    in_person: ClassVar[tuple[str, ...]] = ()
    said_ahead: ClassVar[frozenset[str]] = frozenset()
    forgotten: ClassVar[bool] = False
    own_states: ClassVar[tuple[State, ...]] = ()
    own_clocks: ClassVar[tuple[Clock, ...]] = ()
    contract: ClassVar[str] = ""
    declared_rows: ClassVar[Mapping[str, DeclaredRows]] = {}

    mechanism = models.CharField(max_length=40, editable=False)
    number = models.CharField(_("number"), max_length=60, editable=False)
    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, related_name="matters", editable=False, db_index=False
    )
    state = models.CharField(_("state"), max_length=40, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    closed = models.BooleanField(default=False, editable=False)
    secrecy = models.CharField(_("secrecy"), max_length=20, choices=Secrecy.choices, default=Secrecy.INTERNAL)
    title = models.CharField(_("title"), max_length=200)
    opened_at = models.DateTimeField(_("opened"), editable=False)
    closed_at = models.DateTimeField(pgettext_lazy("moment", "closed"), null=True, editable=False)
    opened_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )

    class Meta:
        verbose_name = _("matter")
        indexes: ClassVar[list[models.Index]] = [
            models.Index("jurisdiction", "mechanism", F("id").desc(), name="matter_list"),
            # With all that is asked of what came in and went out, so that no row is looked at.
            models.Index("opened_at", "mechanism", "jurisdiction", name="matter_opened"),
            models.Index(
                "closed_at",
                "mechanism",
                "jurisdiction",
                name="matter_closed",
                condition=models.Q(closed_at__isnull=False),
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["jurisdiction", "number"], name="one_matter_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    _loaded: Mapping[str, Any]

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any
    ) -> Self:
        matter = super().from_db(db, field_names, values, **options)
        matter._loaded = dict(zip(field_names, values, strict=False))
        return matter

    def loaded(self, name: str) -> Any:
        """A field as it was read from the database."""
        return self._loaded[name]

    def changed(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The columns that differ from what was read: the mechanism's own, and the base row's."""
        own: dict[str, Any] = {}
        base: dict[str, Any] = {}
        for field in self._meta.concrete_fields:
            value = getattr(self, field.attname)
            if value != self._loaded.get(field.attname):
                part = base if field.model is Matter else own
                part[field.attname] = value
        return own, base

    def words_with(self) -> Matter | None:
        """The matter with which its words lie, where they were sealed later 隐去内容; as a rule none.

        Who reads this one and not that one sees that there are words, and none of them.
        """
        return None

    def occasion(self) -> CalendarEvent | None:
        """What of it stands in a calendar; a mechanism whose matters have a time says so here."""
        return None

    @property
    def discreet(self) -> bool:
        """Whether no more than its number may leave the house 对外不显名称: by letter, calendar or the name of a file.

        What is more than internal is; a mechanism adds what nobody outside is to learn beforehand.
        """
        return self.secrecy != Secrecy.INTERNAL

    @act(ANY, by=System("succession"), label=_("Follow to the successor"))
    def follow(
        self,
        do: Do,
        unit: Annotated[Unit | None, UNIT_THAT_ENDS] = None,
        successor: Annotated[Unit | None, SUCCESSOR] = None,
        person: Annotated[Person | None, PERSON_WHO_LEAVES] = None,
        taken_over_by: Annotated[Person | None, WHO_TAKES_OVER] = None,
    ) -> None:
        """Follow a unit that ended to its successor, or a person who left to who takes over, wherever it named them."""
        if unit is not None and successor is not None:
            keys = {unit_key(role, unit.pk): unit_key(role, successor.pk) for role in Role}
            do.steps.follow(keys)
            for name, fate in self.becomes.items():
                if fate == FOLLOWS and getattr(self, f"{name}_id") == unit.pk:
                    setattr(self, f"{name}_id", successor.pk)
        if person is not None and taken_over_by is not None:
            do.steps.follow({person_key(person.pk): person_key(taken_over_by.pk)})
            self.hand_over(do, person, taken_over_by)

    @classmethod
    def answered_for(cls, person_id: int) -> models.Q:
        """The condition that a matter names a person as who is to do something of it, in one of ``in_person``."""
        found = models.Q(pk__in=())
        for name in cls.in_person:
            found |= models.Q(**{name: person_id})
        return found

    def hand_over(self, do: Do, person: Person, to: Person) -> None:
        """Put who takes over in place of a person who left, in each field of ``in_person``."""
        for name in self.in_person:
            if getattr(self, f"{name}_id") == person.pk:
                setattr(self, name, to)

    @act(ANY, by=System("calendar"), label=_("Let time limits stand still"))
    def stand_still(self, do: Do, why: Annotated[str, Line(500), REASON]) -> None:
        """Let the time limits stand still that wait for an act which can't be done for want of a calendar or a value."""
        do.stand_still()

    @act(ANY, by=System("calendar"), label=_("Reckon time limits anew"))
    def reckon(
        self, do: Do, why: Annotated[str, Line(500), REASON], by_regime: Annotated[bool, BY_REGIME] = False
    ) -> None:
        """Reckon the time limits anew by the calendar as it is known now, and say when they end."""
        do.reckon(by_regime)
        self.recount(do)

    def recount(self, do: Do) -> None:
        """Reckon anew what else of it rests on the calendar; a mechanism whose matters have such days says so here."""

    @classmethod
    def reached_by(cls, days: Sequence[date], workdays: Workdays) -> Iterable[int]:
        """The ids of the open ones whose own days a notice reaches, some days of which are named."""
        return ()


class NumberSeries(models.Model):
    """A gapless number series 编号序列 of a jurisdiction, a word and a year."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    word = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["jurisdiction", "word", "year"], name="one_series_a_year"),
        ]

    @classmethod
    def draw(cls, jurisdiction: Jurisdiction, word: str, year: int, stands_on: Footing) -> str:
        """The next number for an act, as 清风区整改〔2026〕12号 (GB/T 9704-2012, 7.2.5).

        Raises ``Conflict`` where something the act stands on no longer does.
        """
        return f"{jurisdiction.name}{word}〔{year}〕{cls.next(jurisdiction, word, year, stands_on)}号"

    @classmethod
    def next(cls, jurisdiction: Jurisdiction, word: str, year: int, stands_on: Footing | None = None) -> int:
        """The next in the series, which is held until the transaction ends."""
        where: dict[str, Any] = {"jurisdiction_id": jurisdiction.pk, "word": word, "year": year}
        drawn = increment(cls, "last", stands_on.condition() if stands_on else None, **where)
        if drawn is None:
            if stands_on:
                stands_on.demand()
            cls.objects.get_or_create(**where)
            return cls.next(jurisdiction, word, year, stands_on)
        return drawn
