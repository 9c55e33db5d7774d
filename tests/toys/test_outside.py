"""A party outside the staff: named by the unit that keeps it, asked in person, and told what it is asked and no more."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, reverse

from qingfeng.faces.api import auth
from qingfeng.faces.api.auth import Caller
from qingfeng.faces.api.models import Token
from qingfeng.faces.api.urls import api
from qingfeng.faces.console import urls
from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.acts.engine import openings
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.background import worker
from qingfeng.kernel.guards import Question
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.people.actors import as_person, person_key
from qingfeng.kernel.people.models import Account, Person, Unit
from qingfeng.kernel.people.outside import OutsideParty, acting_for_party
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred, Conflict, Invalid, NotFound
from qingfeng.kernel.sealing.keystore import KeyDestroyed
from qingfeng.kernel.sealing.models import SealedValue, opened
from tests import cast
from tests.cast import NOW, TODAY, actor, do, unit
from tests.faces.api.conftest import Program, secret
from tests.faces.console.staff import browser, text
from tests.outside import acting, entered, party, with_account
from tests.toys.outside import Home, Review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock_of_pages(settings: Any) -> None:
    settings.TIMEKEEPER = cast.clock()


@pytest.fixture
def expert() -> Account:
    """An expert whom the housing bureau keeps."""
    return with_account(party("expert", "专家甲"), "expert-a", email="expert-a@example.invalid")


@pytest.fixture
def second() -> Account:
    return with_account(party("delegate", "代表乙"), "delegate-b")


def of(account: Account) -> OutsideParty:
    return OutsideParty.objects.get(person=account.person)


def asked(expert: Account, second: Account | None = None) -> Matter:
    more = {"second": of(second).pk} if second else {}
    return do("review.ask", "office_a", title="窗口改造方案", reviewer=of(expert).pk, **more).matter


def at_console(account: Account) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


# what it can do


def test_whoever_is_asked_finds_it_answers_it_and_the_office_reads_the_answer(expert: Account) -> None:
    review = asked(expert)
    (waiting,) = reads.inbox(acting(expert)).rows
    assert (waiting.matter_id, waiting.act) == (review.pk, "answer")
    client = at_console(expert)
    first = client.get("/")
    assert first.status_code == 200
    assert "窗口改造方案" in text(first)
    form = client.get(f"/review/{review.pk}/answer/")
    assert form.status_code == 200
    sent = client.post(f"/review/{review.pk}/answer/", {"opinion": "可行，建议增设叫号。"})
    assert sent.status_code in (302, 303), text(sent)
    assert "可行，建议增设叫号。" in text(browser("office_a").get(f"/review/{review.pk}/"))
    entry = Entry.objects.get(matter=review, act="answer")
    assert entry.content["actor"] == {"account": expert.pk, "person": expert.person_id}
    assert not reads.inbox(acting(expert)).rows
    seal_all(NOW, signer())
    assert list(verify()) == []


def test_who_has_a_seat_in_a_step_is_asked_when_it_is_their_turn(expert: Account, second: Account) -> None:
    review = asked(expert, second)
    with pytest.raises(NotFound):
        reads.one(acting(second), "review", review.pk)
    do("review.answer", acting(expert), review, opinion="可行。")
    assert [row.act for row in reads.inbox(acting(second)).rows] == ["agree"]
    with pytest.raises(Barred, match="不是您审批的环节"):
        do("review.agree", acting(expert), review, agrees=True)
    assert do("review.agree", acting(second), review, agrees=True).matter.state == "answered"


def test_another_expert_neither_sees_nor_answers_it(expert: Account, second: Account) -> None:
    review = asked(expert)
    for attempt in (
        lambda: reads.one(acting(second), "review", review.pk),
        lambda: do("review.answer", acting(second), review, opinion="代答"),
        lambda: do("review.call_off", acting(second), review),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert at_console(second).get(f"/review/{review.pk}/").status_code == 404
    # The one who is asked may not call it off either, and is told why.
    with pytest.raises(Barred, match="Supervision office"):
        do("review.call_off", acting(expert), review)


def test_the_guard_decides_in_python_as_in_sql_for_the_one_it_names(expert: Account, second: Account) -> None:
    review = asked(expert)
    guard = acts_of(Review)["answer"].by
    for who, named in ((acting(expert), True), (acting(second), False), (actor("office_a"), False)):
        assert bool(guard.decide(Question(who, review, NOW))) == named
        assert Review.objects.filter(guard.condition(who)).exists() == named
    assert guard.holders(review) == {person_key(expert.person_id)}


def test_only_who_has_an_account_can_be_asked_and_only_of_the_kinds_named(expert: Account) -> None:
    silent = party("expert", "专家丙")
    supervisor = with_account(party("supervisor", "监督员丁"), "supervisor-d")
    for found in (silent, of(supervisor), party("household", "王一")):
        with pytest.raises(Invalid) as refusal:
            do("review.ask", "office_a", title="方案", reviewer=found.pk)
        assert set(refusal.value.fields) == {"reviewer"}


def test_its_personal_value_lies_under_its_own_keys_and_is_shown_to_itself_alone(expert: Account) -> None:
    review = asked(expert)
    do("review.answer", acting(expert), review, opinion="可行。", bank="6222 0000")
    (value,) = SealedValue.objects.filter(entry__matter=review, name="bank")
    mine = [said.text for line in reads.timeline(acting(expert), "review", review.pk) for said in line.said]
    theirs = [
        said.text for line in reads.timeline(actor("office_a"), "review", review.pk) for said in line.said
    ]
    assert "6222 0000" in mine
    assert "6222 0000" not in theirs
    request = do("outside_erasure.request", "clerk_housing", party=of(expert).pk, basis="本人申请").matter
    do("outside_erasure.erase", "security_administrator", request)
    worker.deliver(NOW)
    with pytest.raises(KeyDestroyed):
        opened(value)


def test_a_person_whose_id_is_that_of_the_party_is_not_taken_for_it(expert: Account) -> None:
    review = asked(expert)
    do("review.answer", acting(expert), review, opinion="可行。", bank="6222 0000")
    twin = replace(actor("office_a"), person_id=of(expert).pk)
    assert Person.objects.filter(pk=twin.person_id).exists()
    said = [said.text for line in reads.timeline(twin, "review", review.pk) for said in line.said]
    assert "6222 0000" not in said


def test_whom_else_its_matter_waits_on_it_is_not_told(expert: Account, second: Account) -> None:
    review = asked(expert, second)
    do("review.answer", acting(expert), review, opinion="可行。")
    assert reads.owed(acting(expert), "review", review.pk) == []
    assert reads.steps(acting(expert), "review", review.pk) == []
    assert "is to do" not in text(at_console(expert).get(f"/review/{review.pk}/"))
    assert reads.awaited(acting(expert), 100) == []
    # The office is told both, and the second of its own turn.
    assert [row.act for row in reads.owed(actor("office_a"), "review", review.pk)] == ["agree"]
    assert len(reads.steps(actor("office_a"), "review", review.pk)) == 1
    assert [row.act for row in reads.owed(acting(second), "review", review.pk)] == ["agree"]
    assert "is to do" in text(browser("office_a").get(f"/review/{review.pk}/"))


# what it can't


class Walked:
    """Everything there is for an account of a party outside the staff, in a house that is full of others' matters."""

    def __init__(self, expert: Account, second: Account) -> None:
        self.own = asked(expert)
        self.others = [
            asked(second),
            do("trip.ask", "clerk_housing", title="赴省城", beside=unit("education").pk).matter,
            do("spending.reserve", "clerk_housing", amount=100).matter,
            do(
                "rectification.register",
                "office_a",
                title="窗口无人",
                kind="inaction",
                topic="not_acting",
                description="上午十点无人",
            ).matter,
            *Matter.objects.exclude(mechanism="review"),
        ]


