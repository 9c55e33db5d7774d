"""The form of an act from its declared input: rows, conditional fields, long choices; what was typed, as it was."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any

import pytest
from django.http import QueryDict

from qingfeng.faces.console import components
from qingfeng.faces.console.forms import OFFERED, Form
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.matters.models import Secrecy
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.vocabulary import NEW, Anyone, Given, Input, Line, Prose, State, Unit, Whole, act
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests import cast

pytestmark = pytest.mark.django_db
HELD = State("held", "held")


class Visitor(Input):
    """A row without references."""

    name: Annotated[str, Line(20), "Name"]
    age: Annotated[int, Whole(0, 150), "Age"]


class Table(Input):
    """Everything a form can ask for."""

    title: Annotated[str, Line(20), "Title"]
    secret: Annotated[Secrecy, "Secrecy"]
    why: Annotated[str, Prose(50), "Why", Given("secret", ("sealed",))] = ""
    on: Annotated[date, "On"]
    at: Annotated[datetime, "At"]
    public: Annotated[bool, "Public"] = False
    host: Annotated[Unit, "Host"]  # type: ignore[valid-type]
    visitors: Annotated[list[Visitor], "Visitors"]


def hold(self: Any, do: Any, table: Table) -> None:
    """Hold a table."""


@pytest.fixture
def declared() -> Act:
    made: Act = act(NEW, to=HELD, by=Anyone(), label="Hold")(hold)
    return replace(made, matter=Problem)


def scope() -> ActorScope:
    actor = cast.actor("office_a")
    assert actor.jurisdiction_id is not None
    return ActorScope(actor, actor.jurisdiction_id, cast.TODAY)


TYPED = {
    "title": "  圆桌  ",
    "secret": "internal",
    "why": "一\r\n二",
    "on": "2026-03-16",
    "at": "2026-03-16T09:30",
    "public": "on",
    "visitors-count": "2",
    "visitors-0-name": "甲",
    "visitors-0-age": "30",
    "visitors-1-name": "",
    "visitors-1-age": "",
}


def typed(**more: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({**TYPED, "host": str(cast.unit("housing").pk), **more})
    return data


def test_what_is_typed_reaches_the_engine_as_it_takes_it(declared: Act) -> None:
    raw = Form(declared, scope(), typed()).raw()
    assert raw["title"] == "圆桌"
    assert raw["why"] == "一\n二"
    assert raw["at"] == "2026-03-16T09:30:00+08:00"
    assert raw["public"] is True
    assert raw["visitors"] == [{"name": "甲", "age": "30"}]
    values = declared.inputs.parse(raw, scope())
    assert values["host"] == cast.unit("housing")
    assert values["why"] is None  # not asked for: the matter is internal


@pytest.mark.parametrize("moment", ["tomorrow", "2026-13-40T00:00", ""])
def test_a_moment_that_is_none_is_refused_in_words(declared: Act, moment: str) -> None:
    with pytest.raises(Invalid) as refusal:
        declared.inputs.parse(Form(declared, scope(), typed(at=moment)).raw(), scope())
    assert list(refusal.value.fields) == ["at"]


def control(form: Form, name: str) -> Any:
    names = [spec.name for spec in form.act.inputs.fields]
    return form.controls()[names.index(name)]


def test_a_conditional_field_knows_when_it_is_asked_for(declared: Act) -> None:
    shown = control(Form(declared, scope()), "why")
    assert isinstance(shown, components.ConditionalControl)
    assert (shown.name, list(shown.values)) == ("secret", ["sealed"])


def lines(form: Form) -> list[tuple[str, ...]]:
    return [tuple(inner.value for inner in line.controls) for line in control(form, "visitors").lines]


def test_rows_are_added_and_taken_away_without_losing_the_others(declared: Act) -> None:
    more = Form(declared, scope(), typed(again="more:visitors"))
    assert more.again()
    assert lines(more) == [("甲", "30"), ("", ""), ("", "")]
    filled = typed(**{"visitors-1-name": "乙", "visitors-1-age": "40", "again": "without:visitors:0"})
    less = Form(declared, scope(), filled)
    assert less.again()
    assert lines(less) == [("乙", "40")]


@pytest.mark.parametrize(
    "wish", ["more:nothing", "without:title:0", "without:visitors:x", "find", "nonsense:x"]
)
def test_a_wish_no_button_makes_changes_nothing(declared: Act, wish: str) -> None:
    form = Form(declared, scope(), typed(again=wish))
    assert form.again()
    assert lines(form) == [("甲", "30"), ("", "")]


@pytest.mark.parametrize("count", ["-1", "x", "99999999", "１", ""])
def test_a_number_of_rows_nobody_made_is_bounded(declared: Act, count: str) -> None:
    form = Form(declared, scope(), typed(**{"visitors-count": count}))
    assert 1 <= len(lines(form)) <= 200


def test_more_choices_than_a_list_holds_are_searched_and_the_chosen_one_stays(declared: Act) -> None:
    place = cast.jurisdiction()
    for number in range(OFFERED + 5):
        Unit(
            jurisdiction=place, code=f"x{number:03}", name=f"新设{number}处", valid_from=date(2026, 1, 1)
        ).save(by_act=True)
    form = Form(declared, scope(), typed())
    shown = control(form, "host")
    assert isinstance(shown, components.Finder)
    chosen: Any = shown.control
    assert str(cast.unit("housing").pk) in {choice.value for choice in chosen.choices}
    found = Form(declared, scope(), typed(**{"host.q": "新设54"}))
    assert [label for _value, label in found.options("host").choices] == ["新设54处"]
