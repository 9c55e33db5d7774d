"""What kind of problem a message may be about 类别建议: learned from what clerks have confirmed here. Pure.

A small local model: the characters of title and text in runs of one to four, weighted by how rare they are
(tf-idf, sublinear), and two plain learners whose scores are added, a linear SVM and complement naive Bayes
(J. Rennie et al., Tackling the poor assumptions of naive Bayes text classifiers, 2003). The same examples in
the same order give the same model. Nothing leaves the installation, and nothing is kept: a model is made
from the confirmed messages when it is wanted.

It suggests; a clerk confirms. A share says how much speaks for a kind beside the others, as sharply as fits the
examples when each part of them is tried by the rest; ``bench/kinds.py`` prints how often which share is right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from qingfeng.kernel.text.normalization import folded

RUNS = (1, 4)
TITLE_WEIGHT = 1.5
SVM_C = 0.2
NB_ALPHA = 0.03
FEWEST = 3
"""Examples below which a kind is not learned; as many parts the examples are tried in."""
SHARPNESS = tuple(round(0.25 * step, 2) for step in range(1, 25))

Scores = NDArray[np.float64]


class MessageText(NamedTuple):
    """A message as far as its kind depends on it."""

    title: str
    text: str


class Suggestion(NamedTuple):
    """The two kinds a message is most likely about, each with its share in thousandths."""

    first: str
    share: int
    second: str
    second_share: int


class Kinds:
    """What was learned; ``learned`` makes one."""

    def __init__(self, messages: Sequence[MessageText], kinds: NDArray[np.str_]) -> None:
        self._titles, self._texts = _runs(), _runs()
        weights = _joined(
            self._titles.fit_transform(message.title for message in messages),
            self._texts.fit_transform(message.text for message in messages),
        )
        self._both = _Learners(weights, kinds)
        self._sharpness = _sharpness(weights, kinds)

    def suggestions(self, messages: Sequence[MessageText]) -> list[Suggestion]:
        """A suggestion for each message."""
        if not messages:
            return []
        weights = _joined(
            self._titles.transform(message.title for message in messages),
            self._texts.transform(message.text for message in messages),
        )
        scores = self._both.scores(weights)
        scores[np.diff(weights.indptr) == 0] = 0  # nothing in it was ever seen: no kind has more for it
        shares = _shares(scores, self._sharpness)
        order = np.argsort(-shares, axis=1, kind="stable")
        return [
            Suggestion(
                str(self._both.kinds[first]),
                int(1000 * row[first]),
                str(self._both.kinds[second]),
                int(1000 * row[second]),
            )
            for row, (first, second) in zip(shares, order[:, :2].tolist(), strict=True)
        ]


def learned(messages: Sequence[MessageText], kinds: Sequence[str]) -> Kinds | None:
    """A model of the kinds that have examples enough; none where fewer than two have."""
    counts = Counter(kinds)
    kept = [at for at, kind in enumerate(kinds) if counts[kind] >= FEWEST]
    if len({kinds[at] for at in kept}) < 2:
        return None
    return Kinds([messages[at] for at in kept], np.array([kinds[at] for at in kept], dtype=np.str_))


class _Learners:
    """The two learners over one set of weights."""

    def __init__(self, weights: Any, kinds: NDArray[np.str_]) -> None:
        self.svm = LinearSVC(C=SVM_C, class_weight="balanced", max_iter=5000, random_state=0)
        self.svm.fit(weights, kinds)
        self.bayes = ComplementNB(alpha=NB_ALPHA).fit(weights, kinds)
        self.kinds: NDArray[np.str_] = self.bayes.classes_

    def scores(self, weights: Any) -> Scores:
        """Of each message and kind, on one scale for both learners."""
        margins = self.svm.decision_function(weights)
        if margins.ndim == 1:  # of two kinds the learner gives one number
            margins = np.stack([-margins, margins], axis=1)
        return _even(margins) + _even(self.bayes.predict_log_proba(weights))


def _runs() -> Any:
    return TfidfVectorizer(
        analyzer="char", ngram_range=RUNS, sublinear_tf=True, min_df=2, preprocessor=_evened, dtype=np.float64
    )


def _evened(text: str) -> str:
    return re.sub(r"\s+", " ", folded(text)).strip().casefold()


def _joined(titles: Any, texts: Any) -> Any:
    return csr_matrix(hstack([titles * TITLE_WEIGHT, texts]))


def _even(scores: Scores) -> Scores:
    spread = scores.std(axis=1, keepdims=True)
    even: Scores = (scores - scores.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
    return even


def _shares(scores: Scores, sharpness: float) -> Scores:
    powers = np.exp(sharpness * (scores - scores.max(axis=1, keepdims=True)))
    shares: Scores = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _sharpness(weights: Any, kinds: NDArray[np.str_]) -> float:
    """How sharply scores become shares: as fits the examples best when each part is tried by the others."""
    scores = np.zeros((len(kinds), len(set(kinds.tolist()))))
    for known, tried in StratifiedKFold(FEWEST).split(np.zeros(len(kinds)), kinds):
        scores[tried] = _Learners(weights[known], kinds[known]).scores(weights[tried])
    places = np.searchsorted(np.unique(kinds), kinds)

    def loss(sharpness: float) -> float:
        right = _shares(scores, sharpness)[np.arange(len(kinds)), places]
        return float(-np.log(np.maximum(right, 1e-12)).mean())

    return min(SHARPNESS, key=loss)
