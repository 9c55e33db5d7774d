"""Parties outside the staff 外部主体: villages, households, firms, delegates, supervisors, experts.

As little as the task needs: kind, name, a contact where one is needed, and the unit that keeps the entry. Some have an
account of their own. It acts as a person alone, in no role, no unit and no jurisdiction: so it reads what names it in
person or waits on it in a step, and everything that comes by role, unit or jurisdiction is empty to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Account, Jurisdiction, Person, Unit, standing
from qingfeng.kernel.people.role import SYSTEM, Role
from qingfeng.kernel.reading.compiled import compiled, day_slot, int_slot
from qingfeng.kernel.record.registers import Register, Salted
from qingfeng.kernel.record.succession import GOES_ON, Fates


class OutsideKind(models.TextChoices):
    """What a party outside the staff is 类别."""

    VILLAGE = "village", _("village")  # 村（社区）
    HOUSEHOLD = "household", _("household")  # 农户、困难户
    FIRM = "firm", _("firm")  # 企业
    DELEGATE = "delegate", _("delegate")  # 两代表一委员
    SUPERVISOR = "supervisor", _("social supervisor")  # 社会监督员、效能监督员
    EXPERT = "expert", _("expert")  # 专家


PLACES = (OutsideKind.VILLAGE, OutsideKind.FIRM)
"""What is no person: its name is no secret within the staff."""
CALLED_ON = (OutsideKind.DELEGATE, OutsideKind.SUPERVISOR, OutsideKind.EXPERT)
"""Who serves in public: the supervision office may call on them, whichever unit keeps them."""
SIGNING_IN = (*CALLED_ON, OutsideKind.FIRM)
"""Who may have an account."""


class OutsideParty(Register, Salted):
    """A party outside the staff 外部主体, while it is kept; ``person`` is who signs in for it. Erasure empties it."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="outside_parties")
    kept_by = models.ForeignKey(
        Unit, models.PROTECT, related_name="outside_parties", verbose_name=_("unit that keeps it")
    )
    kind = models.CharField(pgettext_lazy("party", "kind"), max_length=20, choices=OutsideKind.choices)
    name = models.CharField(pgettext_lazy("party", "name"), max_length=60)
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    person = models.OneToOneField(
        Person, models.PROTECT, null=True, related_name="outside_party", verbose_name=_("who signs in")
    )
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    becomes: ClassVar[Fates] = {"kept_by": GOES_ON}
    personal: ClassVar[dict[str, str]] = {"name": "outside_party", "contact": "outside_party"}

    class Meta:
        verbose_name = _("party outside the staff")
        verbose_name_plural = _("parties outside the staff")

    def __str__(self) -> str:
        return self.name or str(_("(erased)"))

    @classmethod
    def choosable(cls, actor: Any, on: date) -> models.QuerySet[OutsideParty]:
        """The parties an actor may name in a form: what its units keep, and villages and firms of where it serves.

        The supervision office may call on delegates, supervisors and experts of its own jurisdiction besides. A
        household is named by the unit that keeps it, and by nobody else (个人信息保护法 art. 6).
        """
        offered = Q(kept_by_id__in=actor.units)
        if actor.role:
            offered |= Q(kind__in=PLACES, jurisdiction_id__in=actor.jurisdictions)
        if actor.role == SYSTEM:
            offered = Q(jurisdiction_id__in=actor.jurisdictions)
        if actor.role == Role.SUPERVISION_OFFICE:
            offered |= Q(kind__in=CALLED_ON, jurisdiction_id__in=actor.jurisdictions[:1])
        found = cls.objects.filter(standing(on), offered, erased_at=None)
        return found.select_related("kept_by").order_by("kind", "name", "id")


def acting_for_party(account: Account, on: date) -> Actor | None:
    """The account of a party outside the staff, as its person alone; none where no entry of it stands that day."""
    found: list[OutsideParty] = compiled(_signed_in_for)(account.person_id, on)
    if not found or not account.is_active:
        return None
    return Actor(
        account_id=account.pk,
        person_id=account.person_id,
        said=f"{account.person} · {found[0].kept_by}",
        on=on,
    )


def _signed_in_for() -> models.QuerySet[OutsideParty]:
    found = OutsideParty.objects.filter(standing(day_slot(1)), person=int_slot(0), erased_at=None)
    return found.select_related("kept_by")


def parties_told_apart(parties: Sequence[OutsideParty]) -> list[str]:
    """Each of some parties in words: name, kind and unit; those alike in all three with the number of their entry."""
    alike = OutsideParty.objects.filter(name__in={party.name for party in parties}, erased_at=None)
    told = {party.pk: _words(party) for party in [*alike.select_related("kept_by"), *parties]}
    seen = Counter(told.values())
    return [
        f"{told[party.pk]} ({party.pk})" if seen[told[party.pk]] > 1 else told[party.pk] for party in parties
    ]


def parties_named(found: models.QuerySet[OutsideParty], texts: Iterable[str]) -> dict[str, set[Any]]:
    """The ids of those whom each text names: a name, or the words that tell it apart in a chooser."""
    wanted = list(texts)
    named = {part for text in wanted for part in (text, text.partition(" · ")[0])}
    parties = list(found.filter(name__in=named))
    told = dict(zip(parties, parties_told_apart(parties), strict=True))
    return {
        text: {party.pk for party, words in told.items() if text in (party.name, words, _words(party))}
        for text in wanted
    }


def _words(party: OutsideParty) -> str:
    return f"{party} · {OutsideKind(party.kind).label} · {party.kept_by}"


NAMED = (Unit, Person, OutsideParty)
"""What every face names in words where a matter or a row of it refers to one."""
