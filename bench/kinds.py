"""How well the kinds of messages are suggested: ``python -m bench.kinds [FOLDER]``.

Limit: macro-F1, as the mean of ten times tenfold cross-validation with fixed seeds on the labelled messages
in FOLDER (../shared/data/complaints), is at least 0.83. Everything is learned inside the folds. Printed
besides: the spread over the ten, how often the kind is among the two suggested, and for each threshold how
many messages get a suggestion and how many of these are right.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import numpy as np
from python_calamine import CalamineWorkbook
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from bench import figures
from qingfeng.mechanisms.voice.intake.kinds import MessageText, Suggestion, learned
from qingfeng.mechanisms.voice.intake.rules import one_line, prose

LEAST = 0.83
TIMES, FOLDS = 10, 10
WHERE = Path("../shared/data/complaints")
THRESHOLDS = (0, 300, 400, 500, 600, 700, 800, 900)


def labelled(folder: Path) -> tuple[list[MessageText], np.ndarray]:
    """The labelled messages: subject, text, kind."""
    rows = CalamineWorkbook.from_path(str(folder / "messages_labelled_400.xlsx")).get_sheet_by_index(0)
    head, *lines = rows.to_python()
    title, text, kind = (head.index(name) for name in ("留言主题", "留言详情", "一级分类"))
    said = [MessageText(one_line(str(line[title])), prose(str(line[text]))) for line in lines]
    return said, np.array([str(line[kind]).strip() for line in lines])


def one_time(seed: int, messages: list[MessageText], kinds: np.ndarray) -> list[Suggestion]:
    """Every message's suggestion, by a model that saw nine parts in ten and not this one."""
    found: list[Suggestion | None] = [None] * len(messages)
    for known, tried in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(kinds, kinds):
        model = learned([messages[at] for at in known], kinds[known].tolist())
        assert model is not None
        for at, suggestion in zip(tried, model.suggestions([messages[at] for at in tried]), strict=True):
            found[at] = suggestion
    return [suggestion for suggestion in found if suggestion is not None]


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=WHERE)
    parser.add_argument("--times", type=int, default=TIMES)
    given = parser.parse_args()
    if not given.folder.is_dir():
        raise SystemExit(
            f"{given.folder} is not there: the labelled messages lie beside the project, not in it"
        )
    messages, kinds = labelled(given.folder)
    verdict, began = figures.Verdict(), time.perf_counter()
    scores, two, curve = [], [], {least: [0, 0] for least in THRESHOLDS}
    for seed in range(given.times):
        found = one_time(seed, messages, kinds)
        scores.append(float(f1_score(kinds, [one.first for one in found], average="macro")))
        two.append(
            statistics.mean(kind in (one.first, one.second) for one, kind in zip(found, kinds, strict=True))
        )
        for one, kind in zip(found, kinds, strict=True):
            for least, counted in curve.items():
                counted[0] += one.share >= least
                counted[1] += one.share >= least and one.first == kind
    took = time.perf_counter() - began
    print(
        f"{len(messages)} messages, {len(set(kinds))} kinds, {given.times} times {FOLDS}-fold, {took:.0f} s"
    )
    print(f"macro-F1 mean {statistics.mean(scores):.4f}, spread {min(scores):.4f} to {max(scores):.4f}")
    print(f"among the two suggested {statistics.mean(two):.4f}")
    print("share at least   suggested   of these right")
    tried = given.times * len(messages)
    for least, (said, right) in curve.items():
        print(f"{least:14} {said / tried:11.3f} {right / max(said, 1):16.3f}")
    verdict.least("macro-F1", statistics.mean(scores), LEAST)
    verdict.leave()


if __name__ == "__main__":
    main()
