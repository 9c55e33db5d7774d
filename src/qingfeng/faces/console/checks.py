"""What has to hold of the console's addresses before anything is served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.urls import URLPattern, URLResolver, get_resolver

from qingfeng.kernel.matters.registry import mechanisms


def reserved() -> set[str]:
    """The first words of every address the house has itself; no mechanism's code may be one of them."""
    words = _first_words(get_resolver().url_patterns)
    return {word for word in (*words, settings.STATIC_URL.strip("/")) if word}


def codes(app_configs: Sequence[AppConfig] | None, **_rest: Any) -> list[CheckMessage]:
    """No mechanism is named like an address of the house, where its own list could never be reached."""
    return [
        Error(
            f"{matter.__name__} is named “{code}”, and the house has an address of that name.",
            hint="Give it another code.",
            obj=matter,
            id="qingfeng.E019",
        )
        for code, matter in mechanisms().items()
        if code in reserved()
    ]


def _first_words(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for one in patterns:
        route = str(one.pattern)
        if route or isinstance(one, URLPattern):
            word = route.partition("/")[0]
            if word.replace("-", "").isalnum():
                yield word
        else:
            yield from _first_words(one.url_patterns)
