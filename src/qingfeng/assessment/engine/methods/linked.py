"""Linked, version 1 (捆绑考核): a leader's score from the units linked to them, each for the days of
its link.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from qingfeng.assessment.engine.exact import divide, times, wide, zeros
from qingfeng.assessment.engine.readers.question import Need
from qingfeng.assessment.engine.refusals import DocumentPlace, EngineRefusal
from qingfeng.assessment.engine.scheme.document import DocumentMap
from qingfeng.assessment.engine.sight import Marks, Method, MethodContext, Sight


@dataclass(frozen=True)
class LinkedMean:
    """Mean of the linked subjects' totals in ``scheme``, weighted by link weight x days, on this weight."""

    scheme: str
    place: DocumentPlace


def read(keys: DocumentMap, reading: MethodContext) -> LinkedMean:
    item = keys.get("scheme")
    reading.refers_to.append((item.text(), item.place))
    return LinkedMean(item.text(), item.place)


def needs(linked: LinkedMean) -> Iterator[Need]:
    return iter(())


def score(linked: LinkedMean, sight: Sight) -> Marks:
    other = sight.others[linked.scheme]
    numerator, shares = wide(zeros(len(sight.subjects))), zeros(len(sight.subjects))
    for position, subject in enumerate(sight.subjects):
        for link in sight.links.get(subject, ()):
            if link.to not in other.totals:
                raise EngineRefusal(
                    "link_without_score", linked.place, subject=subject, to=link.to, scheme=linked.scheme
                )
            numerator[position] += other.totals[link.to] * link.share
            shares[position] += link.share
    some = shares > 0
    denominator = times(np.where(some, shares, 1), other.full)
    points = divide(times(numerator, sight.indicator.weight), denominator, sight.rounding)
    steps = {
        "shares": shares,
        "weighted_sum": numerator,
        "full": sight.of(other.full),
        "places": sight.of(other.places),
    }
    return Marks(points, steps, absent=~some, thin=sight.nobody())


METHOD = Method("linked", 1, read, needs, score, may_miss=True)
