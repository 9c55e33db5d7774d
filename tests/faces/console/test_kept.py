"""Typed text: kept when the sign-in ends or another begins, as a draft while one types, and when one goes back."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from qingfeng.faces.console.form_drafts import FormSeal
from qingfeng.kernel.acts import drafts
from qingfeng.kernel.acts.drafts import Draft
from qingfeng.kernel.background.worker import duties
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.sealing.models import keystore
from qingfeng.kernel.time.timekeeper import FixedTime
from qingfeng.mechanisms.problems.rectification.models import Problem
from qingfeng.mechanisms.restraint.meetings.meeting import Meeting
from tests import cast
from tests.faces.console.staff import HTMX, address, browser, problem, text
from tests.mechanisms.restraint.meetings.gatherings import wanted

pytestmark = pytest.mark.django_db
NEW = "/rectification/new/register/"
ASK = "/meetings/new/ask/"
WORDS = "老旧小区路灯三个月不亮，居民反映多次。"


def hidden(answer: HttpResponse) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', text(answer)))


def opened(client: Client, path: str = NEW) -> dict[str, str]:
    return {name: value for name, value in hidden(client.get(path)).items() if name != "csrfmiddlewaretoken"}


def typed(client: Client, **more: str) -> dict[str, str]:
    return {
        **opened(client),
        "title": "路灯不亮",
        "kind": "inaction",
        "topic": "not_acting",
        "description": WORDS,
        **more,
    }


def strict(name: str) -> Client:
    """A browser whose forms are looked at for their seal."""
    client = browser(name)
    client.handler.enforce_csrf_checks = True
    return client


# the sign-in ends


def test_a_session_that_ended_leaves_the_text_in_its_page_and_opens_the_door_beside_it() -> None:
    client = browser("office_a")
    sent = typed(client)
    client.logout()
    answer = client.post(NEW, sent, headers=HTMX)
    assert answer.status_code == 401
    assert answer["HX-Retarget"] == "find [data-told]"
    assert "HX-Redirect" not in answer
    assert "<form" not in text(answer)
    assert 'target="_blank"' in text(answer)
    assert "Your sign-in has ended" in text(answer)


def test_without_script_the_values_come_back_after_signing_in() -> None:
    client = browser("office_a")
    sent = typed(client)
    client.logout()
    door = client.post(NEW, sent)
    assert door.status_code == 303
    assert "What you typed is kept" in text(client.get(door["Location"]))
    account = cast.account("office_a")
    inside = client.post(
        door["Location"],
        {"username": account.username, "password": cast.PASSWORD, "next": f"{NEW}?draft=1"},
    )
    assert inside["Location"] == f"{NEW}?draft=1"
    back = text(client.get(inside["Location"]))
    assert WORDS in back
    assert "路灯不亮" in back
    client.post(NEW, {**sent, **opened(client, inside["Location"])})
    assert Problem.objects.get().title == "路灯不亮"
    assert not Draft.objects.exists()


def test_who_acts_in_several_roles_comes_back_in_the_one_the_form_was_left_in() -> None:
    matter = problem(upto="assigned")
    client = browser("two_roles", "two_roles_clerk")
    path = address(matter, "dispute")
    sent = {**opened(client, path), "reason": WORDS}
    client.logout()
    door = client.post(path, sent)["Location"]
    form = {"username": cast.account("two_roles").username, "password": cast.PASSWORD}
    inside = client.post("/sign-in/", {**form, "next": parse_qs(urlsplit(door).query)["next"][0]})
    assert WORDS in text(client.get(inside["Location"]))


def test_a_role_that_is_not_ones_own_is_not_taken_up() -> None:
    client = Client(headers={"accept-language": "en"})
    form = {"username": cast.account("cadre").username, "password": cast.PASSWORD}
    client.post("/sign-in/", {**form, "next": f"/?as={cast.actor('office_a').holding_id}"})
    assert client.get(NEW).status_code == 403


def test_a_chooser_in_a_form_says_it_without_leaving_the_page() -> None:
    client = browser("office_a")
    matter = problem(upto="verified")
    client.logout()
    path = f"/rectification/choose/assign/responsible/?matter={matter.pk}"
    answer = client.get(path, headers=HTMX)
    assert answer.status_code == 401
    assert "HX-Redirect" not in answer
    assert text(answer).startswith("<option")


# another sign-in meanwhile


def test_an_old_seal_gives_the_form_back_with_a_fresh_one_and_it_sends_itself() -> None:
    client = strict("office_a")
    sent = typed(client)
    answer = client.post(NEW, {**sent, "csrfmiddlewaretoken": "a" * 64}, headers=HTMX)
    assert answer.status_code == 403
    again = hidden(answer)
    assert "<html" not in text(answer)
    assert WORDS in text(answer)
    assert "data-once-more" in text(answer)
    assert again["key"] == sent["key"]
    done = client.post(NEW, {**sent, **again}, headers=HTMX)
    assert done.status_code == 204
    assert Problem.objects.count() == 1


def test_a_seal_that_stays_old_is_not_sent_for_ever() -> None:
    client = strict("office_a")
    sent = {**typed(client), "renewed": "1", "csrfmiddlewaretoken": "a" * 64}
    answer = client.post(NEW, sent, headers=HTMX)
    assert WORDS in text(answer)
    assert "data-once-more" not in text(answer)


def test_rows_asked_for_under_an_old_seal_are_not_sent_for_good() -> None:
    client = strict("office_a")
    answer = client.post(NEW, {**typed(client), "again": "find", "csrfmiddlewaretoken": ""}, headers=HTMX)
    assert WORDS in text(answer)
    assert "data-once-more" not in text(answer)


def test_without_script_an_old_seal_gives_the_whole_page_back() -> None:
    client = strict("office_a")
    answer = client.post(NEW, typed(client))
    assert answer.status_code == 403
    assert "<html" in text(answer)
    assert WORDS in text(answer)


def test_a_form_from_another_site_is_not_drawn() -> None:
    client = strict("office_a")
    answer = client.post(NEW, typed(client), headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert WORDS not in text(answer)


def test_in_another_role_nothing_is_sent_and_nothing_shown() -> None:
    sent = typed(browser("office_a"))
    other = browser("office_b")
    answer = other.post(NEW, sent, headers=HTMX)
    assert answer.status_code == 403
    assert answer["HX-Retarget"] == "find [data-told]"
    assert WORDS not in text(answer)
    assert not Problem.objects.exists()
    assert WORDS in text(browser("office_a").get(f"{NEW}?draft=1"))
    assert WORDS not in text(other.get(f"{NEW}?draft=1"))


def long_ago(name: str) -> str:
    """Whose a form is that was opened by somebody longer ago than drafts are kept."""
    owner = drafts.Owner.of(cast.actor(name))
    assert owner is not None
    then = time.time() - (drafts.KEPT + timedelta(days=1)).total_seconds()
    with mock.patch("django.core.signing.time.time", return_value=then):
        return FormSeal(owner, NEW, cast.account(name).epoch).signed()


@pytest.mark.parametrize("of", ["office_a", "office_b", ""])
def test_a_form_that_can_not_be_read_any_more_is_given_back_and_not_sent(of: str) -> None:
    client = browser("office_b")
    whose = long_ago(of) if of else typed(client)["whose"][:-3]
    answer = client.post(NEW, {**typed(client), "whose": whose}, headers=HTMX)
    assert answer.status_code == 403
    assert "opened too long ago" in text(answer)
    assert WORDS in text(answer)
    assert "data-once-more" not in text(answer)
    assert not Problem.objects.exists()
    assert not Draft.objects.exists()
    assert client.post(NEW, {**typed(client), **hidden(answer)}, headers=HTMX).status_code == 204
    assert Problem.objects.get().opened_by == cast.person("office_b")


def test_a_form_that_names_nobody_is_sent_under_the_seal_of_who_is_signed_in_and_done_as_they() -> None:
    client = strict("office_b")
    without = {name: value for name, value in typed(client).items() if name != "whose"}
    assert client.post(NEW, {**without, "csrfmiddlewaretoken": "a" * 64}, headers=HTMX).status_code == 403
    assert not Problem.objects.exists()
    seal = hidden(client.get(NEW))["csrfmiddlewaretoken"]
    assert client.post(NEW, {**without, "csrfmiddlewaretoken": seal}, headers=HTMX).status_code == 204
    assert Problem.objects.get().opened_by == cast.person("office_b")
    assert not Draft.objects.exists()


def test_what_somebody_typed_is_not_kept_once_their_sign_ins_were_ended() -> None:
    sent = typed(browser("office_a"))
    Account.objects.filter(person=cast.person("office_a")).update(epoch=7)
    answer = browser("office_b").post(NEW, sent, headers=HTMX)
    assert answer.status_code == 403
    assert "could not be kept" in text(answer)
    assert not Draft.objects.exists()


def test_a_cell_is_told_without_a_whole_page_in_it() -> None:
    answer = strict("office_a").post("/notices/read/", {}, headers=HTMX)
    assert answer.status_code == 403
    assert "<html" not in text(answer)


# drafts


def test_a_draft_is_sealed_offered_and_gone_with_the_act() -> None:
    client = browser("office_a")
    sent = typed(client)
    assert "Draft kept at" in text(client.post("/drafts/", sent, headers=HTMX))
    row = Draft.objects.get()
    assert "路灯" not in row.box
    offered = text(client.get(NEW))
    assert "did not send it" in offered
    assert WORDS not in offered
    assert WORDS in text(client.get(f"{NEW}?draft=1"))
    assert client.post(NEW, sent).status_code == 303
    assert not Draft.objects.exists()


def test_a_draft_is_thrown_away_by_its_owner_alone() -> None:
    client = browser("office_a")
    client.post("/drafts/", typed(client), headers=HTMX)
    browser("office_b").post(NEW, {**opened(browser("office_b")), "again": "drop"})
    assert Draft.objects.count() == 1
    assert client.post(NEW, {**opened(client), "again": "drop"}).status_code == 200
    assert not Draft.objects.exists()


def test_a_draft_nobody_signed_is_not_kept() -> None:
    client = browser("office_a")
    for whose in ("", "nonsense", typed(client)["whose"][:-2]):
        assert "could not be kept" in text(client.post("/drafts/", {**typed(client), "whose": whose}))
    assert not Draft.objects.exists()


def test_the_worker_removes_drafts_after_thirty_days(clock: FixedTime) -> None:
    client = browser("office_a")
    client.post("/drafts/", typed(client), headers=HTMX)
    duty = next(one for one in duties() if one.name == "drafts")
    assert duty.perform(clock.now() + timedelta(days=30, seconds=-1)) == 0
    assert duty.perform(clock.now() + timedelta(days=30)) == 1


def test_who_was_erased_has_no_draft_any_more(clock: FixedTime) -> None:
    client = browser("office_a")
    client.post("/drafts/", typed(client), headers=HTMX)
    keystore().destroy(f"person:{cast.person('office_a').pk}", clock.now().isoformat())
    owner = drafts.Owner.of(cast.actor("office_a"))
    assert owner is not None
    assert drafts.kept(owner, NEW, clock.now()) is None
    assert not drafts.keep(owner, NEW, {}, clock.now())


# back, and sent again


@pytest.fixture
def sent() -> tuple[Client, dict[str, str]]:
    client = browser("office_a")
    first = typed(client)
    assert client.post(NEW, first).status_code == 303
    return client, first


def test_sent_again_under_its_key_it_opens_nothing(sent: tuple[Client, dict[str, str]]) -> None:
    client, first = sent
    assert client.post(NEW, first).status_code == 303
    assert Problem.objects.count() == 1


def test_gone_back_to_and_sent_anew_it_asks_first(sent: tuple[Client, dict[str, str]]) -> None:
    client, first = sent
    again = {**first, **opened(client)}
    answer = client.post(NEW, again)
    assert answer.status_code == 409
    assert Problem.objects.get().number in text(answer)
    assert client.post(NEW, {**again, **hidden(answer)}).status_code == 303
    assert Problem.objects.count() == 2


def test_other_content_is_another_sheet(sent: tuple[Client, dict[str, str]]) -> None:
    client, _first = sent
    assert client.post(NEW, typed(client, title="窨井盖缺失")).status_code == 303
    assert Problem.objects.count() == 2


@pytest.mark.parametrize("act", ["send_back", "dispute"])
def test_acts_on_a_matter_keep_it_too(act: str) -> None:
    upto, who, field = {
        "send_back": ("reported", "office_b", "reason"),
        "dispute": ("assigned", "clerk_housing", "reason"),
    }[act]
    matter: Matter = problem(upto=upto)
    client = browser(who)
    path = address(matter, act)
    sent: dict[str, Any] = {**opened(client, path), field: WORDS}
    client.logout()
    assert client.post(path, sent, headers=HTMX).status_code == 401
    assert WORDS in text(browser(who).get(f"{path}?draft=1"))


def test_a_page_without_typing_still_goes_to_the_door(signed_in: Callable[..., Client]) -> None:
    client = signed_in("office_a")
    client.logout()
    answer = client.get(NEW, headers=HTMX)
    assert answer["HX-Redirect"].startswith("/sign-in/")


# a refused request is taken to another act


def asked_for(client: Client) -> dict[str, Any]:
    """A meeting in a month without meetings, for too many, as its form sends it."""
    flat = {name: str(value) for name, value in wanted(people=300, starts="2026-03-16T09:00").items()}
    rows = {f"agenda-0-{name}": str(value) for name, value in wanted()["agenda"][0].items()}
    return {**opened(client, ASK), **flat, **rows, "agenda-count": "1", "budget": "1200"}


def test_what_was_typed_for_a_refused_request_is_taken_to_an_act_that_asks_the_same() -> None:
    client = browser("clerk_housing")
    sent = asked_for(client)
    refused = client.post(ASK, sent, headers=HTMX)
    assert refused.status_code == 403
    assert 'value="as:convene"' in text(refused)
    taken = client.post(ASK, {**sent, "again": "as:convene"}, headers=HTMX)
    assert 'action="/meetings/new/convene/"' in text(taken)
    assert text(taken).count("Convene an emergency meeting</h1>") == 1
    assert (taken["HX-Retarget"], taken["HX-Replace-Url"]) == ("#content", "/meetings/new/convene/")
    assert sent["title"] in text(taken)
    assert 'value="300"' in text(taken)
    done = client.post(
        "/meetings/new/convene/", {**sent, **hidden(taken), "reason": "防汛抢险。"}, headers=HTMX
    )
    assert done.status_code == 204
    assert Meeting.objects.get().people == 300


def test_it_is_taken_to_the_exception_that_is_asked_of_the_leader_too() -> None:
    client = browser("clerk_housing")
    sent = asked_for(client)
    assert 'value="as:ask_exception"' in text(client.post(ASK, sent, headers=HTMX))
    taken = client.post(ASK, {**sent, "again": "as:ask_exception"}, headers=HTMX)
    assert sent["title"] in text(taken)
    asked = {**sent, **hidden(taken), "reason": "省里定的日期。"}
    assert client.post("/meetings/new/ask_exception/", asked, headers=HTMX).status_code == 204
    assert (Meeting.objects.get().state, Meeting.objects.get().people) == ("exception_asked", 300)


def test_it_is_not_taken_to_an_act_that_is_not_ones_own() -> None:
    answer = browser("leader").post(ASK, {"again": "as:convene"}, headers=HTMX)
    assert answer.status_code == 403


def test_on_its_own_page_too_it_is_taken_there_without_script() -> None:
    client = browser("clerk_housing")
    sent = asked_for(client)
    page = text(client.post(ASK, {**sent, "again": "as:convene"}))
    assert "<html" in page
    assert 'action="/meetings/new/convene/"' in page


def test_nothing_is_kept_for_who_was_erased_before_they_typed(clock: FixedTime) -> None:
    someone = cast.person("cadre")
    type(someone).objects.filter(pk=someone.pk).update(erased_at=clock.now())
    assert not drafts.keep(
        drafts.Owner(someone.pk, None), "/leave/new/request/", {"reason": ["家事"]}, clock.now()
    )
    assert not Draft.objects.exists()


@pytest.mark.parametrize("ended", ["a new password", "a closed account"])
def test_a_form_from_before_its_sign_ins_were_ended_keeps_no_draft(ended: str) -> None:
    client = browser("office_a")
    sent = typed(client)
    account = cast.account("office_a")
    changed = {"epoch": account.epoch + 1} if ended == "a new password" else {"is_active": False}
    type(account).objects.filter(pk=account.pk).update(**changed)
    client.logout()
    client.post("/drafts/", sent, headers=HTMX)
    assert not Draft.objects.exists()
    answer = text(client.post(NEW, sent, headers=HTMX))
    assert "in this page alone" in answer
    assert not Draft.objects.exists()
