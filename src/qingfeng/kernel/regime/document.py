"""The strict loader of a regime file, and its digest.

A regime (制度) is one locality's dated parameters with their sources. What is doubtful is refused with file,
line and words: a parameter that slips through misspelt would silently leave the old rule in force.
A value that its source leaves open has ``ask`` in its place, and is answered by who puts the regime in force.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

from qingfeng.kernel.former_codes import current
from qingfeng.kernel.ledger.canonical import encode
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.regime.parameters import UnfitValue, Value, plain
from qingfeng.kernel.regime.registry import Registry
from qingfeng.kernel.regime.tree import BadDocument, Spot, parse
from qingfeng.kernel.text.translatable import gettext_noop as _

NATIONAL = "national"
DEFAULTS = "defaults"
"""In the place of a jurisdiction: choices of our own, which yield to whatever any level says."""
ACTIVATORS = "local"
"""In the place of a jurisdiction: that of whoever puts the regime in force, as in the packs that are shipped."""
ABOVE = ("province", "city")
"""The levels that a regime may name: of who put it in force there is no need to."""
LEVELS = (DEFAULTS, NATIONAL, *ABOVE, "")
"""The levels of a stack, the most general first; the last is the level of who put the regime in force."""

_CODE = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_JURISDICTION = re.compile(r"[a-z0-9][a-z0-9_-]{1,31}")
_TEMPLATE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value is written: the paper's title, the clause, where it can be read, and the sentence itself."""

    title: str
    clause: str
    href: str | None = None
    quote: str | None = None

    @property
    def said(self) -> str:
        """The clause as a reader looks it up: the paper's title and the place in it."""
        return f"《{self.title}》{self.clause}"


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value from its first day on, with its source.

    `verified` says that a person read the official text; `checked_until` up to which day it was known to be
    still in force. `ask` is what the source leaves open, where the value is an answer to that 启用时选定.
    """

    since: date
    value: Value
    source: Source
    verified: bool
    checked_until: date | None = None
    note: str | None = None
    ask: str | None = None


@dataclass(frozen=True, slots=True)
class UnusedProvision:
    """What a source states and no mechanism reads yet 暂无机制读取的规定: kept so that it is found when one does."""

    zh: str
    en: str
    source: Source


@dataclass(frozen=True, slots=True)
class Document:
    """A regime as loaded: immutable, every value read by its parameter's kind.

    Of one in force, `activated_as` is the digest it was activated under, and `unread` the parameters in it that
    this program does not know or can't read; they have no value here.
    """

    regime: str
    title: str
    title_en: str
    jurisdiction: str
    place: str
    year: int | None
    values: Mapping[str, tuple[DatedValue, ...]]
    enables: tuple[str, ...]
    templates: Mapping[str, str]
    level: str = ""
    noted: tuple[UnusedProvision, ...] = ()
    activated_as: bytes | None = None
    unread: tuple[str, ...] = ()


def fingerprint(name: str, since: date, value: Value, source: Source) -> str:
    """Digest (hex) of one number: which parameter has which value from which day, by which clause.

    Whoever confirms a number confirms this; with another value, day or clause it is another number.
    """
    return sm3(encode([name, since.isoformat(), plain(value), source.title, source.clause])).hex()


def digest(document: Document) -> bytes:
    """Return SM3 of the document's canonical form: comments, order of keys and layout don't change it."""
    return document.activated_as or sm3(encode(to_plain(document)))


def to_plain(document: Document) -> dict[str, object]:
    """Return the document as canonical JSON can hold it.

    What came later stands in it only where it is used: the digests of documents before it stay what they were.
    """
    later: dict[str, object] = {"level": document.level} if document.level in ABOVE else {}
    if document.noted:
        later["noted"] = [
            {"zh": one.zh, "en": one.en, "source": _plain_source(one.source)} for one in document.noted
        ]
    return {
        "regime": document.regime,
        "title": document.title,
        "title_en": document.title_en,
        "jurisdiction": document.jurisdiction,
        "place": document.place,
        "year": document.year,
        "values": {name: [_plain_dated(dated) for dated in some] for name, some in document.values.items()},
        "enables": list(document.enables),
        "templates": dict(document.templates),
        **later,
    }


def read(path: Path, registry: Registry, mechanisms: Container[str] | None = None) -> Document:
    """Load the regime file at `path`; see `load`."""
    return load(path.read_bytes(), str(path), registry, mechanisms)


def load(data: bytes, file: str, registry: Registry, mechanisms: Container[str] | None = None) -> Document:
    """Return the regime written in `data` (YAML, UTF-8).

    `file` names it in messages. `mechanisms`, if given, are the codes that `enables` may name.

    Raises:
        BadDocument: at the first fault, as "file:line: sentence".
    """
    return _Reader(file, registry, mechanisms).document(parse(data, file))


def standing(text: str, regime: str, activated_as: bytes, registry: Registry) -> Document:
    """Return a regime in force, which was strictly loaded when it was activated, by a program of that time.

    A parameter that has since been renamed or has got other bounds is left out, so that the rest goes on holding.

    Raises:
        BadDocument: at the first fault that is no parameter's.
    """
    reader = _Reader(regime, registry, None, lenient=True)
    document = reader.document(parse(text.encode(), regime))
    return replace(document, activated_as=activated_as, unread=tuple(reader.unread))


def left_open(text: str, file: str) -> dict[str, str]:
    """Return what a regime asks of who puts it in force: by parameter, the question. Raises BadDocument."""
    return {name: item["ask"].text or "" for name, item in _open(text, file)}


def filled(text: str, file: str, jurisdiction: str, answers: Mapping[str, str]) -> str:
    """Return a regime with the jurisdiction it is for in place of `local`, and with the answers to what it asks.

    An answer is written as a value is, on one line, and stands above its question.

    Raises:
        BadDocument: if the text is no YAML, or an answer is to nothing that is asked.
    """
    lines = text.splitlines()
    places = {name: item["ask"].key_line for name, item in _open(text, file)}
    for name in answers:
        if name not in places:
            raise BadDocument(file, 1, _("This regime asks nothing about '%(name)s'."), name=name)
    for name, line in sorted(places.items(), key=lambda place: -place[1]):
        if name in answers:
            asked = lines[line - 1]
            lines.insert(line - 1, f"{asked[: asked.index('ask:')]}value: {answers[name]}")
    return "\n".join(
        f"jurisdiction: {jurisdiction}" if line == f"jurisdiction: {ACTIVATORS}" else line for line in lines
    )


def _open(text: str, file: str) -> list[tuple[str, dict[str, Spot]]]:
    """The dated values that have a question in place of a value, with their parameters."""
    top = parse(text.encode(), file).raw
    values = top["values"].raw if isinstance(top, dict) and "values" in top else {}
    return [
        (name, item.raw)
        for name, history in (values.items() if isinstance(values, dict) else ())
        for item in (history.raw if isinstance(history.raw, list) else ())
        if isinstance(item.raw, dict) and "ask" in item.raw and "value" not in item.raw
    ]


def _plain_source(source: Source) -> dict[str, object]:
    found: dict[str, object] = {"title": source.title, "clause": source.clause, "href": source.href}
    return found | ({"quote": source.quote} if source.quote else {})


def _plain_dated(dated: DatedValue) -> dict[str, object]:
    found = {
        "from": dated.since.isoformat(),
        "value": plain(dated.value),
        "source": _plain_source(dated.source),
        "verified": dated.verified,
        "checked_until": dated.checked_until.isoformat() if dated.checked_until else None,
        "note": dated.note,
    }
    return found | ({"ask": dated.ask} if dated.ask else {})


class _Reader:
    """Reads the parts of one file; every method raises BadDocument at the first fault."""

    def __init__(
        self, file: str, registry: Registry, mechanisms: Container[str] | None, lenient: bool = False
    ) -> None:
        self._file = file
        self._registry = registry
        self._mechanisms = mechanisms
        self._lenient = lenient
        self.unread: list[str] = []

    def document(self, top: Spot) -> Document:
        needed = ("regime", "title", "title_en", "jurisdiction", "place", "values", "enables")
        keys = self._keys(top, "", needed, ("year", "templates", "level", "noted"))
        year = keys.get("year")
        document = Document(
            regime=self._code(keys["regime"], "regime", _CODE),
            title=self._text(keys["title"], "title"),
            title_en=self._text(keys["title_en"], "title_en"),
            jurisdiction=self._code(keys["jurisdiction"], "jurisdiction", _JURISDICTION),
            place=self._text(keys["place"], "place"),
            year=self._year(year) if year else None,
            values=MappingProxyType(self._values(keys["values"])),
            enables=self._enables(keys["enables"]),
            templates=MappingProxyType(self._templates(keys["templates"]) if "templates" in keys else {}),
            noted=self._noted(keys["noted"]) if "noted" in keys else (),
        )
        return replace(document, level=self._level(keys.get("level"), document.jurisdiction))

    def _values(self, spot: Spot) -> dict[str, tuple[DatedValue, ...]]:
        values: dict[str, tuple[DatedValue, ...]] = {}
        for written, history in self._mapping(spot, "values").items():
            name = current("parameters", written)
            try:
                if name in values:
                    raise self._bad(
                        history, _("'%(name)s' stands here under two names; keep one."), name=name
                    )
                values[name] = self._history(name, history)
            except BadDocument:
                if not self._lenient:
                    raise
                self.unread.append(written)
        return values

    def _history(self, name: str, spot: Spot) -> tuple[DatedValue, ...]:
        if self._registry.get(name) is None:
            raise BadDocument(
                self._file,
                spot.key_line,
                _("There is no parameter '%(name)s'. The nearest there are: %(near)s."),
                name=name,
                near=", ".join(get_close_matches(name, [one.name for one in self._registry], cutoff=0)),
            )
        history: list[DatedValue] = []
        for item in self._list(spot, name):
            dated = self._dated(name, item)
            if history and dated.since == history[-1].since:
                raise self._bad(
                    item, _("'%(name)s' has two values from %(day)s; keep one."), name=name, day=dated.since
                )
            if history and dated.since < history[-1].since:
                raise self._bad(
                    item,
                    _("The value from %(day)s stands after the one from %(before)s; put the earlier first."),
                    day=dated.since,
                    before=history[-1].since,
                )
            history.append(dated)
        if not history:
            raise self._bad(spot, _("'%(name)s' has no value; give one or leave it out."), name=name)
        return tuple(history)

    def _dated(self, name: str, spot: Spot) -> DatedValue:
        if isinstance(spot.raw, dict) and "ask" in spot.raw and "value" not in spot.raw:
            raise self._bad(
                spot,
                _("'%(name)s' is left open. Answer it when you propose the regime: %(ask)s"),
                name=name,
                ask=self._text(spot.raw["ask"], "ask"),
            )
        optional = ("checked_until", "note", "ask")
        keys = self._keys(spot, name, ("from", "value", "source", "verified"), optional)
        since = self._date(keys["from"], "from")
        checked = self._date(keys["checked_until"], "checked_until") if "checked_until" in keys else None
        if checked and checked < since:
            raise self._bad(
                keys["checked_until"],
                _("checked_until lies before the value's first day %(day)s."),
                day=since,
            )
        return DatedValue(
            since=since,
            value=self._value(name, keys["value"]),
            source=self._source(keys["source"]),
            verified=self._flag(keys["verified"], "verified"),
            checked_until=checked,
            note=self._text(keys["note"], "note") if "note" in keys else None,
            ask=self._text(keys["ask"], "ask") if "ask" in keys else None,
        )

    def _value(self, name: str, spot: Spot) -> Value:
        parameter = self._registry.get(name)
        assert parameter is not None
        try:
            return parameter.kind.read(spot.bare())
        except UnfitValue as error:
            raise BadDocument(self._file, spot.line, error.words, name, **error.params) from error

    def _source(self, spot: Spot) -> Source:
        keys = self._keys(spot, "source", ("title", "clause"), ("href", "quote"))
        return Source(
            title=self._text(keys["title"], "title"),
            clause=self._text(keys["clause"], "clause"),
            href=self._text(keys["href"], "href") if "href" in keys else None,
            quote=self._text(keys["quote"], "quote") if "quote" in keys else None,
        )

    def _level(self, spot: Spot | None, jurisdiction: str) -> str:
        if jurisdiction in (DEFAULTS, NATIONAL):
            return jurisdiction
        if spot is None:
            return ""
        if spot.raw not in ABOVE:
            raise self._bad(spot, _("'level' is province or city; leave it out where it is your own."))
        return str(spot.raw)

    def _noted(self, spot: Spot) -> tuple[UnusedProvision, ...]:
        rows = [self._keys(item, "noted", ("zh", "en", "source"), ()) for item in self._list(spot, "noted")]
        return tuple(
            UnusedProvision(
                self._text(row["zh"], "zh"), self._text(row["en"], "en"), self._source(row["source"])
            )
            for row in rows
        )

    def _enables(self, spot: Spot) -> tuple[str, ...]:
        codes: list[str] = []
        for item in self._list(spot, "enables"):
            code = self._code(item, "enables", _CODE)
            if self._mechanisms is not None and code not in self._mechanisms:
                raise self._bad(item, _("There is no mechanism '%(code)s'."), code=code)
            if code in codes:
                raise self._bad(item, _("The mechanism '%(code)s' is enabled twice."), code=code)
            codes.append(code)
        return tuple(codes)

    def _templates(self, spot: Spot) -> dict[str, str]:
        return {
            paper: self._code(name, "templates", _TEMPLATE)
            for paper, name in self._mapping(spot, "templates").items()
        }

    def _keys(
        self, spot: Spot, about: str, needed: tuple[str, ...], optional: tuple[str, ...]
    ) -> dict[str, Spot]:
        keys = self._mapping(spot, about)
        for key, value in keys.items():
            if key not in needed and key not in optional:
                raise BadDocument(
                    self._file,
                    value.key_line,
                    _("There is no key '%(key)s' here; known are %(known)s."),
                    about,
                    key=key,
                    known=", ".join((*needed, *optional)),
                )
        for key in needed:
            if key not in keys:
                raise self._bad(spot, _("'%(key)s' is missing here."), about, key=key)
        return keys

    def _mapping(self, spot: Spot, about: str) -> dict[str, Spot]:
        if not isinstance(spot.raw, dict):
            raise self._bad(spot, _("A mapping (lines of key: value) is wanted here."), about)
        return spot.raw

    def _list(self, spot: Spot, about: str) -> list[Spot]:
        if not isinstance(spot.raw, list):
            raise self._bad(spot, _("A list (lines beginning with -) is wanted here."), about)
        return spot.raw

    def _text(self, spot: Spot, key: str) -> str:
        if spot.raw is None or spot.text is None or not spot.text.strip():
            raise self._bad(spot, _("'%(key)s' must be a text."), key=key)
        return spot.text

    def _code(self, spot: Spot, key: str, pattern: re.Pattern[str]) -> str:
        text = self._text(spot, key)
        if not pattern.fullmatch(text):
            raise self._bad(spot, _("'%(text)s' is no valid code or name for '%(key)s'."), text=text, key=key)
        return text

    def _date(self, spot: Spot, key: str) -> date:
        if not isinstance(spot.raw, date):
            raise self._bad(
                spot,
                _("'%(key)s' must be a date such as 2026-03-01; '%(text)s' is none."),
                key=key,
                text=spot.text or "",
            )
        return spot.raw

    def _flag(self, spot: Spot, key: str) -> bool:
        if not isinstance(spot.raw, bool):
            raise self._bad(spot, _("'%(key)s' must be true or false."), key=key)
        return spot.raw

    def _year(self, spot: Spot) -> int:
        if isinstance(spot.raw, bool) or not isinstance(spot.raw, int) or not 1949 <= spot.raw <= 2100:
            raise self._bad(spot, _("'year' must be a year such as 2016."))
        return spot.raw

    def _bad(self, spot: Spot, words: str, about: str = "", /, **params: object) -> BadDocument:
        return BadDocument(self._file, spot.line, words, about, **params)
