"""What two people decide about the ledger itself 台账保管: a new signing key, and that history was lost."""

from __future__ import annotations

from typing import Annotated, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger.checkpoints import change_key
from qingfeng.kernel.ledger.continuity import CLAUSE, Gap, gap_of
from qingfeng.kernel.vocabulary import NEW, Did, Do, Line, Matter, Office, Reason, Role, State, act

ADMINISTRATOR = Office(Role.SYSTEM_ADMINISTRATOR)
SECURITY = Office(Role.SECURITY_ADMINISTRATOR)
READERS = ADMINISTRATOR | SECURITY | Office(Role.AUDIT_ADMINISTRATOR)

ASKED = State("asked", _("asked for"))
CHANGED = State("changed", _("key changed"), final=True)
DECLARED = State("declared", _("declared by one"))
CONFIRMED = State("confirmed", _("confirmed"), final=True)
REFUSED = State("refused", _("not granted"), final=True)


class KeyChange(Matter):
    """A new key that signs the ledger's heads 签名密钥更换; the key before signs for it."""

    code = "ledger_keys"
    series = "签名密钥"
    ground = True
    retention = "10_years"
    reads: ClassVar = READERS

    reason = models.CharField(_("reason"), max_length=200)
    key = models.CharField(_("signing key"), max_length=16, blank=True)

    class Meta:
        verbose_name = _("change of the signing key")
        verbose_name_plural = _("changes of the signing key")

    @act(NEW, to=ASKED, by=ADMINISTRATOR, label=_("Ask for a new signing key"))
    def ask(self, do: Do, reason: Annotated[str, Line(200), _("Reason")]) -> None:
        """Ask that the ledger be signed by a new key, as when the one in use may have been read by others."""
        self.title = self.reason = reason

    @act(ASKED, to=CHANGED, by=SECURITY & ~Did("ask"), owed=True, label=_("Change the signing key"))
    def carry_out(self, do: Do) -> None:
        """Make a new key, for which the old one signs; from now on only the new one signs. Back the keys up then."""
        statement = change_key(do.now, f"matter:{self.pk}")
        self.key = statement.key_id
        do.note("signing_key", statement.hash)

    @act(ASKED, to=REFUSED, by=SECURITY & ~Did("ask"), owed=True, label=_("Refuse a new signing key"))
    def refuse(self, do: Do, reason: Reason) -> None:
        """Refuse, with the reason."""


class HistoryGap(Matter):
    """History that was lost 台账断档, as by a restore of an older backup: from which head to which, what, and why."""

    code = "ledger_gaps"
    series = "断档"
    ground = True
    retention = "permanent"
    reads: ClassVar = READERS

    after_number = models.PositiveIntegerField(_("last checkpoint that is there"))
    after_head = models.CharField(_("its head"), max_length=64, blank=True)
    upto_number = models.PositiveIntegerField(_("last checkpoint that was signed"))
    upto_head = models.CharField(_("its head"), max_length=64)
    lost = models.CharField(_("what is lost"), max_length=200)
    why = models.CharField(_("why"), max_length=200)

    class Meta:
        verbose_name = _("gap in the ledger")
        verbose_name_plural = _("gaps in the ledger")

    @act(NEW, to=DECLARED, by=ADMINISTRATOR, label=_("Declare a gap in the ledger"))
    def declare(
        self,
        do: Do,
        lost: Annotated[str, Line(200), _("What is lost")],
        why: Annotated[str, Line(200), _("Why")],
    ) -> None:
        """Declare that the ledger lacks what was signed last, as after a restore, and that it can't be had again."""
        gap = self._gap(do)
        self.after_number, self.after_head = gap.after.number, gap.after.hash
        self.upto_number, self.upto_head = gap.upto.number, gap.upto.hash
        self.lost, self.why, self.title = lost, why, lost

    @act(DECLARED, to=CONFIRMED, by=SECURITY & ~Did("declare"), owed=True, label=_("Confirm the gap"))
    def confirm(self, do: Do) -> None:
        """Confirm what the other declared, having compared it. The next checkpoint names it, and it is shown for ever."""
        gap = self._gap(do)
        declared = (self.after_number, self.after_head), (self.upto_number, self.upto_head)
        if (gap.after[1:], gap.upto[1:]) != declared:
            do.refuse(
                _("Other heads are missing now than those that were declared."),
                CLAUSE,
                _("Refuse this declaration, and have the gap declared anew."),
            )
        do.note("gap", gap.content())
        do.note("words", {"lost": self.lost, "why": self.why})

    @act(DECLARED, to=REFUSED, by=SECURITY & ~Did("declare"), owed=True, label=_("Refuse the gap"))
    def refuse(self, do: Do, reason: Reason) -> None:
        """Refuse, with the reason."""

    def _gap(self, do: Do) -> Gap:
        gap = gap_of(self.jurisdiction)
        if gap is None:
            do.refuse(_("Nothing is missing: the ledger goes on from the last head known."), CLAUSE)
        return gap
