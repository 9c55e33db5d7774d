"""The kinds of file that are taken in 可接收的文件类型, told by their content and not by their name.

The list is short on purpose: what is not on it is refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.normalization import folded
from qingfeng.kernel.text.words import Words

LONGEST_NAME = 120
HEAD = 64
"""Bytes from the start of a file that tell its kind."""


@dataclass(frozen=True)
class FileKind:
    """A kind of file: what it is called on the wire, how its name ends, and how its content begins."""

    media_type: str
    endings: tuple[str, ...]
    begins: Callable[[bytes], bool]
    image: str = ""
    parts: frozenset[str] = frozenset()

    @property
    def text(self) -> bool:
        """Whether it is plain text."""
        return self.media_type.startswith("text/")

    def __reduce__(self) -> tuple[Callable[[str], FileKind], tuple[str]]:
        # To a process apart a kind goes by its ending: how its content begins is no value to be sent.
        return by_name, (f"file.{self.endings[0]}",)


def _with(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(magic)


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == form


def _brand(*brands: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[4:8] == b"ftyp" and head[8:12] in brands


MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body", b"#!")
OFFICE = "application/vnd.openxmlformats-officedocument"
ZIP = b"PK\x03\x04"


def _plain(head: bytes) -> bool:
    return not head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(MARKUP)


KINDS = (
    FileKind("image/jpeg", ("jpg", "jpeg"), _with(b"\xff\xd8\xff"), image="JPEG"),
    FileKind("image/png", ("png",), _with(b"\x89PNG\r\n\x1a\n"), image="PNG"),
    FileKind("image/webp", ("webp",), _riff(b"WEBP"), image="WEBP"),
    FileKind("application/pdf", ("pdf",), _with(b"%PDF-")),
    FileKind(
        f"{OFFICE}.wordprocessingml.document",
        ("docx",),
        _with(ZIP),
        parts=frozenset({"[Content_Types].xml", "word/document.xml"}),
    ),
    FileKind(
        f"{OFFICE}.spreadsheetml.sheet",
        ("xlsx",),
        _with(ZIP),
        parts=frozenset({"[Content_Types].xml", "xl/workbook.xml"}),
    ),
    FileKind("application/ofd", ("ofd",), _with(ZIP), parts=frozenset({"OFD.xml"})),  # GB/T 33190-2016
    FileKind(
        "video/mp4",
        ("mp4",),
        _brand(b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "),
    ),
    FileKind("video/quicktime", ("mov",), _brand(b"qt  ")),
    FileKind("audio/mp4", ("m4a",), _brand(b"M4A ", b"mp42", b"isom")),
    FileKind("audio/mpeg", ("mp3",), _with(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    FileKind("audio/wav", ("wav",), _riff(b"WAVE")),
    FileKind("audio/amr", ("amr",), _with(b"#!AMR")),
    FileKind("text/plain", ("txt",), _plain),
    FileKind("text/csv", ("csv",), _plain),
)
BY_ENDING = {ending: kind for kind in KINDS for ending in kind.endings}

WAYS_OUT: tuple[tuple[frozenset[str], Words], ...] = (
    (
        frozenset({"heic", "heif", "avif"}),
        _(
            "This is the phone's own kind of photo, of which no copy without hidden data can be made here. Send the"
            " photo to yourself or open it and save it as .jpg; an iPhone takes .jpg under Settings, Camera,"
            " Formats, Most Compatible."
        ),
    ),
    (
        frozenset({"bmp", "gif", "tif", "tiff"}),
        _("Pictures of this kind are not taken. Open it, save it as .jpg or .png, and attach that."),
    ),
    (
        frozenset({"doc", "dot", "docm", "wps", "wpt", "rtf", "odt"}),
        _(
            "Documents of this kind may carry programs and are not taken. Open it in WPS or Word, save it as .docx"
            " or .pdf, and attach that."
        ),
    ),
    (
        frozenset({"xls", "xlt", "xlsm", "xlsb", "et", "ett", "ods"}),
        _(
            "Workbooks of this kind may carry programs and are not taken. Open it in WPS or Excel, save it as .xlsx,"
            " and attach that."
        ),
    ),
    (
        frozenset({"ppt", "pptx", "pptm", "pps", "dps", "dpt", "odp"}),
        _("Slides are not taken. Open them in WPS or PowerPoint, save them as .pdf, and attach that."),
    ),
    (
        frozenset({"3gp", "avi", "wmv", "mkv", "flv", "rm", "rmvb", "webm"}),
        _("Films of this kind are not taken. Save or send it as .mp4, and attach that."),
    ),
    (
        frozenset({"aac", "flac", "ogg", "opus", "silk", "wma"}),
        _("Recordings of this kind are not taken. Save or send it as .mp3 or .m4a, and attach that."),
    ),
    (
        frozenset({"7z", "gz", "rar", "tar", "zip"}),
        _("Packed files are not taken. Unpack it, and attach the files in it one by one."),
    ),
)
"""What phones and offices keep files in that is not taken, and how each becomes a kind that is."""


def refused(reason: Words) -> Invalid:
    """The refusal of a file, in one sentence."""
    return Invalid({"file": [reason]})


def cleaned(name: str) -> str:
    """A file name fit to be shown: without folders, control or direction characters, of bounded length.

    :raises Invalid: when nothing is left of it
    """
    last = folded(name, "NFC").replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(" " if character.isspace() else character for character in last if _visible(character))
    stem, dot, ending = " ".join(visible.split()).lstrip(".").rpartition(".")
    stem = stem.strip()[:LONGEST_NAME]
    if not stem or not ending:
        raise refused(_("This file has no usable name; give it one such as “photo.jpg” and attach it again."))
    return f"{stem}{dot}{ending.lower()}"


def _visible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character)[0] != "C"


def by_name(name: str) -> FileKind:
    """The kind a cleaned name claims. Raises ``Invalid`` for one that is not taken in."""
    ending = PurePosixPath(name).suffix[1:]
    kind = BY_ENDING.get(ending)
    if kind is None:
        way_out = next((words for endings, words in WAYS_OUT if ending in endings), None)
        raise refused(
            way_out
            or format_lazy(
                _("Files of this kind are not taken; save it as one of {kinds} and attach it again."),
                kinds=", ".join(BY_ENDING),
            )
        )
    return kind
