"""How files come in: to disk as they arrive, and no further than an attachment may be large."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest


class BoundedUpload(TemporaryFileUploadHandler):
    """Drops a file the moment it has grown too large; :func:`oversized` tells which were dropped."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start + len(raw_data) > settings.ATTACHMENT_LIMIT:
            dropped: dict[str, list[str]] = self.request.__dict__.setdefault("oversized", {})
            dropped.setdefault(str(self.field_name), []).append(str(self.file_name))
            raise SkipFile
        super().receive_data_chunk(raw_data, start)
        return None


def oversized(request: HttpRequest, field: str) -> list[str]:
    """The names of the files of a field that were dropped for their size."""
    _read: Any = request.FILES
    found: dict[str, list[str]] = request.__dict__.get("oversized", {})
    return found.get(field, [])
