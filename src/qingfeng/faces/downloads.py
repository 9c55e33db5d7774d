"""How a file goes out 文件下载: under its own name (RFC 6266, 8187), and opened in the page only where that is safe."""

from __future__ import annotations

from typing import BinaryIO

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, name: str, media_type: str) -> HttpResponse:
    """An answer that is a file to be saved."""
    headers = {"Content-Disposition": content_disposition_header(True, name) or ""}
    return HttpResponse(content, content_type=media_type, headers=headers)


def streamed(content: BinaryIO, name: str, media_type: str, inline: bool) -> FileResponse:
    """An open file as an answer: ``inline`` opens it in the browser, else it is saved."""
    # Django would name it after its place on the disk, whatever the headers say.
    return FileResponse(content, as_attachment=not inline, filename=name, content_type=media_type)
