"""What stands in force is read as far as this program knows it: the rest goes on, and the check names what is left out."""

import re
from datetime import timedelta
from itertools import chain

import pytest

from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.regime import policy
from qingfeng.kernel.regime.document import digest, load, standing
from qingfeng.kernel.regime.models import ActivatedRegime
from qingfeng.kernel.regime.policy import PARAMETERS, Policy
from qingfeng.kernel.regime.tree import BadDocument
from tests import cast
from tests.faces.cli.conftest import Command, logging_level, qingfeng, standing_time  # noqa: F401
from tests.faces.console.staff import address, browser, problem

RENAMED = {
    "problems.topics": "problems.subjects",
    "rectification.look_back_after": "rectification.look_again_after",
    "leave.kinds": "leave.sorts",
    "leave.ladder": "leave.steps",
    "celebrations.kinds": "celebrations.sorts",
    "reception.a_head": "reception.each",
    "inspections.a_year": "inspections.yearly",
    "intake.alike_from": "intake.like_from",
    "dispatch.plans": "dispatch.schedules",
}


def in_force() -> ActivatedRegime:
    return ActivatedRegime.objects.filter(jurisdiction=cast.jurisdiction()).order_by("-recorded_at", "-id")[0]


def activated_before(names: dict[str, str]) -> None:
    """Put into force, at every level, what another version of the program could read."""
    for row in chain(*policy.in_force(cast.TODAY).values()):
        text = row.text
        for name, other in names.items():
            text = re.sub(rf"^(\s+){re.escape(name)}:", rf"\1{other}:", text, flags=re.MULTILINE)
        if text != row.text:
            ActivatedRegime(
                jurisdiction=row.jurisdiction,
                regime=row.regime,
                layer=row.layer,
                digest=sm3(text.encode()).hex(),
                text=text,
                recorded_at=row.recorded_at + timedelta(seconds=1),
                valid_from=row.valid_from,
            ).save(by_act=True)


@pytest.mark.django_db
def test_a_draft_with_a_name_that_is_none_is_refused_and_what_stands_is_not() -> None:
    activated_before(RENAMED)
    text = in_force().text
    with pytest.raises(BadDocument, match="draft"):
        load(text.encode(), "draft", PARAMETERS)
    read = standing(text, "regime", b"\7" * 32, PARAMETERS)
    assert set(read.unread) == set(RENAMED.values())
    assert digest(read) == b"\7" * 32
    assert not set(read.values) & {*RENAMED, *RENAMED.values()}


@pytest.mark.django_db
def test_a_value_out_of_todays_bounds_counts_as_not_set() -> None:
    name, history = next(
        (name, some)
        for name, some in load(in_force().text.encode(), "a", PARAMETERS).values.items()
        if isinstance(some[-1].value, int) and not isinstance(some[-1].value, bool)
    )
    text = re.sub(
        rf"(^\s+{re.escape(name)}:\n.*?value: )\S+",
        r"\g<1>99999999999",
        in_force().text,
        count=1,
        flags=re.MULTILINE | re.DOTALL,
    )
    assert history
    assert standing(text, "regime", b"\7" * 32, PARAMETERS).unread == (name,)


@pytest.mark.django_db
def test_pages_go_on_and_the_act_that_needs_it_says_so(qingfeng: Command) -> None:  # noqa: F811
    sheet = problem(upto="verified")
    assert list(policy.unread(cast.TODAY)) == []
    activated_before(RENAMED)
    office = browser("office_a")
    for path in (
        "/",
        "/inbox/",
        "/rectification/",
        address(sheet),
        "/rectification/statistics/",
        "/leave/",
        "/meetings/",
        "/reception/",
        "/inspection/",
        "/dispatch/",
        "/intake/",
        "/problem_lists/",
        "/handbook/",
        "/handbook/leave/",
        "/handbook/rectification/",
        "/handbook/reception/",
        "/search/?q=窗口",
    ):
        assert office.get(path).status_code in (200, 302, 404), path
    left_out = list(policy.unread(cast.TODAY))
    assert {name for _found, names in left_out for name in names} == set(RENAMED.values())
    told = qingfeng("check")
    assert told.code == 0
    assert all(name in told.out for name in RENAMED.values())


@pytest.mark.django_db
@pytest.mark.parametrize("name", RENAMED)
def test_what_is_not_read_is_barred_in_words_and_nothing_else_is(name: str) -> None:
    before = Policy(cast.jurisdiction().pk, cast.TODAY)
    assert before.stack
    activated_before({name: RENAMED[name]})
    after = Policy(cast.jurisdiction().pk, cast.TODAY)
    for parameter in PARAMETERS:
        if parameter.name == name:
            with pytest.raises(Barred) as refusal:
                after.value(parameter)
            assert refusal.value.remedy
        elif before.stack.levels(parameter, cast.TODAY):
            assert after.value(parameter) == before.value(parameter)
