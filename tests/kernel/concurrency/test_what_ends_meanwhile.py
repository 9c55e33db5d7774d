"""What an act names, and who acts, is looked at again under the lock: nothing is stored on what ended meanwhile."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Semaphore, Thread, local
from typing import Any

import pytest
from django.db import connections

from qingfeng.kernel.acts.engine import StoredAct
from qingfeng.kernel.acts.inputs import Inputs, Scope
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.refusals import Barred, Conflict, Invalid
from qingfeng.mechanisms.restraint.reception.models import Reception
from qingfeng.organization.appointment import Appointment
from qingfeng.organization.portfolio import PortfolioGrant
from qingfeng.organization.posts import Post, PostHolding
from tests import cast, receptions
from tests.cast import TODAY, do
from tests.kernel.concurrency.conftest import AtOnce
from tests.sheets import FOUND, sheet

YESTERDAY, BEFORE = TODAY - timedelta(days=1), TODAY - timedelta(days=9)


def aside(happens: Callable[[], Any]) -> None:
    """Let something happen in another transaction, to its end."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            happens()
        except BaseException as fault:
            raised.append(fault)
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]


@contextmanager
def meanwhile(happens: Callable[[], Any]) -> Iterator[None]:
    """Let something happen once, when the next act has read its form and not yet locked anything."""
    parse = Inputs.parse
    waiting = [happens]

    def parsed(self: Inputs, raw: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
        values = parse(self, raw, scope)
        if waiting:
            aside(waiting.pop())
        return values

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Inputs, "parse", parsed)
        yield
    assert not waiting, "nobody read a form"


def refused(happens: Callable[[], Any], attempt: Callable[[], Any]) -> str:
    """The words with which an act is refused that something overtook; nothing of it is stored."""
    stored: list[int] = []

    def counted() -> None:
        happens()
        stored.append(Entry.objects.count())

    with meanwhile(counted), pytest.raises(Conflict) as told:
        attempt()
    assert [Entry.objects.count()] == stored
    assert list(verify()) == []
    return str(told.value)


def merged(unit: str = "township", heir: str = "education") -> None:
    prepared = do(
        "reorganization.prepare",
        "department_a",
        predecessor=cast.unit(unit).pk,
        successor=cast.unit(heir).pk,
        on=TODAY.isoformat(),
    )
    do("reorganization.carry_out", "department_b", prepared.matter)


def erased(name: str = "clerk_township") -> None:
    asked = do("erasure.request", "security_administrator", person=cast.person(name).pk, basis="本人申请")
    do("erasure.erase", "security_administrator_b", asked.matter)


def post() -> Post:
    rows = [{"unit": cast.unit("housing").pk, "title": "股长", "duty": "other"}]
    listed = do("posts.set_up", "department_a", basis="三定", since=BEFORE.isoformat(), rows=rows)
    do("posts.confirm", "department_b", listed.matter)
    return Post.objects.get(title="股长")


def filled(held: Post) -> PostHolding:
    values = {"post": held.pk, "person": cast.person("cadre").pk, "since": BEFORE.isoformat()}
    asked = do("posts.fill", "department_a", **values, basis="任职文件")
    do("posts.confirm", "department_b", asked.matter)
    return PostHolding.objects.get(post=held)


def two_roles_end() -> None:
    """Two_roles is clerk of housing, and stand_in acts for them."""
    appointment = Appointment.objects.get(closed=False, person=cast.person("two_roles"), role="unit_clerk")
    do("appointment.end", "system_administrator", appointment, last_day=YESTERDAY.isoformat())


def closed(name: str) -> None:
    asked = do(
        "accounts.ask",
        "system_administrator",
        person=cast.person(name).pk,
        wanted="close",
        reason="调离",
    )
    do("accounts.carry_out", "system_administrator_b", asked.matter)


