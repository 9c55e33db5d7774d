"""What a stranger's file may cost: so much processor and memory, in a process of its own, and then it is refused."""

import hashlib
import os
import resource
import struct
import time
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from qingfeng.kernel.attachments.inspect import inspect
from qingfeng.kernel.attachments.kinds import by_name
from qingfeng.kernel.background.isolation import INSPECTION, TOO_MUCH, ProcessLimits, apart
from qingfeng.kernel.refusals import Invalid
from tests.kernel.attachments.made import GOOD, archive, docx
from tests.refusals import invalid


def spent() -> float:
    """Seconds of processor that processes apart have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def look(tmp_path: Path, content: bytes, name: str) -> str:
    path = tmp_path / "draft"
    path.write_bytes(content)
    return apart(INSPECTION, inspect, path, by_name(name))


def test_work_without_end_is_broken_off() -> None:
    before = spent()
    with pytest.raises(Invalid) as refusal:
        apart(ProcessLimits(1, 64), hashlib.pbkdf2_hmac, "sha256", b"a", b"b", 1 << 30)
    assert refusal.value.fields == {"file": [TOO_MUCH]}
    assert spent() - before < 1.5


def test_memory_without_end_is_broken_off() -> None:
    assert len(apart(ProcessLimits(5, 64), bytearray, 16 << 20)) == 16 << 20
    with invalid("file", "检查这个文件所需的运算过多"):
        apart(ProcessLimits(5, 64), bytearray, 128 << 20)


def test_what_fails_by_our_own_fault_is_no_fault_of_the_file() -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        apart(INSPECTION, divmod, 1, 0)


def test_no_secret_of_the_installation_goes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGFENG_EMAIL_PASSWORD", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://a:b@c/d")
    assert apart(INSPECTION, os.getenv, "QINGFENG_EMAIL_PASSWORD") is None
    assert apart(INSPECTION, os.getenv, "DATABASE_URL") is None


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_that_is_taken_passes_apart(tmp_path: Path, name: str) -> None:
    assert look(tmp_path, GOOD[name], name).startswith(by_name(name).media_type)


HEAVY = {
    "tags that never close": ("a.docx", docx("a", **{"word/a.xml": b"<!" * 300_000})),
    "closing tags cut off": ("a.docx", docx("a", **{"word/b.xml": b"</w" * 300_000})),
    "one long run of words": ("a.docx", docx("a", **{"word/a.xml": b"a" * 3_000_000})),
    "entities that are none": ("a.ofd", archive({"OFD.xml": b"&x;&#x110000;&" * 150_000})),
    "a stretch of blanks": ("a.txt", b"\t " * 1_000_000),
    "wide letters": ("a.csv", "ﬃ,".encode() * 300_000),
    "text in an older code": ("a.txt", "清风\n".encode("gb18030") * 400_000),
}


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_file_is_looked_through_in_time(tmp_path: Path, name: str) -> None:
    called, content = HEAVY[name]
    before = spent()
    assert look(tmp_path, content, called)
    assert spent() - before < INSPECTION.seconds


def directory_of_millions(path: Path) -> bytes:
    """An archive whose list of members alone would fill the memory."""
    with ZipFile(path, "w", ZIP_STORED) as target:
        target.writestr("[Content_Types].xml", b"")
        target.writestr("word/document.xml", b"")
    content = path.read_bytes()
    at = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    listed = content[at:end] * 300_000
    return content[:at] + listed + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(listed), at, 0)


@pytest.mark.parametrize("name", ["a.docx", "a.txt"])
def test_a_list_of_members_without_end_is_refused(tmp_path: Path, name: str) -> None:
    began = time.monotonic()
    with invalid("file", "检查这个文件所需的运算过多"):
        look(tmp_path, directory_of_millions(tmp_path / "a.zip"), name)
    assert time.monotonic() - began < 60
