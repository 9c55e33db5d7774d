"""Addition per event with a cap, version 1 (加分)."""

from qingfeng.assessment.engine.methods import events
from qingfeng.assessment.engine.refusals import EngineRefusal
from qingfeng.assessment.engine.scheme.document import DocumentMap
from qingfeng.assessment.engine.sight import Marks, Method, MethodContext, Sight


def read(keys: DocumentMap, reading: MethodContext) -> events.Events:
    """Points from nothing up to the cap; on a weight the cap may not exceed it."""
    parameters = events.read(keys, reading)
    if reading.weight and any(term.value > reading.weight for term in parameters.cap.terms):
        raise EngineRefusal("points_above_weight", parameters.cap.place, key="cap")
    return parameters


def score(parameters: events.Events, sight: Sight) -> Marks:
    counted, capped = events.capped_points(parameters, sight)
    steps = {"counted": counted, "capped": capped}
    return Marks(capped, steps, absent=sight.nobody(), thin=sight.nobody())


METHOD = Method("addition", 1, read, events.needs, score, may_miss=False)
