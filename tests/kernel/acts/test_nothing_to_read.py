"""Whether an actor can read anything of a mechanism is told by the form of its guard, as the compiler tells it."""

import pytest
from django.core.exceptions import EmptyResultSet
from django.db.models import Q

from qingfeng.kernel.guards.base import EVERYTHING, NOTHING, is_nothing
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.people.actors import NOBODY, Actor, as_person, bearer, holder_of, system
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.roles import holdings_of
from tests.cast import TODAY


def compiled_to_nothing(condition: Q, of: type[Matter] = Matter) -> bool:
    try:
        of._default_manager.filter(condition).query.sql_with_params()
    except EmptyResultSet:
        return True
    return False


@pytest.mark.parametrize(
    "condition",
    [
        Q(),
        NOTHING,
        EVERYTHING,
        NOTHING | NOTHING,
        NOTHING | Q(state="found"),
        NOTHING & Q(state="found"),
        EVERYTHING & NOTHING,
        ~(NOTHING | Q(state="found")),
        ~(EVERYTHING | Q(state="found")),
        Q(state="found") & (NOTHING | Q(number__in=[])),
        Q(state="found") & (NOTHING | Q(number__in=["1"])),
        Q(pk__in=Matter.objects.none()),
        Q(pk__in=Matter.objects.filter(number__in=[])),
    ],
)
@pytest.mark.django_db
def test_a_condition_that_no_row_meets_is_known_by_its_form(condition: Q) -> None:
    assert is_nothing(condition) == compiled_to_nothing(condition)


def everyone() -> list[Actor]:
    held = [
        holder_of(account, holding, TODAY)
        for account in Account.objects.select_related("person")
        for holding in holdings_of(account.person, TODAY)
    ]
    alone = as_person(Account.objects.select_related("person").earliest("pk"), TODAY)
    return [*held, alone, NOBODY, system("clock"), bearer("ballot")]


@pytest.mark.django_db
def test_everyone_has_the_menu_that_the_compiler_would_give_them() -> None:
    told = {
        (str(actor), cls.code): (is_nothing(condition), compiled_to_nothing(condition, cls))
        for actor in everyone()
        for cls in mechanisms().values()
        for condition in [cls.reads.condition(actor)]
    }
    assert {which: both for which, both in told.items() if both[0] != both[1]} == {}
    assert {formed for formed, _compiled in told.values()} == {True, False}
