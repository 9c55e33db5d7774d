"""The policy in force 现行制度: the stack of activated regimes of a jurisdiction, as of a day and as known at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import CharField, ExpressionWrapper, F, OuterRef, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.gathered import Gathered, moment, rows
from qingfeng.kernel.parties.models import Jurisdiction
from qingfeng.kernel.prepared import number, reading
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.regime.document import NATIONAL, Document, load
from qingfeng.kernel.regime.models import ActivatedRegime, CalendarNotice
from qingfeng.kernel.regime.parameters import Parameter, plain
from qingfeng.kernel.regime.registry import Registry
from qingfeng.kernel.regime.stack import Incomparable, NoValue, Stack, Valued
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.workdays import Workdays
from qingfeng.kernel.words import Words

PARAMETERS = Registry()
"""Every parameter the mechanisms declare."""

NOTICE = ("year", "off", "work", "source")


class Policy:
    """The values that hold for one jurisdiction on a day; what was read is kept for the ledger entry.

    :param known_at: look with the eyes of an earlier time: only what was activated by then
    """

    def __init__(self, jurisdiction_id: int, on: date, known_at: datetime | None = None) -> None:
        self.jurisdiction_id = jurisdiction_id
        self.on = on
        self.known_at = known_at
        self._read: dict[str, Valued] = {}

    @cached_property
    def _recorded(self) -> list[Any]:
        """The jurisdiction with what was activated for it and the notices of working days; empty: there is none."""
        return reading(_recorded)(self.jurisdiction_id)

    @property
    def jurisdiction(self) -> Jurisdiction:
        """The jurisdiction itself. Raises ``IndexError`` where there is none."""
        found: Jurisdiction = self._recorded[0]
        return found

    @cached_property
    def stack(self) -> Stack:
        """The regimes in force, the most general first."""
        latest = {
            (path, regime): (layer, digest)
            for found in self._recorded
            for _pk, path, regime, layer, digest, recorded_at in sorted(rows(found.activated))
            if self.known_at is None or moment(recorded_at) <= self.known_at
        }
        ordered = sorted(
            (layer != NATIONAL, len(path), digest) for (path, _regime), (layer, digest) in latest.items()
        )
        return _stack(tuple(digest for _local, _depth, digest in ordered))

    @property
    def workdays(self) -> Workdays:
        """The calendar of working days."""
        return _workdays(self._recorded[0].notices)

    def enables(self, code: str) -> bool:
        """Whether a regime in force enables a mechanism 启用."""
        return self.stack.enables(code)

    def valued(self, parameter: Parameter) -> Valued:
        """A parameter's value with its layer, first day and source. Raises ``Barred`` where there is none."""
        if parameter.name not in self._read:
            try:
                self._read[parameter.name] = self.stack.value(parameter, self.on)
            except NoValue:
                raise Barred(
                    format_lazy(_("The regime says nothing yet of “{}”."), parameter.label),
                    remedy=_("Ask the supervision office to amend the regime and put it in force."),
                ) from None
            except Incomparable as fault:
                raise Barred(fault.told(say)) from None
        return self._read[parameter.name]

    def levels(self, parameter: Parameter) -> list[Valued]:
        """What each level says of a parameter, the most general first: who set a limit, not only which holds."""
        return self.stack.levels(parameter, self.on)

    def value(self, parameter: Parameter) -> Any:
        """A parameter's value."""
        return self.valued(parameter).value

    def choices(self, parameter: Parameter) -> list[tuple[str, Words]]:
        """The codes a parameter lists, with labels in the reader's language."""
        english = (get_language() or "").startswith("en")
        return [(choice.code, choice.en if english else choice.zh) for choice in self.value(parameter)]

    @property
    def read(self) -> list[list[Any]]:
        """Name, value, layer, first day and digest of each parameter read, as the entry holds them."""
        return [
            [name, plain(valued.value), valued.layer, valued.since.isoformat(), valued.digest.hex()]
            for name, valued in sorted(self._read.items())
        ]


def _recorded() -> QuerySet[Jurisdiction]:
    """A jurisdiction with every activation for it and those above it, and with every notice of working days."""
    above = ActivatedRegime.objects.annotate(
        own=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    ).filter(own__startswith=F("jurisdiction__path"))
    return Jurisdiction.objects.filter(pk=number(0)).annotate(
        activated=Gathered(
            above.values("id", "jurisdiction__path", "regime", "layer", "digest", "recorded_at")
        ),
        notices=Gathered(CalendarNotice.objects.values("id", *NOTICE)),
    )


def first_activated(jurisdiction_id: int, says: Callable[[Document], bool]) -> date | None:
    """The day on which a regime that says something was first activated for a jurisdiction.

    What a regime says may begin before that day; what the system does by it does not.
    """
    path = Jurisdiction.objects.values_list("path", flat=True).get(pk=jurisdiction_id)
    layers = [int(part) for part in path.split("/") if part]
    rows = ActivatedRegime.objects.filter(jurisdiction_id__in=layers).order_by("recorded_at", "id")
    for digest, recorded_at in rows.values_list("digest", "recorded_at"):
        if says(_document(digest)):
            return day_of(recorded_at)
    return None


@lru_cache(maxsize=128)
def _stack(digests: tuple[str, ...]) -> Stack:
    """The regimes of these digests, which are reckoned again from what the regimes say."""
    return Stack(map(_document, digests))


@lru_cache(maxsize=128)
def _document(digest: str) -> Document:
    """An activated regime by its digest, which names one text for ever; it was strictly loaded before."""
    row = ActivatedRegime.objects.filter(digest=digest).order_by("id")[0]
    return load(row.text.encode(), row.regime, PARAMETERS)


def calendar() -> Workdays:
    """The calendar of working days, for who asks for no jurisdiction: none has its own."""
    return _calendar(tuple(CalendarNotice.objects.order_by("id").values_list(*NOTICE)))


def _workdays(gathered: str | None) -> Workdays:
    return _calendar(tuple(tuple(notice) for _pk, *notice in sorted(rows(gathered))))


@lru_cache(maxsize=8)
def _calendar(notices: Iterable[tuple[int, str, str, str]]) -> Workdays:
    """The calendar with the notices recorded for years the package doesn't know."""
    return Workdays(tuple(CalendarNotice.notice(*notice) for notice in notices))
