"""Registers 登记簿: dated records that are not matters, written only inside an act.

A row is written by ``do.record``, which puts its digest into the act's ledger entry;
a row saved any other way is refused.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.reading.compiled import save
from qingfeng.kernel.record.succession import Fates
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.text.words import Words

if TYPE_CHECKING:
    from qingfeng.kernel.people.actors import Actor


class Register(models.Model):
    """A dated row 登记项: it holds from ``valid_from`` to the end of ``valid_to`` (none: still standing).

    ``taken``: reason, clause and remedy to be told where the database refuses a second row of its kind.
    ``becomes``: what becomes of a row when a unit that a field names is merged or split (``kernel.record.succession``).
    """

    taken: ClassVar[tuple[Words, str, Words] | None] = None
    becomes: ClassVar[Fates] = {}
    recorded: ClassVar[bool] = True

    told_by: ClassVar[tuple[str, ...]] = ()
    """The related rows that ``told`` looks at."""

    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        abstract = True

    def told(self, actor: Actor) -> Self:
        """The row as it is told to an actor who reads its matter; where words may be sealed, without those."""
        return self

    def save(self, *args: Any, by_act: bool = False, **kwargs: Any) -> None:
        if not by_act:
            raise Misdeclared(f"{type(self).__name__} is a register: write it with do.record inside an act.")
        save(self)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Misdeclared(f"{type(self).__name__} is a register: end it with valid_to, don't delete it.")


SALT_BYTES = 16


class Salted(models.Model):
    """A row with personal values 个人信息: ``personal`` names the columns that erasure empties, each with its class.

    Its digest covers them together with a salt, which goes when the last of them goes: what older entries
    say of the row then tells nobody a name, however many names are tried.
    """

    personal: ClassVar[dict[str, str]] = {}

    salt = models.CharField(max_length=2 * SALT_BYTES, blank=True, editable=False)

    class Meta:
        abstract = True

    def resalt(self) -> None:
        """Take a new salt, or none where nothing personal is left; done whenever an act writes the row."""
        kept = any(getattr(self, name) for name in self.personal)
        self.salt = secrets.token_hex(SALT_BYTES) if kept else ""
