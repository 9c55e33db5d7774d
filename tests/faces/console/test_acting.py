"""An act through its form: done once, refused with everything kept, overtaken with who was first."""

import html
import re

import pytest
from django.test import Client

from qingfeng.kernel.ledger.models import Entry
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests import cast
from tests.faces.console.staff import HTMX, address, browser, form_of, problem, text

pytestmark = pytest.mark.django_db
REGISTERED = {
    "title": "窗口无人值守",
    "kind": "inaction",
    "topic": "not_acting",
    "description": "上午十点无人",
}


def acts(sheet: object) -> list[str]:
    return list(Entry.objects.filter(matter=sheet).order_by("seq").values_list("act", flat=True))


def test_a_matter_is_opened_by_its_form() -> None:
    client = browser("office_a")
    path = "/rectification/new/register/"
    answer = client.post(path, {**REGISTERED, **form_of(client, path)})
    sheet = Problem.objects.get(title="窗口无人值守")
    assert (answer.status_code, answer.headers["Location"]) == (303, address(sheet))
    assert "is done and recorded" in text(client.get(address(sheet)))


def test_the_form_stands_in_place_for_htmx_and_on_its_matters_page_without() -> None:
    sheet = problem(upto="verified")
    client = browser("office_a")
    alone = text(client.get(address(sheet, "assign"), headers=HTMX))
    whole = text(client.get(address(sheet, "assign")))
    assert alone.lstrip().startswith('<details class="act')
    assert "<html" not in alone
    assert "<html" in whole
    assert 'id="assign-requirement"' in alone
    assert 'id="assign-requirement"' in whole


def test_an_act_done_by_htmx_moves_the_whole_page() -> None:
    sheet = problem(upto="assigned")
    client = browser("clerk_housing")
    answer = client.post(address(sheet, "sign"), form_of(client, address(sheet, "sign")), headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, address(sheet))
    assert acts(sheet) == ["register", "verify", "assign", "sign"]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_wrong_input_gives_the_form_back_with_what_was_typed_and_the_errors_beside_it(
    headers: dict[str, str],
) -> None:
    sheet = problem(upto="verified")
    client = browser("office_a")
    hidden = form_of(client, address(sheet, "assign"))
    typed = "三日内整改，<b>并公示</b>"
    answer = client.post(
        address(sheet, "assign"), {"responsible": "999999", "requirement": typed, **hidden}, headers=headers
    )
    page = text(answer)
    assert answer.status_code == 422
    assert html.escape(typed) in page
    assert "<b>" not in page
    assert 'href="#assign-responsible"' in page
    field = re.search(r'<select[^>]*id="assign-responsible"[^>]*>', page)
    assert field is not None
    assert 'aria-invalid="true"' in field[0]
    assert "assign-responsible-error" in field[0]
    assert hidden["key"] in page
    assert acts(sheet) == ["register", "verify"]


def test_what_one_may_not_choose_reads_like_what_is_not_there() -> None:
    sheet = problem(upto="verified")
    client = browser("office_a")
    path = address(sheet, "assign")
    beside = cast.unit("housing", cast.BESIDE).pk
    answers = [
        client.post(path, {"responsible": str(unit), "requirement": "x", "version": "2", "key": "k" * 20})
        for unit in (beside, 999_999)
    ]
    said = [re.findall(r'class="field__error">.*?<span>(.*?)</span>', text(answer)) for answer in answers]
    assert said[0] == said[1] != []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "长" * 101),
        ("title", ""),
        ("title", "   "),
        ("title", "一\x00二"),
        ("kind", "nonsense"),
        ("kind", ""),
        ("description", "长" * 2001),
    ],
)
def test_bad_input_is_one_clear_sentence_and_nothing_is_stored(name: str, value: str) -> None:
    client = browser("office_a")
    path = "/rectification/new/register/"
    answer = client.post(path, {**REGISTERED, **form_of(client, path), name: value})
    assert answer.status_code == 422
    assert f'id="register-{name}-error"' in text(answer)
    assert not Problem.objects.exists()


