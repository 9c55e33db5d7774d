"""Points per event, shared by deduction and addition."""

from collections.abc import Iterator
from dataclasses import dataclass

from qingfeng.assessment.engine.exact import Ints, divide, plus, times
from qingfeng.assessment.engine.measure import Amount, read_amount, take
from qingfeng.assessment.engine.readers.question import Need
from qingfeng.assessment.engine.refusals import EngineRefusal
from qingfeng.assessment.engine.scheme.dated import SchemeParameter, parameter
from qingfeng.assessment.engine.scheme.document import DocumentMap
from qingfeng.assessment.engine.sight import MethodContext, Sight


@dataclass(frozen=True)
class EventPoints:
    """So many points for each event, or for each unit of measure."""

    amount: Amount
    points: SchemeParameter


@dataclass(frozen=True)
class Events:
    """Kinds of event and the most they come to together. No event is no event, never a missing value."""

    events: tuple[EventPoints, ...]
    cap: SchemeParameter


def read(keys: DocumentMap, reading: MethodContext) -> Events:
    events: list[EventPoints] = []
    for item in keys.get("events").items():
        with item.map() as row:
            amount = read_amount(row.get("each"), reading.catalogue)
            points = parameter(row.get("points"), reading.places, reading.clause)
            if any(term.value <= 0 for term in points.terms):
                raise EngineRefusal("points_not_above_zero", row.get("points").place)
            events.append(EventPoints(amount, points))
    return Events(tuple(events), parameter(keys.get("cap"), reading.places, reading.clause))


def needs(events: Events) -> Iterator[Need]:
    return (event.amount.need for event in events.events)


def capped_points(events: Events, sight: Sight) -> tuple[Ints, Ints]:
    """Points of all events together, rounded once, before and after the cap; never below zero."""
    scale = max(_scale(event) for event in events.events)
    sum_ = sight.of(0)
    for event in events.events:
        amount, own, _ = take(event.amount, sight)
        sum_ = plus(sum_, times(amount, sight.value(event.points) * (scale // own)))
    counted = divide(sum_, sight.of(scale), sight.rounding)
    counted[counted < 0] = 0
    capped = counted.copy()
    capped[capped > sight.value(events.cap)] = sight.value(events.cap)
    return counted, capped


def _scale(event: EventPoints) -> int:
    return 1 if event.amount.take == "count" else int(10**event.amount.need.fact.scale)
