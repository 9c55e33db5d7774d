"""Near-duplicates found among many texts: ``python -m bench.likeness [FOLDER]``.

Limits: of the texts of which comparing all with all finds that they repeat an earlier one, at least nine in ten,
on made-up texts with changed copies of several degrees among them and on the published messages in FOLDER
(../shared/data/complaints) where it is there; ten times the texts take at most fifteen times as long. Printed
besides: the time at 10,000, 100,000 and 1,000,000 texts, the longest block, and the memory each took.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from python_calamine import CalamineWorkbook

from bench import figures
from qingfeng.kernel.reading.likeness import Likenesses, SimilarText, evened

RECALL, GROWTH = 0.9, 15
SIZES = (10_000, 100_000, 1_000_000)
THRESHOLDS = (500, 600, 700, 800)
FEW = 1500
BLOCK = 250
WHERE = Path("../shared/data/complaints")
WORDS, LENGTH = 8000, 50
DEGREES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3)
"""Shares of the characters changed in a copy."""


def made(many: int, seed: int = 1) -> Iterator[str]:
    """Texts of made-up words of two characters, some frequent and most rare; each tenth a changed copy."""
    draw = random.Random(seed)
    signs = [chr(0x4E00 + at) for at in range(2500)]
    words = ["".join(draw.choices(signs, k=2)) for _ in range(WORDS)]
    weights = list(accumulate(1 / (at + 5) for at in range(WORDS)))
    kept: list[str] = []
    for at in range(many):
        if at % 10 == 9:
            copied = list(draw.choice(kept))
            for _ in range(int(draw.choice(DEGREES) * len(copied))):
                copied[draw.randrange(len(copied))] = draw.choice(signs)
            yield "".join(copied)
            continue
        text = "".join(draw.choices(words, cum_weights=weights, k=LENGTH))
        if len(kept) < 10_000:
            kept.append(text)
        yield text


def published(folder: Path) -> list[str]:
    """Title and text of the messages in a folder."""
    found: list[str] = []
    for path in sorted(folder.glob("messages_*.xlsx")):
        head, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        title, text = head.index("留言主题"), head.index("留言详情")
        found += [f"{row[title]}\n{row[text]}" for row in rows]
    return found


def all_with_all(texts: list[str], least: int) -> dict[int, int]:
    """The best likeness of each text to one before it, where that reaches a likeness; each pair compared."""
    sets = [{text[at : at + 2] for at in range(max(len(text) - 1, 1))} for text in texts]
    best: dict[int, int] = {}
    for other, pieces in enumerate(sets):
        for before in sets[:other]:
            common = len(pieces & before)
            alike = 1000 * common // (len(pieces) + len(before) - common)
            if alike >= max(least, best.get(other, 0)):
                best[other] = alike
    return best


def repeated(texts: list[str], threshold: int, blocks: list[float]) -> dict[int, SimilarText]:
    """What each text repeats of those before it; the seconds each block took are added."""
    index = Likenesses(threshold)
    found: dict[int, SimilarText] = {}
    for start in range(0, len(texts), BLOCK):
        began = time.process_time()
        block = list(enumerate(texts[start : start + BLOCK], start=start))
        found |= index.nearest(block, lambda numbers: {number: texts[number] for number in numbers})
        blocks.append(time.process_time() - began)
    return found


def recall(name: str, texts: list[str], verdict: figures.Verdict) -> None:
    """What is found of what comparing all with all finds. Of equal texts one is compared: copies are always found."""
    distinct = list(dict.fromkeys(text for text in map(evened, texts) if text))
    best = all_with_all(distinct, min(THRESHOLDS))
    for threshold in THRESHOLDS:
        wanted = {at for at, alike in best.items() if alike >= threshold}
        found = repeated(distinct, threshold, [])
        assert found.keys() <= wanted, "what is found has been compared"
        if wanted:
            verdict.least(
                f"recall, {name}, {len(wanted)} texts from {threshold}", len(found) / len(wanted), RECALL
            )


def alone(many: int) -> None:
    """In a process of its own: the seconds so many texts take, and the memory."""
    texts = list(made(many))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    blocks: list[float] = []
    found = len(repeated(texts, 600, blocks))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    said = {"seconds": sum(blocks), "longest": max(blocks), "found": found}
    print(json.dumps(said | {"more": (memory - before) / 1024, "all": memory / 1024}))


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=WHERE)
    parser.add_argument("--alone", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        alone(given.alone)
        return
    figures.machine()
    verdict = figures.Verdict()
    recall("made up", list(made(FEW)), verdict)
    if given.folder.is_dir():
        recall("published", published(given.folder), verdict)
    else:
        print(f"{given.folder} is not there: no published messages were compared")
    before = 0.0
    for many in SIZES:
        command = [sys.executable, "-m", "bench.likeness", "--alone", str(many)]
        said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        print(
            f"{many:9,} texts: {said['seconds']:.1f} s of processor, {said['longest']:.2f} s the longest block,"
            f" {said['found']} found,"
            f" {said['more']:.0f} MiB more, {said['all']:.0f} MiB in all",
            flush=True,
        )
        if before:
            verdict.most("ten times the texts, times the seconds", said["seconds"] / before, GROWTH)
        before = said["seconds"]
    verdict.leave()


if __name__ == "__main__":
    main()
