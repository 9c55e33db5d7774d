"""The token 访问令牌: one account in one role holding, until a day."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.roles import RoleHolding


class Token(models.Model):
    """A token 访问令牌 by which a program acts as one account in one role holding. Its secret is not kept, its hash is."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens")
    holding = models.ForeignKey(RoleHolding, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("issued"))
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    last_used_on = models.DateField(_("last used"), null=True)

    objects: ClassVar[models.Manager[Token]] = models.Manager()
    no_record: ClassVar[str] = "lets a program in, as a password does; what it then does is entered"

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")

    def __str__(self) -> str:
        return self.name

    def stands(self, now: datetime) -> bool:
        """Whether it opens anything at ``now``: what ends the account's sign-ins, ends it too."""
        return self.revoked_at is None and now < self.expires_at and self.epoch == self.account.epoch
