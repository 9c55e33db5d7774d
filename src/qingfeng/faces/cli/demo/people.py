"""The units and people of the made-up district of Qingfeng. Their names are those of their tasks, of nobody alive."""

from __future__ import annotations

from dataclasses import dataclass

from qingfeng.kernel.parties.roles import Role

CODE = "qingfeng"
NAME = "清风区"
PASSWORD = "qingfeng-demo"
"""Known on purpose, and only set where QINGFENG_DEMO is."""

DEPARTMENT, TOWNSHIP, LEADING = "部门", "镇街", "领导机关"


@dataclass(frozen=True)
class Place:
    """A unit of the demonstration."""

    code: str
    name: str
    sequence: str
    short: str


@dataclass(frozen=True)
class Someone:
    """An invented person with an account and a role."""

    username: str
    name: str
    role: Role
    unit: str


UNITS = (
    Place("01", "清风区委区政府", LEADING, "leaders"),
    Place("02", "清风区效能建设办公室", LEADING, "office"),
    Place("03", "清风区纪委监委", LEADING, "discipline"),
    Place("04", "清风区委组织部", LEADING, "organization"),
    Place("05", "清风区财政局", DEPARTMENT, "finance"),
    Place("11", "清风区住房和城乡建设局", DEPARTMENT, "housing"),
    Place("12", "清风区教育局", DEPARTMENT, "education"),
    Place("13", "清风区行政审批局", DEPARTMENT, "approvals"),
    Place("14", "清风区卫生健康局", DEPARTMENT, "health"),
    Place("15", "清风区农业农村局", DEPARTMENT, "farming"),
    Place("16", "清风区市场监督管理局", DEPARTMENT, "market"),
    Place("21", "明溪镇", TOWNSHIP, "mingxi"),
    Place("22", "竹山街道", TOWNSHIP, "zhushan"),
)
WORKING = UNITS[5:]
"""The departments and townships that the stories are about; the others lead, supervise and pay."""
SHORT = {unit.code: unit.short for unit in UNITS}

POSTS = (
    ("head", "负责人", Role.UNIT_HEAD),
    ("clerk", "经办人", Role.UNIT_CLERK),
    ("cadre", "干部甲", Role.CADRE),
    ("cadre2", "干部乙", Role.CADRE),
    ("cadre3", "干部丙", Role.CADRE),
)
"""Who works in every unit but the leaders' own."""

PEOPLE = (
    Someone("office1", "效能督查甲", Role.SUPERVISION_OFFICE, "02"),
    Someone("office2", "效能督查乙", Role.SUPERVISION_OFFICE, "02"),
    Someone("office3", "效能督查丙", Role.SUPERVISION_OFFICE, "02"),
    Someone("discipline1", "纪检监察甲", Role.DISCIPLINE_ORGAN, "03"),
    Someone("discipline2", "纪检监察乙", Role.DISCIPLINE_ORGAN, "03"),
    Someone("organization1", "组织干部甲", Role.ORGANIZATION_DEPARTMENT, "04"),
    Someone("organization2", "组织干部乙", Role.ORGANIZATION_DEPARTMENT, "04"),
    Someone("finance1", "财政经办甲", Role.FINANCE, "05"),
    Someone("finance2", "财政经办乙", Role.FINANCE, "05"),
    Someone("leader1", "分管领导甲", Role.LEADER, "01"),
    Someone("leader2", "分管领导乙", Role.LEADER, "01"),
    Someone("cadre1", "窗口干部甲", Role.CADRE, "13"),
    Someone("cadre2", "驻村干部乙", Role.CADRE, "21"),
    Someone("system1", "系统管理甲", Role.SYSTEM_ADMINISTRATOR, "02"),
    Someone("security1", "安全管理乙", Role.SECURITY_ADMINISTRATOR, "02"),
    Someone("audit1", "审计管理丙", Role.AUDIT_ADMINISTRATOR, "03"),
    *(
        Someone(f"{post}-{unit.short}", f"{unit.name}{called}", role, unit.code)
        for post, called, role in POSTS
        for unit in (*WORKING, *UNITS[1:5])
    ),
)
