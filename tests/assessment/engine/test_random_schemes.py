"""Over random schemes and facts: both readers agree, traces recompute, stored runs give the same traces."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from qingfeng.assessment.engine import (
    AssessmentPeriod,
    EngineRefusal,
    FactRow,
    ParquetReader,
    PlainReader,
    SchemeBook,
    assess,
    catalogue_from,
    roster_from,
    scheme_from,
    traces,
)
from qingfeng.assessment.engine.readers.question import FactReader
from qingfeng.assessment.engine.store import StoredRun, save
from tests.assessment.engine.checks import check_outcome, same
from tests.assessment.engine.support import moment, write_facts

TITLE = "title: {zh: 项, en: Item}"
NAMES = ("a.sum", "b.sum", "c.event", "d.event", "e.series", "v.staff", "v.public")
SCALES = {"a.sum": 2, "b.sum": 1}
UNITS = [f"unit:{number}" for number in range(1, 6)]
CATALOGUE = "facts:\n" + "".join(
    f"  {name}: {{{TITLE}, unit: '1', scale: {SCALES.get(name, 0)}}}\n" for name in NAMES
)
AMOUNTS = (
    "{sum: a.sum}",
    "{sum: b.sum}",
    "{count: c.event}",
    "{last: e.series}",
    "{sum: a.sum, over: year_to_date}",
)
MISSING = st.sampled_from(("zero", "full", "set_aside", "unranked"))


def measure(draw: st.DrawFn) -> str:
    amount = draw(st.sampled_from(AMOUNTS))
    kind = draw(st.sampled_from(("amount", "rate", "growth")))
    if kind == "rate":
        return f"{{rate: {{of: {amount}, in: {draw(st.sampled_from(AMOUNTS))}}}}}"
    return f"{{growth: {amount}}}" if kind == "growth" else amount


def hundredths(draw: st.DrawFn, least: int, most: int) -> str:
    value = draw(st.integers(least, most))
    return f"{value // 100}.{value % 100:02d}"


@st.composite
def indicator(draw: st.DrawFn, id: str, weight: int) -> str:
    methods = ["deduction", "addition"]
    methods += ["attainment", "steps", "ballots", "ballots2", "rank_points"] if weight else ["veto"]
    method = draw(st.sampled_from(methods))
    head = f"id: {id}, {TITLE}, weight: {weight}"
    missing = f"missing: {draw(MISSING)}"
    if method == "attainment":
        target = draw(st.sampled_from(("{sum: b.sum}", "12.5", "3")))
        bounds = f"cap: {draw(st.integers(90, 130))}, floor: {hundredths(draw, 0, 5000)}"
        best = draw(st.sampled_from(("high", "low")))
        value = f"value: {measure(draw)}, target: {target}, best: {best}"
        return f"{head}, method: attainment/1, {missing}, {value}, {bounds}"
    if method == "steps":
        ats = sorted(draw(st.sets(st.integers(-30, 60), min_size=1, max_size=4)))
        table = ", ".join(f"{{at: {at}, points: {hundredths(draw, 0, weight * 100)}}}" for at in ats)
        between = draw(st.sampled_from(("interpolate", "lower")))
        value = f"value: {measure(draw)}, table: [{table}], between: {between}"
        return f"{head}, method: steps/1, {missing}, {value}"
    if method in ("deduction", "addition"):
        first = f"{{each: {{count: c.event}}, points: {hundredths(draw, 1, 300)}}}"
        events = f"[{first}, {{each: {{sum: a.sum}}, points: 0.07}}]"
        cap = hundredths(draw, 1, (weight or 5) * 100)
        return f"{head}, method: {method}/1, events: {events}, cap: {cap}"
    if method == "veto":
        return f"{head}, method: veto/1, each: {{count: d.event}}, at_least: 2, most: 40"
    if method == "rank_points":
        ties = draw(st.sampled_from(("competition", "dense")))
        best = draw(st.sampled_from(("high", "low")))
        return (
            f"{head}, method: rank_points/1, {missing}, value: {measure(draw)}, best: {best},"
            f" first: {weight}, step: {hundredths(draw, 0, 200)}, least: 0, ties: {ties}"
        )
    share = draw(st.integers(1, 99))
    raters = (
        f"[{{id: s, ballots: v.staff, weight: {share}, minimum: 5}},"
        f" {{id: p, ballots: v.public, weight: {100 - share}, minimum: 5}}]"
    )
    small = "small: {below: 9, strength: 4}, " if method == "ballots2" else ""
    below = draw(st.sampled_from(("unranked", "set_aside")))
    return (
        f"{head}, method: ballots/{2 if small else 1}, {missing}, levels: [100, 80, 60, 0], {small}"
        f"raters: {raters}, below_minimum: {below}"
    )


def scheme(draw: st.DrawFn, id: str, group: str, indicators: list[str]) -> str:
    bounds = draw(st.sampled_from(("", ", least: 0", ", least: 10, most: 101.5")))
    rounding = draw(st.sampled_from(("gbt8170", "half_up")))
    protection, tolerance = (draw(st.sampled_from(("reweighted", "neutral"))) for _ in range(2))
    lines = "".join(f"  - {{{each}}}\n" for each in indicators)
    return f"""scheme: {id}
{TITLE}
jurisdiction: "1"
clause: Article
valid: {{from: 2020-01-01}}
periods: [quarter, half_year]
score: {{full: 100, places: 2, rounding: {rounding}{bounds}}}
exclusions: {{protection: {protection}, tolerance: {tolerance}}}
groups:
  {group}: {{{TITLE}, minimum: 2, ties: {draw(st.sampled_from(("competition", "dense")))}}}