def relieved(leader: str, unit: str) -> None:
    standing = PortfolioGrant.objects.get(person=cast.person(leader), unit=cast.unit(unit))
    do("portfolio.propose_end", "system_administrator", standing, last_day=YESTERDAY.isoformat())
    do("portfolio.end", "security_administrator", standing)


@pytest.mark.usefixtures("fresh_database")
class TestWhatIsNamed:
    def test_a_unit_merged_meanwhile_gets_no_portfolio(self) -> None:
        leader, unit = cast.person("leader"), cast.unit("township")

        def propose() -> None:
            do("portfolio.propose", "system_administrator", person=leader.pk, unit=unit.pk)

        assert "清河镇" in refused(merged, propose)
        assert not Matter.objects.filter(mechanism="portfolio", closed=False).exclude(version__gt=1).exists()

    def test_a_unit_merged_meanwhile_stands_in_no_row_of_a_list(self) -> None:
        unit = cast.unit("township")

        def propose() -> None:
            rows = [{"unit": unit.pk, "title": "站长", "duty": "other"}]
            do("posts.set_up", "department_a", basis="三定方案", since=TODAY.isoformat(), rows=rows)

        assert "清河镇" in refused(merged, propose)

    def test_a_list_entered_before_a_merger_is_not_put_in_force_after_it(self) -> None:
        rows = [{"unit": cast.unit("township").pk, "title": "站长", "duty": "other"}]
        listed = do("posts.set_up", "department_a", basis="三定", since=TODAY.isoformat(), rows=rows)
        merged()
        with pytest.raises(Barred, match="名册中有单位已不存在"):
            do("posts.confirm", "department_b", listed.matter)
        assert not Post.objects.filter(title="站长").exists()

    def test_a_person_erased_meanwhile_gets_no_role(self) -> None:
        person = cast.person("clerk_township")

        def propose() -> None:
            values = {"person": person.pk, "role": "cadre", "unit": cast.unit("housing").pk}
            do("appointment.propose", "system_administrator", **values)

        refused(erased, propose)

    def test_a_register_row_ended_meanwhile_is_not_ended_again(self) -> None:
        held = filled(post())

        def vacate() -> Any:
            day = {"last_day": YESTERDAY.isoformat(), "basis": "免职文件"}
            return do("posts.vacate", "department_a", holding=held.pk, **day)

        words = refused(lambda: do("posts.confirm", "department_b", vacate().matter), vacate)
        assert "股长" in words

    def test_another_matter_that_moved_meanwhile_is_not_taken_along(self) -> None:
        one, other = sheet("verified"), sheet("verified", title="另一件")

        def prepare() -> None:
            do("transfers.prepare", "office_a", sheets=[{"sheet": one.pk}, {"sheet": other.pk}])

        def moved() -> None:
            values = {"responsible": cast.unit("housing").pk, "requirement": "整改。"}
            do("rectification.assign", "office_b", other, **values)

        assert "另一件" in refused(moved, prepare)
        prepare()

    def test_what_a_regime_let_choose_is_chosen_anew_once_it_changed(self) -> None:
        def activated() -> None:
            text = cast.demonstration().replace("n: 15,", "n: 14,")
            proposed = do("regime.propose", "office_a", text=text)
            do("regime.activate", "office_b", proposed.matter)

        def register() -> None:
            do("rectification.register", "office_a", **FOUND)

        refused(activated, register)
        register()

    def test_a_regime_of_another_county_is_no_matter(self) -> None:
        def activated() -> None:
            text = cast.demonstration().replace("jurisdiction: qingfeng", "jurisdiction: linan")
            proposed = do("regime.propose", "linan_office", text=text)
            do("regime.activate", "linan_office_b", proposed.matter)

        with meanwhile(activated):
            do("rectification.register", "office_a", **FOUND)

    def test_a_budget_cut_meanwhile_is_not_overspent(self) -> None:
        receptions.budget(reception=400 * receptions.YUAN)
        wanted = receptions.wanted()

        def cut() -> None:
            row = {"unit": cast.unit("housing").pk, "headcount": 100, "reception": 100 * receptions.YUAN}
            more = {"vehicles": 0, "overseas": 0}
            less = {"since": "2026-03-10", "basis": "压减", "rows": [row | more]}
            entered = do("expense_budget.enter", "finance", **less)
            do("expense_budget.put_in_force", "leader", entered.matter)

        with meanwhile(cut), pytest.raises(Barred, match="公务接待费预算"):
            do("reception.ask", "clerk_housing", **wanted)
        assert not Reception.objects.exists()


