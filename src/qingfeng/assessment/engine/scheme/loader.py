"""Schemes from YAML: typed, strict, refused with file, line and words."""

from collections.abc import Iterable
from pathlib import Path

from qingfeng.assessment.engine.methods import METHODS
from qingfeng.assessment.engine.methods.attainment import Attainment
from qingfeng.assessment.engine.methods.events import Events
from qingfeng.assessment.engine.methods.steps import Steps
from qingfeng.assessment.engine.period import UNITS
from qingfeng.assessment.engine.readers.question import Need
from qingfeng.assessment.engine.refusals import DocumentPlace, EngineRefusal
from qingfeng.assessment.engine.rounding import ROUNDINGS, decimal
from qingfeng.assessment.engine.scheme.catalogue import Catalogue, Title, title
from qingfeng.assessment.engine.scheme.dated import parameter, span
from qingfeng.assessment.engine.scheme.document import DocumentItem, DocumentMap, read_text
from qingfeng.assessment.engine.scheme.model import (
    BELOW,
    MISSING,
    RANDOM,
    RELIEFS,
    TIES,
    Branch,
    Cases,
    ComparisonGroup,
    Indicator,
    Missing,
    Random,
    Scheme,
    Scoring,
)
from qingfeng.assessment.engine.sight import Method, MethodContext

MOST_PLACES = 6


def load_scheme(path: Path, catalogue: Catalogue) -> Scheme:
    """Read a scheme file; raises Refused with file, line and words."""
    return scheme_from(path.read_text(encoding="utf-8"), catalogue, path.name)


def scheme_from(text: str, catalogue: Catalogue, file: str = "scheme.yaml") -> Scheme:
    """Read a scheme from text."""
    with read_text(text, file) as document:
        clause = document.get("clause").text()
        scoring = _scoring(document.get("score"))
        reader = _IndicatorTree(catalogue, scoring, clause)
        with document.get("valid").map() as dates:
            valid = span(dates.get("from"), dates.maybe("until"))
        with document.get("exclusions").map() as relief:
            protection = relief.get("protection").choice(RELIEFS)
            tolerance = relief.get("tolerance").choice(RELIEFS)
        return Scheme(
            id=document.get("scheme").text(),
            title=title(document.get("title")),
            jurisdiction=document.get("jurisdiction").text(),
            clause=clause,
            valid=valid,
            units=tuple(item.choice(UNITS) for item in document.get("periods").items()),
            scoring=scoring,
            groups=tuple(_groups(document.get("groups"))),
            protection=protection,
            tolerance=tolerance,
            tree=reader.root(document),
            refers_to=tuple(reader.refers_to),
            place=document.place,
            text=text,
        )


def _scoring(item: DocumentItem) -> Scoring:
    with item.map() as score:
        places_item = score.get("places")
        places = places_item.number()
        if not 0 <= places <= MOST_PLACES:
            raise EngineRefusal("places_out_of_range", places_item.place, found=places, most=MOST_PLACES)
        least, most = score.maybe("least"), score.maybe("most")
        full = score.get("full")
        if full.number(places) <= 0:
            raise EngineRefusal("points_not_above_zero", full.place)
        return Scoring(
            full.number(places),
            places,
            score.get("rounding").choice(ROUNDINGS),
            least.number(places) if least else None,
            most.number(places) if most else None,
        )


def _groups(item: DocumentItem) -> Iterable[ComparisonGroup]:
    for name, row_item in item.map():
        with row_item.map() as row:
            minimum = row.get("minimum")
            if minimum.number() < 2:
                raise EngineRefusal("group_minimum_too_low", minimum.place, group=name)
            yield ComparisonGroup(
                name, title(row.get("title")), minimum.number(), row.get("ties").choice(TIES), row.place
            )


class _IndicatorTree:
    """Reads the indicators and holds what all of them share."""

    def __init__(self, catalogue: Catalogue, scoring: Scoring, clause: str) -> None:
        self._catalogue = catalogue
        self._scoring = scoring
        self._clause = clause
        self._ids: set[str] = set()
        self.refers_to: list[tuple[str, DocumentPlace]] = []

    def root(self, document: DocumentMap) -> Branch:
        whole = title(document.get("title"))
        return self._branch("total", whole, self._scoring.full, document.get("indicators"))

    def _branch(self, id: str, named: Title, weight: int, item: DocumentItem) -> Branch:
        children = tuple(self._node(row) for row in item.items())
        together = sum(child.weight for child in children)
        if together != weight:
            places = self._scoring.places
            found, expected = decimal(together, places), decimal(weight, places)
            raise EngineRefusal("weights_do_not_add_up", item.place, node=id, found=found, expected=expected)
        return Branch(id, named, weight, children, item.place)

    def _node(self, item: DocumentItem) -> Branch | Indicator:
        with item.map() as row:
            id_item = row.get("id")
            id = id_item.text()
            if id in self._ids:
                raise EngineRefusal("double_id", id_item.place, id=id)
            self._ids.add(id)
            named = title(row.get("title"))
            weight_item = row.get("weight")
            weight = weight_item.number(self._scoring.places)
            if weight < 0:
                raise EngineRefusal("weight_below_zero", weight_item.place)
            children = row.maybe("indicators")
            if children is not None:
                return self._branch(id, named, weight, children)
            own = row.maybe("clause")
            clause = own.text() if own else self._clause
            method = _method(row.get("method"))
            reading = MethodContext(self._catalogue, self._scoring.places, clause, weight)
            parameters = method.read(row, reading)
            missing: Missing = row.get("missing").choice(MISSING) if method.may_miss else "zero"
            random = _random(row.maybe("random"), method, parameters)
            cases = _cases(row.maybe("cases"), reading)
            self.refers_to += reading.refers_to
            return Indicator(
                id,
                named,
                weight,
                method.name,
                method.version,
                parameters,
                missing,
                random,
                cases,
                clause,
                row.place,
            )


def _cases(item: DocumentItem | None, reading: MethodContext) -> Cases | None:
    """``{of: fact, minimum: n, below: refuse|unranked|set_aside}``."""
    if item is None:
        return None
    with item.map() as row:
        need = Need(reading.catalogue.fact(row.get("of")), "period", "total")
        minimum = parameter(row.get("minimum"), 0, reading.clause)
        return Cases(need, minimum, row.get("below").choice(BELOW))


def _random(item: DocumentItem | None, method: Method, parameters: object) -> Random:
    """What the indicator says of chance: events may be counts, a rate of counts may be a sample."""
    if item is None:
        return "none"
    random = item.choice(RANDOM)
    counts = isinstance(parameters, Events)
    measure = parameters.value if isinstance(parameters, Attainment | Steps) else None
    sample = measure is not None and measure.kind == "rate" and {a.take for a in measure.amounts} == {"count"}
    if (random == "counts" and not counts) or (random == "sample" and not sample):
        raise EngineRefusal("random_does_not_fit", item.place, random=random, method=method.label)
    return random


def _method(item: DocumentItem) -> Method:
    text = item.text()
    name, _, version = text.partition("/")
    method = METHODS.get((name, int(version) if version.isascii() and version.isdigit() else 0))
    if method is None:
        known = ", ".join(method.label for method in METHODS.values())
        raise EngineRefusal("unknown_method", item.place, method=text, known=known)
    return method