@pytest.fixture
def walked(expert: Account, second: Account) -> Walked:
    return Walked(expert, second)


def test_of_every_mechanism_it_lists_reads_counts_and_opens_nothing_but_its_own(
    walked: Walked, expert: Account
) -> None:
    who = acting(expert)
    assert {one.pk for one in reads.searched(who, "评审").rows} == {walked.own.pk}
    for matter in walked.others:
        assert not [one for one in reads.searched(who, matter.number).rows if one.pk != walked.own.pk]
        for read in ("one", "timeline", "steps", "links", "papers", "owed", "clocks"):
            with pytest.raises(NotFound):
                reads.READS[read](who, matter.mechanism, matter.pk)
        for entry in matter.entries.all():
            with pytest.raises(NotFound):
                reads.entry(who, entry.pk)
        for act in acts_of(mechanisms()[matter.mechanism]).values():
            if not act.opens:
                with pytest.raises(NotFound):
                    do(f"{matter.mechanism}.{act.name}", who, matter.pk)
    for code, cls in mechanisms().items():
        found = {one.pk for one in reads.listing(who, code).rows}
        assert found == ({walked.own.pk} if code == "review" else set()), code
        for statistic in cls.statistics:
            with pytest.raises(NotFound):
                reads.statistics(who, code, statistic.name, TODAY.year, TODAY)
        for board in cls.boards:
            with pytest.raises(NotFound):
                reads.board(who, code, board.name, TODAY)
        for act in acts_of(cls).values():
            if act.opens:
                with pytest.raises(NotFound):
                    do(f"{code}.{act.name}", who)
    assert openings(who, NOW) == []
    looks = reads.looks(who, TODAY.year, TODAY)
    assert (list(looks.units), dict(looks.counts), list(looks.topics)) == ([], {}, [])
    assert [matter.pk for matter, _event in reads.occasions(who, NOW)] == [walked.own.pk]
    later = NOW + timedelta(days=1000)
    Access.objects.filter(matter=walked.own, act="answer").update(due=NOW)
    assert [
        reads.carried(who).rows,
        reads.loads(who, later),
        reads.awaited(who, 100),
        reads.late(who, later),
    ] == [[], [], [], []]
    assert reads.flow(who, TODAY) == []
    assert [one.matter.pk for one in reads.own(who).rows] == [walked.own.pk]
    assert {one.entry.matter_id for one in reads.notices(who).rows if one.entry} <= {walked.own.pk}
    # The same questions find something for who is to have the answers: the set-up proves both.
    office = actor("office_a")
    assert [one.mechanism for one in reads.late(office, later) if one.mechanism == "review"]
    assert "review" in [one.mechanism for one in reads.flow(office, TODAY)]
    assert len(reads.listing(office, "review").rows) == 2
    assert not reads.statistics(office, "review", "by_state", TODAY.year, TODAY).empty
    assert reads.board(office, "review", "who", TODAY).rows
    assert list(reads.looks(office, TODAY.year, TODAY).units)
    assert openings(office, NOW)


