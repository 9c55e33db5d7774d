"""Deduction per event with a cap, version 1 (扣分)."""

from qingfeng.assessment.engine.exact import plus
from qingfeng.assessment.engine.methods import events
from qingfeng.assessment.engine.refusals import EngineRefusal
from qingfeng.assessment.engine.scheme.document import DocumentMap
from qingfeng.assessment.engine.sight import Marks, Method, MethodContext, Sight


def read(keys: DocumentMap, reading: MethodContext) -> events.Events:
    """The weight less the points of the events; on a weight the cap may not exceed it."""
    parameters = events.read(keys, reading)
    if reading.weight and any(term.value > reading.weight for term in parameters.cap.terms):
        raise EngineRefusal("points_above_weight", parameters.cap.place, key="cap")
    return parameters


def score(parameters: events.Events, sight: Sight) -> Marks:
    counted, capped = events.capped_points(parameters, sight)
    points = plus(-capped, sight.indicator.weight)
    steps = {"counted": counted, "capped": capped}
    return Marks(points, steps, absent=sight.nobody(), thin=sight.nobody())


METHOD = Method("deduction", 1, read, events.needs, score, may_miss=False)