@pytest.mark.usefixtures("fresh_database")
class TestWhoActs:
    def test_a_role_that_ended_meanwhile_hands_in_nothing(self) -> None:
        matter = sheet("rectifying")
        acting = cast.actor("two_roles_clerk")
        words = refused(two_roles_end, lambda: do("rectification.report", acting, matter, result="已整改。"))
        assert "角色" in words or "任职" in words

    def test_a_role_that_ended_meanwhile_opens_nothing(self) -> None:
        receptions.budget()
        acting = cast.actor("two_roles_clerk")
        values = receptions.wanted(acting)
        refused(two_roles_end, lambda: do("reception.ask", acting, **values))

    def test_who_stands_in_does_so_no_longer_than_the_role_is_held(self) -> None:
        matter = sheet("assigned")
        acting = cast.actor("stand_in_clerk")
        refused(two_roles_end, lambda: do("rectification.sign", acting, matter))

    def test_a_closed_account_finishes_nothing(self) -> None:
        matter = sheet("reported")
        acting = cast.actor("office_b")
        refused(
            lambda: closed("office_b"), lambda: do("rectification.send_back", acting, matter, reason="再查。")
        )

    def test_a_leader_relieved_of_a_unit_meanwhile_decides_nothing_in_it(self) -> None:
        receptions.budget()
        matter = do("reception.ask", "clerk_housing", **receptions.wanted()).matter
        acting = cast.actor("leader")
        refused(lambda: relieved("leader", "housing"), lambda: do("reception.approve", acting, matter))

    def test_who_acts_on_after_a_twin_was_first_is_told_so_as_before(self) -> None:
        matter = sheet("assigned")

        def signed() -> None:
            do("rectification.sign", "clerk_housing_b", matter)

        refused(signed, lambda: do("rectification.sign", "clerk_housing", matter))


MANY = 12


@pytest.mark.parametrize("first", range(0, MANY + 1, 3))
def test_nothing_is_left_with_a_unit_that_ends_beside_those_who_name_it(at_once: AtOnce, first: int) -> None:
    """The merger is carried out when so many of those who open something on the unit have read their form."""
    receptions.budget(unit="township")
    unit, heir, leader = cast.unit("township"), cast.unit("education"), cast.person("leader")
    prepared = do(
        "reorganization.prepare",
        "department_a",
        predecessor=unit.pk,
        successor=heir.pk,
        on=TODAY.isoformat(),
    )
    clerk = cast.actor("clerk_township")
    files = [receptions.wanted(clerk) for _each in range(MANY)]
    read = Semaphore(0)
    parse = Inputs.parse

    def parsed(self: Inputs, raw: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
        values = parse(self, raw, scope)
        read.release()
        return values

    def attempt(number: int) -> Any:
        if number == MANY:
            for _each in range(first):
                read.acquire(timeout=30)
            return do("reorganization.carry_out", "department_b", prepared.matter)
        if number % 2:
            return do("reception.ask", clerk, **files[number])
        return do("portfolio.propose", "system_administrator", person=leader.pk, unit=unit.pk)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Inputs, "parse", parsed)
        answers = at_once(MANY + 1, attempt)
    told = Counter(type(answer) for answer in answers[:MANY])
    assert set(told) <= {StoredAct, Conflict, Invalid, Barred}, answers
    assert isinstance(answers[MANY], StoredAct), answers[MANY]
    for kind in (Reception, PortfolioGrant):
        assert not kind.objects.filter(unit=unit, closed=False).exists(), told
    assert list(verify()) == []


