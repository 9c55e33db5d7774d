"""Help with an account 账号处置: unlocked, reset, signed out, closed or opened, by two administrators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, ClassVar

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.people import accounts
from qingfeng.kernel.people.actors import person_key
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.roles import Delegation
from qingfeng.kernel.vocabulary import (
    NEW,
    Concerns,
    Did,
    Do,
    Is,
    Line,
    Matter,
    Office,
    Person,
    Reason,
    Role,
    State,
    act,
)
from qingfeng.organization import ties

ADMINISTRATORS = Office(Role.SYSTEM_ADMINISTRATOR) | Office(Role.SECURITY_ADMINISTRATOR)

ASKED = State("asked", pgettext_lazy("account", "asked for"))
DONE = State("done", _("done"), final=True)
REFUSED = State("refused", _("not granted"), final=True)


class AccountHelpKind(models.TextChoices):
    """What is to be done with an account 处置方式."""

    UNLOCK = "unlock", _("unlock it")  # 解锁
    PASSWORD = "password", _("take the password away, to be set anew")  # 重置密码
    SIGN_INS = "sign_ins", _("end its sign-ins and tokens")  # 全部下线
    SECOND_FACTOR = "second_factor", _("take the second factor away, to be set up anew")  # 重置双因素
    CLOSE = "close", _("close it")  # 停用
    OPEN = "open", _("open it again")  # 启用


DOES: Mapping[str, Callable[[Account], None]] = {
    AccountHelpKind.UNLOCK: accounts.unlock,
    AccountHelpKind.PASSWORD: accounts.drop_password,
    AccountHelpKind.SIGN_INS: accounts.end_sign_ins,
    AccountHelpKind.SECOND_FACTOR: accounts.drop_second_factor,
    AccountHelpKind.CLOSE: lambda account: accounts.set_use(account, in_use=False),
    AccountHelpKind.OPEN: lambda account: accounts.set_use(account, in_use=True),
}


class AccountHelp(Matter):
    """What is done with somebody's account 账号处置, asked for by one administrator and done by another."""

    code = "accounts"
    series = "账号"
    ground = True
    retention = "10_years"
    reads: ClassVar = ADMINISTRATORS | Office(Role.AUDIT_ADMINISTRATOR) | Is("person")

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    wanted = models.CharField(_("what is to be done"), max_length=20, choices=AccountHelpKind.choices)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("help with an account")
        verbose_name_plural = _("help with accounts")

    @act(NEW, to=ASKED, by=ADMINISTRATORS, label=_("Ask for help with an account"))
    def ask(
        self,
        do: Do,
        person: Person,
        wanted: Annotated[AccountHelpKind, _("What is to be done")],
        reason: Annotated[str, Line(200), pgettext_lazy("request", "Reason")],
    ) -> None:
        """Ask that an account be unlocked, reset, signed out, closed or opened, as its owner or an act asked for."""
        if not Account.objects.filter(person=person).exists():
            do.refuse(_("They have no account."), remedy=_("Choose another person."))
        self.person, self.wanted, self.reason = person, wanted.value, reason
        self.title = f"{person} · {wanted.label}"

    @act(
        ASKED,
        to=DONE,
        by=ADMINISTRATORS & ~Did("ask") & ~Concerns("person"),
        owed=True,
        label=_("Do it"),
    )
    def carry_out(self, do: Do) -> None:
        """Do what was asked for, having made sure with its owner; another administrator, never for oneself.

        With a closed account nobody stands in for its owner any more.
        """
        account = Account.objects.get(person=self.person)
        DOES[self.wanted](account)
        do.record(account)
        if self.wanted == AccountHelpKind.CLOSE:
            ties.withdraw(do, Delegation.objects.filter(holding__person=self.person))
        do.notify(
            person_key(self.person.pk),
            str(format_lazy(_("Done with your account: {}."), AccountHelpKind(self.wanted).label)),
        )

    @act(ASKED, to=REFUSED, by=ADMINISTRATORS & ~Did("ask"), owed=True, label=_("Refuse the help"))
    def refuse(self, do: Do, reason: Reason) -> None:
        """Refuse, with the reason."""
