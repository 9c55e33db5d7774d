"""Strict YAML: every node keeps its line, and what YAML would guess or hide is refused.

Anchors, aliases and tags are refused, double keys are refused, and only true, false, null, whole numbers,
decimals and dates are more than text (YAML 1.1 would take `no` for false and 12:30 for 750).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import yaml

from qingfeng.kernel.text.translatable import TranslatableError
from qingfeng.kernel.text.translatable import gettext_noop as _

LARGEST = 1_000_000
DEEPEST = 12

_WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,17})\.\d{1,12}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


class BadDocument(TranslatableError, ValueError):
    """A file is refused: `file`, `line` (from 1), the parameter it is `about` or "", and a sentence."""

    def __init__(self, file: str, line: int, words: str, about: str = "", /, **params: object) -> None:
        self.file = file
        self.line = line
        self.about = about
        super().__init__(words, **params)

    def __str__(self) -> str:
        return self.told(str)

    def told(self, translate: Callable[[str], str]) -> str:
        """Return "file:line: sentence" with the sentence put through `translate`."""
        place = f"{self.file}:{self.line}: " + (f"{self.about}: " if self.about else "")
        return place + super().told(translate)


@dataclass(frozen=True, slots=True)
class Spot:
    """A value and the line it stands on.

    `raw` of a mapping or list holds Spots; `text` is a scalar as written; `key_line` is the line of the key
    under which the value stands.
    """

    line: int
    raw: object
    text: str | None = None
    key_line: int = 0

    def bare(self) -> object:
        """Return the value without its lines."""
        if isinstance(self.raw, dict):
            return {key: spot.bare() for key, spot in self.raw.items()}
        if isinstance(self.raw, list):
            return [spot.bare() for spot in self.raw]
        return self.raw


def parse(data: bytes, file: str) -> Spot:
    """Return the one YAML document in `data`; `file` names it in messages. Raises BadDocument."""
    if len(data) > LARGEST:
        raise BadDocument(file, 1, _("The file has more than %(most)s bytes."), most=LARGEST)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadDocument(file, line, _("This is not UTF-8 text; save the file as UTF-8.")) from error
    try:
        _demand_bare(text, file)
        node = yaml.compose(text, yaml.BaseLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise BadDocument(file, line, _("A character here is not allowed in YAML.")) from error
    except yaml.composer.ComposerError as error:
        line = _line_of(error)
        raise BadDocument(file, line, _("A second document begins here; keep one in a file.")) from error
    except yaml.MarkedYAMLError as error:
        line = _line_of(error)
        raise BadDocument(
            file, line, _("This is not valid YAML: %(problem)s."), problem=error.problem
        ) from error
    if node is None:
        raise BadDocument(file, 1, _("The file is empty."))
    return _spot(node, file)


def _demand_bare(text: str, file: str) -> None:
    """Refuse what hides a value elsewhere, before any node is built."""
    depth = 0
    for event in yaml.parse(text, yaml.BaseLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if getattr(event, "anchor", None):
            raise BadDocument(
                file, line, _("Anchors (&) and aliases (*) are not allowed; write the value out.")
            )
        if getattr(event, "tag", None):
            raise BadDocument(file, line, _("Tags (!) are not allowed; write the bare value."))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise BadDocument(file, line, _("This is nested too deep."))


def _line_of(error: yaml.MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 1


def _spot(node: yaml.Node, file: str, key_line: int = 0) -> Spot:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        inner: dict[str, Spot] = {}
        for key, value in node.value:
            at = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise BadDocument(file, at, _("A key must be a text."))
            if key.value in inner:
                raise BadDocument(file, at, _("The key '%(key)s' stands here twice."), key=key.value)
            inner[key.value] = _spot(value, file, at)
        return Spot(line, inner, None, key_line)
    if isinstance(node, yaml.SequenceNode):
        return Spot(line, [_spot(item, file) for item in node.value], None, key_line)
    text: str = node.value
    quoted = isinstance(node, yaml.ScalarNode) and node.style is not None
    return Spot(line, text if quoted else _scalar(text), text, key_line)


def _scalar(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
