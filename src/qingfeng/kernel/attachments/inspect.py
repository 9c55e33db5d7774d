"""What a file handed in is held to before it is kept 附件检查: it is what its name says, and nothing else.

A name proves nothing, nor does what an archive says of its own size; both are compared with the content.
"""

from __future__ import annotations

import codecs
import html
import re
import warnings
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from qingfeng.kernel.attachments.kinds import HEAD, ZIP, FileKind, refused
from qingfeng.kernel.attachments.store import CHUNK

PIXELS = 52_000_000
"""Most pixels of an image: the 50 million of a telephone's camera, some 200 MB once decoded."""
MEMBERS = 3_000
UNPACKED = 256 << 20
RATIO = 100
FREE = 16 << 20
"""An archive is held to ``RATIO`` only above so many unpacked bytes: short XML packs well."""
NESTING = 1
"""A chart in a document carries its workbook: an archive in an archive, and no deeper."""
SPOOL = 4 << 20
LONGEST_RUN = 1 << 20

ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")
PROGRAMS = (b"MZ", b"\x7fELF")
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKS = ("绝密★", "机密★", "秘密★")
"""How a state secret is marked on paper 国家秘密标志 (GB/T 9704-2012, 7.2.2; 保守国家秘密法 arts. 30-31)."""
_LONGEST_MARK = max(map(len, MARKS))
_BREAK = re.compile(r"</(?:\w+:)?(?:p|si|row|TextObject)>")
_BLANKS = re.compile(r"[^\S\n]+")
_CONTROLS = re.compile(r"[\0-\x08\x0b\x0e-\x1f]")

# A size that would fill the memory stops the opening, in every thread, instead of being remarked upon.
Image.MAX_IMAGE_PIXELS = PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)

NOT_WHAT_IT_SAYS = _(
    "This file is not what its name says; open it, save it again in its own kind, and attach that."
)
DAMAGED = _("This file is damaged or incomplete; open it, save it again, and attach that.")
BOMB = _("This file unpacks to more than can be taken; attach its contents in smaller files.")
NESTED = _("This file has an archive packed inside it; attach what is in that as files of their own.")
PASSWORD = _("This file is locked with a password; remove the password and attach it again.")
PROGRAM = _("This file carries a program or macro; save it without, and attach that.")
OLD_OFFICE = _("This file is of an old Office kind or has a password; save it as .docx or .xlsx without one.")
TOO_MANY_PIXELS = _("This image has too many pixels; make it smaller and attach it again.")
NOT_TEXT = _("This is no plain text; save it as UTF-8 text and attach it again.")
SECRET = _(
    "This file bears the mark of a state secret. Nothing of it was kept. Such papers never enter this "
    "system: take it off this computer and hand it to your secrecy office on paper."
)


