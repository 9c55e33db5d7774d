"""Words for readers: plain or translated when shown."""

from __future__ import annotations

from django.utils.functional import Promise

Words = str | Promise