def test_no_chooser_offers_it_anything_of_a_register(walked: Walked, expert: Account) -> None:
    scope = ActorScope(acting(expert), walked.own.jurisdiction_id, TODAY, matter=walked.own)
    registers = [model for model in apps.get_models() if hasattr(model, "choosable")]
    assert {Unit, Person, OutsideParty} < set(registers)
    for model in registers:
        spec = InputField(name="any", kind="pick", label="对象", required=True, model=model)
        assert not scope.candidates(spec).exists(), model
        for pk in model._default_manager.values_list("pk", flat=True)[:3]:
            with pytest.raises(Invalid) as refused:
                scope.resolve(spec, pk)
            assert set(refused.value.fields) == {""}
    for name, forged in (("about", unit("housing").pk), ("witness", cast.person("cadre").pk)):
        with pytest.raises(Invalid) as refusal:
            do("review.answer", acting(expert), walked.own, opinion="可行。", **{name: forged})
        assert set(refusal.value.fields) == {name}
    page = text(at_console(expert).get(f"/review/{walked.own.pk}/answer/"))
    assert "教育局" not in page
    assert "己一" not in page


OPEN_TO_PARTIES = {
    "first", "inbox", "notices", "notices_read", "search", "complaint", "account", "password", "second_factor",
    "sign_in", "sign_out", "role", "become", "draft", "first_password", "file",
}  # fmt: skip
"""The addresses that name no mechanism and answer a party outside the staff: with its own, or with nothing."""
OF_ITS_MATTER = {"matter", "entry", "proof", "act", "bespoke", "bespoke_workbook", "template", "choose"}
"""Those that name one: they answer where it reads the matter."""


