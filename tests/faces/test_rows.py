"""The rows under a matter, at every face: who may read it reads them, chooses one by its number, and nobody else."""

from io import BytesIO

import pytest
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from qingfeng.faces.console.journal_sentences import sentences
from qingfeng.kernel.acts.scope import names_of_matters
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.reading.rows import rows_of
from qingfeng.kernel.record.journal import JournalEntry
from qingfeng.kernel.refusals import Invalid, Misdeclared
from qingfeng.kernel.vocabulary import Rows
from qingfeng.mechanisms.problems.problem_lists.models import OwnList
from qingfeng.mechanisms.problems.problem_lists.registers import STRUCK, WORKED_ON, Item
from tests import cast
from tests.cast import actor, do
from tests.faces.api.conftest import Program, clock, programs  # noqa: F401  # fixtures
from tests.faces.cli.conftest import Command, logging_level, qingfeng, standing_time  # noqa: F401
from tests.faces.console.staff import browser, form_of, text
from tests.mechanisms.problems.inspection.rounds import running
from tests.mechanisms.problems.problem_lists.lists import drawn_up, in_force, put_right, row

pytestmark = pytest.mark.django_db
LONG = "答复超期：" + "群众来电十日后才有回音，" * 12


def test_a_program_reads_the_rows_with_the_matter_and_page_by_page(programs) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    own = put_right(in_force(row(), row(problem=LONG), row(kind="formalism")), 2)
    head: Program = programs("head_housing")
    whole = head.get(f"/problem_lists/{own.pk}").json()
    rows = whole["rows"]["problems"]["rows"]
    assert [(one["number"], one["state"]["code"], one["kind"]) for one in rows] == [
        (1, "worked_on", "inaction"),
        (2, "to_be_checked", "inaction"),
        (3, "worked_on", "formalism"),
    ]
    person = cast.person("cadre")
    assert rows[0]["person"] == {"id": person.pk, "name": str(person)}
    assert rows[0]["by_day"] == "2026-06-30"
    first = head.get(f"/problem_lists/{own.pk}/problems?size=2").json()
    assert [one["number"] for one in first["rows"]] == [1, 2]
    rest = head.get(f"/problem_lists/{own.pk}/problems?size=2&cursor={first['next']}").json()
    assert ([one["number"] for one in rest["rows"]], rest["next"]) == ([3], None)
    for who in ("office_a", "clerk_education"):
        assert programs(who).get(f"/problem_lists/{own.pk}/problems").status_code == 404


def test_a_program_is_offered_the_rows_that_fit_and_hands_in_the_number(programs) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    own = put_right(in_force(row(), row(problem=LONG)), 1)
    clerk: Program = programs("clerk_housing_b")
    fitting = clerk.get(f"/problem_lists/{own.pk}/choices/put_right/item").json()["rows"]
    assert [one["value"] for one in fitting] == [2]
    assert fitting[0]["label"].startswith("2 · 答复超期")
    assert len(fitting[0]["label"]) < 70
    for wrong in (1, 3, 10_000):
        answer = clerk.post(f"/problem_lists/{own.pk}/put_right", {"item": wrong, "result": "已办。"})
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, ["item"])
    for nonsense in (0, True, "二", 10_001):
        assert (
            clerk.post(f"/problem_lists/{own.pk}/put_right", {"item": nonsense, "result": "好"}).status_code
            == 422
        )
    assert (
        clerk.post(f"/problem_lists/{own.pk}/put_right", {"item": 2, "result": "已办。"}).status_code == 200
    )
    assert Entry.objects.filter(matter=own.pk).latest("seq").content["input"]["item"] == 2


def test_the_form_offers_the_rows_by_number_and_words_and_keeps_what_was_chosen() -> None:
    own = put_right(in_force(row(), row(problem=LONG)), 1)
    client = browser("clerk_housing")
    here = f"/problem_lists/{own.pk}/note_progress/"
    form = text(client.get(here))
    assert "2 · 答复超期" in form
    assert "1 · 窗口值守不到位" in form
    assert 'type="number"' not in form
    assert "1 · " not in text(client.get(f"/problem_lists/{own.pk}/put_right/"))
    sent = client.post(here, {**form_of(client, here), "item": "7", "progress": "在办"})
    assert sent.status_code == 422
    assert "This number isn&#x27;t there" in text(sent)
    assert "在办" in text(sent)
    done = client.post(here, {**form_of(client, here), "item": "2", "progress": "在办"})
    assert done.status_code == 303
    assert OwnList.objects.get(pk=own.pk).items.get(number=2).progress == "在办"


def test_the_rows_go_along_as_a_workbook_to_who_reads_them() -> None:
    own = put_right(in_force(row(), row(problem="=1+1")), 1)
    answer = browser("leader").get(f"/problem_lists/{own.pk}/page/problems.xlsx")
    lines = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert lines[0][:2] == ["No.", "Problem"]
    assert lines[0][-1] == "How it stands"
    assert lines[2][:2] == [2, "=1+1"]
    assert str(lines[1][-1]).lower() == "put right, to be checked"
    assert browser("office_a").get(f"/problem_lists/{own.pk}/page/problems.xlsx").status_code == 404


