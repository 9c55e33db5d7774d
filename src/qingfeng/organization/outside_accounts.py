"""Accounts of parties outside the staff 外部主体账号: asked for by the unit that keeps the entry, granted by another.

Such an account holds no role: it acts as its person alone, while the entry stands, and does what it is asked for.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.outside import CALLED_ON, SIGNING_IN
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.sealing.keystore import KeyDestroyed
from qingfeng.kernel.sealing.models import SealedValue, opened
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Do,
    Line,
    Mailbox,
    Matter,
    Office,
    OneOfKind,
    OutsideParty,
    Person,
    Reason,
    Role,
    Sealed,
    State,
    Unit,
    act,
)
from qingfeng.organization.accounts import DOES, AccountHelpKind
from qingfeng.organization.outside_parties import KEEPERS, READERS, demand_another

SECURITY = Office(Role.SECURITY_ADMINISTRATOR)

ASKED = State("asked", pgettext_lazy("account", "asked for"))
DONE = State("done", _("done"), final=True)
REFUSED = State("refused", _("not granted"), final=True, void=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True, void=True)

WHOSE = OneOfKind(SIGNING_IN)
WITH_ACCOUNT = OneOfKind(SIGNING_IN, signs_in=True)


class OutsideAccount(Matter):
    """An account for a party outside the staff, or what is to be done with it 外部主体账号; two people do it."""

    code = "outside_accounts"
    series = "外部主体账号"
    ground = True
    retention = "10_years"
    reads: ClassVar = READERS | SECURITY | Office(Role.AUDIT_ADMINISTRATOR)
    becomes: ClassVar = {"unit": FOLLOWS}

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit that keeps it"))
    party = models.ForeignKey(
        OutsideParty, models.PROTECT, related_name="+", verbose_name=_("party outside the staff")
    )
    wanted = models.CharField(
        _("what is to be done"), max_length=20, choices=AccountHelpKind.choices, blank=True
    )

    class Meta:
        verbose_name = _("account of a party outside the staff")
        verbose_name_plural = _("accounts of parties outside the staff")

    @act(NEW, to=ASKED, by=KEEPERS, label=_("Ask for an account"))
    def request(
        self,
        do: Do,
        party: Annotated[OutsideParty, WHOSE, _("Party outside the staff")],  # type: ignore[valid-type]  # mypy, before it is analysed
        username: Annotated[str, Line(60), Sealed("outside_party", of="party"), _("User name")],
        email: Annotated[str, Mailbox(), Sealed("outside_party", of="party"), _("E-mail")] = "",
        bearer: Annotated[
            str, Line(60), Sealed("outside_party", of="party"), _("Who signs in, where it is a firm")
        ] = "",
    ) -> None:
        """Ask for an account by which a delegate, supervisor, expert or firm answers what it is asked, and no more."""
        self._of(do, party, "")
        if party.person_id is not None:
            do.refuse(_("It has an account already."), remedy=_("Ask for help with that account."))
        wrong = {}
        if any(character.isspace() for character in username):
            wrong["username"] = [_("A user name has no blanks.")]
        elif Account.objects.filter(username=username).exists():
            wrong["username"] = [_("This user name is taken.")]
        if (party.kind in CALLED_ON) == bool(bearer):
            wrong["bearer"] = [_("For a firm, and for nobody else, name the one person who signs in.")]
        if wrong:
            raise Invalid(wrong)

    @act(NEW, to=ASKED, by=KEEPERS, label=_("Ask for help with an account"))
    def ask(
        self,
        do: Do,
        party: Annotated[OutsideParty, WITH_ACCOUNT, _("Party outside the staff")],  # type: ignore[valid-type]
        wanted: Annotated[AccountHelpKind, _("What is to be done")],
        reason: Reason,
    ) -> None:
        """Ask that the account be unlocked, its password taken away, its sign-ins ended, or that it be closed or opened."""
        self._of(do, party, wanted.value)

    @act(ASKED, to=DONE, by=SECURITY, owed=True, label=_("Do it"))
    def carry_out(self, do: Do) -> None:
        """Grant the account or do what was asked; nobody can sign in by a new one before a link was handed out."""
        demand_another(do)
        party = OutsideParty.objects.select_for_update(no_key=True).get(pk=self.party.pk)
        if party.erased_at is not None:
            do.refuse(_("This entry was erased."), remedy=_("Refuse it."))
        if self.wanted:
            account = Account.objects.get(person=party.person_id)
            DOES[self.wanted](account)
            do.record(account)
            return
        username = self._given(do, "username")
        if party.person_id is not None or Account.objects.filter(username=username).exists():
            do.refuse(
                _("Meanwhile it got an account, or the user name was taken."),
                remedy=_("Refuse it, and have it asked for anew."),
            )
        person = Person(
            jurisdiction_id=party.jurisdiction_id,
            name=self._given(do, "bearer") or party.name,
            valid_from=do.today,
        )
        do.record(person)
        do.record(Account(username=username, person=person, email=self._given(do, "email"), password="!"))
        party.person = person
        do.record(party)

    @act(ASKED, to=REFUSED, by=SECURITY, owed=True, label=_("Refuse it"))
    def refuse(self, do: Do, reason: Reason) -> None:
        """Refuse, with the reason."""
        demand_another(do)

    @act(ASKED, to=WITHDRAWN, by=KEEPERS, label=_("Withdraw"))
    def withdraw(self, do: Do, reason: Reason) -> None:
        """Withdraw what was asked."""

    def _of(self, do: Do, party: OutsideParty, wanted: str) -> None:
        if party.kept_by_id != do.unit.pk:
            do.refuse(_("Another unit keeps this entry."), remedy=_("Ask that unit."))
        self.unit, self.party, self.wanted = do.unit, party, wanted
        # No name: what is titled stands in lists and letters.
        self.title = str(AccountHelpKind(wanted).label if wanted else _("a new account"))

    def _given(self, do: Do, name: str) -> str:
        found = SealedValue.objects.filter(entry__matter=self.pk, entry__act="request", name=name).first()
        try:
            return opened(found) if found else ""
        except KeyDestroyed:
            do.refuse(_("What was entered has been erased."), remedy=_("Refuse it."))
