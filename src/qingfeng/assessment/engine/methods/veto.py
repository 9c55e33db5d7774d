"""Veto, version 1 (一票否决): from so many events on, the total may be no higher than the scheme says."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from qingfeng.assessment.engine.measure import Amount, read_amount, take
from qingfeng.assessment.engine.readers.question import Need
from qingfeng.assessment.engine.refusals import EngineRefusal
from qingfeng.assessment.engine.scheme.dated import SchemeParameter, parameter
from qingfeng.assessment.engine.scheme.document import DocumentMap
from qingfeng.assessment.engine.sight import Marks, Method, MethodContext, Sight


@dataclass(frozen=True)
class Veto:
    """The ``at_least``-th event limits the total to ``most`` points."""

    event: Amount
    at_least: SchemeParameter
    most: SchemeParameter


def read(keys: DocumentMap, reading: MethodContext) -> Veto:
    if reading.weight:
        raise EngineRefusal("veto_with_weight", keys.place)
    event = read_amount(keys.get("each"), reading.catalogue)
    at_least = parameter(keys.get("at_least"), 0, reading.clause)
    return Veto(event, at_least, parameter(keys.get("most"), reading.places, reading.clause))


def needs(veto: Veto) -> Iterator[Need]:
    yield veto.event.need


def score(veto: Veto, sight: Sight) -> Marks:
    amount, scale, _ = take(veto.event, sight)
    struck = amount >= sight.value(veto.at_least) * scale
    return Marks(
        sight.of(0),
        {"events": amount, "struck": struck.astype(np.int64)},
        absent=sight.nobody(),
        thin=sight.nobody(),
        ceiling=np.where(struck, sight.value(veto.most), -1),
    )


METHOD = Method("veto", 1, read, needs, score, may_miss=False)
