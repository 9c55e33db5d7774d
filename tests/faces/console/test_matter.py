"""A matter's page: its sheet, who may do what, and everything that happened."""

import html
import json
import re

import pytest
from django.test import Client

from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.models import Entry
from qingfeng.mechanisms.restraint.leave.models import HalfDay
from tests import cast
from tests.faces.console.staff import HTMX, address, browser, problem, text
from tests.leaves import answered, request, told

pytestmark = pytest.mark.django_db


def plain(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))


def test_the_sheet_shows_names_and_labels_not_codes() -> None:
    page = plain(text(browser("office_a").get(address(problem(upto="assigned")))))
    assert "Inaction" in page
    assert "住建局" in page
    assert "inaction" not in page.replace("act-", "")
    assert "三日内整改" in page


def test_the_timeline_tells_who_did_what_with_the_fingerprint_of_the_record() -> None:
    sheet = problem(upto="reported")
    page = text(browser("office_b").get(address(sheet)))
    entry = Entry.objects.get(matter=sheet, act="report")
    assert f'<code title="{entry.hash}">' in page
    assert "已安排专人值守" in page
    assert page.index("已安排专人值守") < page.index("上午十点无人", page.index("timeline"))


def test_whose_turn_it_is_stands_there_for_those_who_wait() -> None:
    page = plain(text(browser("office_a").get(address(problem(upto="assigned")))))
    assert "住建局 Unit clerk is to do: Acknowledge receipt" in page


def test_what_may_not_be_done_stands_there_with_reason_and_next_step() -> None:
    sheet = problem(upto="assigned")
    page = plain(text(browser("office_a").get(address(sheet))))
    assert (
        "Acknowledge receipt · This is for the Unit clerk of the unit it was given to. Ask that unit" in page
    )
    assert "This matter is now “assigned”" in page


def test_what_the_system_does_by_itself_is_no_question_of_mine() -> None:
    page = plain(text(browser("office_a").get(address(problem(upto="assigned")))))
    assert "Mark acknowledgement overdue" not in page


def test_a_time_limit_stands_there_running_and_then_kept() -> None:
    sheet = problem(upto="assigned")
    assert "2 days left" in plain(text(browser("office_a").get(address(sheet))))
    cast.do("rectification.sign", "clerk_housing", sheet)
    assert "Done in time" in plain(text(browser("office_a").get(address(sheet))))


def words(client: Client, path: str) -> tuple[int, str]:
    answer = client.get(path)
    return answer.status_code, plain(re.sub(r'(value|content)="[^"]*"|/[\w/]*', "", text(answer)))


@pytest.mark.parametrize("act", ["", "sign", "assign", "nonsense"])
def test_a_matter_that_is_not_mine_reads_like_one_that_is_not_there(act: str) -> None:
    theirs = problem(upto="assigned", unit="education")
    client = browser("clerk_housing")
    hidden = words(client, address(theirs, act))
    absent = words(client, f"/rectification/{theirs.pk + 1000}/" + (f"{act}/" if act else ""))
    assert hidden == absent
    assert hidden[0] == 404
    assert theirs.title not in hidden[1]


def test_a_fragment_of_a_matter_that_is_gone_lets_the_page_say_so() -> None:
    theirs = problem(upto="assigned", unit="education")
    answer = browser("clerk_housing").get(address(theirs, "sign"), headers=HTMX)
    assert (answer.status_code, answer.content, answer.headers["HX-Refresh"]) == (404, b"", "true")


def entry_of(sheet: object, act: str = "register") -> Entry:
    return Entry.objects.get(matter=sheet, act=act)


def test_an_entry_is_shown_as_it_is_hashed_and_its_proof_once_it_is_sealed() -> None:
    sheet = problem()
    client = browser("office_a")
    base = f"{address(sheet)}entry/{entry_of(sheet).pk}/"
    assert "Not yet in a checkpoint" in text(client.get(base))
    assert client.get(f"{base}proof.json").status_code == 404
    seal_all(cast.NOW, signer())
    page = text(client.get(base))
    assert entry_of(sheet).hash in page
    proof = json.loads(client.get(f"{base}proof.json").content)
    assert proof["entry"] == entry_of(sheet).body


def test_an_entry_is_read_under_its_own_matter_only() -> None:
    one, other = problem("甲事"), problem("乙事")
    client = browser("office_a")
    assert client.get(f"{address(one)}entry/{entry_of(other).pk}/").status_code == 404


def test_an_entry_of_a_matter_that_is_not_mine_is_not_there() -> None:
    sheet = problem(upto="assigned", unit="education")
    path = f"{address(sheet)}entry/{entry_of(sheet).pk}/"
    assert browser("clerk_education").get(path).status_code == 200
    assert browser("clerk_housing").get(path).status_code == 404


def test_a_page_carries_nothing_inline() -> None:
    page = text(browser("office_a").get(address(problem(upto="reported"))))
    assert not re.search(r"<script(?![^>]*src=)", page)
    assert not re.search(r"\s(on\w+|style)=", page)


def approving(stand_in: str = "") -> str:
    """The page of a leave that the head of housing is to approve, who is away today."""
    head = cast.person("head_housing").pk
    leave = request(first_day="2026-03-16", last_day="2026-03-17")
    before = plain(text(browser("cadre").get(address(leave))))
    assert "住建局 Principal head of a unit" in before
    assert "is away today" not in before
    named = {"stand_in": cast.person(stand_in).pk} if stand_in else {}
    called = cast.do("leave.record", "clerk_housing", **told("head_housing", last_day="2026-03-10", **named))
    if stand_in:
        answered(called.matter, stand_in)
    assert HalfDay.objects.filter(person=head).count() == 2
    return plain(text(browser("cadre").get(address(leave))))


def test_an_approver_who_is_away_with_nobody_in_their_place_is_named() -> None:
    head = cast.person("head_housing").name
    said = f"住建局 Principal head of a unit ({head} is away today, and nobody stands in)"
    page = approving()
    assert page.count(said) == 2
    assert "家人急病" not in page


def test_an_approver_whose_place_somebody_takes_is_not_told_away() -> None:
    assert "is away today" not in approving("clerk_housing_b")
