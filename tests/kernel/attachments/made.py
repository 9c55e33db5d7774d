"""Files as people and their enemies make them, built here so that none lies in the repository."""

import struct
import zlib
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

GPS_LATITUDE = 26.5783


def image(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **saved: Any) -> bytes:
    out = BytesIO()
    picture = Image.new("RGB", size, "white")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    picture.save(out, format=kind, **saved)
    return out.getvalue()


def located_jpeg() -> bytes:
    """A photograph held upright, with place, camera and comment; as stored, its left half is red."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "CAMERA-MAKER"
    exif.get_ifd(0x8825).update({1: "N", 2: (26.0, 34.0, 41.9), 3: "E", 4: (106.0, 42.0, 36.0)})
    return image(exif=exif, comment=b"TAKEN BY A PERSON")


def png_header(width: int, height: int) -> bytes:
    """A PNG of few bytes that claims a size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def archive(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return out.getvalue()


def docx(*paragraphs: str, **more: bytes) -> bytes:
    """A document; a paragraph is cut into runs at "|", as editors cut them."""
    body = "".join(
        "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in paragraph.split("|")) + "</w:p>"
        for paragraph in paragraphs
    )
    return archive(
        {
            "[Content_Types].xml": b"<Types/>",
            "word/document.xml": f"<w:document><w:body>{body}</w:body></w:document>".encode(),
            **more,
        }
    )


def xlsx(*cells: str) -> bytes:
    strings = "".join(f"<si><t>{cell}</t></si>" for cell in cells)
    return archive(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.xml": b"<workbook/>",
            "xl/sharedStrings.xml": f"<sst>{strings}</sst>".encode(),
        }
    )


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
GOOD = {
    "photo.jpg": image(),
    "photo.png": image("PNG"),
    "photo.webp": image("WEBP"),
    "paper.pdf": PDF,
    "report.docx": docx("整改报告"),
    "table.xlsx": xlsx("姓名", "天数"),
    "paper.ofd": archive({"OFD.xml": b"<OFD/>"}),
    "clip.mp4": b"\0\0\0\x18ftypisom" + b"\0" * 40,
    "clip.mov": b"\0\0\0\x14ftypqt  " + b"\0" * 40,
    "talk.m4a": b"\0\0\0\x18ftypM4A " + b"\0" * 40,
    "talk.mp3": b"ID3\x04" + b"\0" * 40,
    "talk.wav": b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40,
    "talk.amr": b"#!AMR\n" + b"\0" * 40,
    "note.txt": "上午十点无人值守".encode(),
    "rows.csv": "姓名,天数\n甲,3\n".encode("gb18030"),
}
