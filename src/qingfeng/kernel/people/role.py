"""The roles of the field 角色."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})
"""The three administrators 三员: none of them sees what a mechanism's matters say (GB/T 22239-2019, 8.1.4.2 d)."""

PRIVILEGED = ADMINISTRATORS | {Role.DISCIPLINE_ORGAN}
"""Roles that sign in with a second factor (GB/T 22239-2019, 8.1.4.1 d)."""

AMONG_COLLEAGUES = frozenset({Role.UNIT_HEAD, Role.UNIT_CLERK})
"""Roles that are offered the people of their own units, and nobody else's."""

SYSTEM = "system"
"""What stands in the place of a role where the system chooses: it opens a matter for another mechanism."""