def test_a_double_submit_is_done_once() -> None:
    sheet = problem(upto="assigned")
    client = browser("clerk_housing")
    hidden = form_of(client, address(sheet, "sign"))
    answers = [client.post(address(sheet, "sign"), hidden) for _ in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [address(sheet)] * 2
    assert acts(sheet) == ["register", "verify", "assign", "sign"]


def test_opening_twice_with_one_form_opens_one() -> None:
    client = browser("office_a")
    path = "/rectification/new/register/"
    sent = {**REGISTERED, **form_of(client, path)}
    answers = [client.post(path, sent) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Problem.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_who_was_overtaken_is_told_by_whom_and_keeps_what_was_typed(headers: dict[str, str]) -> None:
    sheet = problem(upto="reported")
    client = browser("office_b")
    path = address(sheet, "write_off")
    hidden = form_of(client, path)
    cast.do("rectification.send_back", "office_a", sheet, reason="再查")
    cast.do("rectification.report", "clerk_housing", sheet, result="已公示", no_evidence="已由科室现场看过。")
    answer = client.post(path, {"finding": "现场属实", **hidden}, headers=headers)
    page = text(answer)
    assert answer.status_code == 409
    assert f"{cast.person('office_a')} (" in page
    assert "Send back" in page
    assert f"{cast.person('clerk_housing')} (" in page
    assert "现场属实" in page
    assert acts(sheet)[-1] == "report"
    fresh = dict(re.findall(r'name="(version|key)" value="([^"]*)"', page))
    assert fresh["version"] == "8"
    assert fresh["key"] != hidden["key"]
    assert client.post(path, {"finding": "现场属实", **fresh}).status_code == 303


def test_who_was_overtaken_for_good_is_told_why_it_is_too_late() -> None:
    sheet = problem(upto="assigned")
    client = browser("clerk_housing")
    hidden = form_of(client, address(sheet, "sign"))
    cast.do("rectification.sign", "clerk_housing_b", sheet)
    answer = client.post(address(sheet, "sign"), hidden)
    assert answer.status_code == 403
    assert "be done in that state" in text(answer)
    assert acts(sheet) == ["register", "verify", "assign", "sign"]


def test_an_act_of_others_is_barred_with_reason_and_remedy_and_the_page_stays() -> None:
    sheet = problem(upto="assigned")
    client = browser("office_a")
    for answer in (client.get(address(sheet, "sign")), client.post(address(sheet, "sign"), {"version": "2"})):
        assert answer.status_code == 403
        assert "This is for the Unit clerk" in text(answer)
        assert sheet.title in text(answer)
    assert acts(sheet) == ["register", "verify", "assign"]


def test_the_rule_of_four_eyes_holds_at_the_form() -> None:
    client = browser("clerk_housing")
    assert client.get("/rectification/new/register/").status_code == 403
    assert client.post("/rectification/new/register/", REGISTERED).status_code == 403
    assert not Problem.objects.exists()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "1"])
def test_a_version_nobody_saw_changes_nothing(version: str) -> None:
    sheet = problem(upto="rectifying")
    answer = browser("clerk_housing").post(
        address(sheet, "report"), {"result": "好", "no_evidence": "已由科室现场看过。", "version": version}
    )
    assert answer.status_code == (409 if version == "1" else 303)


def test_an_opening_act_has_no_matter_and_a_moving_act_has_one() -> None:
    client = browser("office_a")
    assert client.get(address(problem(), "register")).status_code == 404
    assert client.get("/rectification/new/assign/").status_code == 404


def test_a_form_without_its_seal_is_refused_in_words() -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = client.post("/sign-in/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "This form is too old" in text(answer)


def options(client: Client, sheet: object, typed: str) -> list[str]:
    path = f"/rectification/choose/assign/responsible/?matter={sheet.pk}&responsible.q={typed}"  # type: ignore[attr-defined]
    return re.findall(r'<option value="\d+">([^<]*)</option>', text(client.get(path, headers=HTMX)))


def test_a_choice_is_found_by_typing_within_what_one_may_choose() -> None:
    sheet = problem(upto="verified")
    assert options(browser("office_a"), sheet, "教育") == ["教育局"]
    assert options(browser("office_a"), sheet, "林岸") == []


def test_choices_of_an_act_one_may_not_do_are_not_there() -> None:
    sheet = problem(upto="assigned")
    path = f"/rectification/choose/assign/responsible/?matter={sheet.pk}"
    assert browser("clerk_housing").get(path).status_code == 404
    assert (
        browser("office_a")
        .get(f"/rectification/choose/assign/requirement/?matter={problem(upto='verified').pk}")
        .status_code
        == 404
    )
