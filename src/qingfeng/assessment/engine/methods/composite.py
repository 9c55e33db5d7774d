"""Composite, version 1 (综合): the subject's own total in another scheme, on this indicator's weight."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from qingfeng.assessment.engine.exact import divide, times
from qingfeng.assessment.engine.readers.question import Need
from qingfeng.assessment.engine.scheme.document import DocumentMap
from qingfeng.assessment.engine.sight import Marks, Method, MethodContext, Sight


@dataclass(frozen=True)
class Composite:
    """weight x total / full marks of ``scheme``."""

    scheme: str


def read(keys: DocumentMap, reading: MethodContext) -> Composite:
    item = keys.get("scheme")
    reading.refers_to.append((item.text(), item.place))
    return Composite(item.text())


def needs(composite: Composite) -> Iterator[Need]:
    return iter(())


def score(composite: Composite, sight: Sight) -> Marks:
    other = sight.others[composite.scheme]
    totals = np.array([other.totals.get(subject, 0) for subject in sight.subjects], dtype=np.int64)
    absent = np.array([subject not in other.totals for subject in sight.subjects], dtype=bool)
    points = divide(times(totals, sight.indicator.weight), sight.of(other.full), sight.rounding)
    steps = {"total": totals, "full": sight.of(other.full), "places": sight.of(other.places)}
    return Marks(points, steps, absent=absent, thin=sight.nobody())


METHOD = Method("composite", 1, read, needs, score, may_miss=True)
