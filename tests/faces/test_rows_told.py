"""What each kind of rows tells: amounts, other matters, sealed words; and a number within rows that isn't there."""

from typing import Any

import pytest

from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.matters.registry import find_act
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Invalid, NotFound
from qingfeng.mechanisms.duty.dispatch.models import Dispatch
from qingfeng.mechanisms.problems.rectification.models import Transfer
from tests import cast
from tests.cast import actor, do
from tests.faces.api.conftest import clock, programs  # noqa: F401  # fixtures
from tests.faces.console.staff import browser, text
from tests.mechanisms.duty.dispatch.meetings import called, held, task
from tests.sheets import sheet

pytestmark = pytest.mark.django_db


def told(who: str, matter: Matter, name: str) -> list[Any]:
    return list(reads.rows(actor(who), matter.mechanism, matter.pk, name).rows)


def allowance(**more: int) -> dict[str, int]:
    lines = {"headcount": 50, "reception": 1_234_50, "vehicles": 0, "overseas": 7}
    return {"unit": cast.unit("education").pk} | lines | more


def test_a_budget_tells_its_amounts_in_yuan_to_people_and_in_fen_to_programs(programs) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    raw = {"since": "2026-01-01", "basis": "清人发〔2026〕9号", "rows": [allowance()]}
    budget = do("expense_budget.enter", "finance", **raw).matter
    page = text(browser("leader").get(f"/expense_budget/{budget.pk}/page/lines/"))
    assert "1,234.50" in page
    (row,) = programs("office_a").get(f"/expense_budget/{budget.pk}").json()["rows"]["lines"]["rows"]
    assert (row["number"], row["reception"], row["headcount"]) == (1, 123450, 50)
    assert row["unit"]["name"] == cast.unit("education").name
    assert programs("clerk_education").get(f"/expense_budget/{budget.pk}/lines").status_code == 404


def test_an_agenda_tells_a_matter_to_who_may_read_it_and_to_nobody_else() -> None:
    task("2026-03-13", title="甲")
    hidden = task("2026-03-14", title="乙")
    meeting = called()
    do("dispatch.draw_up", "office_a", meeting)
    do("dispatch.add", "office_a", meeting, topic="通报面上情况", reason="例行。")
    Matter.objects.filter(pk=hidden.pk).update(secrecy=Secrecy.SEALED)
    rows = told("office_a", meeting, "agenda")
    assert [one.number for one in rows] == [1, 2, 3]
    assert "甲" in rows[0].words["matter"]
    assert rows[0].values["matter"]["name"] == rows[0].words["matter"]
    assert (rows[1].words["matter"], rows[1].values["matter"]) == ("您无权查阅的事项", None)
    assert rows[2].words["topic"] == "通报面上情况"
    scope = ActorScope(actor("office_a"), meeting.jurisdiction_id, cast.TODAY, matter=meeting)
    offered = dict(scope.rows(find_act(Dispatch, "strike").inputs.fields[0]))
    assert "甲" in offered[1]
    assert "乙" not in offered[2]
    assert offered[3] == "3 · 通报面上情况"


def test_a_resolution_names_an_item_that_stands_or_is_told_so_in_its_row() -> None:
    task("2026-03-13", title="甲")
    task("2026-03-14", title="乙")
    meeting = called()
    do("dispatch.draw_up", "office_a", meeting)
    do("dispatch.strike", "office_a", meeting, item=2, reason="已办。")
    with pytest.raises(Invalid) as refused:
        do("dispatch.strike", "office_b", meeting, item=2, reason="再划。")
    assert "已取消" in str(refused.value.fields["item"][0])
    meeting = held(meeting)
    row = {"title": "补齐", "what": "补。", "unit": cast.unit("housing").pk, "due_on": "2026-03-20"}
    wrong = [row, row | {"item": 1}, row | {"item": 2}, row | {"item": 9}]
    with pytest.raises(Invalid) as refused:
        do("dispatch.conclude", "office_a", meeting, minutes="议定。", resolutions=wrong)
    assert set(refused.value.fields) == {"resolutions.2.item", "resolutions.3.item"}
    do("dispatch.conclude", "office_a", meeting, minutes="议定。", resolutions=wrong[:2])
    assert [one.words["title"] for one in told("office_b", meeting, "resolutions")] == ["补齐", "补齐"]
    assert [one.values["people"] for one in told("office_b", meeting, "attendance")] == [3, 2]
    assert list(verify()) == []


def test_the_steps_of_a_plan_are_told_and_sealed_with_the_words_of_the_sheet(programs) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    open_sheet = sheet("rectifying")
    steps = told("clerk_housing", open_sheet, "milestones")
    assert [(one.number, one.state.code) for one in steps] == [(1, "to_do"), (2, "to_do")]
    sealed = do("rectification.transfer", "office_a", sheet("verified")).matter
    assert told("office_a", sealed, "milestones") == []
    with pytest.raises(NotFound):
        told("office_b", sealed, "milestones")
    whole = programs("office_b").get(f"/rectification/{sealed.pk}").json()
    assert whole["rows"] == {"milestones": None, "slips": None}
    transfer = Transfer.objects.get(clues__sheet=sealed.pk)
    (clue,) = told("office_a", transfer, "clues")
    assert (clue.number, clue.words["sheet"]) == (1, sealed.number)
    with pytest.raises(NotFound):
        told("office_b", transfer, "clues")
