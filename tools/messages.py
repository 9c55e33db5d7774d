"""Translations: joined from their parts, compiled at set-up, checked for gaps.

    python tools/messages.py compile   joins locale/<language>/parts/*.po and writes django.mo
    python tools/messages.py check     says what the sources ask for and the parts don't give

The parts are the source: one file an area, so that two people seldom meet in one. Nothing that is built is
committed. Extraction is Babel's; templates pass Django's own templatize first, so no gettext is needed.
The sentence that says what a matter is or an act does is the first paragraph of its docstring, so that is asked
for too.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "qingfeng"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "Fault": (2,),
    "say": None,
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Key = tuple[str | None, str]
"""Context and the English words (of a plural pair the singular)."""


def key(message: Message) -> Key:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def join(language: Path) -> tuple[dict[Key, Message], list[str]]:
    """All messages of one language by key, and the complaints: a message translated in two ways."""
    joined: dict[Key, Message] = {}
    home: dict[Key, Path] = {}
    complaints: list[str] = []
    for part in sorted(language.glob("parts/*.po")):
        with part.open("rb") as file:
            catalog = read_po(file, locale=language.name, abort_invalid=True)
        for message in catalog:
            if not message.id:
                continue
            known = joined.setdefault(key(message), message)
            first = home.setdefault(key(message), part)
            if known.string != message.string:
                complaints.append(f"{part.name}: {key(message)[1]!r} is translated otherwise in {first.name}")
    return joined, complaints


def asked() -> Iterator[tuple[str, Key]]:
    """Every message that the sources ask for, with file and line."""
    settings.configure() if not settings.configured else None
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix not in (".py", ".html", ".txt") or {"migrations", "standalone"} & set(path.parts):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            for line, words in sentences(text):
                yield f"{path.relative_to(PACKAGE)}:{line}", (None, words)
        else:
            # Babel reads the result as Python: the template's own indentation would not be.
            text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
        source = io.BytesIO(text.encode())
        for line, found, _comments, context in extract("python", source, keywords=KEYWORDS):
            yield (
                f"{path.relative_to(PACKAGE)}:{line}",
                (context, found if isinstance(found, str) else found[0]),
            )


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """What the matters and acts declared in a module are for, with the line of each."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef) and {"code", "series"} <= set(assigned(node)):
            yield node.lineno, " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "act"
            for call in node.decorator_list
        ):
            yield node.lineno, (ast.get_docstring(node) or "").split("\n\n")[0].replace("\n", " ")


def assigned(node: ast.ClassDef) -> Iterator[str]:
    """The names a class body gives a value to."""
    for line in node.body:
        for target in line.targets if isinstance(line, ast.Assign) else ():
            for name in ast.walk(target):
                if isinstance(name, ast.Name):
                    yield name.id


def gaps(wanted: dict[Key, str], given: dict[Key, Message]) -> Iterator[str]:
    """One line for each message that is missing, fuzzy, empty, unused or loses a placeholder."""
    for asked_for, place in wanted.items():
        message = given.get(asked_for)
        if message is None:
            yield f"{place}: no translation of {asked_for[1]!r}"
            continue
        strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
        if message.fuzzy or not strings or not all(strings):
            yield f"{place}: the translation of {asked_for[1]!r} is empty or marked fuzzy"
        holes = sorted(PLACEHOLDER.findall(asked_for[1]))
        if not message.pluralizable and any(
            sorted(PLACEHOLDER.findall(string)) != holes for string in strings
        ):
            yield f"{place}: the translation of {asked_for[1]!r} has other placeholders"
    for unused in given.keys() - wanted.keys():
        yield f"{unused[1]!r} is translated, but nothing asks for it"


def languages() -> list[Path]:
    return sorted(path.parent for path in PACKAGE.glob("locale/*/parts"))


def build() -> list[str]:
    complaints: list[str] = []
    for language in languages():
        joined, found = join(language)
        complaints += found
        catalog = Catalog(locale=language.name, fuzzy=False)
        for message in joined.values():
            catalog.add(message.id, message.string, context=message.context)
        target = language / "LC_MESSAGES" / "django.mo"
        target.parent.mkdir(exist_ok=True)
        with target.open("wb") as file:
            write_mo(file, catalog)
    return complaints


def check() -> list[str]:
    wanted: dict[Key, str] = {}
    for place, words in asked():
        wanted.setdefault(words, place)
    complaints: list[str] = []
    for language in languages():
        joined, found = join(language)
        complaints += [f"{language.name}: {line}" for line in (*found, *gaps(wanted, joined))]
    return complaints


def main(argument: str) -> int:
    complaints = {"compile": build, "check": check}[argument]()
    for line in complaints:
        print(line, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
