"""A second implementation, from the trace alone: fractions, one subject at a time, nothing shared with
the engine.
"""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

Data = Mapping[str, Any]


def rounded(value: Fraction, rounding: str) -> int:
    """To an integer, half to even or half away from zero."""
    whole = math.floor(abs(value))
    rest = abs(value) - whole
    half = Fraction(1, 2)
    if rest > half or (rest == half and (rounding == "half_up" or whole % 2 == 1)):
        whole += 1
    return whole if value > 0 else -whole


def recompute(trace: Data, peers: Sequence[Data] = ()) -> int:
    """The points before anything is set aside or filled in; None where there is no value."""
    points = points_of(trace, peers)
    return 0 if points is None else rounded(points, trace["rounding"])


def points_of(trace: Data, peers: Sequence[Data]) -> Fraction | None:
    """Exact scaled points, None where a value is missing. ``peers``: the same indicator's traces in
    the group.
    """
    method = trace["method"].split("/")[0]
    return {
        "attainment": _attainment,
        "steps": _steps,
        "deduction": _deduction,
        "addition": _addition,
        "ballots": _ballots,
        "rank_points": _rank_points,
        "veto": lambda *_: Fraction(0),
        "linked": _linked,
        "composite": _composite,
    }[method](trace, peers)


def parameter(trace: Data, name: str) -> Fraction:
    found = trace["parameters"][name]
    return Fraction(found["value"], 10 ** found["places"])


def scaled(trace: Data, name: str) -> int:
    return int(trace["parameters"][name]["value"])


def amount(trace: Data, path: str, *, before: bool = False) -> Fraction | None:
    """The amount an input gives; None when nothing came (a count of nothing is zero)."""
    declared = trace["parameters"][path]
    rows = [each for each in trace["inputs"] if each["fact"] == declared["fact"]]
    ends = sorted({each["last"] for each in rows})
    year = trace["period"][:4]
    rows = [each for each in rows if (each["last"][:4] != year) == before]
    if declared["take"] == "count":
        return Fraction(sum(each["count"] for each in rows if each["by"] == "total"))
    scale = 10 ** declared["scale"]
    if declared["take"] == "last":
        rows = [each for each in rows if each["by"] == "day" and each["count"] > 0]
        return Fraction(max(rows, key=lambda each: each["level"])["total"], scale) if rows else None
    rows = [each for each in rows if each["by"] == "total"]
    assert len(ends) <= 2
    return (
        Fraction(sum(each["total"] for each in rows), scale)
        if any(each["count"] > 0 for each in rows)
        else None
    )


def measured(trace: Data, path: str) -> Fraction | None:
    kind = trace["parameters"][f"{path}.kind"]
    first = amount(trace, f"{path}.first")
    if kind == "amount":
        return first
    second = amount(trace, f"{path}.second", before=kind == "growth")
    if first is None or second is None or second == 0:
        return None
    return 100 * first / second if kind == "rate" else 100 * (first - second) / abs(second)


def _attainment(trace: Data, peers: Sequence[Data]) -> Fraction | None:
    value = measured(trace, "value")
    target = parameter(trace, "target") if "target" in trace["parameters"] else measured(trace, "target")
    if value is None or target is None:
        return None
    cap, floor = parameter(trace, "cap") / 100, parameter(trace, "floor") / 100
    falling = target / value if value > 0 else cap + 1
    share = value / target if trace["parameters"]["best"] == "high" else falling
    share = min(cap, share) if share > cap else (share if share > 0 and share >= floor else Fraction(0))
    return trace["weight"] * share


def _steps(trace: Data, peers: Sequence[Data]) -> Fraction | None:
    value = measured(trace, "value")
    if value is None:
        return None
    table = []
    while f"table.{len(table) + 1}.at" in trace["parameters"]:
        name = f"table.{len(table) + 1}"
        table.append((parameter(trace, f"{name}.at"), scaled(trace, f"{name}.points")))
    if value < table[0][0]:
        return Fraction(table[0][1])
    at = max(number for number, (start, _) in enumerate(table) if start <= value)
    start, points = table[at]
    if trace["parameters"]["between"] == "lower" or at == len(table) - 1:
        return Fraction(points)
    following, above = table[at + 1]
    return points + (above - points) * (value - start) / (following - start)


