"""Words for readers: plain or translated when shown."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import formats
from django.utils.functional import Promise, lazy
from django.utils.translation import override

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Words
else:
    Words = str | Promise

__all__ = ["Words", "in_house", "written_day"]


def in_house(words: Words, *filled: object, **named: object) -> str:
    """Words in the house's language, with what is put into them: who acts is not who will read them."""
    with override(settings.LANGUAGE_CODE):
        return str(words).format(*filled, **named) if filled or named else str(words)


def _written_day(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")


written_day = lazy(_written_day, str)
"""A day as it is written in a sentence, 2026年3月9日, in the reader's language (GB/T 15835-2011)."""
