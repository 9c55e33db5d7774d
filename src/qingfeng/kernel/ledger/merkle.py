"""Merkle trees after RFC 9162, section 2.1, with SM3 for the hash.

A leaf is hashed behind 0x00 and an inner node behind 0x01, so that neither can be passed off as the other.
The tree over n leaves splits at the largest power of two below n; built level by level this is the same as
pairing neighbours and lifting an odd last one unchanged.
"""

from collections.abc import Sequence

from .digest import sm3


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf's content: SM3(0x00 ‖ data)."""
    return sm3(b"\x00" + data)


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SM3(0x01 ‖ left ‖ right)."""
    return sm3(b"\x01" + left + right)


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the tree's root (Merkle Tree Hash); of no leaves, SM3 of nothing."""
    level = list(leaf_hashes)
    if not level:
        return sm3(b"")
    while len(level) > 1:
        level = _above(level)
    return level[0]


def inclusion_path(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the sister hashes from leaf `index` (counted from 0) up to the root, lowest first.

    Raises:
        IndexError: if there is no such leaf.
    """
    level = list(leaf_hashes)
    if not 0 <= index < len(level):
        raise IndexError(f"There is no leaf {index} among {len(level)}.")
    path: list[bytes] = []
    while len(level) > 1:
        sister = index ^ 1
        if sister < len(level):
            path.append(level[sister])
        level = _above(level)
        index >>= 1
    return path


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that leaf hash `leaf` at `index` of `size` leaves leads to along `path`.

    Raises:
        ValueError: if index, size and length of the path do not fit together (RFC 9162, 2.1.3.2).
    """
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} among {size}.")
    last = size - 1
    rest = list(reversed(path))
    here = leaf
    while last:
        if index & 1 or index < last:
            if not rest:
                raise ValueError("The path is too short for this tree.")
            sister = rest.pop()
            here = node_hash(sister, here) if index & 1 else node_hash(here, sister)
        index >>= 1
        last >>= 1
    if rest:
        raise ValueError("The path is too long for this tree.")
    return here


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Tell whether `path` proves that leaf hash `leaf` stands at `index` in the tree with root `expected`."""
    try:
        return root_from_path(leaf, index, size, path) == expected
    except ValueError:
        return False


def _above(level: list[bytes]) -> list[bytes]:
    pairs = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    if len(level) % 2:
        pairs.append(level[-1])
    return pairs
