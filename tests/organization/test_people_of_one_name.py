"""People of one name are told apart: choosers show unit and post, sheets take what tells them apart."""

from datetime import date
from typing import Any

import pytest

from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.people.identification import narrowed, told_apart
from qingfeng.kernel.people.models import Account, Person
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.sheets.cell_values import taken
from qingfeng.kernel.sheets.columns import SheetTable
from qingfeng.organization.posts import Post, PostHolding
from tests import cast
from tests.cast import TODAY, actor, unit

pytestmark = pytest.mark.django_db

SPEC = InputField(name="who", kind="pick", label="人员", required=True, model=Person)
SINCE = date(2026, 2, 1)


def somebody(username: str, code: str, name: str = "寅一", role: str = "cadre") -> Person:
    person = Person(jurisdiction=cast.jurisdiction(), name=name, valid_from=SINCE)
    person.save(by_act=True)
    Account.objects.create(username=username, person=person, password="!")
    RoleHolding(person=person, role=role, unit=unit(code), valid_from=SINCE).save(by_act=True)
    return person


@pytest.fixture
def alike() -> list[Person]:
    """Three of one name: two in housing, of whom one has a post, and one in the township."""
    people = [somebody("yin1", "housing"), somebody("yin2", "housing"), somebody("yin3", "township")]
    post = Post(unit=unit("housing"), title="科长", valid_from=SINCE)
    post.save(by_act=True)
    PostHolding(post=post, person=people[1], valid_from=SINCE).save(by_act=True)
    return people


def meant(*cells: str) -> tuple[list[Any], list[str]]:
    """Whom cells name, and what is said of those that name nobody or several."""
    scope = ActorScope(actor("office_a"), cast.jurisdiction().pk, TODAY)
    found = taken(SheetTable([{"who": cell} for cell in cells], list(range(len(cells)))), [SPEC], scope)
    return [row.get("who") for row in found.rows], [str(words[0]) for words in found.wrong.values()]


def test_a_chooser_shows_unit_and_post_or_role(alike: list[Person]) -> None:
    assert told_apart(alike, TODAY) == [
        "寅一 · 住建局 干部",
        "寅一 · 住建局 科长",
        "寅一 · 清河镇 干部",
    ]


def test_a_secret_post_is_shown_to_nobody(alike: list[Person]) -> None:
    Post.objects.update(secret=True)
    assert told_apart(alike, TODAY)[1] == "寅一 · 住建局 干部 (yin2)"


def test_where_unit_and_role_are_the_same_too_the_user_name_stands_beside(alike: list[Person]) -> None:
    other = somebody("yin4", "township")
    assert told_apart([other], TODAY) == ["寅一 · 清河镇 干部 (yin4)"]
    assert told_apart([alike[2], other], TODAY)[0].endswith("(yin3)")


def test_a_bare_name_that_several_have_is_refused_with_their_units(alike: list[Person]) -> None:
    rows, wrong = meant("寅一")
    assert rows == [None]
    assert all(part in wrong[0] for part in ("有多人", "住建局 干部", "住建局 科长", "清河镇 干部"))


@pytest.mark.parametrize(
    ("cell", "whose"),
    [
        ("yin1", 0),
        ("寅一（清河镇）", 2),
        ("清河镇 寅一", 2),
        ("寅一 township", 2),
        ("寅一·住建局 科长", 1),
        ("寅一 (yin1)", 0),
        ("寅一、住建局 干部", 0),
    ],
)
def test_a_sheet_takes_the_user_name_or_the_name_with_what_tells_it_apart(
    alike: list[Person], cell: str, whose: int
) -> None:
    assert meant(cell) == ([alike[whose].pk], [])


def test_a_unit_that_tells_nobody_apart_is_still_refused(alike: list[Person]) -> None:
    rows, wrong = meant("寅一（住建局）")
    assert rows == [None]
    assert "有多人" in wrong[0]


def test_every_label_of_a_chooser_is_taken_back_from_a_sheet(alike: list[Person]) -> None:
    people = [*alike, somebody("yin4", "township")]
    assert meant(*told_apart(people, TODAY)) == ([person.pk for person in people], [])


@pytest.mark.parametrize("cell", ["住建局", "寅二", "寅一（纪委）", "", "寅" * 100_000])
def test_what_names_nobody_is_said_to(alike: list[Person], cell: str) -> None:
    rows, wrong = meant(cell)
    assert rows == [None]
    assert len(wrong) == 1


def test_a_name_that_one_person_has_needs_nothing_beside_it() -> None:
    assert meant("庚一") == ([cast.person("clerk_housing").pk], [])


def test_a_chooser_finds_by_name_user_name_or_unit(alike: list[Person]) -> None:
    everybody = Person.objects.order_by("pk")
    assert list(narrowed(everybody, "寅一")) == alike
    assert list(narrowed(everybody, "yin2")) == [alike[1]]
    assert alike[2] in narrowed(everybody, "清河")
