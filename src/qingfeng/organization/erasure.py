"""Erasure 个人信息删除: a person's name, account and all that was sealed under their keys go; the ledger still verifies.

The keys are destroyed by the worker once the act is stored, so that nothing acknowledged is left undone
and nothing undone is lost (个人信息保护法 art. 47).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people import accounts
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.sealing.models import keystore
from qingfeng.kernel.vocabulary import (
    NEW,
    Did,
    Do,
    Event,
    Line,
    Matter,
    Office,
    Person,
    Reason,
    Role,
    State,
    act,
    listen,
)
from qingfeng.organization import ties
from qingfeng.organization.cadres import CadreRecord

SECURITY = Office(Role.SECURITY_ADMINISTRATOR)

PERSON_ERASED = Event("person.erased", _("Person erased"), ("person",))

REQUESTED = State("requested", _("requested"))
ERASED = State("erased", _("erased"), final=True)
REFUSED = State("refused", _("not granted"), final=True, void=True)


class Erasure(Matter):
    """A request that a person's data be erased, and what was decided on it 删除请求."""

    code = "erasure"
    series = "删除"
    ground = True
    reads: ClassVar = SECURITY | Office(Role.AUDIT_ADMINISTRATOR)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    basis = models.CharField(_("legal basis"), max_length=200)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    @act(NEW, to=REQUESTED, by=SECURITY, label=_("Enter a request for erasure"))
    def request(self, do: Do, person: Person, basis: Annotated[str, Line(200)]) -> None:
        """Enter that a person's data are to be erased, and on what basis."""
        self.person, self.basis = person, basis
        self.title = str(_("erasure"))

    @act(REQUESTED, to=ERASED, by=SECURITY & ~Did("request"), owed=True, label=_("Erase"))
    def erase(self, do: Do) -> None:
        """Erase name, rank and years of service, end roles, close the account for good; a second person does it."""
        person = self.person
        ties.end_person(do, person, do.today - timedelta(days=1))
        ties.pass_on(do, person, None)
        for account in Account.objects.filter(person=person):
            accounts.erase(account)
            do.record(account)
        person.name, person.erased_at, person.valid_to = "", do.now, do.today
        do.record(person)
        for record in CadreRecord.objects.filter(person=person).order_by("id"):
            record.rank, record.service_since = "", None
            do.record(record)
        do.emit(PERSON_ERASED, person=person)

    @act(REQUESTED, to=REFUSED, by=SECURITY & ~Did("request"), owed=True, label=_("Refuse"))
    def refuse(self, do: Do, reason: Reason) -> None:
        """Refuse, with the reason, such as a duty to keep."""


@listen(PERSON_ERASED.name)
def destroy_keys(event: Mapping[str, Any], now: datetime) -> None:
    """Destroy every key of the person the event names; doing it twice does no harm."""
    keystore().destroy(event["person"], now.isoformat())
