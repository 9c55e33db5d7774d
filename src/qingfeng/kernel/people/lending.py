"""Lent rights 临时授权: an administrator changes nothing of the running system but for a stated reason and a time.

Watching is what their role is for. What changes something asks here first, and each use is journalled with the
reason it was lent for (GB/T 22239-2019, 8.1.4.2 d and 8.1.4.3).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Person
from qingfeng.kernel.record import journal
from qingfeng.kernel.record.registers import Register
from qingfeng.kernel.refusals import Barred

CLAUSE = "GB/T 22239-2019, 8.1.4.2 d"


class Lent(Register):
    """Rights lent to a person in a role, from a moment to a moment (excluded), by the matter that says why."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=40)
    matter = models.ForeignKey("kernel.Matter", models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("to"))

    class Meta:
        verbose_name = _("rights lent")


def lent(actor: Actor, now: datetime) -> Lent | None:
    """What is lent to an actor in its role now; to who stands in for another, nothing."""
    if actor.person_id is None or actor.instead_of is not None:
        return None
    rows = Lent.objects.filter(person=actor.person_id, role=actor.role, since__lte=now, until__gt=now)
    return rows.order_by("-until", "-id").first()


def used(actor: Actor, now: datetime, did: str, **about: Any) -> None:
    """Let an actor use what is lent to it, and journal what for. Raises ``Barred`` where nothing is."""
    held = lent(actor, now)
    if held is None:
        raise Barred(
            _("This changes something, and nothing is lent to you for it now."),
            CLAUSE,
            _("Ask for rights with a reason and a time; another administrator grants them."),
        )
    kind = journal.JournalEntry.Kind.ADMINISTRATION
    journal.write(kind, actor, now, did=did, matter=held.matter_id, why=held.reason, **about)
