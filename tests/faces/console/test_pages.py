"""The handbook, the administrators' pages and the complaint: from the declarations, each for whom it is."""

import re
from typing import Any

import pytest

from qingfeng.kernel.background.outbox import TRIES, Message
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.time.clocks import Running
from tests import cast
from tests.faces.console.staff import browser, problem, text

pytestmark = pytest.mark.django_db


def test_the_handbook_tells_a_mechanism_from_its_declarations() -> None:
    page = text(browser("clerk_housing").get("/handbook/rectification/"))
    for words in ("Report rectification", "Rectifying", "15 working days", "第八条第一款", "checked"):
        assert words in page
    assert page.count("<svg") > 1
    assert "Follow to the successor" not in page


def test_the_handbook_names_every_mechanism_and_no_other() -> None:
    client = browser("cadre")
    assert 'href="/handbook/rectification/"' in text(client.get("/handbook/"))
    assert client.get("/handbook/nonsense/").status_code == 404


def test_the_frame_says_which_units_a_leader_is_in_charge_of() -> None:
    assert "In charge of 信息中心 · 住建局" in text(browser("leader").get("/"))
    assert "In charge of" not in text(browser("clerk_housing").get("/"))


PAGES = {"/administration/system/": "system_administrator", "/administration/journal/": "audit_administrator"}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "who",
    ["system_administrator", "audit_administrator", "security_administrator", "office_a", "clerk_housing"],
)
def test_an_administrators_page_is_there_for_its_administrator_only(path: str, who: str) -> None:
    assert browser(who).get(path).status_code == (200 if PAGES[path] == who else 404)


@pytest.fixture
def failure() -> Message:
    made: Any = Message.objects.create(
        channel="mail", payload={}, next_try_at=cast.NOW, tries=TRIES, error="OSError: the post is shut"
    )
    return made  # type: ignore[no-any-return]


def lend() -> None:
    asked = cast.do("lending.ask", "system_administrator", reason="重发通知", hours=2).matter
    cast.do("lending.grant", "security_administrator", asked)


def test_what_could_not_be_delivered_is_shown_and_sent_again_by_lent_rights(failure: Message) -> None:
    client = browser("system_administrator")
    shown = text(client.get("/administration/system/"))
    assert "the post is shut" in shown
    assert "You may look, and change nothing" in shown
    answer = client.post("/administration/system/resend/", {"id": str(failure.pk)})
    failure.refresh_from_db()
    assert (answer.status_code, failure.tries) == (403, TRIES)
    lend()
    assert "Rights are lent to you until" in text(client.get("/administration/system/"))
    client.post("/administration/system/resend/", {"id": str(failure.pk)})
    failure.refresh_from_db()
    assert (failure.tries, failure.error) == (0, "")
    assert "Everything was delivered" in text(client.get("/administration/system/"))


def test_nobody_else_sends_it_again(failure: Message) -> None:
    answer = browser("office_a").post("/administration/system/resend/", {"id": str(failure.pk)})
    failure.refresh_from_db()
    assert (answer.status_code, failure.tries) == (404, TRIES)


def test_a_clock_that_was_set_aside_is_tried_again_by_lent_rights() -> None:
    clock = Running.objects.get(matter=problem(upto="assigned"), name="signing")
    Running.objects.filter(pk=clock.pk).update(set_aside="ValueError: no such thing")
    lend()
    client = browser("system_administrator")
    assert "ValueError: no such thing" in text(client.get("/administration/system/"))
    client.post("/administration/system/try-again/", {"id": str(clock.pk)})
    clock.refresh_from_db()
    assert clock.set_aside == ""
    assert client.post("/administration/system/try-again/", {"id": str(clock.pk)}).status_code == 404


def test_the_system_administrator_sees_the_last_heads_and_no_content() -> None:
    sheet = problem("绝不外传的标题")
    (head,) = [one for one in seal_all(cast.NOW, signer()) if one.jurisdiction.code == cast.COUNTY]
    page = text(browser("system_administrator").get("/administration/system/"))
    assert head.hash in page
    assert sheet.title not in page


def test_the_journal_shows_what_was_refused() -> None:
    browser("clerk_housing").post("/rectification/new/register/", {})
    page = text(browser("audit_administrator").get("/administration/journal/"))
    assert "Refused: Problem · Register a problem." in page
    assert "clerk_housing" in page


def test_a_complaint_reaches_the_system_administrators_of_the_place_and_no_other() -> None:
    browser("cadre").post("/complaint/", {"text": "同一张表填了三次"})
    assert "同一张表填了三次" in text(browser("system_administrator").get("/notices/"))
    assert "同一张表填了三次" not in text(browser("linan_system_administrator").get("/notices/"))
    assert "同一张表填了三次" not in text(browser("office_a").get("/notices/"))


@pytest.mark.parametrize("words", ["", "  ", "长" * 2001])
def test_an_empty_or_endless_complaint_is_given_back(words: str) -> None:
    answer = browser("cadre").post("/complaint/", {"text": words})
    assert answer.status_code == 422
    assert 'id="f-text-error"' in text(answer)
    assert not Message.objects.filter(payload__has_key="subject", holder__startswith="system_admin").exists()


def test_every_page_says_that_nothing_classified_belongs_here() -> None:
    for path in ("/", "/rectification/", "/handbook/", "/no/such/"):
        assert re.search(
            r'class="secrecy".*Not a classified system', text(browser("office_a").get(path)), re.S
        )
