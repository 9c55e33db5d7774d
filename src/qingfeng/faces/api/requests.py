"""What a request says besides its address: the body, the version seen, the key of a submission."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.api.errors import MalformedRequest, WrongType
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.acts.sentences import FIXED
from qingfeng.kernel.refusals import Invalid

KEY = "Idempotency-Key"
VERSION = "If-Match"
KEYS = re.compile(r"[\x21-\x7e]{1,80}", re.ASCII)
HOLES = re.compile(r"\{(\w+):(\w+)\}", re.ASCII)
"""The parameters of an address, each with its kind."""
VERSIONS = re.compile(r'(?:W/)?"?([0-9]{1,9})"?', re.ASCII)


def given(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent; nothing sent is an empty one.

    :raises Malformed: no JSON, no object, nested too deep, or text that is not Unicode
    :raises WrongType: something else than JSON
    """
    body = request.body
    if not body:
        return {}
    if request.content_type != "application/json":
        raise WrongType
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise MalformedRequest from None
    if not isinstance(found, dict):
        raise MalformedRequest
    return found


def in_fen(raw: Mapping[str, Any], fields: Sequence[InputField]) -> None:
    """Refuse money that is not a whole number: a program that sent fen as text would be taken to mean yuan.

    :raises Invalid: under the places of the amounts, of rows such as ``rows.3.amount``
    """
    wrong = {
        place: [_("Give a whole number of fen: 123450 is 1,234.50 yuan.")] for place in _written(raw, fields)
    }
    if wrong:
        raise Invalid(wrong)


def _written(raw: Mapping[str, Any], fields: Sequence[InputField], before: str = "") -> list[str]:
    places = []
    for spec in fields:
        value = raw.get(spec.name)
        if spec.kind == "money" and isinstance(value, str):
            places.append(f"{before}{spec.name}")
        elif spec.kind == "rows" and isinstance(value, list):
            for number, row in enumerate(value):
                if isinstance(row, dict):
                    places += _written(row, spec.rows, f"{spec.name}.{number}.")
    return places


def version(request: HttpRequest) -> int | None:
    """The version the caller saw, from ``If-Match``; none where it does not say. Raises ``Invalid``."""
    said = request.headers.get(VERSION, "*")
    if said == "*":
        return None
    found = VERSIONS.fullmatch(said)
    if found is None:
        raise Invalid({VERSION: [_('Give the version as the ETag header gave it, such as "3".')]})
    return int(found[1])


def key(request: HttpRequest) -> str:
    """The key under which a submission is done once; empty where there is none. Raises ``Invalid``."""
    said = request.headers.get(KEY, "")
    if said and KEYS.fullmatch(said) is None:
        raise Invalid({KEY: [_("A key has 1 to 80 characters of ASCII, without spaces.")]})
    return said


def known(request: HttpRequest, names: set[str]) -> None:
    """Refuse a query parameter nobody asked for: mistyped, it would widen a list unseen. Raises ``Invalid``."""
    wrong = sorted(set(request.GET) - names)
    if wrong:
        raise Invalid({name[:80]: [FIXED["extra_forbidden"]] for name in wrong[:20]})
