import json
from datetime import date
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.ledger.canonical import LEAST, MOST, NotCanonical, decode, encode

leaves = st.none() | st.booleans() | st.integers(LEAST, MOST) | st.text()
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=30,
)


def by_definition(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@given(values)
def test_equals_the_plain_definition(value: object) -> None:
    assert encode(value) == by_definition(value)


@given(st.dictionaries(st.text(st.characters(codec="utf-8", min_codepoint=0xD000)), st.integers(0, 9)))
def test_keys_beyond_the_basic_plane_are_sorted_by_code_point(value: dict[str, int]) -> None:
    assert encode(value) == by_definition(value)


def test_every_single_character_is_written_as_the_definition_writes_it() -> None:
    text = "".join(chr(code) for code in range(0x11000) if not 0xD800 <= code < 0xE000)
    assert encode(text) == by_definition(text)


@given(values)
def test_what_was_encoded_is_decoded(value: object) -> None:
    assert decode(encode(value)) == value


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1.0, "At $: a float has no canonical form; use text or an integer."),
        ({"a": [0, float("nan")]}, "At $.a[1]: a float has no canonical form; use text or an integer."),
        ({"a": {1: "x"}}, "At $.a: the key 1 is a int; keys are strings."),
        ({"n": 2**64}, "At $.n: 18446744073709551616 does not fit into 64 bits."),
        ({"n": [-(2**63) - 1]}, "At $.n[0]: -9223372036854775809 does not fit into 64 bits."),
        ((1, 2), "At $: a tuple has no canonical form; use text or an integer."),
        ([date(2026, 1, 1)], "At $[0]: a date has no canonical form; use text or an integer."),
        ({"c": Colour.RED}, "At $.c: a Colour has no canonical form; use text or an integer."),
        ({"s": "\ud800"}, "At $.s: the text holds half a character (a lone surrogate)."),
        ({"\ud800": 1}, "At $: the key '\\ud800' holds half a character (a lone surrogate)."),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(value: object, words: str) -> None:
    with pytest.raises(NotCanonical) as caught:
        encode(value)
    assert str(caught.value) == words


@pytest.mark.parametrize("depth", [300, 100_000])
def test_nesting_without_end_is_refused(depth: int) -> None:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    with pytest.raises(NotCanonical, match="nested deeper"):
        encode(value)


@pytest.mark.parametrize(
    "data",
    [b'{"a": 1}', b'{"b":1,"a":2}', b'{"a":1,"a":1}', b'"\\u6e05"', b"1.5", b"1e3", b"18446744073709551616"],
)
def test_json_in_another_form_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical, match="canonical form"):
        decode(data)


@pytest.mark.parametrize("data", [b"", b"{", b"NaN", b"\xff"])
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical, match="Not JSON"):
        decode(data)
