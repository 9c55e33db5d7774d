"""Each guard says one thing as a decision with its reason, as a condition, in a sentence and by its holders."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Q
from django.utils import translation

from qingfeng.kernel.acts.steps import Approval, Stage
from qingfeng.kernel.guards import (
    Anyone,
    Bearer,
    Concerns,
    Did,
    Guard,
    Holds,
    Is,
    Office,
    OnStep,
    Outside,
    Per,
    Question,
    Seated,
    SetOver,
    System,
    When,
)
from qingfeng.kernel.guards.base import EVERYTHING, NOTHING, Decision, is_nothing
from qingfeng.kernel.guards.who import field_label
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.actors import NOBODY, Actor, bearer, system, unit_key
from qingfeng.kernel.people.models import Person
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.mechanisms.problems.rectification.models import Problem
from qingfeng.mechanisms.restraint.leave.models import Leave
from tests import cast
from tests.cast import NOW, do
from tests.sheets import FOUND, sheet

PLACE, OTHER_PLACE = 3, 4
UNIT, OTHER_UNIT = 11, 12
SHE, HE = 21, 22

LEAVE = Leave(pk=5, jurisdiction_id=PLACE, unit_id=UNIT, person_id=SHE)
CADRE = Actor(person_id=SHE, role="cadre", unit_id=UNIT, jurisdictions=(PLACE,))
HEAD = Actor(person_id=HE, role="unit_head", unit_id=UNIT, jurisdictions=(PLACE,))
OFFICE = Actor(
    person_id=HE, role="supervision_office", unit_id=OTHER_UNIT, jurisdictions=(PLACE, OTHER_PLACE)
)
IN_HER_STEAD = Actor(person_id=HE, instead_of=SHE, role="cadre", unit_id=UNIT, jurisdictions=(PLACE,))
FIRM = Actor(account_id=1, person_id=HE)

OF_OFFICE = Office(Role.SUPERVISION_OFFICE)
OF_HEAD = Holds(Role.UNIT_HEAD, of="unit")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def ask(guard: Guard, actor: Actor, matter: Matter | None = LEAVE, **values: Any) -> Decision:
    return guard.decide(Question(actor, matter, NOW, values))


# who


def test_an_office_answers_for_the_jurisdictions_it_covers() -> None:
    assert ask(OF_OFFICE, OFFICE)
    assert ask(OF_OFFICE, OFFICE, None)
    other_role = ask(OF_OFFICE, HEAD)
    assert not other_role
    assert other_role.reason == f"This is for the {Role.SUPERVISION_OFFICE.label}."
    assert "switch to it" in str(other_role.remedy)
    elsewhere = ask(OF_OFFICE, OFFICE, Leave(jurisdiction_id=9))
    assert (elsewhere.allowed, elsewhere.reason) == (False, "This matter belongs to another jurisdiction.")
    assert OF_OFFICE.condition(OFFICE) == Q(jurisdiction_id__in=(PLACE, OTHER_PLACE))
    assert OF_OFFICE.condition(HEAD) == NOTHING
    assert OF_OFFICE.standing(OFFICE) == (PLACE, OTHER_PLACE)
    assert OF_OFFICE.standing(HEAD) == ()
    assert OF_OFFICE.holders(LEAVE) == {"supervision_office@j3"}
    assert str(OF_OFFICE.sentence()) == f"the {Role.SUPERVISION_OFFICE.label} of the jurisdiction"


def test_who_holds_a_role_does_so_in_the_unit_named() -> None:
    assert ask(OF_HEAD, HEAD)
    assert ask(OF_HEAD, HEAD, None)
    for actor, matter in ((CADRE, LEAVE), (HEAD, Leave(unit_id=OTHER_UNIT)), (HEAD, Leave())):
        no = ask(OF_HEAD, actor, matter)
        assert (no.allowed, "of the unit it was given to" in str(no.reason)) == (False, True)
        assert no.remedy == "Ask that unit, or the office that handed it out."
    assert OF_HEAD.condition(HEAD) == Q(unit_id__in=(UNIT,))
    assert OF_HEAD.condition(CADRE) == OF_HEAD.condition(Actor(role="unit_head")) == NOTHING
    assert OF_HEAD.holders(LEAVE) == {"unit_head@u11"}
    assert OF_HEAD.holders(Leave()) == frozenset()
    assert "“unit”" in str(OF_HEAD.sentence())
    assert str(OF_HEAD.bound(Leave).sentence()) == f"the {Role.UNIT_HEAD.label} of the unit named as “unit”"


def test_what_is_somebodys_own_nobody_does_in_their_stead() -> None:
    guard = Is("person")
    assert ask(guard, CADRE)
    assert ask(guard, CADRE, None)
    for actor, matter in (
        *((HEAD, LEAVE), (IN_HER_STEAD, LEAVE), (NOBODY, LEAVE), (NOBODY, Leave())),
        *((IN_HER_STEAD, None), (NOBODY, None), (Actor(person_id=HE, instead_of=HE), Leave(person_id=HE))),
    ):
        no = ask(guard, actor, matter)
        assert (no.allowed, no.reason) == (False, "This is for the person it concerns.")
    assert guard.condition(CADRE) == Q(person_id=SHE)
    assert guard.condition(IN_HER_STEAD) == guard.condition(NOBODY) == NOTHING
    assert guard.holders(LEAVE) == {"person@21"}
    assert guard.holders(Leave()) == frozenset()
    assert str(guard.sentence()) == "the person named as “person”"


def test_whom_it_concerns_includes_who_stands_in_for_them() -> None:
    guard = Concerns("person")
    assert ask(guard, CADRE)
    assert ask(guard, IN_HER_STEAD)
    for actor, matter in ((HEAD, LEAVE), (CADRE, None), (NOBODY, Leave())):
        no = ask(guard, actor, matter)
        assert (no.allowed, no.reason) == (False, "This is for the person it concerns.")
    assert guard.condition(IN_HER_STEAD) == Q(person_id__in=frozenset({SHE, HE}))
    assert guard.condition(NOBODY) == NOTHING
    assert guard.holders(LEAVE) == frozenset()
    assert "“person”, in any role" in str(guard.sentence())


class Named:
    """A matter that names a party outside the staff."""

    def __init__(self, signs_in: int | None, *, named: bool = True) -> None:
        self.party = type("Party", (), {"person_id": signs_in})() if named else None


def test_a_party_outside_the_staff_acts_by_its_own_account_alone() -> None:
    guard, matter = Outside("party"), Named(HE)
    assert ask(guard, FIRM, matter)  # type: ignore[arg-type]
    of_staff = Actor(person_id=HE, jurisdictions=(PLACE,))
    for actor, other in (
        *((FIRM, None), (of_staff, matter), (FIRM, Named(SHE))),
        *((FIRM, Named(None)), (FIRM, Named(HE, named=False)), (NOBODY, Named(None))),
    ):
        no = ask(guard, actor, other)  # type: ignore[arg-type]
        assert (no.allowed, no.reason) == (False, "This is for the party outside the staff that it names.")
    assert guard.condition(FIRM) == Q(party__person=HE)
    assert guard.condition(of_staff) == NOTHING
    assert guard.holders(matter) == {"person@22"}  # type: ignore[arg-type]
    assert guard.holders(Named(None)) == guard.holders(Named(HE, named=False)) == frozenset()  # type: ignore[arg-type]
    assert str(guard.sentence()) == "the party outside the staff named as “party”"


def test_a_unit_not_named_yet_has_nobody_set_over_it() -> None:
    guard = SetOver("unit")
    for matter in (None, Leave()):
        no = ask(guard, HEAD, matter)
        assert (no.allowed, no.reason) == (
            False,
            "This is for those who work for the unit or are set over it.",
        )
    assert guard.condition(Actor(person_id=HE)) == NOTHING
    assert "“unit” or is set over it" in str(guard.sentence())


def test_nobody_did_an_act_on_what_is_not_opened_and_who_is_no_person_did_none() -> None:
    guard = Did("request")
    for actor, matter in ((HEAD, None), (NOBODY, LEAVE)):
        no = ask(guard, actor, matter)
        assert (no.allowed, no.reason) == (False, "Nobody did this yet.")
    assert guard.condition(NOBODY) == NOTHING
    assert str(guard.sentence()) == "whoever did “request”"
    assert str(guard.bound(Leave).sentence()) == "whoever did “Ask for leave”"
    with pytest.raises(Misdeclared, match="Leave has no act “unheard”"):
        Did("unheard").bound(Leave)


def test_who_did_it_is_read_once_for_a_question_and_those_made_from_it() -> None:
    read: list[str] = []
    found = {(Did, "request"): frozenset({SHE})}
    question = Question(CADRE, LEAVE, NOW, found=found)  # type: ignore[arg-type]
    assert Did("request").decide(question)
    no = Did("request").decide(Question(HEAD, LEAVE, NOW, found=found))  # type: ignore[arg-type]
    assert (no.allowed, no.reason) == (False, "This is for the person who did the earlier step.")
    for _again in range(2):
        assert question.once("asked", lambda: read.append("read") or frozenset({1})) == {1}  # type: ignore[func-returns-value]
    assert read == ["read"]


def test_the_steps_are_for_nobody_while_nothing_is_opened() -> None:
    no = ask(OnStep(), HEAD, None)
    assert (no.allowed, "you have had your say" in str(no.reason)) == (False, True)
    assert no.remedy == "The matter's page shows whose turn it is."
    assert str(OnStep().sentence()) == "a candidate of the approval step that is open"
    no = ask(Seated(), HEAD, None)
    assert (no.allowed, no.reason) == (False, "This is for those who have a seat in its approval steps.")
    assert str(Seated().sentence()) == "those who have a seat in the approval steps"


@pytest.mark.parametrize(
    ("guard", "yes", "no", "sentence"),
    [
        (System("clock"), system("clock"), system("duty"), "the system (when a time limit runs out)"),
        (System("own", "at noon"), system("own"), NOBODY, "the system (at noon)"),
        (System("own"), system("own"), CADRE, "the system (own)"),
        (Bearer("feed"), bearer("feed"), bearer("sheet"), "the bearer of a token for “feed”"),
        (Anyone(), CADRE, NOBODY, "anyone signed in"),
    ],
)
def test_what_no_matter_decides(guard: Guard, yes: Actor, no: Actor, sentence: str) -> None:
    assert ask(guard, yes)
    refused = ask(guard, no)
    assert (refused.allowed, bool(str(refused.reason))) == (False, True)
    assert (guard.condition(yes), guard.condition(no)) == (EVERYTHING, NOTHING)
    assert str(guard.sentence()) == sentence


def test_only_a_token_is_a_holder_by_itself() -> None:
    assert Bearer("feed").holders(LEAVE) == {"bearer@feed"}
    assert System("clock").holders(LEAVE) == Anyone().holders(LEAVE) == frozenset()


def test_a_condition_on_the_input_refuses_with_its_own_reason_clause_and_remedy() -> None:
    few = When(
        lambda asked: asked.values == {"days": 3},
        Q(days=3),
        "for three days",
        "Three.",
        "第七条",
        "Ask for 3.",
    )
    assert ask(few, CADRE, days=3)
    assert ask(few, CADRE, days=4) == Decision(False, "Three.", "第七条", "Ask for 3.")
    assert few.condition(CADRE) == Q(days=3)
    assert few.sentence() == "for three days"


@pytest.mark.parametrize("guard", [Is("person"), Concerns("person"), Holds(Role.CADRE, of="person")])
def test_a_field_is_called_what_the_matter_calls_it(guard: Guard) -> None:
    with translation.override("zh-hans"):
        label = str(Leave._meta.get_field("person").verbose_name)
        assert label != "person"
        assert f"“{label}”" in str(guard.bound(Leave).sentence())


@pytest.mark.parametrize(
    "guard", [Is("cat"), Concerns("cat"), Outside("cat"), SetOver("cat"), Holds(Role.CADRE, of="cat")]
)
def test_a_field_that_is_not_there_names_nobody(guard: Guard) -> None:
    with pytest.raises(Misdeclared, match="Leave has no field “cat” to name someone"):
        guard.bound(Leave)
    assert field_label(Leave, "person") == "person"


@pytest.mark.django_db
def test_who_did_an_act_is_read_from_the_entries_of_that_matter() -> None:
    matter, other = sheet("assigned"), do("rectification.register", "office_b", **FOUND).matter
    for act, at, who, did in (
        ("assign", matter, "office_a", True),
        ("assign", matter, "office_b", False),
        ("assign", other, "office_a", False),
        ("register", other, "office_b", True),
    ):
        guard, doer = Did(act).bound(Problem), cast.actor(who)
        assert bool(ask(guard, doer, at)) is did
        assert Problem.objects.filter(guard.condition(doer), pk=at.pk).exists() is did


@pytest.mark.django_db
def test_who_has_a_seat_has_it_before_their_turn_too() -> None:
    matter, place = sheet("assigned"), cast.unit("housing").pk
    steps = Approval(matter)
    steps.route(*(Stage(role, (unit_key(role, place),)) for role in ("unit_clerk", "unit_head")))
    steps.write()
    for who, seated in (("clerk_housing", True), ("head_housing", True), ("office_b", False)):
        assert bool(ask(Seated(), cast.actor(who), matter)) is seated
        assert Problem.objects.filter(Seated().condition(cast.actor(who)), pk=matter.pk).exists() is seated
    assert Seated().holders(matter) == {unit_key("unit_clerk", place), unit_key("unit_head", place)}


# how they are joined


NAMES_HER, NAMES_HEAD = Is("person"), OF_HEAD
YES, NO = (When(lambda _asked, it=holds: it, Q(), "", "no") for holds in (True, False))  # type: ignore[misc]


def test_all_parts_have_to_decide_yes_and_the_first_that_does_not_gives_the_reason() -> None:
    assert ask(NAMES_HER & Anyone(), CADRE)
    assert ask(Anyone() & NAMES_HER, HEAD).reason == "This is for the person it concerns."
    assert ask(NAMES_HER & Anyone(), NOBODY).reason == "This is for the person it concerns."
    assert ask(Anyone() & NAMES_HER, NOBODY).reason == "Sign in first."
    assert (NAMES_HER & OF_HEAD).condition(HEAD) == Q(person_id=HE) & Q(unit_id__in=(UNIT,))
    assert str((Anyone() & NAMES_HER & OnStep()).sentence()) == (
        "anyone signed in and the person named as “person” and a candidate of the approval step that is open"
    )


def test_a_part_that_names_nobody_takes_no_holder_away() -> None:
    assert (NAMES_HER & ~Did("request")).holders(LEAVE) == {"person@21"}
    assert (NAMES_HER & NAMES_HEAD).holders(LEAVE) == frozenset()
    assert (Anyone() & ~Did("request")).holders(LEAVE) == frozenset()


def test_one_part_that_decides_yes_is_enough_and_else_the_first_gives_the_reason() -> None:
    either = OF_OFFICE | NAMES_HER
    assert ask(either, OFFICE)
    assert ask(either, CADRE)
    assert ask(either, HEAD).reason == ask(OF_OFFICE, HEAD).reason
    assert either.condition(OFFICE) == NOTHING | OF_OFFICE.condition(OFFICE) | Q(person_id=HE)
    assert either.holders(LEAVE) == {"supervision_office@j3", "person@21"}
    assert str(either.sentence()).endswith(" or the person named as “person”")


def test_what_an_office_stands_for_as_a_whole_needs_no_row_each() -> None:
    either = OF_OFFICE | Office(Role.UNIT_HEAD)
    assert sorted(either.standing(OFFICE)) == [PLACE, OTHER_PLACE]
    assert (OF_OFFICE & Anyone()).standing(OFFICE) == ()
    assert not OF_OFFICE.beside_standing(OFFICE)
    assert not either.beside_standing(OFFICE)
    assert (either | NAMES_HER).beside_standing(OFFICE)
    assert NAMES_HER.beside_standing(CADRE)
    assert not NAMES_HER.beside_standing(IN_HER_STEAD)


def test_turned_round_who_would_pass_recuses_themselves() -> None:
    recused = ask(~Concerns("person"), IN_HER_STEAD)
    assert (recused.allowed, "recuse yourself" in str(recused.reason)) == (False, True)
    assert recused.remedy == "Someone else has to do it."
    assert ask(~Concerns("person"), HEAD)
    assert (~NAMES_HER).condition(CADRE) == ~Q(person_id=SHE)
    assert (~NAMES_HER).holders(LEAVE) == frozenset()
    assert str((~Anyone()).sentence()) == "not anyone signed in"


class Kept:
    """A class that names the guard a pattern leaves to it."""

    keeper = Is("person") | ~Per("other")
    other = Anyone() & System("clock")
    wrong = "anyone"
    _meta = Leave._meta


def test_what_a_pattern_leaves_to_the_mechanism_is_bound_to_it_however_deep() -> None:
    with translation.override("zh-hans"):
        person = Leave._meta.get_field("person").verbose_name
        bound = (Per("keeper") & Anyone()).bound(Kept)  # type: ignore[arg-type]
        assert bound == (Is("person", person) | ~(Anyone() & System("clock"))) & Anyone()
    assert Anyone().bound(Leave) == Anyone()
    for name in ("wrong", "missing"):
        with pytest.raises(Misdeclared, match=f"Kept has to name a guard “{name}”"):
            Per(name).bound(Kept)  # type: ignore[arg-type]


def test_unbound_it_decides_nothing() -> None:
    for asked in (lambda: ask(Per("keeper"), CADRE), lambda: Per("keeper").condition(CADRE)):
        with pytest.raises(Misdeclared, match="“keeper” decides nothing"):
            asked()
    assert Per("keeper").sentence() == "keeper"


# what no row can meet


@pytest.mark.parametrize(
    ("condition", "none"),
    [
        (NOTHING, True),
        (EVERYTHING, False),
        (Q(), False),
        (~Q(), False),
        (Q(pk=1), False),
        (Q(pk__in=[1]), False),
        (Q(pk__in=[]), True),
        (~Q(pk__in=[]), False),
        (NOTHING & Q(pk=1), True),
        (NOTHING | Q(pk=1), False),
        (NOTHING | Q(account__in=[]), True),
        (EVERYTHING & NOTHING, True),
        (EVERYTHING & EVERYTHING, False),
        (~(EVERYTHING | Q(pk=1)), True),
        (~(NOTHING & Q(pk=1)), False),
        (~(EVERYTHING & Q(pk=1)), False),
        (Q(pk__in=Person.objects.none()), True),
        (Q(pk__in=Person.objects.all()), False),
    ],
)
@pytest.mark.django_db
def test_what_no_row_can_meet_is_told_by_its_form(condition: Q, none: bool) -> None:
    assert is_nothing(condition) is none
    # Most of these are met by some row; what none can meet, none does.
    assert Person.objects.filter(condition).exists() is not none
