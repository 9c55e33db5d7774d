"""What issue by issue must be refused, told alike at console, API and command line: with its clause, nothing stored."""

import html
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, matter_class
from qingfeng.kernel.record.books import Book
from qingfeng.mechanisms.restraint.leave.models import HalfDay
from tests import cast
from tests.faces.api.conftest import Program, clock, programs
from tests.faces.cli.conftest import Command, logging_level, qingfeng, standing_time
from tests.faces.console.staff import browser, form_of, text
from tests.leaves import asked, request
from tests.mechanisms.restraint.meetings import gatherings
from tests.receptions import budget, wanted

__all__ = ["clock", "logging_level", "programs", "qingfeng", "standing_time"]

pytestmark = pytest.mark.django_db
OWN, MEETINGS = "清风区作风效能示范制度", "清风区会议文件管理示范办法"
Case = tuple[str, str, Callable[[], dict[str, Any]], str]


def meeting(**changed: Any) -> dict[str, Any]:
    return gatherings.wanted(**{"starts": "2026-04-15T09:00:00+08:00", "agenda": [], **changed})


def speech(minutes: int) -> list[dict[str, Any]]:
    return [{"unit": cast.unit("housing").pk, "post": "副局长", "topic": "情况", "minutes": minutes}]


def once_more() -> dict[str, Any]:
    request()
    return asked(first_day="2026-03-12", first_half="pm", last_day="2026-03-13")


CASES: dict[str, Case] = {
    "leave that ends before it starts": (
        "cadre",
        "leave.request",
        lambda: asked(first_day="2026-03-12", last_day="2026-03-11"),
        f"《{OWN}》第二十七条第一款",
    ),
    "leave into a year whose calendar is not out": (
        "cadre",
        "leave.request",
        lambda: asked(first_day="2026-12-30", last_day="2027-01-04"),
        f"《{OWN}》第二十五条",
    ),
    "half a day twice": ("cadre", "leave.request", once_more, f"《{OWN}》第二十七条第一款"),
    "a discussion of 101 people": (
        "clerk_housing",
        "meetings.ask",
        lambda: meeting(kind="discussion", people=101),
        f"《{MEETINGS}》第六条第三款",
    ),
    "a meeting on 16 March": (
        "clerk_housing",
        "meetings.ask",
        lambda: meeting(starts="2026-03-16T09:00:00+08:00"),
        f"《{MEETINGS}》第五条第一款",
    ),
    "a speech of more than 8 minutes": (
        "clerk_housing",
        "meetings.ask",
        lambda: meeting(agenda=speech(9)),
        f"《{MEETINGS}》第八条第一款",
    ),
    "four companions for ten guests": (
        "clerk_housing",
        "reception.ask",
        lambda: wanted(guests=10, companions=4),
        "《党政机关国内公务接待管理规定》第十条",
    ),
    "a reception without a letter": (
        "clerk_housing",
        "reception.ask",
        lambda: wanted(has_letter=False),
        "《党政机关厉行节约反对浪费条例（2025年修订）》第二十二条",
    ),
    "a reception with alcohol": (
        "clerk_housing",
        "reception.ask",
        lambda: wanted(alcohol=True),
        "《党政机关厉行节约反对浪费条例（2025年修订）》第二十三条",
    ),
    "a reception of the same place": (
        "clerk_housing",
        "reception.ask",
        lambda: wanted(letter_organ="清风区教育局"),
        "《党政机关国内公务接待管理规定》关于接待范围的规定",
    ),
}


def typed(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The same as a form hands it over."""
    form: dict[str, Any] = {}
    for name, value in raw.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            form[f"{name}-count"] = str(len(value))
            for place, row in enumerate(value):
                form |= {f"{name}-{place}-{inner}": str(one) for inner, one in row.items()}
        elif value is not False and value != []:
            form[name] = "on" if value is True else value
    for name in ("starts",):
        if name in form:
            form[name] = form[name][:16]
    if "estimate" in form:
        form["estimate"] = str(form["estimate"] // 100)
    return form


def stored() -> tuple[int, int, int]:
    return Matter.objects.count(), HalfDay.objects.count(), Book.objects.count()


@pytest.mark.parametrize("face", ["console", "api", "command line"])
@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_with_its_clause_and_nothing_is_stored(
    case: str,
    face: str,
    settings: Any,
    tmp_path: Path,
    programs: Callable[[str], Program],
    qingfeng: Command,
    standing_time: None,
) -> None:
    who, act, makes, clause = CASES[case]
    code, _dot, name = act.partition(".")
    settings.TIMEKEEPER = cast.clock()
    budget()
    raw = makes()
    before = stored()
    if face == "console":
        path = f"/{code}/new/{name}/"
        client = browser(who)
        answer = client.post(path, {**form_of(client, path), **typed(raw)})
        status, said = answer.status_code, html.unescape(text(answer))
        assert status in (403, 422)
    elif face == "api":
        alone = sum(one.opens for one in acts_of(matter_class(code)).values()) == 1
        answer = programs(who).post(f"/{code}" if alone else f"/{code}/{name}", raw)
        status, said = answer.status_code, json.dumps(answer.json(), ensure_ascii=False)
        assert status in (403, 422)
    else:
        file = tmp_path / "input.json"
        file.write_text(json.dumps(raw), encoding="utf-8")
        answer = qingfeng("act", act, "--json", str(file), who=who)
        said = answer.out + answer.err
        assert answer.code != 0
    assert clause in said, said
    assert stored() == before
