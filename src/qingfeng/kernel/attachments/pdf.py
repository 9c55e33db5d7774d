"""Whether a PDF does anything by itself when it is opened 可执行内容 (ISO 32000-1, 12.6.4, 12.7.8, 7.11.4)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

LARGEST = 16 << 20
"""A longer one isn't looked through, and counts as one that does something."""
UNPACKED = 16 << 20
_STREAM = re.compile(rb"stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|ImportData|SubmitForm|GoToE|RichMedia|Rendition|Movie|3D|XFA|EmbeddedFiles?|Encrypt)"
    rb"(?![A-Za-z])"
)


def quiet(path: Path) -> bool:
    """Whether nothing in it acts by itself, as far as all of it can be read."""
    content = path.read_bytes() if path.stat().st_size <= LARGEST else b"/Encrypt"
    try:
        return not any(_ACTIVE.search(_plain(objects)) for objects in _objects(content))
    except (zlib.error, ValueError):
        return False


def _objects(content: bytes) -> Iterator[bytes]:
    """The objects of a file, those packed into streams too. Raises ``zlib.error`` or ``ValueError``."""
    at = 0
    while found := _STREAM.search(content, at):
        head = content[at : found.start()]
        yield head
        end = content.index(b"endstream", found.end())
        if b"/ObjStm" in _plain(head):
            packed = zlib.decompressobj()
            yield packed.decompress(content[found.end() : end], UNPACKED)
            if packed.unconsumed_tail:
                raise ValueError(end)
        at = end + len(b"endstream")
    yield content[at:]


def _plain(objects: bytes) -> bytes:
    """Names without their escapes: ``/J#53`` is ``/JS`` (7.3.5)."""
    return _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), objects)
