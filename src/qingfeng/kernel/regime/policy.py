"""The policy in force 现行制度: the stack of activated regimes of a jurisdiction, as of a day and as known at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any

from django.db.models import CharField, ExpressionWrapper, F, OuterRef, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.installation import demonstration
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.reading.compiled import compiled, int_slot
from qingfeng.kernel.reading.json_rows import JsonRows, moment, rows
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.regime.document import DEFAULTS, LEVELS, NATIONAL, Document, standing
from qingfeng.kernel.regime.models import ActivatedRegime, CalendarNotice, ConfirmedNumber, EndedRegime
from qingfeng.kernel.regime.parameters import Parameter, ParameterKind, Stricter, plain
from qingfeng.kernel.regime.registry import Registry
from qingfeng.kernel.regime.stack import IncomparableValues, NoValue, Stack, ValueInForce
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.workdays import Workdays

PARAMETERS = Registry()
"""Every parameter the mechanisms declare."""


def parameter(
    name: str, label: Words, kind: ParameterKind, describes: Words, stricter: Stricter | None = None
) -> Parameter:
    """Declare a policy parameter; see ``Parameter``. Raises ``ValueError`` where its name is taken."""
    return PARAMETERS.add(Parameter(name, label, kind, describes, stricter))


NOTICE = ("year", "off", "work", "source")


@dataclass(frozen=True)
class Spell:
    """From a day on, what fills a place of the stack: a regime, or nothing 施行时段."""

    since: date
    regime: str
    digest: str


Place = tuple[str, str]
"""A place of the stack: the path of the jurisdiction, and the level, or of national rules and defaults the code."""


class Policy:
    """The values that hold for one jurisdiction on a day; what was read is kept for the ledger entry.

    :param known_at: look with the eyes of an earlier time: only what was activated by then
    """

    def __init__(self, jurisdiction_id: int, on: date, known_at: datetime | None = None) -> None:
        self.jurisdiction_id = jurisdiction_id
        self.on = on
        self.known_at = known_at
        self._read: dict[str, ValueInForce] = {}

    def as_of(self, on: date) -> Policy:
        """The same on another day, without asking the database again."""
        other = Policy(self.jurisdiction_id, on, self.known_at)
        other._recorded = self._recorded
        return other

    @cached_property
    def _recorded(self) -> list[Any]:
        """The jurisdiction with what was activated for it and the notices of working days; empty: there is none."""
        return compiled(_recorded)(self.jurisdiction_id)

    def _known(self, gathered: str | None) -> list[list[Any]]:
        """Rows gathered, the moment of their recording first, as far as they were known."""
        found = ([moment(at), *row] for _pk, at, *row in sorted(rows(gathered)))
        return [row for row in found if self.known_at is None or row[0] <= self.known_at]

    @property
    def jurisdiction(self) -> Jurisdiction:
        """The jurisdiction itself. Raises ``IndexError`` where there is none."""
        found: Jurisdiction = self._recorded[0]
        return found

    @cached_property
    def _spells(self) -> dict[Place, list[Spell]]:
        """What filled each place of the stack, and from when on."""
        spells: dict[Place, list[Spell]] = {}
        for found in self._recorded:
            activated = [(date.fromisoformat(row[2]), *row) for row in self._known(found.activated)]
            ended = [(date.fromisoformat(row[2]), *row, "") for row in self._known(found.ended)]
            # Of what was recorded at one moment, the later row comes last: sorting keeps the order of rows.
            for since, at, path, _since, regime, digest in sorted([*activated, *ended], key=itemgetter(0, 1)):
                if not digest:
                    for place, there in spells.items():
                        if place[0] == path and there[-1].regime == regime:
                            there.append(Spell(since, "", ""))
                    continue
                there = spells.setdefault(place_of(path, document_of(digest)), [])
                # A correction of what is in force takes the place of what it corrects, from the beginning.
                if there and there[-1].regime == regime and since <= day_of(at):
                    there[-1] = replace(there[-1], digest=digest)
                else:
                    # The first speaks of the days before it too: its values have first days of their own.
                    first = not there and since <= day_of(at)
                    there.append(Spell(date.min if first else since, regime, digest))
        return spells

    @cached_property
    def standing(self) -> dict[Place, str]:
        """The digest of the regime that fills each place of the stack on the day."""
        standing = {}
        for place, spells in self._spells.items():
            held = [spell.digest for spell in spells if spell.since <= self.on]
            if held and held[-1]:
                standing[place] = held[-1]
        return standing

    @cached_property
    def stack(self) -> Stack:
        """The regimes in force, the most general first."""
        return _stack(tuple(self.standing.items()))

    def changes(self, parameter: Parameter) -> list[date]:
        """The days on which a parameter's value may have changed, in order; none: nothing ever said anything of it."""
        spells = [spell for there in self._spells.values() for spell in there]
        days = {
            dated.since
            for spell in spells
            if spell.digest
            for dated in document_of(spell.digest).values.get(parameter.name, ())
        }
        return sorted(days | {spell.since for spell in spells if spell.since > min(days)}) if days else []

    @property
    def rests_on(self) -> tuple[list[int], int, int, int] | None:
        """What it rests on, if it was read: the jurisdictions above, the last of their activations, ends, and notices."""
        if not vars(self).get("_recorded"):
            return None
        found = self._recorded[0]
        activated, ended, noticed = (
            max((pk for pk, *_more in rows(gathered)), default=0)
            for gathered in (found.activated, found.ended, found.notices)
        )
        return [int(part) for part in found.path.split("/") if part], activated, ended, noticed

    @property
    def workdays(self) -> Workdays:
        """The calendar of working days."""
        return _workdays(self._recorded[0].notices)

    def enables(self, code: str) -> bool:
        """Whether a regime in force enables a mechanism 启用."""
        return self.stack.enables(code)

    def valued(self, parameter: Parameter) -> ValueInForce:
        """A parameter's value with its layer, first day and source, for an act that goes by it.

        Raises ``Barred`` where there is none, and where it measures time and nobody has confirmed it.
        """
        if parameter.name not in self._read:
            try:
                found = self.stack.value(parameter, self.on)
            except NoValue:
                raise Barred(
                    format_lazy(_("The regime says nothing yet of “{}”."), parameter.label),
                    remedy=_("Ask the supervision office to amend the regime and put it in force."),
                ) from None
            except IncomparableValues as fault:
                raise Barred(fault.told(say)) from None
            # A number that drives a limit makes people late; nobody is late by a figure no person compared (0054).
            if parameter.timed and not self.confirmed(found):
                raise Barred(
                    format_lazy(_("Nobody has yet compared “{}” with the official text."), parameter.label),
                    found.source.said,
                    _("Have the supervision office confirm it, on the page “Numbers to be confirmed”."),
                )
            self._read[parameter.name] = found
        return self._read[parameter.name]

    def seen(self, parameter: Parameter) -> ValueInForce | None:
        """A parameter's value to be shown, confirmed or not; none where nothing holds."""
        try:
            return self.stack.value(parameter, self.on)
        except (NoValue, IncomparableValues):
            return None

    def confirmed(self, valued: ValueInForce) -> bool:
        """Whether a number may drive a clock: it was compared, or this installation only demonstrates."""
        return demonstration() or self.compared(valued)

    def compared(self, valued: ValueInForce) -> bool:
        """Whether a person compared a number with the official text: its author, or who confirmed it here."""
        return valued.verified or not self._confirmed.isdisjoint(valued.fingerprints)

    @cached_property
    def _confirmed(self) -> set[str]:
        return {row[1] for found in self._recorded for row in self._known(found.confirmed)}

    def levels(self, parameter: Parameter) -> list[ValueInForce]:
        """What each level says of a parameter, the most general first: who set a limit, not only which holds."""
        return self.stack.levels(parameter, self.on)

    def value(self, parameter: Parameter) -> Any:
        """A parameter's value."""
        return self.valued(parameter).value

    def choices(self, parameter: Parameter) -> list[tuple[str, Words]]:
        """The codes a parameter lists, with labels in the reader's language."""
        return _labels(self.value(parameter))

    def labels(self, parameter: Parameter) -> dict[str, Words]:
        """The labels of a parameter's codes, to be shown: those that once were in force too, then those that are."""
        spells = [spell for there in self._spells.values() for spell in there if spell.digest]
        ever = [
            pair
            for spell in spells
            for dated in document_of(spell.digest).values.get(parameter.name, ())
            for pair in _labels(dated.value)
        ]
        now = self.seen(parameter)
        # What stands on old matters has its words still, where the code is out of use since.
        return dict(ever) | dict(_labels(now.value) if now else ())

    @property
    def read(self) -> list[list[Any]]:
        """Name, value, layer, first day and digest of each parameter read, as the entry holds them."""
        return [
            [name, plain(valued.value), valued.layer, valued.since.isoformat(), valued.digest.hex()]
            for name, valued in sorted(self._read.items())
        ]


