"""What a stranger sends is read in time that grows with its length and no faster: every expression there is, and
every function of ours that goes over a text, tried with a hundred thousand characters chosen against it."""

import ast
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from importlib import import_module
from itertools import product
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from qingfeng.kernel import search, sheets
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.attachments import inspect
from qingfeng.kernel.attachments.kinds import cleaned
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.money import UnreadableAmount, read_yuan
from qingfeng.kernel.reading import likeness
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.regime import tree
from qingfeng.kernel.sheets import cell_values
from qingfeng.kernel.text.normalization import folded
from qingfeng.mechanisms.restraint.reception import rules as reception
from qingfeng.mechanisms.voice.intake import rules as intake

SRC = Path(__file__).parents[2] / "src"
LENGTHS = (30, 300, 1_000, 3_000, 10_000, 100_000)
"""Rising, so that what is not linear shows itself in seconds and not in days."""
SECONDS = 0.5
"""What each may take; the square of ten thousand steps takes longer."""
USES = ("search", "match", "fullmatch", "sub", "findall", "finditer", "split")


# The expressions


def _written(node: ast.expr, flags: int, path: Path, name: str) -> re.Pattern[Any]:
    """An expression as it stands in the source, or as the module put it together under a name."""
    try:
        return re.compile(ast.literal_eval(node), flags)
    except ValueError:
        module = ".".join(path.relative_to(SRC).with_suffix("").parts)
        found: re.Pattern[Any] = getattr(import_module(module), name)
        return found


def compiled() -> Iterator[tuple[str, re.Pattern[Any], frozenset[str]]]:
    """Every expression in the source: where it stands, itself, and how it is used."""
    found = {path: _found(path.read_text(encoding="utf-8")) for path in sorted(SRC.rglob("*.py"))}
    everywhere = frozenset(use for _calls, _names, here in found.values() for use in here)
    for path, (calls, names, here) in found.items():
        for node, of, called in calls:
            if of != "re":
                continue
            place = f"{path.relative_to(SRC)}:{node.lineno}"
            if called in USES:
                yield place, re.compile(ast.literal_eval(node.args[0])), frozenset({called})
            elif called == "compile":
                name = names.get(id(node), "")
                used = {use for one, use in here if one == name} or {
                    use for one, use in everywhere if one == name
                }
                flags = eval(ast.unparse(node.args[1]), {"re": re}) if len(node.args) > 1 else 0
                # One that is handed about is matched whole, here as everywhere.
                yield (
                    place,
                    _written(node.args[0], flags, path, name),
                    frozenset(used or {"fullmatch"}),
                )


Called = list[tuple[ast.Call, str, str]]


def _found(source: str) -> tuple[Called, dict[int, str], set[tuple[str, str]]]:
    """The calls `name.method(…)` in a source, the names that calls are given, and which name is used how."""
    calls: Called = []
    names: dict[int, str] = {}
    # Few sources have either: a whole tree is walked for those alone.
    if re.search(rf"\bre\.|\.(?:{'|'.join(USES)})\(", source):
        for node in ast.walk(ast.parse(source)):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=of), attr=called)):
                    calls.append((node, of, called))
                case ast.Assign(targets=[ast.Name(id=name), *_], value=value):
                    names[id(value)] = name
    return calls, names, {(of, called) for _node, of, called in calls if called in USES}


def signs(parsed: Any) -> Iterator[str]:
    """A character for everything that an expression tells from another."""
    for operation, about in parsed:
        if operation in (sre.LITERAL, sre.NOT_LITERAL):
            yield chr(about) if operation is sre.LITERAL else chr(about + 1)
        elif operation is sre.ANY:
            yield "x"
        elif operation is sre.IN:
            yield member(about)
        elif operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            yield from signs(about[2])
        elif operation is sre.SUBPATTERN:
            yield from signs(about[3])
        elif operation is sre.BRANCH:
            for branch in about[1]:
                yield from signs(branch)
        elif operation in (sre.ASSERT, sre.ASSERT_NOT):
            yield from signs(about[1])


def member(about: Any) -> str:
    """One character of a class."""
    pattern = re.compile("[" + "".join(spelled(*one) for one in about) + "]")
    own = [
        chr(found if kind is sre.LITERAL else found[0])
        for kind, found in about
        if kind in (sre.LITERAL, sre.RANGE)
    ]
    for candidate in (*"a1 A_.-,/:é中", *own, *map(chr, range(1, 0x3000))):
        if pattern.fullmatch(candidate):
            return candidate
    raise AssertionError(about)


def spelled(operation: Any, about: Any) -> str:
    if operation is sre.NEGATE:
        return "^"
    if operation is sre.RANGE:
        return f"{re.escape(chr(about[0]))}-{re.escape(chr(about[1]))}"
    if operation is sre.CATEGORY:
        letter = {"SPACE": "s", "DIGIT": "d", "WORD": "w"}[str(about).rpartition("_")[2]]
        return "\\" + (letter.upper() if "NOT" in str(about) else letter)
    return re.escape(chr(about))


def sample(parsed: Any) -> str:
    """A text that an expression takes, as short as can be but with everything that may be left out."""
    said = ""
    for operation, about in parsed:
        if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            said += sample(about[2]) * max(about[0], 1)
        elif operation is sre.SUBPATTERN:
            said += sample(about[3])
        elif operation is sre.BRANCH:
            said += sample(about[1][0])
        elif operation not in (sre.ASSERT, sre.ASSERT_NOT):
            said += next(signs([(operation, about)]), "")
    return said


