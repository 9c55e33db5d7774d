"""A sealed file is opened whole by its key, and not at all when a piece of it is altered, moved, left out or cut off."""

import io
import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.faces.cli.backup.sealed_file import (
    KEY_BYTES,
    MAGIC,
    PIECE,
    TAG_BYTES,
    BackupReader,
    BackupWriter,
    make_key,
    read_key,
)
from qingfeng.faces.cli.words import Trouble

HEADER = len(MAGIC) + 2 * KEY_BYTES
BOX = PIECE + TAG_BYTES
FILES = {"database": b"d" * (3 * PIECE), "attachments/a": b"", "attachments/b": os.urandom(PIECE + 7)}


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("safe") / "key.pem"
    make_key(path)
    return path


def sealed(key: Path, files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    writer = BackupWriter(file, read_key(key).public_key().public_bytes_raw())
    for name, content in files.items():
        writer.add(name, [content[at : at + 1000] for at in range(0, len(content), 1000)])
    writer.close()
    return file.getvalue()


def opened(path: Path, key: Path) -> dict[str, bytes]:
    return {name: b"".join(content) for name, content in BackupReader(path, read_key(key)).files()}


def boxes(content: bytes) -> list[bytes]:
    return [content[at : at + BOX] for at in range(HEADER, len(content), BOX)]


@given(st.lists(st.integers(0, 2 * PIECE), max_size=4))
def test_what_is_sealed_is_opened_as_it_was(key: Path, sizes: list[int]) -> None:
    files = {f"file {place}": b"x" * size for place, size in enumerate(sizes)}
    path = key.with_name("one")
    path.write_bytes(sealed(key, files))
    assert opened(path, key) == files


def test_a_file_that_fills_its_last_piece_to_the_byte_is_whole(key: Path, tmp_path: Path) -> None:
    # A name of one letter and its file of one block: 5 + 4 + n + 4, and 4 more for the end.
    for size in range(PIECE - 20, PIECE + 3):
        path = tmp_path / f"{size}"
        path.write_bytes(sealed(key, {"a": b"x" * size}))
        assert opened(path, key) == {"a": b"x" * size}


def flipped(place: int) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        changed = bytearray(content)
        changed[place] ^= 1
        return bytes(changed)

    return change


def swapped(content: bytes) -> bytes:
    first, second, *rest = boxes(content)
    return content[:HEADER] + second + first + b"".join(rest)


def without_one(content: bytes) -> bytes:
    first, _second, *rest = boxes(content)
    return content[:HEADER] + first + b"".join(rest)


def without_the_last(content: bytes) -> bytes:
    return content[:HEADER] + b"".join(boxes(content)[:-1])


def twice_the_last(content: bytes) -> bytes:
    return content + boxes(content)[-1]


@pytest.mark.parametrize(
    "harm",
    [
        flipped(HEADER - 1),
        flipped(HEADER),
        flipped(HEADER + 2 * BOX),
        flipped(-1),
        swapped,
        without_one,
        without_the_last,
        twice_the_last,
        lambda content: content[: HEADER + BOX + 10],
        lambda content: content[:HEADER],
        lambda content: content[: HEADER - 5],
        lambda content: content[10:],
        lambda _content: b"",
    ],
)
def test_whatever_is_done_to_it_is_refused_by_its_name(
    key: Path, tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "backup"
    path.write_bytes(harm(sealed(key, FILES)))
    with pytest.raises(Trouble) as refused:
        opened(path, key)
    assert str(path) in str(refused.value.reason)


def test_another_key_is_told_from_a_damaged_file(key: Path, tmp_path: Path) -> None:
    path, other = tmp_path / "backup", tmp_path / "other.pem"
    path.write_bytes(sealed(key, FILES))
    make_key(other)
    with pytest.raises(Trouble) as refused:
        BackupReader(path, read_key(other))
    assert "密钥" in str(refused.value.reason)
    for wrong in (tmp_path / "none.pem", path):
        with pytest.raises(Trouble, match="不是备份密钥"):
            read_key(wrong)


def test_a_key_is_never_written_over_and_read_by_its_owner_alone(key: Path) -> None:
    before = key.read_bytes()
    with pytest.raises(Trouble, match="已经存在"):
        make_key(key)
    assert key.read_bytes() == before
    assert key.stat().st_mode & 0o077 == 0


def test_a_large_file_takes_no_more_memory_than_a_small_one(key: Path, tmp_path: Path) -> None:
    def made(pieces: int) -> Iterator[bytes]:
        return (b"x" * PIECE for _ in range(pieces))

    peaks = []
    for pieces in (16, 1024):
        path = tmp_path / f"{pieces}"
        tracemalloc.start()
        with path.open("wb") as file:
            writer = BackupWriter(file, read_key(key).public_key().public_bytes_raw())
            writer.add("large", made(pieces))
            writer.close()
        for _name, content in BackupReader(path, read_key(key)).files():
            assert sum(map(len, content)) == pieces * PIECE
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 4 * PIECE
