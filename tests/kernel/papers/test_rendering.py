"""Wording becomes a page: the same bytes from the same values, escaped, with nothing else within reach."""

from datetime import date, datetime
from typing import Any

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from qingfeng.kernel.papers.rendering import BadWording, MissingValue, read, render
from qingfeng.kernel.refusals import Misdeclared

PAPER = {
    "number": "清风区效能办〔2026〕12号",
    "title": "问题交办单",
    "organ": "清风区效能办",
    "day": date(2026, 3, 2),
}


def page(body: str, **context: Any) -> str:
    return render(body, "zh-hans", PAPER, context).decode()


def test_a_page_shows_organ_number_title_wording_and_day() -> None:
    shown = page(
        "<p>{{ unit }}：请于{{ day|date:'n月j日' }}前办结。</p>", unit="住建局", day=date(2026, 3, 9)
    )
    for words in (
        "清风区效能办〔2026〕12号",
        "<h1>问题交办单</h1>",
        "<p>住建局：请于3月9日前办结。</p>",
        "2026年3月2日",
    ):
        assert words in shown


def test_the_same_values_give_the_same_bytes_whatever_the_reader_speaks() -> None:
    body = "<p>{{ n }} {{ yes }} {{ word }} {{ day|date:'Y年F' }}</p>"
    context = {"n": 1234567, "yes": True, "word": gettext_lazy("Rectification"), "day": date(2026, 3, 2)}
    pages = set()
    for language in ("en", "zh-hans", "en"):
        with override(language):
            pages.add(page(body, **context))
    assert len(pages) == 1


def test_a_page_carries_no_script_no_inline_style_and_nothing_from_elsewhere() -> None:
    shown = page("<p>{{ text }}</p>", text="x")
    assert not any(word in shown for word in ("<script", "<style", "style=", "http://", "https://", "//"))


@pytest.mark.parametrize("text", ["<script>1</script>", mark_safe("<script>1</script>"), "\" onload='x'"])
def test_what_is_put_in_is_escaped_whatever_it_calls_itself(text: str) -> None:
    for context in ({"text": text}, {"text": [text]}):
        shown = page("<p>{% if text.0 %}{{ text|join:'' }}{% endif %}{{ text }}</p>", **context)
        assert "<script>" not in shown
        assert "onload='" not in shown


@pytest.mark.parametrize(
    "body",
    [
        "{{ text|safe }}",
        "{% autoescape off %}{{ text }}{% endautoescape %}",
        "{% now 'Y' %}",
        "{% include 'design/shells/base.html' %}",
        "{% load static %}",
        "{% debug %}",
        "{{ text|random }}",
        "{% if text %}",
    ],
)
def test_wording_that_reaches_beyond_its_values_is_refused(body: str) -> None:
    with pytest.raises(BadWording, match=r"Invalid|Unclosed"):
        read(body)


def test_a_value_that_is_not_there_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(MissingValue, match="requirement"):
        page("<p>{{ requirement }}</p>")


@pytest.mark.parametrize("value", [1.5, b"bytes", datetime(2026, 3, 2), object(), {1, 2}])
def test_only_plain_values_are_shown(value: object) -> None:
    with pytest.raises(Misdeclared, match=r"a paper can't show a|give a paper the calendar day"):
        page("<p>{{ value }}</p>", value=value)
