"""Strict reading of YAML: every node knows its line, every key is asked for, what is left over is refused.

Numbers are read from their digits and never pass through binary floating point; dates are ``YYYY-MM-DD``,
instants ``YYYY-MM-DDTHH:MM:SSZ``; no anchors' merge keys, no duplicate keys.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import yaml

from qingfeng.assessment.engine.refusals import DocumentPlace, EngineRefusal
from qingfeng.assessment.engine.rounding import scaled

_T = TypeVar("_T", bound=str)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z")


class DocumentItem:
    """One value of the document, with the place where it stands."""

    def __init__(self, node: yaml.Node, file: str, name: str) -> None:
        self._node = node
        self.place = DocumentPlace(file, node.start_mark.line + 1)
        self.name = name

    @property
    def is_map(self) -> bool:
        return isinstance(self._node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self._node, yaml.SequenceNode)

    def map(self) -> "DocumentMap":
        """The value as a mapping."""
        if not isinstance(self._node, yaml.MappingNode):
            raise EngineRefusal("not_a_map", self.place, key=self.name)
        return DocumentMap(self._node, self.place.file, self.name)

    def items(self) -> "list[DocumentItem]":
        """The value as a list; empty lists are refused, for an empty list says nothing."""
        if not isinstance(self._node, yaml.SequenceNode) or not self._node.value:
            raise EngineRefusal("not_a_list", self.place, key=self.name)
        return [DocumentItem(node, self.place.file, self.name) for node in self._node.value]

    def text(self) -> str:
        """The value as words."""
        if not isinstance(self._node, yaml.ScalarNode) or not self._node.value.strip():
            raise EngineRefusal("not_words", self.place, key=self.name)
        return str(self._node.value).strip()

    def number(self, places: int = 0) -> int:
        """The value as an integer scaled by 10**places."""
        text = self.text()
        try:
            return scaled(text, places)
        except ValueError:
            raise EngineRefusal(
                "not_a_number", self.place, key=self.name, found=text, places=places
            ) from None

    def date(self) -> dt.date:
        """The value as a day."""
        text = self.text()
        try:
            if not _DATE.fullmatch(text):
                raise ValueError
            return dt.date.fromisoformat(text)
        except ValueError:
            raise EngineRefusal("not_a_date", self.place, key=self.name, found=text) from None

    def instant(self) -> dt.datetime:
        """The value as an instant of UTC."""
        text = self.text()
        try:
            if not _INSTANT.fullmatch(text):
                raise ValueError
            return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError:
            raise EngineRefusal("not_an_instant", self.place, key=self.name, found=text) from None

    def choice(self, choices: Iterable[_T]) -> _T:
        """The value as one of the given words."""
        text = self.text()
        options = tuple(choices)
        for option in options:
            if option == text:
                return option
        raise EngineRefusal(
            "not_a_choice", self.place, key=self.name, found=text, choices=" / ".join(options)
        )

    def truth(self) -> bool:
        """The value as yes or no, written true or false."""
        return self.choice(("true", "false")) == "true"


class DocumentMap:
    """A mapping whose keys are taken one by one; use it as a context: leaving it refuses unknown keys."""

    def __init__(self, node: yaml.MappingNode, file: str, name: str) -> None:
        self.place = DocumentPlace(file, node.start_mark.line + 1)
        self.name = name
        self._items: dict[str, DocumentItem] = {}
        self._taken: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            place = DocumentPlace(file, key_node.start_mark.line + 1)
            if key in self._items:
                raise EngineRefusal("double_key", place, key=key)
            item = DocumentItem(value_node, file, key)
            item.place = place
            self._items[key] = item

    def __enter__(self) -> "DocumentMap":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            for key, item in self._items.items():
                if key not in self._taken:
                    known = ", ".join(sorted(self._taken))
                    raise EngineRefusal("unknown_key", item.place, key=key, known=known)

    def __iter__(self) -> Iterator[tuple[str, DocumentItem]]:
        """All pairs, for maps whose keys are names."""
        self._taken.update(self._items)
        return iter(self._items.items())

    def has(self, key: str) -> bool:
        self._taken.add(key)
        return key in self._items

    def maybe(self, key: str) -> DocumentItem | None:
        """The value of a key that may be left out."""
        self._taken.add(key)
        return self._items.get(key)

    def get(self, key: str) -> DocumentItem:
        """The value of a key that must be there."""
        item = self.maybe(key)
        if item is None:
            raise EngineRefusal("missing_key", self.place, key=key)
        return item

    def one_of(self, *keys: str) -> tuple[str, DocumentItem]:
        """The only one of these keys that is there."""
        self._taken.update(keys)
        found = [(key, self._items[key]) for key in keys if key in self._items]
        if len(found) != 1:
            raise EngineRefusal("not_exactly_one", self.place, keys=" / ".join(keys))
        return found[0]


def read_text(text: str, file: str) -> DocumentMap:
    """The document in ``text``; ``file`` is the name used in refusals."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise EngineRefusal("not_yaml", DocumentPlace(file, line), problem=str(error.problem)) from None
    if node is None:
        raise EngineRefusal("empty_document", DocumentPlace(file, 1))
    return DocumentItem(node, file, file).map()


def read_file(path: Path) -> DocumentMap:
    """The document in a file."""
    return read_text(path.read_text(encoding="utf-8"), path.name)