def test_every_page_of_the_console_is_closed_to_it_but_for_its_tasks(walked: Walked, expert: Account) -> None:
    client, office = at_console(expert), browser("office_a")
    closed = []
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        name = str(pattern.name)
        if name in OPEN_TO_PARTIES:
            continue
        for matter in walked.others[:4] if "pk" in pattern.pattern.converters else walked.others[:1]:
            filled = _filled(pattern, matter)
            address = reverse(f"console:{name}", kwargs=filled)
            answer = client.get(address)
            assert answer.status_code == (405 if name in ("resend", "try_again") else 404), address
            closed.append(name)
    assert {
        "listing",
        "export",
        "statistics",
        "board",
        "looks",
        "carried",
        "handbook",
        "in_force",
        "open",
    } < set(closed)
    assert set(closed) > OF_ITS_MATTER
    # Its own is there under the same addresses, and the office finds its own pages where the account finds none.
    assert client.get(f"/review/{walked.own.pk}/").status_code == 200
    for address in (
        "/review/",
        "/review/statistics/",
        "/review/board/who/",
        "/looks/",
        "/handbook/",
        "/regime-in-force/",
    ):
        assert (office.get(address).status_code, client.get(address).status_code) == (200, 404), address


def _filled(pattern: URLPattern, matter: Matter) -> dict[str, Any]:
    act = next(iter(acts_of(mechanisms()[matter.mechanism])))
    entry = matter.entries.earliest("pk")
    values = {
        "code": matter.mechanism,
        "pk": matter.pk,
        "entry": entry.pk,
        "name": act,
        "path": "unit",
        "token": "x",
    }
    if pattern.name in ("open", "template", "choose"):
        values["name"] = next(
            one.name for one in acts_of(mechanisms()[matter.mechanism]).values() if one.opens
        )
    return {name: values[name] for name in pattern.pattern.converters}


def test_its_pages_name_no_place_it_can_not_go(walked: Walked, expert: Account) -> None:
    client = at_console(expert)
    seen: set[str] = set()
    waiting = [
        "/",
        "/inbox/",
        "/notices/",
        "/search/?q=评审",
        f"/review/{walked.own.pk}/",
        "/account/",
        "/complaint/",
    ]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code == 200, address
        if "html" in answer.headers["Content-Type"]:
            waiting += list(_links(text(answer)))
    assert f"/review/{walked.own.pk}/answer/" in seen
    staff = {"己一", "庚一", "甲二", "壬一"}
    assert not [name for name in staff for address in ("/", "/inbox/") if name in text(client.get(address))]


def _links(page: str) -> Iterator[str]:
    for found in re.findall(r'<a [^>]*href="(/[^"#]*)', page):
        if not found.startswith(("/static/", "/sign-out/")):
            yield found.replace("&amp;", "&")


def test_it_complains_about_the_system_to_those_who_run_it(expert: Account) -> None:
    sent = at_console(expert).post("/complaint/", {"text": "字太小。"})
    assert sent.status_code == 302
    told = reads.notices(actor("system_administrator")).rows
    assert "字太小。" in [one.payload["text"] for one in told]


GENERAL = ("general", "files")
HOLES = {
    "{slug:act}": "ask",
    "{slug:field}": "reviewer",
    "{int:paper_id}": "1",
    "{uuid:file_id}": f"{UUID(int=1)}",
}


def _asked_of(program: Program, matter: Matter) -> dict[str, Any]:
    """The answers to every operation on a matter's mechanism and of no mechanism, by name."""
    holes = {
        **HOLES,
        "{int:matter_id}": str(matter.pk),
        "{int:entry_id}": str(matter.entries.earliest("pk").pk),
    }
    answers = {}
    for name, operation in api.operations.items():
        # Who one is, is told of a token's role; there is none.
        if operation.takes_file or name == "me" or operation.tag not in (matter.mechanism, *GENERAL):
            continue
        address = operation.address
        for hole, value in holes.items():
            address = address.replace(hole, value)
        assert "{" not in address, address
        query = "?q=评审" if name == "search" else ""
        answers[name] = (
            program.get(address + query) if operation.method == "GET" else program.post(address, {})
        )
    return answers


