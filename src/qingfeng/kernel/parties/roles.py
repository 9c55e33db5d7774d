"""Roles 角色, who holds them 任职, and who stands in while they are away 代理."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.parties.models import Person, Unit, standing
from qingfeng.kernel.registers import Register


class Role(models.TextChoices):
    """The roles of the field 角色. Mechanisms name these; none invents its own."""

    SUPERVISION_OFFICE = "supervision_office", _("Supervision office")  # 效能办、督查室
    DISCIPLINE_ORGAN = "discipline_organ", _("Discipline organ")  # 纪检监察机关
    ORGANIZATION_DEPARTMENT = "organization_department", _("Organization department")  # 组织部门
    FINANCE = "finance", _("Finance department")  # 财政部门
    LEADER = "leader", _("Leader in charge")  # 分管领导
    UNIT_HEAD = "unit_head", _("Principal head of a unit")  # 主要负责人
    UNIT_CLERK = "unit_clerk", _("Unit clerk")  # 单位经办人
    CADRE = "cadre", _("Cadre")  # 干部
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")  # 系统管理员
    SECURITY_ADMINISTRATOR = "security_administrator", _("Security administrator")  # 安全管理员
    AUDIT_ADMINISTRATOR = "audit_administrator", _("Audit administrator")  # 审计管理员


PRIVILEGED = frozenset(
    {
        Role.DISCIPLINE_ORGAN,
        Role.SYSTEM_ADMINISTRATOR,
        Role.SECURITY_ADMINISTRATOR,
        Role.AUDIT_ADMINISTRATOR,
    }
)
"""Roles that sign in with a second factor (GB/T 22239-2019, 8.1.4.1 d)."""


class RoleHolding(Register):
    """A person holds a role in a unit 任职, from a day, to a day."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    role = models.CharField(_("role"), max_length=40, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="holdings")

    class Meta:
        verbose_name = _("role holding")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person"]),
            models.Index(fields=["unit", "role"]),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {Role(self.role).label}"


class Delegation(Register):
    """While its holder is away, another person acts in a holding 代理."""

    holding = models.ForeignKey(RoleHolding, models.PROTECT, related_name="delegations")
    delegate = models.ForeignKey(Person, models.PROTECT, related_name="stands_in")

    class Meta:
        verbose_name = _("delegation")


def holdings_of(person: Person, on: date) -> models.QuerySet[RoleHolding]:
    """The holdings a person may act in on a day: their own, and those delegated to them."""
    own = Q(person=person)
    delegated = Q(pk__in=Delegation.objects.filter(standing(on), delegate=person).values("holding"))
    return (
        RoleHolding.objects.filter(standing(on))
        .filter(own | delegated)
        .select_related("unit__jurisdiction", "person")
        .order_by("id")
    )