def _recorded() -> QuerySet[Jurisdiction]:
    """A jurisdiction with every activation for it and those above it, and with every notice of working days."""
    return Jurisdiction.objects.filter(pk=int_slot(0)).annotate(
        activated=_above(ActivatedRegime, "jurisdiction__path", "valid_from", "regime", "digest"),
        ended=_above(EndedRegime, "jurisdiction__path", "valid_from", "regime"),
        confirmed=_above(ConfirmedNumber, "fingerprint"),
        notices=JsonRows(CalendarNotice.objects.values("id", *NOTICE)),
    )


def _above(register: Any, *names: str) -> JsonRows:
    """What a register holds for a jurisdiction and those above it."""
    own = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    found = register.objects.annotate(own=own).filter(own__startswith=F("jurisdiction__path"))
    return JsonRows(found.values("id", "recorded_at", *names))


def place_of(path: str, document: Document) -> Place:
    """The place of the stack that a regime fills where it is put in force: of a level there is one 同级唯一."""
    return path, document.regime if document.level in (DEFAULTS, NATIONAL) else document.level


def _labels(choices: Any) -> list[tuple[str, Words]]:
    english = (get_language() or "").startswith("en")
    return [(choice.code, choice.en if english else choice.zh) for choice in choices]


def first_activated(jurisdiction_id: int, says: Callable[[Document], bool]) -> date | None:
    """The day on which a regime that says something was first activated for a jurisdiction.

    What a regime says may begin before that day; what the system does by it does not.
    """
    path = Jurisdiction.objects.values_list("path", flat=True).get(pk=jurisdiction_id)
    layers = [int(part) for part in path.split("/") if part]
    rows = ActivatedRegime.objects.filter(jurisdiction_id__in=layers).order_by("recorded_at", "id")
    for digest, recorded_at, since in rows.values_list("digest", "recorded_at", "valid_from"):
        if says(document_of(digest)):
            return max(day_of(recorded_at), since)
    return None