def inspect(path: Path, kind: FileKind) -> str:
    """Inspect a file; returns its media type, with the charset of text. Raises ``Invalid``."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(COMPOUND):
        raise refused(OLD_OFFICE)
    if not kind.begins(head):
        raise refused(NOT_WHAT_IT_SAYS)
    if kind.parts:
        with path.open("rb") as file:
            _archive(file, path.stat().st_size, Budget(), kind.parts)
        return kind.media_type
    if _also_an_archive(path):
        raise refused(NOT_WHAT_IT_SAYS)
    if kind.text:
        return f"{kind.media_type}; charset={_charset(path, kind)}"
    if kind.image:
        _sized(path, kind)
    elif kind.media_type == "application/pdf":
        _ended(path)
    return kind.media_type


def screen(text: Iterable[str]) -> None:
    """Refuse text that bears a mark of secrecy on one line, however spaced or cut. Raises ``Invalid``."""
    tail = ""
    for piece in text:
        seen = tail + _BLANKS.sub("", piece)
        if any(mark in seen for mark in MARKS):
            raise refused(SECRET)
        tail = seen[1 - _LONGEST_MARK :]


class Budget:
    """What an archive and all within it may unpack to, together."""

    def __init__(self) -> None:
        self.members = MEMBERS
        self.bytes = UNPACKED

    def spend(self, members: int = 0, unpacked: int = 0) -> None:
        """Take from it. Raises ``Invalid`` when there is not enough."""
        self.members -= members
        self.bytes -= unpacked
        if self.members < 0 or self.bytes < 0:
            raise refused(BOMB)


def _archive(file: IO[bytes], size: int, budget: Budget, parts: frozenset[str], depth: int = 0) -> None:
    try:
        with ZipFile(file) as archive:
            members = archive.infolist()
            budget.spend(members=len(members))
            claimed = sum(member.file_size for member in members)
            if claimed > budget.bytes or claimed > max(FREE, RATIO * size):
                raise refused(BOMB)
            if not parts <= set(archive.namelist()):
                raise refused(NOT_WHAT_IT_SAYS)
            for member in members:
                _member(archive, member, budget, depth)
    except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise refused(DAMAGED) from None


def _member(archive: ZipFile, member: ZipInfo, budget: Budget, depth: int) -> None:
    if member.flag_bits & 1:
        raise refused(PASSWORD)
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise refused(DAMAGED)
    if member.filename.lower().endswith("vbaproject.bin"):
        raise refused(PROGRAM)
    with archive.open(member) as stream:
        head = stream.read(HEAD)
        if head.startswith(PROGRAMS):
            raise refused(PROGRAM)
        if head.startswith(ARCHIVES) or (head.startswith(ZIP) and depth >= NESTING):
            raise refused(NESTED)
        content = _counted(head, stream, budget)
        if head.startswith(ZIP):
            with SpooledTemporaryFile(SPOOL) as inner:
                inner.writelines(content)
                _archive(inner, inner.tell(), budget, frozenset(), depth + 1)
        elif member.filename.lower().endswith((".xml", ".rels")):
            screen(_words(content))
        else:
            for _chunk in content:
                pass


def _counted(head: bytes, stream: IO[bytes], budget: Budget) -> Iterator[bytes]:
    chunk = head
    while chunk:
        budget.spend(unpacked=len(chunk))
        yield chunk
        chunk = stream.read(CHUNK)


def _words(xml: Iterable[bytes]) -> Iterator[str]:
    """The text of an XML part by paragraphs and cells, so that a mark cut into runs is whole again."""
    decoder, rest = None, ""
    for chunk in xml:
        if decoder is None:
            wide = chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8")("replace")
        rest += decoder.decode(chunk)
        cut = rest.rfind("<")
        if cut <= 0 and len(rest) < LONGEST_RUN:
            continue
        cut = cut if cut > 0 else len(rest)
        yield _untagged(rest[:cut])
        rest = rest[cut:]
    yield _untagged(rest)


def _untagged(xml: str) -> str:
    lines = _BREAK.sub("\0", xml).replace("\n", "")
    return html.unescape("".join(_between_tags(lines))).replace("\0", "\n")


def _between_tags(xml: str) -> Iterator[str]:
    at = 0
    # Where no tag is closed any more, none is looked for: each character is passed over once.
    while (opened := xml.find("<", at)) >= 0 and (closed := xml.find(">", opened)) >= 0:
        yield xml[at:opened]
        at = closed + 1
    yield xml[at:]


def _also_an_archive(path: Path) -> bool:
    try:
        with ZipFile(path) as archive:
            return bool(archive.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _charset(path: Path, kind: FileKind) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD)
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if wide and not kind.begins(head.decode("utf-16", "ignore").encode()):
        raise refused(NOT_WHAT_IT_SAYS)
    for charset in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            screen(_decoded(path, charset))
        except UnicodeError:
            continue
        return charset.removesuffix("-sig")
    raise refused(NOT_TEXT)


def _decoded(path: Path, charset: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(charset)()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield _printable(decoder.decode(chunk))
    yield _printable(decoder.decode(b"", final=True))


def _printable(text: str) -> str:
    if _CONTROLS.search(text):
        raise refused(NOT_TEXT)
    return text


def _sized(path: Path, kind: FileKind) -> None:
    try:
        if kind.image == "WEBP":  # which Pillow makes room for in full as soon as it is opened
            width, height = _webp_size(path)
        else:
            with Image.open(path, formats=[kind.image]) as image:
                width, height = image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise refused(TOO_MANY_PIXELS) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise refused(DAMAGED) from None
    if width * height > PIXELS:
        raise refused(TOO_MANY_PIXELS)


def _webp_size(path: Path) -> tuple[int, int]:
    """Width and height as the first chunk has them (RFC 9649, 2.5 to 2.7). Raises ``ValueError``."""
    with path.open("rb") as file:
        head = file.read(HEAD)

    def number(start: int, count: int) -> int:
        return int.from_bytes(head[start : start + count], "little")

    form = head[12:16]
    if form == b"VP8X":
        return number(24, 3) + 1, number(27, 3) + 1
    if form == b"VP8 ":
        return number(26, 2) & 0x3FFF, number(28, 2) & 0x3FFF
    if form == b"VP8L":
        return (number(21, 4) & 0x3FFF) + 1, (number(21, 4) >> 14 & 0x3FFF) + 1
    raise ValueError(form)


def _ended(path: Path) -> None:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2048))
        if b"%%EOF" not in file.read():
            raise refused(DAMAGED)
