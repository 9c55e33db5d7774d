"""Parties outside the staff for tests: entered, given an account, and acting, each by the acts of the house."""

from typing import Any

from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.outside import OutsideParty, acting_for_party
from qingfeng.kernel.time.periods import day_of
from tests.cast import NOW, do

SINCE = "2026-03-01"
KEEPER, OTHER = "clerk_housing", "head_housing"
"""Who prepares a list of the housing bureau, and who confirms it."""


def entered(*rows: dict[str, Any], by: str = KEEPER, confirmed_by: str = OTHER) -> list[OutsideParty]:
    """The parties of a list that two people entered."""
    known = set(OutsideParty.objects.values_list("pk", flat=True))
    filled = [{"since": SINCE, **row} for row in rows]
    proposed = do("outside_parties.propose", by, basis="清住建〔2026〕7号", rows=filled)
    do("outside_parties.confirm", confirmed_by, proposed.matter)
    return list(OutsideParty.objects.exclude(pk__in=known).order_by("pk"))


def party(kind: str, name: str, **more: Any) -> OutsideParty:
    """One party, kept by the housing bureau."""
    (found,) = entered({"kind": kind, "name": name, **more})
    return found


def with_account(found: OutsideParty, username: str, by: str = KEEPER, **more: Any) -> Account:
    """The account that the unit that keeps a party asked for, and another granted."""
    asked = do("outside_accounts.request", by, party=found.pk, username=username, **more)
    do("outside_accounts.carry_out", "security_administrator", asked.matter)
    found.refresh_from_db()
    return Account.objects.select_related("person").get(username=username)


def acting(account: Account, at: Any = NOW) -> Actor:
    """Who signs in for a party, as the console finds them; refused by an assertion where nobody does."""
    actor = acting_for_party(account, day_of(at))
    assert actor is not None
    return actor
