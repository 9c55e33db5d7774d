"""How alike two texts are (文本相似度), and which of many are nearly the same (疑似重复).

Likeness is the share of the pairs of neighbouring characters that two texts have in common among all that
either has (Jaccard), after width, case, spaces and punctuation are evened out; in thousandths, rounded down,
so that 1000 means the same pairs. A text of one character is its own pair; one without any is like nothing.

For many texts the share is estimated by MinHash (A. Broder, On the resemblance and containment of documents,
1997), and only texts that agree on a whole band of it are compared: work grows with their number, not with
its square. What is returned has been compared exactly; what is missing is the few that agreed on no band, and
of a text that thousands vary the best of those few whose estimate was best.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qingfeng.kernel.text.normalization import folded

SEED = 20_260_101
HASHES = 200
CAUGHT = 0.95
"""The chance to catch a pair that lies right at the threshold; those above it have a better one."""
NEIGHBOURS = 8
"""With how many that went before in its band a text is estimated at most: a text sent by thousands stays linear."""
COMPARED = 4
"""With how many of those, the best by the estimate, a text is compared exactly at most: comparing takes longest."""
LONGEST_RUN = 1 << 15
"""How many texts are sorted together: a tenth of a second's work."""
SLACK = 0.12
"""How far the estimate may lie below the threshold before the pair is dropped: some 3½ deviations of 200."""
BLOCK = 1 << 16

_PASSED_OVER = re.compile(r"[\W_]+")
_MASK = (1 << 64) - 1

Codes = NDArray[np.uint32]
Said: TypeAlias = Callable[[Sequence[int]], Mapping[int, str]]
"""The texts of some numbers; one that is gone is left out."""