indicators:
{lines}"""


@st.composite
def worlds(draw: st.DrawFn) -> tuple[SchemeBook, list[FactRow]]:
    cuts = sorted(draw(st.sets(st.integers(1, 99), max_size=4)))
    weights = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    weights += [0] * draw(st.integers(0, 2))
    indicators = [draw(indicator(f"i{number}", weight)) for number, weight in enumerate(weights)]
    linked = [
        f"id: linked, {TITLE}, weight: 70, method: linked/1, scheme: units, missing: zero",
        f"id: own, {TITLE}, weight: 30, method: deduction/1, cap: 9,"
        " events: [{each: {count: c.event}, points: 1}]",
    ]
    texts = [scheme(draw, "units", "units", indicators), scheme(draw, "leaders", "leaders", linked)]
    time = "from: 2020-01-01, recorded_at: 2020-01-01T00:00:00Z"
    roster = 'jurisdiction: "1"\nmembers:\n'
    for subject, group in [
        *((unit, "units") for unit in UNITS),
        ("person:1", "leaders"),
        ("person:2", "leaders"),
    ]:
        roster += f"  - {{subject: '{subject}', name: 某, group: {group}, {time}}}\n"
    roster += "links:\n" + "".join(
        f"  - {{subject: 'person:{person}', to: '{draw(st.sampled_from(UNITS))}',"
        f" weight: {draw(st.integers(1, 3))},"
        f" from: 2021-0{draw(st.integers(1, 6))}-10, recorded_at: 2020-01-01T00:00:00Z}}\n"
        for person in (1, 2, 2)
    )
    set_aside = draw(st.sets(st.tuples(st.sampled_from(UNITS), st.integers(0, len(weights) - 1)), max_size=3))
    if set_aside:
        roster += "exclusions:\n" + "".join(
            f"  - {{subject: '{subject}', scheme: units, indicator: i{number}, kind: protection,"
            f" decision: 决, {time}}}\n"
            for subject, number in sorted(set_aside)
        )
    catalogue = catalogue_from(CATALOGUE)
    book = SchemeBook(tuple(scheme_from(text, catalogue) for text in texts), roster_from(roster))
    return book, draw(st.lists(facts(), max_size=60).map(number_facts)) + ballots(draw)


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(st.sampled_from(NAMES[:5]))
    days = ("2021-01-01", "2021-03-31", "2021-04-01", "2021-06-30", "2021-07-01", "2020-05-01", "2020-06-30")
    return {
        "jurisdiction": draw(st.sampled_from(("1", "1", "1", "2"))),
        "name": name,
        "subject": draw(st.sampled_from([*UNITS, "person:1", "unit:99"])),
        "quantity": draw(st.one_of(st.integers(-50, 3000), st.sampled_from((0, 2**55)))),
        "scale": SCALES.get(name, 0),
        "unit": "1",
        "held_on": moment(draw(st.sampled_from(days))).date(),
        "recorded_at": moment(draw(st.sampled_from(("2021-07-01", "2021-09-01")))),
        "reversed": draw(st.integers(0, 9)) == 0,
    }


def number_facts(rows: list[dict[str, Any]]) -> list[FactRow]:
    found: list[FactRow] = []
    for row in rows:
        cancels = row.pop("reversed")
        fact = FactRow(id=len(found) + 1, entry=len(found) // 2, **row)
        found.append(fact)
        if cancels:
            found.append(
                FactRow(
                    **{
                        **vars(fact),
                        "id": len(found) + 1,
                        "quantity": -fact.quantity,
                        "reverses": fact.id,
                        "recorded_at": moment("2021-08-01"),
                    }
                )
            )
    return found


def ballots(draw: st.DrawFn) -> list[FactRow]:
    found: list[FactRow] = []
    for name in NAMES[5:]:
        for unit in UNITS:
            for vote in draw(st.lists(st.sampled_from((100, 80, 60, 0)), max_size=11)):
                number = 1000 + len(found)
                held = moment("2021-06-01")
                found.append(FactRow(number, "1", name, unit, vote, 0, "1", held.date(), held, number))
    return found


def run(
    world: tuple[SchemeBook, list[FactRow]], period: AssessmentPeriod, known: str, reader: FactReader
) -> Any:
    """The outcomes, or the words of the refusal."""
    try:
        return assess([world[0]], period, moment(known), reader)
    except EngineRefusal as refusal:
        return refusal.words()


# Without shrinking: a failing world is found in seconds, but takes minutes to make small.
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(world=worlds(), known=st.sampled_from(("2021-07-02", "2021-08-02", "2022-01-01")), half=st.booleans())
def test_every_number_is_recomputed_from_its_trace(
    world: tuple[SchemeBook, list[FactRow]], known: str, half: bool
) -> None:
    period = AssessmentPeriod(2021, "half_year", 1) if half else AssessmentPeriod(2021, "quarter", 2)
    with tempfile.TemporaryDirectory() as folder:
        write_facts(Path(folder) / "facts", world[1])
        plain = run(world, period, known, PlainReader(world[1]))
        outcomes = run(world, period, known, ParquetReader(Path(folder) / "facts"))
        if isinstance(plain, str):
            assert outcomes == plain
            return
        same(outcomes, plain)
        check_outcome(outcomes["1"])
        save(outcomes, Path(folder) / "results")
        stored = StoredRun(Path(folder) / "results")
        for id, scores in outcomes["1"].schemes.items():
            for subject in scores.subjects:
                assert stored.traces("1", id, subject) == traces(outcomes["1"], id, subject)
