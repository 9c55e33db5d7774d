"""Merkle trees after RFC 9162, section 2.1, with SM3 for the hash.

A leaf is hashed behind 0x00 and an inner node behind 0x01, so that neither can be passed off as the other.
The tree over n leaves splits at the largest power of two below n; built level by level this is the same as
pairing neighbours and lifting an odd last one unchanged.
"""

from collections.abc import Iterable, Sequence
from functools import reduce

from qingfeng.kernel.ledger.digest import sm3


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


Place = tuple[int, int]
"""A complete subtree of a tree that grows: its level (2^level leaves) and its index among those of that level."""


class GrowingTree:
    """A tree that leaves are added to one after the other; it holds one hash a level and never its leaves."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """Begin empty, or with the hashes of the ``peaks`` of a tree of this size."""
        self.size = size
        self._peaks = list(peaks)

    def add(self, leaf: bytes) -> list[tuple[Place, bytes]]:
        """Add a leaf hash; returns the subtrees that are complete now, the leaf itself first."""
        level, index, here = 0, self.size, leaf
        complete = [((level, index), here)]
        while index & 1:
            level, index, here = level + 1, index >> 1, node_hash(self._peaks.pop(), here)
            complete.append(((level, index), here))
        self._peaks.append(here)
        self.size += 1
        return complete

    def root(self) -> bytes:
        """The root over the leaves so far."""
        return joined(self._peaks) if self._peaks else sm3(b"")


def peaks(size: int) -> list[Place]:
    """The complete subtrees that a tree of ``size`` leaves is joined of, the largest (and leftmost) first."""
    found, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return found


def joined(hashes: Sequence[bytes]) -> bytes:
    """The root over neighbouring complete subtrees, each smaller than the one before it."""
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes))


def sisters(index: int, size: int) -> list[list[Place]]:
    """The complete subtrees that each step of the path from leaf ``index`` is joined of, lowest step first.

    Raises:
        IndexError: if there is no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(f"There is no leaf {index} among {size}.")
    steps: list[list[Place]] = []
    for level in range((size - 1).bit_length()):
        sister = (index >> level) ^ 1
        start = sister << level
        if start + (1 << level) <= size:
            steps.append([(level, sister)])
        elif start < size:
            steps.append([(deep, place) for deep, place in peaks(size) if place << deep >= start])
    return steps


def _above(level: list[bytes]) -> list[bytes]:
    pairs = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    # Lifted, not paired with itself: a tree with its last leaf twice would have the same root (CVE-2012-2459).
    if len(level) % 2:
        pairs.append(level[-1])
    return pairs