def test_the_command_line_shows_the_rows_and_says_which_there_are(qingfeng: Command) -> None:  # noqa: F811
    own = in_force(row(), row(problem=LONG))
    shown = qingfeng("rows", "problem_lists", str(own.pk), "--size", "1", who="head_housing")
    assert shown.code == 0
    assert "窗口值守不到位" in shown.out
    assert "--after 1" in shown.out
    assert (
        "答复超期"
        in qingfeng("rows", "problem_lists", str(own.pk), "problems", "--after", "1", who="leader").out
    )
    missing = qingfeng("rows", "problem_lists", str(own.pk), "visits", who="head_housing")
    assert missing.code != 0
    assert "problems" in missing.err
    hidden = qingfeng("rows", "problem_lists", str(own.pk), who="office_a")
    assert hidden.code != 0
    assert "窗口" not in hidden.out


def test_a_struck_row_is_told_so_and_its_number_is_not_given_again() -> None:
    own = drawn_up(row(), row())
    do("problem_lists.strike", "clerk_housing", own, item=2, reason="重复。")
    own = do("problem_lists.add", "clerk_housing", own, rows=[row(problem="再查出一项")]).matter
    declared = rows_of(OwnList)["problems"]
    views = declared.views(own, list(declared.after(own, 0)), actor("clerk_housing"), names_of_matters)
    assert [(one.number, one.state) for one in views] == [(1, WORKED_ON), (2, STRUCK), (3, WORKED_ON)]
    with override("en"), pytest.raises(Invalid) as refused:
        do("problem_lists.strike", "clerk_housing", own, item=2, reason="再划一次。")
    with override("en"):
        assert "struck from the list" in str(refused.value.fields["item"][0])


def test_every_choice_of_a_row_is_of_numbered_rows_whose_states_are_declared() -> None:
    chosen = [
        spec
        for matter in mechanisms().values()
        for one in acts_of(matter).values()
        for spec in one.inputs.fields
        if spec.among is not None
    ]
    assert len(chosen) >= 5
    for spec in chosen:
        assert spec.among is not None
        assert set(spec.states) <= set(spec.among.states)


def card(own: OwnList) -> str:
    """The rows on the page of their matter."""
    page = text(browser("head_housing").get(f"/problem_lists/{own.pk}/"))
    return page.partition("<h2>Problems on the list</h2>")[2].partition("</section>")[0]


def test_the_page_of_a_matter_has_the_first_of_its_rows_and_the_way_to_all() -> None:
    own = in_force(row(problem=LONG), *(row(problem=f"第{number}项") for number in range(2, 8)))
    shown = card(own)
    assert [number for number in range(2, 8) if f"第{number}项" in shown] == [2, 3, 4, 5]
    assert LONG[:30] in shown
    assert LONG[:60] not in shown
    assert "All 7" in shown
    assert f"/problem_lists/{own.pk}/page/problems/" in shown


def test_few_rows_need_no_way_to_all_of_them_and_none_no_card() -> None:
    assert "All " not in card(in_force(row(), row()))
    assert "<h2>Figures as reported</h2>" not in text(browser("office_a").get(f"/campaigns/{running().pk}/"))


def test_the_page_of_the_rows_says_who_reads_them() -> None:
    own = in_force(row())
    page = text(browser("head_housing").get(f"/problem_lists/{own.pk}/page/problems/"))
    assert "The office has the counts only." in page


def test_of_many_rows_the_first_are_offered_and_the_others_by_their_number(programs) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    own = in_force(*(row(problem=f"第{number}项") for number in range(1, 61)))
    client = browser("clerk_housing")
    form = text(client.get(f"/problem_lists/{own.pk}/note_progress/"))
    assert "50 · 第50项" in form
    assert "51 · " not in form
    asked = f"/problem_lists/choose/note_progress/item/?matter={own.pk}&item.q="
    assert "57 · 第57项" in text(client.get(f"{asked}57"))
    assert "57 · " not in text(client.get(f"{asked}第57项"))
    wrong = client.post(f"/problem_lists/{own.pk}/note_progress/", {"item": "57", "progress": ""})
    assert "57 · 第57项" in text(wrong)
    clerk: Program = programs("clerk_housing_b")
    first = clerk.get(f"/problem_lists/{own.pk}/choices/note_progress/item?size=40").json()
    rest = clerk.get(f"/problem_lists/{own.pk}/choices/note_progress/item?cursor={first['next']}").json()
    assert [one["value"] for one in (*first["rows"], *rest["rows"])] == list(range(1, 61))
    assert rest["next"] is None


def test_rows_whose_place_a_related_name_takes_are_named() -> None:
    class Trodden(OwnList):
        """A list with rows under the related name of its items."""

        items = Rows(Item, label="各项", columns=())
        problems = Rows(Item, label="各项", columns=(), name="items")

        class Meta:
            abstract = True

    with pytest.raises(Misdeclared, match="two kinds of rows named “items”"):
        rows_of(Trodden)
    Trodden.items = OwnList.items
    rows_of.cache_clear()
    with pytest.raises(Misdeclared, match=r"Trodden\.items: a foreign key's related_name"):
        rows_of(Trodden)
    rows_of.cache_clear()


def test_the_journal_tells_in_words_which_rows_left_as_a_workbook() -> None:
    own = in_force(row())
    assert browser("head_housing").get(f"/problem_lists/{own.pk}/page/problems.xlsx").status_code == 200
    with override("en"):
        (line,) = sentences(list(JournalEntry.objects.filter(kind=JournalEntry.Kind.EXPORT)))
    assert line.endswith("Problems on the list.")
    assert "problem_lists" not in line
