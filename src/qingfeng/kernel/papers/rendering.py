"""From wording to page 公文排印: one plain template language, the same bytes from the same values.

It is Django's, cut down to what wording needs. Everything put in is escaped and nothing can say otherwise;
nothing reads the time, the database or another file; what the values lack is an error, not a gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.template import (
    Context,
    Engine,
    Library,
    Template,
    TemplateSyntaxError,
    defaultfilters,
    defaulttags,
)
from django.utils.functional import Promise
from django.utils.translation import override

from qingfeng.kernel.refusals import Misdeclared

MEDIA_TYPE = "text/html; charset=utf-8"
LONGEST = 1 << 20
TAGS = ("if", "for", "with", "comment", "firstof")
FILTERS = ("date", "default", "default_if_none", "first", "join", "last", "length", "linebreaks")
STYLES = ("tokens", "base", "components", "print")
FRAME = (
    """<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ paper.number }} {{ paper.title }}</title>
{% for style in styles %}<link rel="stylesheet" href="{{ style }}">
{% endfor %}</head>
<body>
<article class="paper">
<p class="paper__organ">{{ paper.organ }}</p>
<p class="paper__number">{{ paper.number }}</p>
<h1>{{ paper.title }}</h1>
<div class="paper__body">
""",
    """
</div>
<div class="paper__sign"><div>{{ paper.organ }}</div><div>{{ paper.day|date:"Y年n月j日" }}</div></div>
</article>
</body>
</html>
""",
)

register = Library()
for _name in TAGS:
    register.tags[_name] = defaulttags.register.tags[_name]
for _name in FILTERS:
    register.filters[_name] = defaultfilters.register.filters[_name]


class MissingValue(Misdeclared):
    """The wording names a value that it was not given."""


class BadWording(ValueError):
    """The wording can't be read as a template; the message says why."""


class _Missing(str):
    """Django asks its engine what to write for a value that is not there: here, nothing may be written."""

    def __mod__(self, name: object) -> str:
        raise MissingValue(f"the paper's wording asks for “{name}”, which it was not given")


class _PlainEngine(Engine):
    default_builtins: ClassVar[list[str]] = ["qingfeng.kernel.papers.rendering"]


_ENGINE = _PlainEngine(string_if_invalid=_Missing("%s"))


def read(body: str) -> Template:
    """Read wording as a template. Raises ``BadWording``."""
    try:
        return _read(body)
    except TemplateSyntaxError as fault:
        raise BadWording(str(fault)) from None


@lru_cache(maxsize=256)
def _read(body: str) -> Template:
    top, bottom = FRAME
    return Template(top + body + bottom, engine=_ENGINE)


def render(body: str, language: str, paper: Mapping[str, Any], context: Mapping[str, Any]) -> bytes:
    """The page of a paper.

    :param body: the wording
    :param paper: number, title, organ and day, which the frame shows
    :param context: what the wording names: texts, whole numbers, days, flags, and lists and mappings of such;
        a unit or person stands for its name
    :raises MissingValue: the wording names what is not there
    """
    template = read(body)
    with override(language):
        values = {
            **_plain(context),
            "language": language,
            "paper": _plain(paper),
            "styles": [f"{settings.STATIC_URL}design/{style}.css" for style in STYLES],
        }
        page = template.render(Context(values, autoescape=True, use_l10n=False))
    content = page.encode()
    if len(content) > LONGEST:
        raise Misdeclared("the paper is longer than 1 MB")
    return content


def _plain(value: Any) -> Any:
    """Values with nothing behind them: no attribute, no method, no query is within reach of the wording."""
    if isinstance(value, str | Promise | models.Model):
        return "".join([str(value)])  # a plain text, whatever marked it as safe
    if value is None or isinstance(value, bool | int) or type(value) is date:
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        raise Misdeclared("give a paper the calendar day, not a moment")
    raise Misdeclared(f"a paper can't show a {type(value).__name__}")
