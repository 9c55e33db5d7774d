"""A PDF opens in the page only where nothing in it acts by itself, wherever that is hidden."""

import zlib
from pathlib import Path

import pytest

from qingfeng.kernel.attachments.pdf import quiet

ACTION = b"<</Type/Action/S/JavaScript/JS(app.alert(1))>>"


def made(*objects: bytes) -> bytes:
    body = b"\n".join(b"%d 0 obj\n%s\nendobj" % (number, one) for number, one in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + body + b"\ntrailer<<>>\n%%EOF\n"


def stream(about: bytes, content: bytes) -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (about, len(content), content)


def packed(content: bytes) -> bytes:
    return stream(b"/Type/ObjStm/Filter/FlateDecode", zlib.compress(content))


QUIET = {
    "plain": made(b"<</Type/Catalog/Pages 2 0 R>>"),
    "packed objects": made(packed(b"<</Type/Page>>")),
    "a picture whose bytes look like an action": made(
        stream(b"/Type/XObject/Subtype/Image", b"/JavaScript /JS ")
    ),
    "a name that begins alike": made(b"<</JSON 1/Launcher 2>>"),
}
ACTING = {
    "an open action": made(b"<</Type/Catalog/OpenAction 2 0 R>>", ACTION),
    "an escaped name": made(b"<</S/J#61vaScript>>"),
    "packed away": made(packed(b"1 0 <</AA<</O 2 0 R>>>> " + ACTION)),
    "packed in a way that isn't read": made(stream(b"/Type/ObjStm/Filter/LZWDecode", b"\x80\x0b")),
    "packed to burst": made(packed(b" " * (20 << 20))),
    "a program to start": made(b"<</S/Launch/F(a.exe)>>"),
    "a file within": made(b"<</Names<</EmbeddedFiles 3 0 R>>>>"),
    "a form that is a program": made(b"<</AcroForm<</XFA 3 0 R>>>>"),
    "locked": made(b"<<>>") + b"trailer<</Encrypt 5 0 R>>%%EOF",
    "a stream without end": made(b"<</Length 5>>\nstream\n/JavaScript"),
}


@pytest.mark.parametrize("name", QUIET)
def test_what_does_nothing_opens(tmp_path: Path, name: str) -> None:
    (tmp_path / "a").write_bytes(QUIET[name])
    assert quiet(tmp_path / "a")


@pytest.mark.parametrize("name", ACTING)
def test_what_acts_or_can_not_be_looked_through_is_saved(tmp_path: Path, name: str) -> None:
    (tmp_path / "a").write_bytes(ACTING[name])
    assert not quiet(tmp_path / "a")