@dataclass(frozen=True)
class Ending:
    """What several name who open something, and the act after which none of it may be stored."""

    name: Callable[[], Any]
    end: Callable[[], StoredAct]


def _person() -> Ending:
    person, unit = cast.person("clerk_township").pk, cast.unit("housing").pk
    asked = do("erasure.request", "security_administrator", person=person, basis="本人申请").matter
    return Ending(
        lambda: do("appointment.propose", "system_administrator", person=person, role="cadre", unit=unit),
        lambda: do("erasure.erase", "security_administrator_b", asked),
    )


def _register_row() -> Ending:
    values = {"holding": filled(post()).pk, "last_day": YESTERDAY.isoformat(), "basis": "免职文件"}
    first = do("posts.vacate", "department_a", **values).matter
    return Ending(
        lambda: do("posts.vacate", "department_a", **values),
        lambda: do("posts.confirm", "department_b", first),
    )


def _budget() -> Ending:
    receptions.budget(reception=9_000 * receptions.YUAN)
    row = {"unit": cast.unit("housing").pk, "headcount": 100, "reception": 0, "vehicles": 0, "overseas": 0}
    cut = do("expense_budget.enter", "finance", since=TODAY.isoformat(), basis="压减", rows=[row]).matter
    files = [receptions.wanted() for _each in range(MANY)]
    return Ending(
        lambda: do("reception.ask", "clerk_housing", **files.pop()),
        lambda: do("expense_budget.put_in_force", "leader", cut),
    )


def _regime() -> Ending:
    left = "- {code: not_acting, zh: 不作为, en: Not acting}"
    text = cast.demonstration()
    assert left in text
    without = "\n".join(line for line in text.splitlines() if left not in line)
    drafted = do("regime.propose", "office_a", text=without).matter
    return Ending(
        lambda: do("rectification.register", "office_a", **FOUND),
        lambda: do("regime.activate", "office_b", drafted),
    )


KINDS = {"person": _person, "register row": _register_row, "budget": _budget, "regime": _regime}


@pytest.mark.parametrize("first", [0, MANY // 3, MANY])
@pytest.mark.parametrize("kind", KINDS)
def test_what_ends_beside_those_who_name_it_is_named_by_none_after(
    at_once: AtOnce, kind: str, first: int
) -> None:
    """It ends when so many of those who name it have read their form; each third goes on only once it has ended."""
    ending = KINDS[kind]()
    read, ended = Semaphore(0), Event()
    parse = Inputs.parse
    late = local()

    def parsed(self: Inputs, raw: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
        values = parse(self, raw, scope)
        read.release()
        if getattr(late, "waits", False):
            ended.wait(timeout=60)
        return values

    def attempt(number: int) -> Any:
        if number < MANY:
            late.waits = number % 3 == 0
            return ending.name()
        for _each in range(first):
            read.acquire(timeout=10)
        try:
            return ending.end()
        finally:
            ended.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Inputs, "parse", parsed)
        *answers, last = at_once(MANY + 1, attempt)
    assert {type(answer) for answer in answers} <= {StoredAct, Conflict, Invalid, Barred}, answers
    if isinstance(last, StoredAct):
        assert [answer for answer in answers[::3] if isinstance(answer, StoredAct)] == []
        # A regime is read and not locked: who stored a moment before it was put in force may bear the later number.
        done = [answer.entry.pk for answer in answers if isinstance(answer, StoredAct)]
        assert kind == "regime" or [pk for pk in done if pk > last.entry.pk] == []
    else:
        # Money that is reserved already is not cut away: then the budget stays, and all of it had its place.
        assert (kind, type(last)) == ("budget", Barred), last
    assert list(verify()) == []