def _ids(answer: Any) -> set[Any]:
    """The ids of the matters that an answer speaks of."""
    found = set()
    for row in answer.json()["rows"]:
        matter = row.get("matter", row)
        found.add(matter["id"] if isinstance(matter, dict) and "id" in matter else matter)
    return found


def test_no_token_is_issued_to_it_and_every_operation_finds_nothing_were_there_one(
    walked: Walked, expert: Account, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    token, held = secret("office_a", clock)
    office = _asked_of(Program(held), walked.others[0])
    assert not Token.objects.filter(account=expert).exists()
    called = Caller(token, acting(expert), NOW)
    monkeypatch.setattr(auth, "called", lambda _secret: called)
    program = Program("any")
    found: set[str] = set()
    for matter in walked.others[:4]:
        for name, answer in _asked_of(program, matter).items():
            assert answer.status_code in (200, 404), (name, answer.json())
            if answer.status_code == 200:
                found.add(name)
                if name != "notices":
                    assert _ids(answer) <= {walked.own.pk}, name
    assert {name for name in found if "." in name} == {"review.list"} | {
        f"{matter.mechanism}.list" for matter in walked.others[:4]
    }
    # The office asks the same in the same house, and has its answers.
    answered = {name for name, answer in office.items() if answer.status_code == 200}
    assert {
        "review.list",
        "review.get",
        "review.timeline",
        "review.boards",
        "review.statistics",
        "looks",
    } < answered
    assert {
        "review.opening_choices",
        "review.options",
        "review.steps",
        "openings",
        "search",
        "late",
    } < answered
    # What it may do it does: the same operation answers on its own matter.
    assert program.get(f"/review/{walked.own.pk}").status_code == 200


# forged and late


def test_staff_can_not_put_it_where_a_person_of_theirs_is_asked_for(expert: Account) -> None:
    for name, who, raw in (
        (
            "demotion.propose",
            "office_a",
            {"person": expert.person_id, "proposed": "warned", "grounds": "某事", "clause": "第一条"},
        ),
        (
            "appointment.propose",
            "system_administrator",
            {"person": expert.person_id, "role": "cadre", "unit": unit("housing").pk},
        ),
    ):
        with pytest.raises(Invalid) as refusal:
            do(name, who, **raw)
        assert "person" in refusal.value.fields


def test_a_form_that_is_open_when_the_entry_ends_stores_nothing(expert: Account) -> None:
    review = asked(expert)
    late, client = acting(expert), at_console(expert)
    assert client.get(f"/review/{review.pk}/answer/").status_code == 200
    ended = of(expert)
    ended.valid_to = TODAY - timedelta(days=1)
    ended.save(by_act=True)
    with pytest.raises(Conflict, match="ended meanwhile"):
        do("review.answer", late, review, opinion="迟到的意见")
    assert client.post(f"/review/{review.pk}/answer/", {"opinion": "迟到的意见"}).status_code == 403
    assert not Entry.objects.filter(matter=review, act="answer").exists()


def test_an_entry_neither_ends_nor_is_erased_while_something_waits_on_it(
    expert: Account, second: Account
) -> None:
    review = asked(expert, second)
    entry = of(expert)
    with pytest.raises(Invalid) as refusal:
        entered({"kind": "expert", "name": "专家甲", "entry": entry.pk, "until": "2026-03-09"})
    assert set(refusal.value.fields) == {"rows.0.until"}
    request = do("outside_erasure.request", "clerk_housing", party=entry.pk, basis="本人申请").matter
    with pytest.raises(Barred, match="等待其办理"):
        do("outside_erasure.erase", "security_administrator", request)
    do("review.answer", acting(expert), review, opinion="可行。")
    # Now it waits on the seat of the second, and on nothing of the first.
    do("outside_erasure.erase", "security_administrator", request)
    request = do("outside_erasure.request", "clerk_housing", party=of(second).pk, basis="本人申请").matter
    with pytest.raises(Barred, match="等待其办理"):
        do("outside_erasure.erase", "security_administrator", request)
    page = text(browser("office_a").get(f"/review/{review.pk}/"))
    assert "专家甲" not in page


def test_who_was_staff_once_and_nothing_since_is_no_party_and_no_party_is_staff(expert: Account) -> None:
    gone = as_person(cast.account("no_role"), TODAY)
    assert not gone.outside
    assert acting_for_party(cast.account("no_role"), TODAY) is None
    assert acting(expert).outside
    assert not actor("cadre").outside


# households, named and never asked


def test_homes_are_named_by_the_unit_that_keeps_them_and_one_of_them_is_chosen() -> None:
    one, other = entered({"kind": "household", "name": "王一"}, {"kind": "household", "name": "李二"})
    village = party("village", "河湾村")
    rows = [{"household": found.pk, "need": "修路灯"} for found in (one, other)]
    visits = do("home_visits.enter", "clerk_housing", title="中秋走访", rows=rows).matter
    page = text(browser("clerk_housing").get(f"/home_visits/{visits.pk}/page/homes/"))
    assert "王一" in page
    assert "李二" in page
    do("home_visits.meet", "clerk_housing", visits, home=2, how="已装")
    assert [home.met_by for home in Home.objects.order_by("number")] == ["", "已装"]
    for forged in (village.pk, 10**6):
        with pytest.raises(Invalid) as refusal:
            do(
                "home_visits.enter",
                "clerk_housing",
                title="走访",
                rows=[{"household": forged, "need": "路灯"}],
            )
        assert set(refusal.value.fields) == {"rows.0.household"}
    with pytest.raises(Invalid) as refused:
        do("home_visits.enter", "clerk_education", title="走访", rows=rows[:1])
    assert set(refused.value.fields) == {"rows.0.household"}
    assert list(verify()) == []


def test_homes_are_told_by_name_to_programs_and_in_a_workbook(clock: Any) -> None:
    one, other = entered({"kind": "household", "name": "王一"}, {"kind": "household", "name": "李二"})
    rows = [{"household": found.pk, "need": "修路灯"} for found in (one, other)]
    visits = do("home_visits.enter", "clerk_housing", title="中秋走访", rows=rows).matter
    program = Program(secret("clerk_housing", clock)[1])
    told = program.get(f"/home_visits/{visits.pk}/homes").json()["rows"]
    assert [row["household"] for row in told] == [
        {"id": one.pk, "name": "王一"},
        {"id": other.pk, "name": "李二"},
    ]
    offered = program.get(f"/home_visits/{visits.pk}/choices/meet/home").json()["rows"]
    assert [row["label"] for row in offered] == ["1 · 王一", "2 · 李二"]
    assert browser("clerk_housing").get(f"/home_visits/{visits.pk}/page/homes.xlsx").status_code == 200


def test_a_review_is_told_by_the_name_of_who_is_asked(expert: Account, clock: Any) -> None:
    review = asked(expert)
    program = Program(secret("office_a", clock)[1])
    told = program.get(f"/review/{review.pk}").json()
    assert told["fields"]["reviewer"] == {"id": of(expert).pk, "name": "专家甲"}
    offered = program.get("/review/choices/ask/reviewer").json()["rows"]
    assert [row["label"] for row in offered] == ["专家甲 · 专家 · 住建局"]


def test_an_entry_that_was_erased_reads_so_wherever_it_is_named() -> None:
    one, other = entered({"kind": "household", "name": "王一"}, {"kind": "household", "name": "李二"})
    rows = [{"household": found.pk, "need": "修路灯"} for found in (one, other)]
    visits = do("home_visits.enter", "clerk_housing", title="中秋走访", rows=rows).matter
    request = do("outside_erasure.request", "clerk_housing", party=one.pk, basis="本人申请").matter
    do("outside_erasure.erase", "security_administrator", request)
    worker.deliver(NOW)
    client = browser("clerk_housing")
    for address in (f"/home_visits/{visits.pk}/", f"/home_visits/{visits.pk}/page/homes/"):
        assert "王一" not in text(client.get(address))
    assert "李二" in text(client.get(f"/home_visits/{visits.pk}/page/homes/"))
    assert list(verify()) == []
