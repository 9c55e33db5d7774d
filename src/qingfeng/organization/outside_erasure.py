"""Erasure of parties outside the staff 外部主体信息删除: name, contact and account go; the ledger still verifies.

As for persons, the keys are destroyed by the worker once the act is stored (个人信息保护法 art. 47).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people import accounts
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.sealing.models import keystore
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Do,
    Event,
    Line,
    Matter,
    Office,
    OneOfKind,
    OutsideKind,
    OutsideParty,
    Reason,
    Role,
    State,
    Unit,
    act,
    listen,
)
from qingfeng.organization.erasure import PERSON_ERASED
from qingfeng.organization.name_lists import named, opened_rows
from qingfeng.organization.outside_parties import (
    KEEPERS,
    READERS,
    OutsideList,
    demand_another,
    still_awaited,
    waits_on_party,
)

SECURITY = Office(Role.SECURITY_ADMINISTRATOR)

PARTY_ERASED = Event("outside_party.erased", _("Party outside the staff erased"), ("party",))

REQUESTED = State("requested", _("requested"))
ERASED = State("erased", _("erased"), final=True)
REFUSED = State("refused", _("not granted"), final=True, void=True)


class OutsideErasure(Matter):
    """A request that what is kept of a party outside the staff be erased 外部主体信息删除请求."""

    code = "outside_erasure"
    series = "外部主体删除"
    ground = True
    reads: ClassVar = READERS | SECURITY | Office(Role.AUDIT_ADMINISTRATOR)
    becomes: ClassVar = {"unit": FOLLOWS}

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit that keeps it"))
    party = models.ForeignKey(
        OutsideParty, models.PROTECT, related_name="+", verbose_name=_("party outside the staff")
    )
    basis = models.CharField(_("legal basis"), max_length=200)

    class Meta:
        verbose_name = _("erasure of a party outside the staff")
        verbose_name_plural = _("erasures of parties outside the staff")

    @act(NEW, to=REQUESTED, by=KEEPERS, label=_("Enter a request for erasure"))
    def request(
        self,
        do: Do,
        party: Annotated[OutsideParty, OneOfKind(tuple(OutsideKind)), _("Party outside the staff")],  # type: ignore[valid-type]  # mypy, before it is analysed
        basis: Annotated[str, Line(200)],
    ) -> None:
        """Enter that what your unit keeps of a party outside the staff is to be erased, and on what basis."""
        if party.kept_by_id != do.unit.pk:
            do.refuse(_("Another unit keeps this entry."), remedy=_("Ask that unit."))
        self.unit, self.party, self.basis = do.unit, party, basis
        self.title = str(_("erasure"))

    @act(REQUESTED, to=ERASED, by=SECURITY, owed=True, label=_("Erase"))
    def erase(self, do: Do) -> None:
        """Erase name and contact, end the entry, close its account for good; a second person does it."""
        demand_another(do)
        party = OutsideParty.objects.select_for_update(no_key=True).get(pk=self.party.pk)
        if waiting := waits_on_party(party):
            do.refuse(
                still_awaited(waiting), remedy=_("Have these called off first, or somebody else asked.")
            )
        if _in_a_list(party):
            do.refuse(
                _("A list that changes this entry is still to be confirmed."),
                remedy=_("Have that list withdrawn first."),
            )
        party.name, party.contact, party.erased_at = "", "", do.now
        party.valid_to = min(party.valid_to or do.today, do.today)
        do.record(party)
        if (person := party.person) is not None:
            account = Account.objects.get(person=person)
            accounts.erase(account)
            do.record(account)
            person.name, person.erased_at, person.valid_to = "", do.now, do.today
            do.record(person)
            do.emit(PERSON_ERASED, person=person)
        do.emit(PARTY_ERASED, party=party)

    @act(REQUESTED, to=REFUSED, by=SECURITY, owed=True, label=_("Refuse"))
    def refuse(self, do: Do, reason: Reason) -> None:
        """Refuse, with the reason, such as a duty to keep."""
        demand_another(do)


@listen(PARTY_ERASED.name)
def destroy_party_keys(event: Mapping[str, Any], now: datetime) -> None:
    """Destroy every key of the party the event names; doing it twice does no harm."""
    keystore().destroy(event["party"], now.isoformat())


def _in_a_list(party: OutsideParty) -> bool:
    open_lists = OutsideList.objects.filter(closed=False, unit=party.kept_by_id)
    return any(
        row["entry"] and named(row["entry"]) == party.pk for one in open_lists for row in opened_rows(one)
    )