@lru_cache(maxsize=128)
def _stack(standing: tuple[tuple[Place, str], ...]) -> Stack:
    """The regimes of these digests, which are reckoned again from what the regimes say."""
    return Stack(ordered({place: document_of(digest) for place, digest in standing}))


def ordered(standing: Mapping[Place, Document]) -> list[Document]:
    """The regimes that fill a stack, the most general first."""

    def generality(filled: tuple[Place, Document]) -> tuple[int, int, str]:
        (path, _level), document = filled
        return LEVELS.index(document.level), len(path), document.regime

    return [document for _place, document in sorted(standing.items(), key=generality)]


@lru_cache(maxsize=128)
def document_of(digest: str) -> Document:
    """An activated regime by its digest, which names one text for ever."""
    # The text, not the row: two jurisdictions that activated one text share what was read of it.
    row = ActivatedRegime.objects.filter(digest=digest).order_by("id")[0]
    return standing(row.text, row.regime, bytes.fromhex(digest), PARAMETERS)


def in_force(on: date) -> dict[Jurisdiction, list[ActivatedRegime]]:
    """The regimes that hold on a day where they were put in force, by jurisdiction."""
    found: dict[Jurisdiction, list[ActivatedRegime]] = {}
    for jurisdiction in Jurisdiction.objects.order_by("id"):
        digests = Policy(jurisdiction.pk, on).standing.values()
        held = ActivatedRegime.objects.filter(digest__in=digests, jurisdiction=jurisdiction).order_by("id")
        found[jurisdiction] = list({row.digest: row for row in held}.values())
    return found


def unverified(on: date) -> Iterator[tuple[ActivatedRegime, int]]:
    """The regimes in force with values that hold on a day and nobody compared with the official text; how many."""
    for jurisdiction, held in in_force(on).items():
        policy = Policy(jurisdiction.pk, on)
        for found in held:
            values = (policy.seen(parameter) for parameter in PARAMETERS)
            mine = [one for one in values if one is not None and one.digest.hex() == found.digest]
            if count := sum(not policy.compared(one) for one in mine):
                yield found, count


def unread(on: date) -> Iterator[tuple[ActivatedRegime, tuple[str, ...]]]:
    """The regimes in force that name parameters this program does not know or can't read, with those names."""
    for held in in_force(on).values():
        for found in held:
            if names := document_of(found.digest).unread:
                yield found, names


def calendar() -> Workdays:
    """The calendar of working days, for who asks for no jurisdiction: none has its own."""
    return _calendar(tuple(CalendarNotice.objects.order_by("id").values_list(*NOTICE)))


def _workdays(gathered: str | None) -> Workdays:
    return _calendar(tuple(tuple(notice) for _pk, *notice in sorted(rows(gathered))))


@lru_cache(maxsize=8)
def _calendar(notices: Iterable[tuple[int, str, str, str]]) -> Workdays:
    """The calendar with the notices recorded for years the package doesn't know."""
    return Workdays(tuple(CalendarNotice.notice(*notice) for notice in notices))
