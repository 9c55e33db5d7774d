"""Whoever reads a matter is told all its rows with it, and what an act asks for is a number that was told there."""

from collections.abc import Collection, Iterator
from typing import Any

import pytest

from qingfeng.faces.api import presentation
from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.reading.rows import rows_of
from qingfeng.kernel.time.periods import day_of
from tests import cast
from tests.walk.declared import declared
from tests.walk.staging import Company
from tests.walk.table import table, who

WITH_ROWS = sorted(code for code, matter in declared().items() if rows_of(matter))
TOLD = {
    "campaigns": {"reported"},
    "dispatch": {"agenda", "attendance", "resolutions"},
    "expense_budget": {"lines"},
    "expenses": {"lines"},
    "inspection_plans": {"rounds"},
    "inspection_visits": {"findings"},
    "intake": {"messages", "unread"},
    "meetings": {"agenda", "invited"},
    "problem_lists": {"problems"},
    "rectification": {"milestones", "slips"},
    "transfers": {"clues"},
}
"""By hand: the rows that a program has to learn of each kind."""
ASKED = {
    "campaigns.report_discipline.corrects",
    "campaigns.report_handled.corrects",
    "campaigns.report_work.corrects",
    "dispatch.conclude.resolutions.item",
    "dispatch.strike.item",
    "inspection_plans.open_round.number",
    "inspection_visits.decide.set_aside.number",
    "intake.confirm.rows.row",
    "intake.mark_duplicate.row",
    "intake.open_sheet.row",
    "intake.set_aside.rows.row",
    "intake.take_up.row",
    "meetings.begin_speaking.item",
    "problem_lists.find_open.item",
    "problem_lists.note_progress.item",
    "problem_lists.put_right.item",
    "problem_lists.strike.item",
    "problem_lists.write_off.item",
    "rectification.progress.done",
    "transfers.answer.clue",
}
"""By hand: the inputs that ask which of them."""
BRINGS = {
    "campaigns": ("running", "report_work"),
    "dispatch": ("held", "conclude"),
    "inspection_visits": ("visited", "find"),
    "meetings": ("approved", "invite"),
    "rectification": ("reported", "send_back"),
}
"""Acts of the tables that bring rows which no state is reached with."""


def asked(matter: type[Matter]) -> Iterator[tuple[str, InputField]]:
    """The inputs of its acts that ask for a row, those within rows of a form too, by where they stand."""
    for act in acts_of(matter).values():
        for spec in act.inputs.fields:
            for inner in (spec, *spec.rows):
                if inner.among is not None:
                    within = "" if inner is spec else f"{spec.name}."
                    yield f"{matter.code}.{act.name}.{within}{inner.name}", inner


def test_these_rows_are_declared_and_these_inputs_ask_for_one() -> None:
    assert {code: set(rows_of(declared()[code])) for code in WITH_ROWS} == TOLD
    assert {place for matter in declared().values() for place, _spec in asked(matter)} == ASKED


def told(matter: Matter, reader: Actor) -> dict[str, dict[int, Any]]:
    """The rows within the answer of ``GET /{kind}/{id}``, by name and number."""
    rows = presentation.whole(matter, reader)["rows"]
    declared = rows_of(type(matter))
    return {
        name: {row[declared[name].key]: row for row in page["rows"]}
        for name, page in rows.items()
        if page is not None
    }


@pytest.mark.django_db
@pytest.mark.parametrize("code", WITH_ROWS)
def test_get_tells_every_row_there_is_and_a_choice_offers_none_besides(code: str) -> None:
    company, said, matter = Company(), table(code), declared()[code]
    staged, seen = company.stage(said), dict.fromkeys(TOLD[code], 0)
    here = {state: one.matter for state, one in staged.items()}
    if code in BRINGS:
        state, name = BRINGS[code]
        row = said.scenes[state].rows[name]
        seat = _first(row.may)
        act, raw = acts_of(matter)[name], company.resolved(row.raw, seat)
        here[state] = perform(act, company.actors[seat], raw, cast.NOW, matter_id=here[state].pk).matter
    for state, one in here.items():
        scene = said.scenes[state]
        reader = company.actors[_first(scene.words_read_by or scene.readers)]
        read = matter._default_manager.get(pk=one.pk)
        rows = told(read, reader)
        assert set(rows) == TOLD[code], state
        for name, found in rows.items():
            seen[name] += len(found)
            assert len(found) == rows_of(matter)[name].count(read), state
        scope = ActorScope(reader, read.jurisdiction_id, day_of(cast.NOW), matter=read)
        for place, spec in asked(matter):
            assert spec.among is not None
            assert {number for number, _words in scope.rows(spec)} <= set(rows[spec.among.name]), place
    assert all(seen.values()), f"no state has any of: {[name for name in seen if not seen[name]]}"


def _first(seats: Collection[str]) -> str:
    """The first of the cast among some seats."""
    return next(one for one in who().seats if one in seats and one in cast.PARTS)
