"""Jurisdiction 辖区, Unit 单位, Person 人员, Account 账号: thin, and reached by surrogate id."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.people.role import AMONG_COLLEAGUES
from qingfeng.kernel.reading.compiled import compiled, int_slot
from qingfeng.kernel.record.registers import Register, Salted
from qingfeng.kernel.record.succession import CARRIED, STAYS


class Jurisdiction(models.Model):
    """A county, or the city above it 辖区. ``path`` lists the ids from the top, as ``/1/4/``."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, blank=True, db_index=True)

    recorded: ClassVar[bool] = True

    class Meta:
        verbose_name = _("jurisdiction")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if path != self.path:
            self.path = path
            super().save(update_fields=["path"])

    def covered(self) -> list[int]:
        """Ids of this jurisdiction and of all below it."""
        return [pk for (pk,) in compiled(_covered)(self.pk)]


def _covered() -> models.QuerySet[Jurisdiction, tuple[int]]:
    top = Jurisdiction.objects.filter(pk=int_slot(0)).values("path")
    below = Jurisdiction.objects.annotate(top=models.Subquery(top)).filter(path__startswith=models.F("top"))
    return below.order_by("id").values_list("id")


class Unit(Register):
    """A unit 单位: a department, township, enterprise or body, in a tree, with successors when it ends."""

    becomes: ClassVar = {"parent": CARRIED.named("name")}

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    sequence = models.CharField(
        _("sequence"), max_length=40, blank=True, help_text=_("The group it is ranked in.")
    )
    short_name = models.CharField(
        _("short name"), max_length=40, blank=True, help_text=_("It is found by it too.")
    )
    code_characters = models.CharField(
        _("code characters"),
        max_length=20,
        blank=True,
        help_text=_("They stand for it in the numbers of its documents."),
    )

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["jurisdiction", "code"], name="unit_code_once_in_jurisdiction"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def choosable(cls, actor: Any, on: date) -> models.QuerySet[Unit]:
        """The units an actor may name in a form: those standing in the jurisdictions it covers."""
        return cls.objects.filter(standing(on), jurisdiction_id__in=actor.jurisdictions).order_by(
            "code", "id"
        )


class Succession(Register):
    """A unit's successor 承继单位, from the day of its merger or split on."""

    becomes: ClassVar = {"predecessor": STAYS, "successor": STAYS}

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="inheritances")

    class Meta:
        verbose_name = _("succession")


class Person(Register, Salted):
    """A person 人员. The name is the one personal value kept here; erasure empties it."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="persons")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    personal: ClassVar[dict[str, str]] = {"name": "personnel"}
    named_by: ClassVar[tuple[str, ...]] = ("account__username",)
    """What tells people of one name apart in a sheet."""

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")

    def __str__(self) -> str:
        return self.name or str(_("(erased)"))

    @classmethod
    def choosable(cls, actor: Any, on: date) -> models.QuerySet[Person]:
        """The persons an actor may name in a form: those serving in the jurisdictions it covers, one's own unit first.

        Who heads a unit or handles its papers is offered those who serve in the units it answers for. Who signs in for
        a party outside the staff serves nowhere, and is offered to nobody.
        """
        serving = cls.objects.filter(
            standing(on), jurisdiction_id__in=actor.jurisdictions, erased_at=None, outside_party=None
        )
        if not actor.units:
            return serving.order_by("name", "id")
        colleagues = cls.objects.filter(standing(on, "holdings__"), holdings__unit_id__in=actor.units)
        if actor.role in AMONG_COLLEAGUES:
            return serving.filter(pk__in=colleagues.values("pk")).order_by("name", "id")
        near = models.Case(models.When(pk__in=colleagues.values("pk"), then=0), default=1)
        return serving.order_by(near, "name", "id")


class Accounts(BaseUserManager["Account"]):
    """Finds accounts by the name they sign in with."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser, Salted):
    """An account 账号: how one person signs in. Never shared (GB/T 22239-2019, 8.1.4.2).

    ``epoch`` is moved on to end every session, token and link there is, for good.
    """

    username = models.CharField(_("user name"), max_length=60, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    epoch = models.PositiveIntegerField(default=0, editable=False)

    recorded: ClassVar[bool] = True
    outside: ClassVar[frozenset[str]] = frozenset({"password", "last_login", "epoch"})
    """Set by the door and by the owner, not by an act; whoever has them is let in, and what is done then is entered."""
    personal: ClassVar[dict[str, str]] = {"username": "personnel", "email": "personnel"}

    objects: ClassVar[Accounts] = Accounts()
    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = _("account")

    def __str__(self) -> str:
        return self.username

    def get_session_auth_hash(self) -> str:
        """What a session is bound to: the password, and the epoch, which every act that ends sign-ins moves on."""
        return salted_hmac(f"account epoch {self.epoch}", super().get_session_auth_hash()).hexdigest()


def standing(on: date, prefix: str = "") -> Q:
    """The condition that a dated row holds on ``on``: from ≤ on, and not yet ended (the end day is included)."""
    ended = Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": on})
    return Q(**{f"{prefix}valid_from__lte": on}) & ended
