"""Canonical JSON: one value, one sequence of bytes.

What the ledger hashes is written in exactly one way: keys sorted by code point, no spaces, UTF-8 left
unescaped, and only null, booleans, integers of 64 bits, strings, lists and dicts with string keys. There
are no floats: two machines may print the same one differently, and money and scores are integers anyway.
The form agrees with RFC 8785 (JCS) on integers up to 2^53 and keys within the Basic Multilingual Plane.
"""

from collections.abc import Iterable
from typing import Any

import orjson

LEAST = -(2**63)
MOST = 2**64 - 1

_LEAVES = frozenset({str, int, bool, type(None)})
_KEYS = frozenset({str})
_OPTIONS = orjson.OPT_SORT_KEYS


class NotCanonical(TypeError, ValueError):
    """A value (or bytes) that has no canonical form; the message names the place as `$.key[index]`."""


def encode(value: object) -> bytes:
    """Return the canonical bytes of `value`.

    Only exact types count: an enum member, a lazy string or a tuple is refused, since the reader of the bytes
    could not tell it from what it stands for. Nesting ends at 254 levels.

    Raises:
        NotCanonical: for a float, a key that is no string, an integer outside 64 bits, a lone surrogate, any
            other type, or nesting too deep.
    """
    try:
        if _is_plain(value):
            return orjson.dumps(value, option=_OPTIONS)
    except (orjson.JSONEncodeError, RecursionError):
        pass
    raise NotCanonical(_fault(value))


def decode(data: bytes) -> object:
    """Return the value whose canonical bytes are `data`.

    Raises:
        NotCanonical: if `data` is not JSON, or JSON in another form than the canonical one (a space, a
            double key, an escaped letter, a float).
    """
    try:
        value: object = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise NotCanonical(f"Not JSON: {error}.") from error
    if encode(value) != data:
        raise NotCanonical(
            "JSON, but not in canonical form: keys sorted, each once, no spaces, nothing escaped."
        )
    return value


def _is_plain(value: object) -> bool:
    """Tell whether every type within is one of ours; size and surrogates orjson sees for itself."""
    # The exact type: a subclass may write itself otherwise than it looks.
    if isinstance(value, dict) and type(value) is dict:
        if not _KEYS.issuperset(map(type, value)):
            return False
        inner: Iterable[object] = value.values()
    elif isinstance(value, list) and type(value) is list:
        inner = value
    else:
        return type(value) in _LEAVES
    for item in inner:
        if type(item) in _LEAVES:
            continue
        if not _is_plain(item):
            return False
    return True


def _fault(value: object) -> str:
    """Name the first fault of a refused value; walks with its own stack, so that no depth can break it."""
    waiting: list[tuple[str, object, int]] = [("$", value, 0)]
    while waiting:
        path, item, depth = waiting.pop()
        if depth > 254:
            return f"At {path[:60]}…: nested deeper than 254 levels."
        if type(item) is dict:
            for key in item:
                if type(key) is not str:
                    return f"At {path}: the key {key!r} is a {type(key).__name__}; keys are strings."
                if not _is_text(key):
                    return f"At {path}: the key {key!r} holds half a character (a lone surrogate)."
            waiting.extend((f"{path}.{key}", item[key], depth + 1) for key in reversed(item))
        elif type(item) is list:
            waiting.extend((f"{path}[{at}]", item[at], depth + 1) for at in reversed(range(len(item))))
        elif type(item) is int:
            if not LEAST <= item <= MOST:
                return f"At {path}: {item} does not fit into 64 bits."
        elif type(item) is str:
            if not _is_text(item):
                return f"At {path}: the text holds half a character (a lone surrogate)."
        elif type(item) not in _LEAVES:
            return f"At {path}: a {type(item).__name__} has no canonical form; use text or an integer."
    raise AssertionError("encode() refused a value in which _fault() finds nothing")


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def entry_of(data: bytes) -> dict[str, Any]:
    """Return the object written in canonical `data`; raises ValueError if it is none.

    A float is not looked for: what wrote the bytes refused it, and their hash vouches for them since.
    """
    value = orjson.loads(data)
    if type(value) is not dict or orjson.dumps(value, option=_OPTIONS) != data:
        raise NotCanonical("Not an object in canonical form.")
    return value


def encode_plain(value: object) -> bytes:
    """Return the canonical bytes of what `values.plain` made, which holds no other types.

    Raises:
        NotCanonical: for an integer outside 64 bits or a lone surrogate.
    """
    try:
        return orjson.dumps(value, option=_OPTIONS)
    except orjson.JSONEncodeError:
        raise NotCanonical(_fault(value)) from None