class SimilarText(NamedTuple):
    """A text by its number, and its likeness to the one asked about, in thousandths."""

    number: int
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
    """Texts taken in block by block, which tells of each new one the earlier one that is most like it.

    It keeps numbers and no texts: some 700 bytes a text at a threshold of 600. The same texts in the same order give
    the same answer on every machine, however they are cut into blocks.
    """

    def __init__(self, threshold: int) -> None:
        """``threshold``: from which likeness on one is told of, in thousandths, 1 to 1000."""
        if not 1 <= threshold <= 1000:
            raise ValueError(f"a threshold is 1 to 1000 thousandths, not {threshold}")
        self.threshold = threshold
        self._first: dict[bytes, int] = {}
        self._rows = _rows(threshold / 1000)
        self._numbers = np.empty(0, np.int64)
        self._marks = np.empty((0, HASHES), np.uint8)
        self._runs: list[_Run] = []
        self._taken = 0

    def take(self, block: Sequence[tuple[int, str]]) -> None:
        """Take texts in, each with its number, that later ones are compared with."""
        fresh, _copies = self._fresh(block)
        self._add(fresh)

    def nearest(self, block: Sequence[tuple[int, str]], said: Said) -> dict[int, SimilarText]:
        """Take texts in; for each that has one, the earlier text that is most like it, of equals the first.

        ``said`` gives the texts of earlier numbers. A text that is the same as earlier ones after evening out is
        told of with the first of them.
        """
        fresh, met = self._fresh(block)
        keys = self._add(fresh)
        for place, others in self._candidates(keys).items():
            met[fresh[place][0]] = others
        texts = dict(block)
        wanted = {other for others in met.values() for other in others} - texts.keys()
        texts |= said(sorted(wanted)) if wanted else {}
        pieces = cache(lambda number: _shingles(evened(texts[number])))
        found: dict[int, SimilarText] = {}
        for number, others in met.items():
            near = max(
                (
                    SimilarText(other, _likeness(pieces(number), pieces(other)))
                    for other in others
                    if other in texts
                ),
                key=lambda each: (each.likeness, -each.number),
                default=None,
            )
            if near is not None and near.likeness >= self.threshold:
                found[number] = near
        return found

    def _fresh(self, block: Sequence[tuple[int, str]]) -> tuple[list[tuple[int, str]], dict[int, list[int]]]:
        """The texts that weren't there before, evened, and of the others the number of the first."""
        fresh: list[tuple[int, str]] = []
        copies: dict[int, list[int]] = {}
        for number, said in block:
            if text := evened(said):
                digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()
                if (first := self._first.setdefault(digest, number)) != number:
                    copies[number] = [first]
                else:
                    fresh.append((number, text))
        return fresh, copies

    def _add(self, fresh: list[tuple[int, str]]) -> Codes:
        """Put texts into the index; returns their keys, a column a text."""
        if not fresh:
            return np.empty((HASHES // self._rows, 0), np.uint32)
        hashes = np.concatenate(
            [_minima(part) for part in _blocks([text for _number, text in fresh])], axis=1
        )
        keys = self._keys(hashes)
        ends = self._taken + len(fresh)
        if ends > len(self._numbers):
            room = max(ends, 1024) * 5 // 4
            self._numbers = _grown(self._numbers, room)
            self._marks = _grown(self._marks, room)
        self._numbers[self._taken : ends] = [number for number, _text in fresh]
        self._marks[self._taken : ends] = hashes.T.astype(np.uint8)
        self._runs.append(_Run.of(keys, self._taken))
        self._taken = ends
        return keys

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

    def _candidates(self, keys: Codes) -> dict[int, list[int]]:
        """For each text of the last run, by its place there, the numbers of the earlier ones whose estimate is best."""
        count = keys.shape[1]
        if not count:
            return {}
        met = np.sort(np.concatenate([self._met(band, keys[band]) for band in range(len(keys))]))
        met = met[np.append(True, met[1:] != met[:-1])[: len(met)]]
        one, other = met >> np.uint64(32), met & np.uint64(0xFFFFFFFF)
        mine = self._taken - count + one.astype(np.int64)
        agreeing = np.empty(len(met), np.int64)
        for cut in (slice(start, start + BLOCK) for start in range(0, len(met), BLOCK)):
            agreeing[cut] = np.count_nonzero(self._marks[mine[cut]] == self._marks[other[cut]], axis=1)
        best = np.lexsort((other, -agreeing, one))
        best = best[agreeing[best] >= int((self.threshold / 1000 - SLACK) * HASHES)]
        place = np.arange(len(best)) - np.searchsorted(one[best], one[best], "left")
        found: dict[int, list[int]] = {}
        for at in best[place < COMPARED].tolist():
            found.setdefault(int(one[at]), []).append(int(self._numbers[int(other[at])]))
        self._merge()
        return found

    def _met(self, band: int, asked: Codes) -> NDArray[np.uint64]:
        """Pairs of a text of the last run and an earlier one with the same key in a band, the latest of those first."""
        left = np.full(len(asked), NEIGHBOURS)
        places = np.arange(len(asked), dtype=np.uint64)
        met: list[NDArray[np.uint64]] = []
        for run in reversed(self._runs):
            start, end = run.range(band, asked, own=run is self._runs[-1])
            many = np.minimum(end - start, left)
            total = int(many.sum())
            if total:
                back = np.arange(total) - np.repeat(np.cumsum(many) - many, many)
                earlier = run.order[band][np.repeat(end, many) - 1 - back].astype(np.uint64)
                met.append(np.repeat(places, many) << np.uint64(32) | earlier)
                left -= many
            if not left.any():
                break
        return np.concatenate(met) if met else np.empty(0, np.uint64)

    def _merge(self) -> None:
        """Merge runs of like size, so that there are few of them and none takes long to merge."""
        while len(self._runs) > 1:
            one, other = self._runs[-2:]
            if one.size > 2 * other.size or one.size + other.size > LONGEST_RUN:
                return
            self._runs[-2:] = [one.joined(other)]


class _Run(NamedTuple):
    """Texts of the index in the order of their keys, band by band: the keys, and the places of the texts."""

    keys: Codes
    order: Codes

    @classmethod
    def of(cls, keys: Codes, begin: int) -> _Run:
        order = np.argsort(keys, axis=1, kind="stable")
        return cls(np.take_along_axis(keys, order, axis=1), (order + begin).astype(np.uint32))

    @property
    def size(self) -> int:
        return int(self.keys.shape[1])

    def range(self, band: int, asked: Codes, own: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """From where to where the texts with the keys asked for stand; of the ``own`` ones only those before each."""
        start = np.searchsorted(self.keys[band], asked, "left")
        if not own:
            return start, np.searchsorted(self.keys[band], asked, "right")
        place = np.empty(len(asked), np.int64)
        place[self.order[band] - self.order[band].min()] = np.arange(len(asked))
        return start, place

    def joined(self, later: _Run) -> _Run:
        """This run and a later one in one."""
        keys, order = (np.concatenate(pair, axis=1) for pair in zip(self, later, strict=True))
        at = np.argsort(keys, axis=1, kind="stable")
        return _Run(np.take_along_axis(keys, at, axis=1), np.take_along_axis(order, at, axis=1))


def _grown(kept: NDArray[Any], room: int) -> NDArray[Any]:
    """An array with room for more rows."""
    larger = np.empty((room, *kept.shape[1:]), kept.dtype)
    larger[: len(kept)] = kept
    return larger


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
