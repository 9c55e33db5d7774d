"""Scenarios of rectification, written so that a clerk can read them: sheets, slips, rebounds, a year of them, clues."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.reading import reads
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Refusal
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.time.periods import last_day
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.mechanisms.problems.rectification.models import Problem, Slip
from qingfeng.organization.topics import PROBLEM_KINDS, TOPICS
from tests import cast
from tests.refusals import invalid
from tests.sheets import FOUND, VERIFIED, plan

pytestmark = pytest.mark.django_db

Case = Mapping[str, Any]
HERE = Path(__file__).parent / "rectification"
INPUT: dict[str, dict[str, Any]] = {
    "register": FOUND,
    "verify": VERIFIED,
    "assign": {"responsible": "housing", "requirement": "整改并报告。"},
    "report": {"result": "已整改。", "no_evidence": "已由科室现场看过。"},
    "send_back": {"reason": "再查。"},
    "write_off": {"finding": "核查属实。"},
    "dispute": {"reason": "不属本单位职责。"},
    "keep": {"reason": "属其职责。"},
    "pass_on": {"reason": "属另一单位职责。"},
    "ask_extension": {"reason": "设备未到货。"},
    "refuse_extension": {"reason": "无须等待。"},
    "suspend": {"reason": "大厅施工封闭。"},
    "resume": {"reason": "施工结束。"},
    "look_back": {"finding": "未见反弹。"},
    "reopen": {"reason": "又无人值守。"},
    "not_a_rebound": {"reason": "不是同一窗口。"},
}
LIFE = (
    ("register", "office_a"),
    ("verify", "office_a"),
    ("assign", "office_a"),
    ("sign", "clerk_{}"),
    ("plan", "clerk_{}"),
    ("report", "clerk_{}"),
    ("write_off", "office_b"),
)
UNITS = ("responsible", "to_unit")


def cases(name: str) -> list[Any]:
    said = yaml.load((HERE / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return [pytest.param(case, id=f"{case.get('id', '')} {case['name']}".strip()) for case in said]


def moment(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=ZONE)


@pytest.mark.parametrize("case", cases("sheets"))
def test_sheets(case: Case) -> None:
    sheets: dict[str, Matter] = {}
    for step in case["when"]:
        if "clocks" in step:
            while worker.run_out(moment(step["clocks"])):
                pass
            assert {name: slips(sheets[name]) for name in step.get("slips", {})} == step.get("slips", {}), (
                step
            )
        elif step["does"] == "whole_life":
            sheets[step["sheet"]] = life(moment(step["at"]), **step.get("with", {}))
        else:
            perform(step, sheets)
    for name, expected in case["then"].items():
        assert FOUND_BY[name](sheets) == expected, name


def perform(step: Case, sheets: dict[str, Matter]) -> None:
    at, does = moment(step["at"]), step["does"]
    raw = {**(plan("housing", at) if does == "plan" else INPUT.get(does, {})), **step.get("with", {})}
    for name in UNITS:
        if name in raw:
            raw[name] = cast.unit(raw[name]).pk
    if isinstance(raw.get("rectifier"), str):
        raw["rectifier"] = cast.person(raw["rectifier"]).pk
    raw.pop(step.get("without"), None)
    refused = ""
    try:
        done = cast.do(f"rectification.{does}", step["who"], sheets.get(step["sheet"]), at, **raw)
        sheets[step["sheet"]] = done.matter
    except Refusal as refusal:
        refused = refusal.code
    assert refused == step.get("refused", ""), step
    if "told" in step:
        told = Message.objects.filter(entry=done.entry, holder__in=cast.actor(step["told"]).keys)
        assert told.exists(), step


def life(at: datetime, unit: str = "housing", upto: int = len(LIFE), **said: Any) -> Matter:
    """A sheet of a unit, led to its close-out at one time, or as far as ``upto`` of its acts."""
    matter: Matter | None = None
    for name, who in LIFE[:upto]:
        raw = {**(plan(unit, at) if name == "plan" else INPUT.get(name, {}))}
        if name == "register":
            raw |= said
        if name == "assign":
            raw["responsible"] = cast.unit(unit).pk
        matter = cast.do(f"rectification.{name}", who.format(unit), matter, at, **raw).matter
    assert matter is not None
    return matter


def slips(sheet: Matter) -> str:
    standing = Slip.objects.filter(problem=sheet.pk, valid_to=None).order_by("id")
    return " ".join(f"{slip.colour} {slip.cause}" for slip in standing)


def due(sheets: Mapping[str, Matter], clock: str) -> dict[str, str]:
    rows = {row.matter_id: row for row in Running.objects.filter(name=clock, stopped_at=None)}
    return {
        name: last_day(rows[sheet.pk].due_at).isoformat()
        for name, sheet in sheets.items()
        if sheet.pk in rows
    }


def facts(sheets: Mapping[str, Matter]) -> dict[str, str]:
    """How many facts stand; one taken back counts for nothing."""
    counted: Counter[str] = Counter()
    for fact in Fact.objects.filter(entry__matter__in=list(sheets.values())):
        counted[fact.name] += fact.quantity
    return {name: str(count) for name, count in counted.items() if count}


def given(sheets: Mapping[str, Matter]) -> dict[str, str]:
    counted: Counter[str] = Counter()
    for fact in Fact.objects.filter(entry__matter__in=list(sheets.values()), name="problem.assigned"):
        counted[fact.subject] += fact.quantity
    names = {f"unit:{cast.unit(code).pk}": cast.unit(code).name for code in ("housing", "education")}
    return {names[subject]: str(count) for subject, count in counted.items()}


def links(sheets: Mapping[str, Matter]) -> dict[str, str]:
    names = {sheet.pk: name for name, sheet in sheets.items()}
    found = Link.objects.filter(kind="rebound", source__in=names)
    return {names[link.source_id]: names[link.target_id] for link in found}


def rates(sheets: Mapping[str, Matter]) -> dict[str, str]:
    rows = statistic("rates").rows
    return {str(row[0]): " ".join(map(str, row[1:5])) for row in rows}


def statistic(name: str, today: date = date(2026, 12, 31), who: str = "office_a") -> Any:
    return reads.statistics(cast.actor(who), "rectification", name, 2026, today)


def stored(sheets: Mapping[str, Matter]) -> dict[str, Problem]:
    return {name: Problem.objects.get(pk=sheet.pk) for name, sheet in sheets.items()}


FOUND_BY: dict[str, Any] = {
    "numbers": lambda sheets: {name: sheet.number for name, sheet in stored(sheets).items()},
    "states": lambda sheets: {name: sheet.state for name, sheet in stored(sheets).items()},
    "open": lambda sheets: str(sum(not sheet.closed for sheet in stored(sheets).values())),
    "facts": facts,
    "given": given,
    "last_days": lambda sheets: due(sheets, "rectifying"),
    "signing": lambda sheets: due(sheets, "signing"),
    "slips": lambda sheets: {name: slips(sheet) for name, sheet in sheets.items()},
    "rebounds": lambda sheets: " ".join(name for name, sheet in stored(sheets).items() if sheet.rebound),
    "links": links,
    "rates": rates,
}


def read(name: str) -> Any:
    return yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))


def test_s2_o01_a_year_has_its_slips_and_what_became_of_them() -> None:
    year = read("s2_year")
    for number, (unit, month, kind, done) in enumerate(
        (row["unit"], row["month"], row["kind"], row["done"]) for row in year["records"]
    ):
        at = datetime(2026, month, 10 + number % 5, 9, tzinfo=ZONE)
        life(
            at,
            unit,
            len(LIFE) if done else 5,
            title=f"第{number}件",
            kind=kind,
            description=f"第{number}件。",
        )
    rows = statistic("by_unit").rows
    assert {row[0]: row[1] + row[2] + row[3] for row in rows} == year["by_unit"]
    assert sum(year["by_unit"].values()) == year["slips"]
    assert sum(row[1] for row in rows) == year["written_off"]
    assert sum(row[1] for row in statistic("by_month").rows) == year["slips"]


def test_s2_r01_six_topics_are_carried_on_and_five_are_added() -> None:
    topics = read("s2_topics")
    county = cast.jurisdiction().pk
    before, now = (dict(Policy(county, date(year, 6, 1)).choices(TOPICS)) for year in (2025, 2026))
    assert list(before.values()) == topics["carried_on"]
    assert list(now.values()) == topics["carried_on"] + topics["added"]
    assert {code: now[code] for code in before} == before
    life(cast.NOW, upto=1, topic="three_battles")
    rows = statistic("by_topic").rows
    assert rows[0] == ("三大攻坚战", 0, 1, 0)
    assert {row[0] for row in rows} == {*topics["carried_on"], *topics["added"]}


def test_s1_r02_the_kinds_of_problem_are_the_localitys_own() -> None:
    kinds = read("s1_kinds")
    text = kinds["regime"]
    proposed = cast.do("regime.propose", "linan_office", text=text).matter
    cast.do("regime.activate", "linan_office_b", proposed)
    offered = Policy(cast.jurisdiction(cast.BESIDE).pk, cast.TODAY).choices(PROBLEM_KINDS)
    assert [str(label) for _code, label in offered] == kinds["kinds"]
    cast.do("rectification.register", "linan_office", **{**FOUND, "kind": "muddling"})
    with invalid("kind", "请从所列项中选择"):
        cast.do("rectification.register", "linan_office", **FOUND)


def test_s1_r01_the_six_types_are_the_localitys_own_topics() -> None:
    six = read("s1_types")
    proposed = cast.do("regime.propose", "linan_office", text=six["regime"]).matter
    cast.do("regime.activate", "linan_office_b", proposed)
    offered = Policy(cast.jurisdiction(cast.BESIDE).pk, cast.TODAY).choices(TOPICS)
    assert [str(label) for _code, label in offered] == six["types"]
    codes = {str(label): code for code, label in offered}
    for label, count in six["sheets"].items():
        for _time in range(count):
            cast.do("rectification.register", "linan_office", **FOUND | {"topic": codes[label]})
    with invalid("topic", "请从所列项中选择"):
        cast.do("rectification.register", "linan_office", **FOUND | {"topic": "three_battles"})
    rows = statistic("by_topic", who="linan_office").rows
    assert {row[0]: sum(row[1:]) for row in rows} == {
        name: six["sheets"].get(name, 0) for name in six["types"]
    }


def test_s2_r07_clues_go_to_the_discipline_organ_in_batches_and_each_is_answered() -> None:
    year = read("s2_clues")
    states = {"found": 1, "verified": 2, "assigned": 3, "rectifying": 5}
    for said in year["batches"]:
        at = datetime(2026, said["month"], 10, 10, tzinfo=ZONE)
        sheets = [
            life(at, upto=states[clue["sheet"]], title=f"{said['month']}月线索{number}")
            for number, clue in enumerate(said["clues"])
        ]
        rows = [{"sheet": sheet.pk} for sheet in sheets]
        batch = cast.do("transfers.prepare", "office_a", None, at, sheets=rows).matter
        cast.do("transfers.hand_over", "office_a", batch, at, letter="涉嫌违纪的情况。")
        cast.do("transfers.acknowledge", "discipline", batch, at)
        for number, clue in enumerate(said["clues"], start=1):
            assert batch.state != "answered"
            raw = {"clue": number, "outcome": clue["outcome"]}
            batch = cast.do("transfers.answer", "discipline", batch, at, **raw).matter
        assert batch.state == "answered"
        assert batch.number == said["number"]
        assert not batch.title
        # What no unit reads is sealed with its clue; what a unit works on goes on.
        assert [Matter.objects.get(pk=sheet.pk).state for sheet in sheets] == [
            "transferred" if clue["sheet"] in ("found", "verified") else clue["sheet"]
            for clue in said["clues"]
        ]
    found = reads.statistics(cast.actor("discipline"), "transfers", "by_month", 2026, date(2026, 4, 30))
    counted = {
        row[0]: dict(zip(("batches", "clues", "answered"), row[1:], strict=True)) for row in found.rows
    }
    assert {month: row for month, row in counted.items() if any(row.values())} == year["by_month"]