def against(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """How texts begin, go on and end that an expression could lose its way in."""
    parsed = list(_parser.parse(pattern.pattern, pattern.flags))
    alphabet = list(dict.fromkeys((*signs(parsed), "!", " ")))
    whole = sample(parsed) or "x"
    begins = dict.fromkeys(sample(parsed[:end]) for end in range(min(len(parsed), 16) + 1))
    yield from product(begins, (*alphabet, whole), ("\1",))
    yield from product(("", whole), map("".join, product(alphabet[:5], repeat=2)), ("\1",))


def slow(use: Callable[[str], object], begin: str, flood: str, end: str) -> str:
    for length in LENGTHS:
        text = begin + flood * (length // len(flood)) + end
        began = time.process_time()
        use(text)
        if (took := time.process_time() - began) > SECONDS:
            return f"{took:.1f} s for {length} characters: {begin!r} + {flood!r} * n + {end!r}"
    return ""


def used(pattern: re.Pattern[Any], use: str) -> Callable[[str], object]:
    def on(text: str) -> object:
        over = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
        if use == "sub":
            return pattern.sub(over[:0], over)
        found = getattr(pattern, use)(over)
        return sum(1 for _one in found) if use == "finditer" else found

    return on


EXPRESSIONS = list(compiled())


@pytest.mark.parametrize(
    ("pattern", "how"), [one[1:] for one in EXPRESSIONS], ids=[place for place, *_rest in EXPRESSIONS]
)
def test_no_expression_loses_its_way(pattern: re.Pattern[Any], how: frozenset[str]) -> None:
    for begin, flood, end in against(pattern):
        # The first lengths tell nearly all; only what stays in doubt is tried to the end.
        for use in how:
            assert not slow(used(pattern, use), begin, flood, end)


@pytest.mark.parametrize(
    ("bad", "use"), [(r"<[^>]*>", "sub"), (r"\s*x", "search"), (r"-?\s*;?\s*1", "fullmatch")]
)
def test_one_that_does_is_noticed(bad: str, use: str) -> None:
    pattern = re.compile(bad)
    assert any(slow(used(pattern, use), *one) for one in against(pattern))


# The functions


FLOODS = (
    *"<&;([{\"'#!-,.: \t\n\0aA1０中ﬀ",
    "ffi",
    "́̂",
    "̣́",
    "</",
    "<!",
    "&#",
    "&a",
    "]]>",
    "- ",
    "? ",
    "[a,",
    "上午",
    "1:",
    "--",
)


def field(kind: Any) -> InputField:
    return InputField(name="one", kind=kind, label="一", required=True)


NO_UNITS = frozenset[str]()


def heads(text: str) -> None:
    sheets.table([sheets.Worksheet("一", [[text] * 60, ["1"] * 60])], [field("text")])


OVER_A_TEXT: dict[str, Callable[[str], object]] = {
    "the words of an XML part": lambda text: list(inspect._words([text.encode()])),
    "marks of secrecy": lambda text: inspect.screen([text]),
    "printable text": inspect._printable,
    "a file's name": lambda text: cleaned(text + ".txt"),
    "one form": folded,
    "likeness": lambda text: likeness.likeness(text, text[1:]),
    "words to search": lambda text: list(search.pieces(text)),
    "money": read_yuan,
    "a day in a sheet": lambda text: cell_values._raw(field("day"), text, NO_UNITS),
    "a moment in a sheet": lambda text: cell_values._raw(field("moment"), text, NO_UNITS),
    "a whole number in a sheet": lambda text: cell_values._raw(field("whole"), text, NO_UNITS),
    "heads of a sheet": heads,
    "heads of messages": lambda text: intake.suggested(intake.named([text, *map(str, range(59))])),
    "when a message came": lambda text: intake.when(text, date(2026, 1, 1)),
    "prose of a message": intake.prose,
    "a letter's number": lambda text: reception.letter_key(text, text),
    "a regime": lambda text: tree.parse(text.encode(), "regime.yaml"),
}


@pytest.mark.parametrize("over", OVER_A_TEXT.values(), ids=OVER_A_TEXT)
def test_no_function_over_a_text_takes_longer_than_its_length(over: Callable[[str], object]) -> None:
    def use(text: str) -> None:
        # Refused in words, which is an answer.
        with suppress(Invalid, UnreadableAmount, intake.UnreadableCell, tree.BadDocument):
            over(text)

    for begin, flood in (*product(("",), FLOODS), *product(("12345.", "8:", "2026-01-02"), "19 T:")):
        assert not slow(use, begin, flood, "x")


def test_what_is_normalised_in_pieces_is_normalised() -> None:
    import unicodedata

    text = "ﾊﾞ清风ｶﾞ①" * 1_000 + "e\u0301" * 3_000
    assert folded(text) == unicodedata.normalize("NFKC", text)


@pytest.mark.django_db
def test_a_search_for_a_hundred_thousand_characters_is_answered_at_once() -> None:
    began = time.process_time()
    assert not Matter.objects.filter(search.found("".join(map(chr, range(0x4E00, 0x9FA5))) * 5)).exists()
    assert time.process_time() - began < SECONDS
