"""Hostile and mistaken files: one clear sentence each, and nothing kept."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.utils.translation import override

from qingfeng.kernel.attachments import Attachment, inspect
from qingfeng.kernel.attachments.intake import receive
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.refusals import Invalid
from tests.kernel.attachments.conftest import NOW, Hand, files
from tests.kernel.attachments.made import GOOD, PDF, archive, docx, image, png_header, xlsx
from tests.refusals import invalid

MANY = {f"word/media/{number}.txt": b"x" for number in range(inspect.MEMBERS)}


def zeros(count: int) -> bytes:
    return b"\0" * count


def lying_bomb() -> bytes:
    """A member that says it is small and is not."""
    honest = docx("报告", **{"word/media/a.bin": zeros(40 << 20)})
    size = (40 << 20).to_bytes(4, "little")
    assert honest.count(size) == 2
    return honest.replace(size, (1000).to_bytes(4, "little"))


def locked() -> bytes:
    """A document whose members say that they are encrypted."""
    content = bytearray(docx("报告"))
    with ZipFile(BytesIO(content)) as opened:
        starts = [member.header_offset for member in opened.infolist()]
    for start in starts:
        content[start + 6] |= 1
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(content)


def flipped() -> bytes:
    """A document with one byte changed in what is packed."""
    content = bytearray(docx("整改报告" * 50))
    content[content.find(b"word/document.xml") + 30] ^= 0xFF
    return bytes(content)


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a page under the name of an image": ("a.jpg", lambda: b"<html><script>1</script>", "name says"),
    "an image under the name of a paper": ("a.pdf", image, "name says"),
    "a PNG under the name of a JPEG": ("a.jpg", lambda: image("PNG"), "name says"),
    "a page under the name of text": ("a.txt", lambda: b"\xef\xbb\xbf \n<!DOCTYPE html><p>", "name says"),
    "a drawing under the name of text": ("a.txt", lambda: b"<svg onload=alert(1)>", "name says"),
    "a script under the name of text": ("a.txt", lambda: b"#!/bin/sh\nrm -rf /", "name says"),
    "a program under the name of an image": ("a.png", lambda: b"MZ\x90\0" + zeros(90), "name says"),
    "a program under the name of text": ("a.txt", lambda: b"MZ\x90\0" + zeros(90), "plain text"),
    "a program by name": ("a.exe", lambda: b"MZ\x90\0", "Files of this kind"),
    "a page by name": ("a.html", lambda: b"<html>", "Files of this kind"),
    "a drawing by name": ("a.svg", lambda: b"<svg/>", "Files of this kind"),
    "a program with two endings": ("a.pdf.exe", lambda: PDF, "Files of this kind"),
    "a paper and an archive at once": ("a.pdf", lambda: PDF + archive({"a": b"b"}), "name says"),
    "an image and an archive at once": ("a.jpg", lambda: image() + archive({"a": b"b"}), "name says"),
    "an archive under the name of a document": ("a.docx", lambda: archive({"a": b"b"}), "name says"),
    "a table under the name of a document": ("a.docx", lambda: xlsx("a"), "name says"),
    "an old document or one with a password": ("a.docx", lambda: inspect.COMPOUND + zeros(600), "old Office"),
    "a locked document": ("a.docx", locked, "password"),
    "a document with a macro": ("a.docx", lambda: docx("a", **{"word/vbaProject.bin": b"x"}), "macro"),
    "a document with a program": ("a.docx", lambda: docx("a", **{"word/media/a.png": b"MZ\x90"}), "program"),
    "a document cut short": ("a.docx", lambda: docx("整改报告" * 50)[:-60], "damaged"),
    "a document with a changed byte": ("a.docx", flipped, "damaged"),
    "an image cut short": ("a.jpg", lambda: image(size=(400, 400))[:700], "damaged"),
    "an image of noise": ("a.png", lambda: b"\x89PNG\r\n\x1a\n" + b"noise" * 50, "damaged"),
    "a paper cut short": ("a.pdf", lambda: PDF[:20], "damaged"),
    "a bomb by ratio": ("a.docx", lambda: docx("a", **{"b.bin": zeros(20 << 20)}), "unpacks"),
    "a bomb of many members": ("a.docx", lambda: docx("a", **MANY), "unpacks"),
    "a bomb that lies about its size": ("a.docx", lying_bomb, "damaged"),
    "a bomb in a bomb": (
        "a.docx",
        lambda: docx("a", **{"b.docx": archive({"c.docx": archive({"d": zeros(9)})})}),
        "archive packed inside",
    ),
    "a bomb in a workbook": (
        "a.docx",
        lambda: docx("a", **{"word/embeddings/b.xlsx": archive({"d": zeros(60 << 20)})}),
        "unpacks",
    ),
    "a packed archive of another kind": (
        "a.docx",
        lambda: docx("a", **{"a.bin": b"7z\xbc\xaf\x27\x1c"}),
        "archive",
    ),
    "an image bomb": ("a.png", lambda: png_header(60_000, 60_000), "too many pixels"),
    "an image a little too large": ("a.png", lambda: png_header(8_000, 6_501), "too many pixels"),
    "nothing": ("a.txt", lambda: b"", "empty"),
    "wide text without its mark": ("a.txt", lambda: "清风 ok".encode("utf-16-le"), "plain text"),
    "wide text cut off": ("a.txt", lambda: "清风".encode("utf-16")[:-1], "plain text"),
    "a web page in wide text": ("a.csv", lambda: "<html>".encode("utf-16"), "not what its name says"),
    "a secrecy mark in wide text": ("a.csv", lambda: "机密★".encode("utf-16"), "state secret"),
    "text with control characters": ("a.txt", lambda: b"a\x1b[2Jb", "plain text"),
    "no name": ("/", lambda: b"a", "usable name"),
    "no ending": ("photo", image, "usable name"),
    "a name that is only an ending": (".jpg", image, "usable name"),
    "a secret paper as text": ("a.txt", lambda: "密级：机密★10年".encode(), "state secret"),
    "a secret paper as text of another charset": ("a.txt", lambda: "秘 密 ★ 1年".encode("gb18030"), "secret"),
    "a secret document cut into runs": ("a.docx", lambda: docx("无关", "绝|密|★|30年"), "state secret"),
    "a secret document in numbers": ("a.docx", lambda: docx("机密&#9733;20年"), "state secret"),
    "a secret table": ("a.xlsx", lambda: xlsx("秘密★长期"), "state secret"),
    "a secret table within a document": (
        "a.docx",
        lambda: docx("a", **{"word/embeddings/b.xlsx": xlsx("秘密★")}),
        "state secret",
    ),
    "a secret paper by its name": ("机密★5年 通知.pdf", lambda: PDF, "state secret"),
}


def sentence(refusal: pytest.ExceptionInfo[Invalid]) -> str:
    ((field, sentences),) = refusal.value.fields.items()
    assert field == "file"
    assert len(sentences) == 1
    return str(sentences[0])


@pytest.mark.parametrize("case", HOSTILE)
def test_it_is_refused_in_one_sentence_and_nothing_is_kept(hand_in: Hand, kept: Path, case: str) -> None:
    name, content, words = HOSTILE[case]
    with override("en"), pytest.raises(Invalid) as refusal:
        hand_in(content(), name)
    with override("en"):
        assert words in sentence(refusal)
    assert files(kept) == []
    assert not Attachment.objects.exists()


def test_a_mark_is_found_where_two_pieces_of_a_file_meet(hand_in: Hand) -> None:
    for before in range(inspect.CHUNK // 3 - 3, inspect.CHUNK // 3 + 3):
        with invalid("file", "文件带有国家秘密标志"):
            hand_in(("好" * before + "机密★").encode(), "a.txt")


def test_talk_of_secrecy_without_the_mark_is_taken(hand_in: Hand) -> None:
    assert hand_in("做好机密文件管理工作；五★服务".encode(), "a.txt")
    assert hand_in(docx("保守国家秘密", "★级评定"), "a.docx")


def test_a_document_with_a_charts_workbook_is_taken(hand_in: Hand) -> None:
    assert hand_in(docx("报告", **{"word/embeddings/chart.xlsx": xlsx("1", "2")}), "a.docx")


def test_names_lose_folders_and_control_characters_and_keep_the_rest(hand_in: Hand) -> None:
    given = {
        "C:\\Users\\me\\现场 照片.JPG": "现场 照片.jpg",
        "../../etc/a.jpg": "a.jpg",
        "a\u202egpj.jpg": "agpj.jpg",
        "a\0\r\nb.jpg": "a b.jpg",
        "x" * 500 + ".jpg": "x" * 120 + ".jpg",
    }
    for name, shown in given.items():
        assert hand_in(GOOD["photo.jpg"], name).name == shown


class Watched:
    """A stream that counts what was asked of it, and never ends."""

    def __init__(self) -> None:
        self.read_bytes = 0

    def read(self, size: int) -> bytes:
        self.read_bytes += size
        return b"a" * size


@pytest.mark.parametrize(
    ("declared", "least", "most"), [(3 << 30, 0, 0), (None, 4 << 20, 5 << 20), (10, 4 << 20, 5 << 20)]
)
def test_too_much_is_refused_by_its_claim_unread_or_once_it_is_too_much(
    jurisdiction: Jurisdiction, kept: Path, declared: int | None, least: int, most: int
) -> None:
    endless = Watched()
    with pytest.raises(Invalid) as refusal:
        receive(endless, "a.txt", None, jurisdiction, NOW, declared)
    with override("en"):
        assert "larger than 4 MB" in sentence(refusal)
    assert least <= endless.read_bytes <= most
    assert files(kept) == []


@pytest.mark.usefixtures("in_this_process")
def test_a_bomb_is_known_by_what_it_says_before_it_is_unpacked(
    hand_in: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = docx("a", **{"b.bin": zeros(20 << 20)})
    monkeypatch.setattr(ZipFile, "open", lambda *_: pytest.fail("a member was opened"))
    with invalid("file", "文件解压后过大"):
        hand_in(bomb, "a.docx")


@pytest.mark.usefixtures("in_this_process")
def test_an_archive_packed_inside_spends_of_the_same_allowance(
    hand_in: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = docx("a", **{"1.xlsx": archive({"d": zeros(50_000)}), "2.xlsx": archive({"d": zeros(50_000)})})
    assert hand_in(pair, "a.docx")
    monkeypatch.setattr(inspect, "UNPACKED", 90_000)
    with invalid("file", "文件解压后过大"):
        hand_in(pair, "a.docx")
