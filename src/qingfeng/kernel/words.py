"""Words for readers: plain or translated when shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import override

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Words
else:
    Words = str | Promise

__all__ = ["Words", "in_house"]


def in_house(words: Words, *filled: object) -> str:
    """Words in the house's language, with what is put into them: who acts is not who will read them."""
    with override(settings.LANGUAGE_CODE):
        return str(words).format(*filled) if filled else str(words)