def _event_points(trace: Data) -> Fraction:
    together, number = Fraction(0), 1
    while f"events.{number}.amount" in trace["parameters"]:
        together += (amount(trace, f"events.{number}.amount") or 0) * scaled(trace, f"events.{number}.points")
        number += 1
    counted = max(0, rounded(together, trace["rounding"]))
    return Fraction(min(scaled(trace, "cap"), counted))


def _deduction(trace: Data, peers: Sequence[Data]) -> Fraction:
    return trace["weight"] - _event_points(trace)


def _addition(trace: Data, peers: Sequence[Data]) -> Fraction:
    return _event_points(trace)


def _ballots(trace: Data, peers: Sequence[Data]) -> Fraction | None:
    first = "ballots." if trace["method"] == "ballots/2" else ""
    levels = [value for key, value in trace["parameters"].items() if key.startswith(f"{first}levels.")]
    weighted, weights, number = Fraction(0), Fraction(0), 1
    while f"{first}raters.{number}.weight" in trace["parameters"]:
        name = f"{first}raters.{number}"
        count, total = _votes(trace, name)
        if count >= parameter(trace, f"{name}.minimum"):
            weight = parameter(trace, f"{name}.weight")
            mean = Fraction(total, count)
            if first and count < parameter(trace, "below"):
                given = [_votes(peer, name) for peer in peers]
                peer_mean = Fraction(sum(each[1] for each in given), sum(each[0] for each in given))
                strength = parameter(trace, "strength")
                mean = (total + strength * peer_mean) / (count + strength)
            weighted, weights = weighted + weight * mean, weights + weight
        number += 1
    return trace["weight"] * weighted / weights / max(levels) if weights else None


def _votes(trace: Data, name: str) -> tuple[int, int]:
    fact = trace["parameters"][f"{name}.need"]["fact"]
    rows = [each for each in trace["inputs"] if each["fact"] == fact and each["by"] == "rating"]
    for each in rows:
        assert each["total"] == each["level"] * each["count"]
    return sum(each["count"] for each in rows), sum(each["level"] * each["count"] for each in rows)


def _rank_points(trace: Data, peers: Sequence[Data]) -> Fraction | None:
    own = measured(trace, "value")
    if own is None:
        return None
    others = [each for peer in peers if (each := measured(peer, "value")) is not None]
    high = trace["parameters"]["best"] == "high"
    better = [each for each in others if (each > own if high else each < own)]
    ahead = len(better) if trace["parameters"]["ties"] == "competition" else len(set(better))
    assert trace["steps"]["rank"] == ahead + 1
    least = scaled(trace, "least")
    return Fraction(max(least, scaled(trace, "first") - ahead * scaled(trace, "step")))


def _linked(trace: Data, peers: Sequence[Data]) -> Fraction | None:
    shares = sum(share for _, share, _ in trace["linked"])
    if not shares:
        return None
    together = sum(share * total for _, share, total in trace["linked"])
    return Fraction(trace["weight"] * together, shares * trace["steps"]["full"])


def _composite(trace: Data, peers: Sequence[Data]) -> Fraction:
    return Fraction(trace["weight"] * trace["steps"]["total"], trace["steps"]["full"])


ASIDE = ("missing_aside", "protection_aside", "tolerance_aside")


def counted(trace: Data, points: Fraction | None) -> int:
    """Points as they enter the total: filled in where missing, raised where neutral, nothing where set
    aside.
    """
    status = trace["status"]
    if status in ASIDE:
        return 0
    plain = {"missing_zero": 0, "missing_full": trace["weight"]}.get(status)
    if plain is None:
        plain = 0 if points is None else rounded(points, trace["rounding"])
        if points is None and trace["missing"] == "full":
            plain = trace["weight"]
    return max(plain, trace["weight"]) if status.endswith("neutral") else plain


def total(traces: Sequence[Data], scoring: Any) -> int | None:
    """The total from the traces' points; None when everything was set aside."""
    left = scoring.full - sum(trace["weight"] for trace in traces if trace["status"] in ASIDE)
    if left == 0:
        return None
    weighted = sum(trace["points"] for trace in traces if trace["weight"])
    whole = rounded(Fraction(weighted * scoring.full, left), scoring.rounding)
    whole += sum(trace["points"] for trace in traces if not trace["weight"])
    if scoring.most is not None:
        whole = min(whole, scoring.most)
    if scoring.least is not None:
        whole = max(whole, scoring.least)
    for trace in traces:
        if trace["method"].startswith("veto/") and trace["steps"]["struck"] and trace["status"] == "scored":
            whole = min(whole, scaled(trace, "most"))
    return whole
