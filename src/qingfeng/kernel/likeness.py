"""How alike two texts are (文本相似度), and which of many are nearly the same (疑似重复).

Likeness is the share of the pairs of neighbouring characters that two texts have in common among all that
either has (Jaccard), after width, case, spaces and punctuation are evened out; in thousandths, rounded down,
so that 1000 means the same pairs. A text of one character is its own pair; one without any is like nothing.

For many texts the share is estimated by MinHash (A. Broder, On the resemblance and containment of documents,
1997), and only texts that agree on a whole band of it are compared: work grows with their number, not with
its square. What is returned has been compared exactly; what is missing is the few that agreed on no band.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingfeng.kernel.folded import folded

SEED = 20_260_101
HASHES = 200
CAUGHT = 0.95
"""The chance to catch a pair that lies right at the threshold; those above it have a better one."""
NEIGHBOURS = 32
"""With how many that follow in its band a text is compared at most: a text sent by thousands stays linear."""
SLACK = 0.12
"""How far the estimate may lie below the threshold before the pair is dropped: some 3½ deviations of 200."""
BLOCK = 1 << 16

_PASSED_OVER = re.compile(r"[\W_]+")
_MASK = (1 << 64) - 1

Codes = NDArray[np.uint32]


class Pair(NamedTuple):
    """Two texts by their places, the earlier first, and their likeness in thousandths."""

    first: int
    second: int
    likeness: int


class Near(NamedTuple):
    """A text by its place, and its likeness to the one asked about, in thousandths."""

    place: int
    likeness: int


def evened(text: str) -> str:
    """The text in one width and case, with letters and digits only."""
    return _PASSED_OVER.sub("", folded(text).casefold())


def likeness(a: str, b: str) -> int:
    """How alike two texts are, in thousandths: 0 nothing in common, 1000 the same pairs of characters."""
    return _likeness(_shingles(evened(a)), _shingles(evened(b)))


def _shingles(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(max(len(text) - 1, min(len(text), 1)))}


def _likeness(a: set[str], b: set[str]) -> int:
    common = len(a & b)
    return 1000 * common // (len(a) + len(b) - common) if common else 0


class Likenesses:
    """An index over many texts that finds those whose likeness reaches a threshold.

    The same texts in the same order give the same answer on every machine.
    """

    def __init__(self, texts: Iterable[str], threshold: int) -> None:
        """Take the texts in, in order; ``threshold`` in thousandths, 1 to 1000."""
        if not 1 <= threshold <= 1000:
            raise ValueError(f"a threshold is 1 to 1000 thousandths, not {threshold}")
        self.threshold = threshold
        self._first: dict[str, int] = {}
        self._copies: list[tuple[int, int]] = []
        self._places: list[int] = []
        for place, text in enumerate(map(evened, texts)):
            if not text:
                continue
            if (first := self._first.setdefault(text, place)) != place:
                self._copies.append((first, place))
            else:
                self._places.append(place)
        self._texts = list(self._first)
        self._rows = _rows(threshold / 1000)
        bands = HASHES // self._rows
        self._marks = np.empty((len(self._texts), HASHES), np.uint8)
        keys = np.empty((bands, len(self._texts)), np.uint32)
        done = 0
        for block in _blocks(self._texts):
            ends = done + len(block)
            hashes = _minima(block)
            self._marks[done:ends] = hashes.T.astype(np.uint8)
            keys[:, done:ends] = self._keys(hashes)
            done = ends
        self._order = np.argsort(keys, axis=1, kind="stable").astype(np.uint32)
        self._sorted = np.take_along_axis(keys, self._order, axis=1)

    def pairs(self) -> list[Pair]:
        """The pairs that reach the threshold, by place.

        Of texts that are the same after evening out only the first is compared with others; each
        further one is paired with that first alone.
        """
        found = [Pair(first, copy, 1000) for first, copy in self._copies]
        for one, other in self._candidates():
            alike = _likeness(_shingles(self._texts[one]), _shingles(self._texts[other]))
            if alike >= self.threshold:
                found.append(Pair(self._places[one], self._places[other], alike))
        return sorted(found)

    def nearest(self, text: str) -> list[Near]:
        """The texts that reach the threshold with this one, the most alike first; of copies the first."""
        asked = evened(text)
        if not asked or not self._texts:
            return []
        keys = self._keys(_minima([asked]))[:, 0]
        met: set[int] = set()
        for band, key in enumerate(keys):
            row = self._sorted[band]
            start, end = np.searchsorted(row, key, "left"), np.searchsorted(row, key, "right")
            met.update(self._order[band, start : min(end, start + NEIGHBOURS)].tolist())
        if (same := self._first.get(asked)) is not None:
            met.add(bisect_left(self._places, same))
        pieces = _shingles(asked)
        near = [Near(self._places[at], _likeness(pieces, _shingles(self._texts[at]))) for at in met]
        return sorted(
            (each for each in near if each.likeness >= self.threshold), key=lambda n: (-n.likeness, n.place)
        )

    def _keys(self, hashes: Codes) -> Codes:
        """One number a band out of its rows of hashes."""
        whole = len(hashes) // self._rows * self._rows
        rows = hashes[:whole].reshape(-1, self._rows, hashes.shape[1])
        keys = np.zeros((len(rows), hashes.shape[1]), np.uint32)
        for at in range(self._rows):
            keys ^= rows[:, at]
            keys *= np.uint32(0x9E3779B1)
            keys ^= keys >> np.uint32(15)
        return keys

    def _candidates(self) -> Iterator[tuple[int, int]]:
        """Pairs of distinct texts that share a band and whose estimate comes near the threshold."""
        least = int((self.threshold / 1000 - SLACK) * HASHES)
        met: list[NDArray[np.uint64]] = []
        for keys, order in zip(self._sorted, self._order, strict=True):
            for step in range(1, NEIGHBOURS + 1):
                at = np.flatnonzero(keys[:-step] == keys[step:])
                if not len(at):
                    break
                one, other = order[at], order[at + step]
                agreeing = np.concatenate(
                    [
                        np.count_nonzero(self._marks[one[cut]] == self._marks[other[cut]], axis=1)
                        for cut in (slice(start, start + BLOCK) for start in range(0, len(at), BLOCK))
                    ]
                )
                kept = agreeing >= least
                low, high = np.minimum(one, other)[kept], np.maximum(one, other)[kept]
                met.append(low.astype(np.uint64) << np.uint64(32) | high)
        for pair in np.unique(np.concatenate(met)).tolist() if met else ():
            yield pair >> 32, pair & 0xFFFFFFFF


def _rows(threshold: float) -> int:
    """The most rows a band may have so that a pair at the threshold is still caught."""
    rows = 1
    while 1 - (1 - threshold ** (rows + 1)) ** (HASHES // (rows + 1)) >= CAUGHT and rows < 20:
        rows += 1
    return rows


def _blocks(texts: list[str]) -> Iterator[list[str]]:
    """The texts in order, in blocks small enough for the processor's cache."""
    block: list[str] = []
    size = 0
    for text in texts:
        block.append(text)
        size += len(text)
        if size >= BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def _minima(texts: list[str]) -> Codes:
    """The least value of every hash over the shingles of each text (none of them empty): hashes × texts."""
    signs = np.frombuffer(("\0" + "\0".join(texts) + "\0").encode("utf-32-le", "surrogatepass"), np.uint32)
    here, follows = signs[1:-1], signs[2:]
    alone = (signs[:-2] == 0) & (follows == 0)
    kept = (here != 0) & ((follows != 0) | alone)
    pieces = _mixed(here[kept].astype(np.uint64) << np.uint64(21) | follows[kept])
    counts = np.fromiter((max(len(text) - 1, 1) for text in texts), np.int64, len(texts))
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    minima = np.empty((HASHES, len(texts)), np.uint32)
    values = np.empty_like(pieces)
    for at, (factor, mask) in enumerate(_FUNCTIONS):
        np.bitwise_xor(pieces, mask, out=values)
        np.multiply(values, factor, out=values)
        np.minimum.reduceat(values, starts, out=minima[at])
    return minima


def _mixed(values: NDArray[np.uint64]) -> Codes:
    """Splitmix64's finish, its upper half: neighbours are spread over all 32 bits."""
    values = (values ^ values >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ values >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return (values >> np.uint64(32)).astype(np.uint32)


def _functions(seed: int) -> Iterator[tuple[np.uint32, np.uint32]]:
    """An odd factor and a mask for every hash, from the seed."""
    for _ in range(HASHES):
        seed = (seed + 0x9E3779B97F4A7C15) & _MASK
        mixed = ((seed ^ seed >> 30) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & _MASK
        mixed ^= mixed >> 31
        yield np.uint32(mixed & 0xFFFFFFFF | 1), np.uint32(mixed >> 32)


_FUNCTIONS = tuple(_functions(SEED))
