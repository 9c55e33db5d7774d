"""A holding answers for the units of its portfolio as for its own: guards, keys, lists, letters, for who stands in too."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.acts.steps import Approval, Seat, Stage, Step
from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.guards import Holds, Question
from qingfeng.kernel.matters.registry import find_act, matter_class
from qingfeng.kernel.people.actors import Actor, in_role, unit_key
from qingfeng.kernel.people.models import Person, Unit
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.people.roles import Portfolio, RoleHolding, answering
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import NotFound
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests import cast
from tests.cast import NOW, TODAY, account, actor, do, unit
from tests.sheets import sheet

pytestmark = pytest.mark.django_db

UNITS = ("housing", "education", "finance", "township")


def cover(name: str, code: str, since: date = TODAY, until: date | None = None) -> None:
    """A unit in the portfolio of someone's holding, as an act would record it."""
    row = Portfolio(holding_id=actor(name).holding_id, unit=unit(code), valid_from=since, valid_to=until)
    row.save(by_act=True)


def test_who_covers_a_unit_reads_its_matters_is_owed_its_acts_and_does_them() -> None:
    matter = sheet("assigned")
    with pytest.raises(NotFound):
        do("rectification.sign", "clerk_education", matter)
    cover("clerk_education", "housing")
    covering = actor("clerk_education")
    assert covering.units == (unit("education").pk, unit("housing").pk)
    assert [(row.matter_id, row.act) for row in reads.inbox(covering).rows] == [(matter.pk, "sign")]
    assert [row.pk for row in reads.listing(covering, "rectification").rows] == [matter.pk]
    assert [told.entry.matter_id for told in reads.notices(covering).rows] == [matter.pk]
    assert do("rectification.sign", covering, matter).matter.state == "signed"


def test_who_stands_in_for_the_holder_covers_the_same_units() -> None:
    cover("two_roles_clerk", "education")
    standing_in = actor("stand_in_clerk")
    assert unit_key(Role.UNIT_CLERK, unit("education").pk) in standing_in.keys
    matter = sheet("assigned", unit="education")
    assert do("rectification.sign", standing_in, matter).matter.state == "signed"


def test_the_persons_other_role_covers_nothing_of_it() -> None:
    cover("two_roles_clerk", "education")
    office = actor("two_roles")
    assert office.units == (unit("office").pk,)
    assert not any(key.endswith(f"@u{unit('education').pk}") for key in office.keys)


def test_a_portfolio_holds_from_its_first_day_to_its_last() -> None:
    first, last = TODAY + timedelta(days=2), TODAY + timedelta(days=4)
    cover("clerk_education", "housing", first, last)
    days = [first - timedelta(days=1), first, last, last + timedelta(days=1)]
    covered = [unit("housing").pk in in_role(account("clerk_education"), day).units for day in days]
    assert covered == [False, True, True, False]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    role=st.sampled_from(Role),
    own=st.sampled_from(UNITS),
    portfolio=st.lists(st.sampled_from(UNITS), max_size=4),
    wanted=st.sampled_from([Role.LEADER, Role.UNIT_CLERK]),
)
def test_guard_sql_and_keys_agree_on_every_unit(
    four: dict[str, Problem], role: Role, own: str, portfolio: list[str], wanted: Role
) -> None:
    ids = {code: matter.responsible_id for code, matter in four.items()}
    acting = Actor(role=role.value, unit_id=ids[own], portfolio=tuple(ids[code] or 0 for code in portfolio))
    guard = Holds(wanted, of="responsible")
    decided = {code for code in UNITS if guard.decide(Question(acting, four[code], NOW))}
    found = set(Problem.objects.filter(guard.condition(acting)).values_list("responsible__code", flat=True))
    keyed = {code for code in UNITS if guard.holders(four[code]) & set(acting.keys)}
    assert decided == found == keyed == ({own, *portfolio} if role == wanted else set())


@pytest.fixture
def four() -> dict[str, Problem]:
    """A sheet for each of four units."""
    sheets = {}
    for code in UNITS:
        matter = sheet("verified")
        raw = {"responsible": unit(code).pk, "requirement": "三日内整改。"}
        sheets[code] = do("rectification.assign", "office_a", matter, **raw).matter
    return {code: Problem.objects.get(pk=matter.pk) for code, matter in sheets.items()}


def test_letters_for_a_unit_go_to_who_covers_it_and_to_who_stands_in() -> None:
    cover("two_roles_clerk", "education")
    sheet("assigned", unit="education")
    Message.objects.filter(sent_at=None).exclude(payload__acts=["sign"]).update(sent_at=NOW)
    worker.deliver(NOW)
    worker.post(NOW)
    told = {letter.to[0].partition("@")[0] for letter in mail.outbox}
    assert told == {"clerk_education", "two_roles", "stand_in"}


def test_who_answers_for_a_unit_is_who_holds_the_role_in_it_or_covers_it() -> None:
    housing = unit("housing").pk
    (leading,) = answering(Role.LEADER, housing, TODAY)
    assert leading.person == cast.person("leader")
    assert not answering(Role.LEADER, unit("township").pk, TODAY).exists()
    assert leading in answering(Role.LEADER, leading.unit_id, TODAY)
    RoleHolding.objects.filter(pk=leading.pk).update(valid_to=TODAY - timedelta(days=1))
    assert not answering(Role.LEADER, housing, TODAY).exists()


def test_heads_and_clerks_are_offered_the_people_of_their_own_units() -> None:
    picking = find_act(matter_class("appointment"), "propose").inputs.fields[0]

    def offered(name: str) -> set[Person]:
        acting = actor(name)
        return set(ActorScope(acting, acting.jurisdictions[0], TODAY).candidates(picking))

    own, others = cast.person("cadre"), cast.person("clerk_education")
    assert own in offered("head_housing")
    assert others not in offered("head_housing")
    cover("head_housing", "education")
    assert {own, others} <= offered("head_housing")
    for name in ("leader", "office_a", "cadre", "department_a"):
        assert {own, others} <= offered(name), name


def test_an_actor_is_made_with_one_query_for_its_portfolio_and_acts_without_another() -> None:
    cover("clerk_education", "housing")
    with CaptureQueriesContext(connection) as captured:
        acting = actor("clerk_education")
    assert sum('FROM "kernel_portfolio"' in query["sql"] for query in captured.captured_queries) == 1
    matter = sheet("assigned")
    with CaptureQueriesContext(connection) as captured:
        do("rectification.sign", acting, matter)
    # The lock looks at it again, in its own statement.
    assert not any(
        query["sql"].startswith('SELECT "kernel_portfolio"') for query in captured.captured_queries
    )


@pytest.mark.parametrize(("need", "outcome"), [(0, "passed"), (2, "open")])
def test_who_answers_for_two_seats_fills_both_where_all_must_agree_and_is_one_voice_elsewhere(
    need: int, outcome: str
) -> None:
    matter = sheet("assigned")
    cover("clerk_education", "housing")
    codes = ("education", "housing") if need == 0 else ("education", "housing", "township")
    seats = tuple(unit_key(Role.UNIT_CLERK, unit(code).pk) for code in codes)
    approval = Approval(matter)
    approval.route(Stage("会签", seats, need))
    approval.write()
    assert approval.decide(actor("clerk_education"), True, NOW) == outcome
    assert Seat.objects.filter(agrees=True).count() == (2 if need == 0 else 1)
    assert Step.objects.get().outcome == outcome


def test_units_remain_choosable_beyond_the_portfolio() -> None:
    assert unit("township") in Unit.choosable(actor("leader"), TODAY)
