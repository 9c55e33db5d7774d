"""The units and people of the made-up district of Qingfeng. Their names are those of their tasks, of nobody alive."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.text.words import Words

CODE = "qingfeng"
NAME = "清风区"
PASSWORD = "qingfeng-demo"
"""Known on purpose, and only set where QINGFENG_DEMO is."""

DEPARTMENT, TOWNSHIP, ENTERPRISE, LEADING = "部门", "镇街", "企事业单位", "领导机关"


@dataclass(frozen=True)
class DemoUnit:
    """A unit of the demonstration."""

    code: str
    name: str
    sequence: str
    short: str
    short_name: str = ""
    code_characters: str = ""


@dataclass(frozen=True)
class DemoPerson:
    """An invented person with an account and a role."""

    username: str
    name: str
    role: Role
    unit: str


UNITS = (
    DemoUnit("01", "清风区领导班子", LEADING, "leaders"),
    DemoUnit("02", "清风区效能建设办公室", LEADING, "office", "区效能办", "清效能办"),
    DemoUnit("03", "清风区纪委监委", LEADING, "discipline"),
    DemoUnit("04", "清风区委组织部", LEADING, "organization"),
    DemoUnit("05", "清风区财政局", DEPARTMENT, "finance", "区财政局"),
    DemoUnit("11", "清风区住房和城乡建设局", DEPARTMENT, "housing", "区住建局"),
    DemoUnit("12", "清风区教育局", DEPARTMENT, "education", "区教育局"),
    DemoUnit("13", "清风区行政审批局", DEPARTMENT, "approvals", "区审批局"),
    DemoUnit("14", "清风区卫生健康局", DEPARTMENT, "health", "区卫健局"),
    DemoUnit("15", "清风区农业农村局", DEPARTMENT, "farming", "区农业局"),
    DemoUnit("16", "清风区市场监督管理局", DEPARTMENT, "market", "区市监局"),
    DemoUnit("21", "明溪镇", TOWNSHIP, "mingxi"),
    DemoUnit("22", "竹山街道", TOWNSHIP, "zhushan"),
    DemoUnit("31", "清风区发展和改革局", DEPARTMENT, "development", "区发改局"),
    DemoUnit("32", "清风区工业和信息化局", DEPARTMENT, "industry", "区工信局"),
    DemoUnit("33", "清风区民政局", DEPARTMENT, "civil"),
    DemoUnit("34", "清风区司法局", DEPARTMENT, "justice"),
    DemoUnit("35", "清风区人力资源和社会保障局", DEPARTMENT, "labour", "区人社局"),
    DemoUnit("36", "清风区自然资源和规划局", DEPARTMENT, "planning"),
    DemoUnit("37", "清风区生态环境局", DEPARTMENT, "environment"),
    DemoUnit("38", "清风区交通运输局", DEPARTMENT, "transport"),
    DemoUnit("39", "清风区水利局", DEPARTMENT, "water"),
    DemoUnit("40", "清风区商务局", DEPARTMENT, "commerce"),
    DemoUnit("41", "清风区文化和旅游局", DEPARTMENT, "culture"),
    DemoUnit("42", "清风区退役军人事务局", DEPARTMENT, "veterans"),
    DemoUnit("43", "清风区应急管理局", DEPARTMENT, "emergency"),
    DemoUnit("44", "清风区审计局", DEPARTMENT, "audit"),
    DemoUnit("45", "清风区统计局", DEPARTMENT, "statistics"),
    DemoUnit("46", "清风区医疗保障局", DEPARTMENT, "insurance"),
    DemoUnit("47", "清风区城市管理局", DEPARTMENT, "city"),
    DemoUnit("48", "清风区林业局", DEPARTMENT, "forestry"),
    DemoUnit("49", "清风区地方志办公室", DEPARTMENT, "annals"),
    DemoUnit("50", "清风区信访局", DEPARTMENT, "petitions"),
    DemoUnit("51", "清风区投资促进局", DEPARTMENT, "investment"),
    DemoUnit("52", "清风区数据局", DEPARTMENT, "data"),
    DemoUnit("53", "清风区机关事务局", DEPARTMENT, "affairs"),
    DemoUnit("54", "清风区档案局", DEPARTMENT, "archives"),
    DemoUnit("55", "清风区体育局", DEPARTMENT, "sports"),
    DemoUnit("56", "清风区科学技术局", DEPARTMENT, "science"),
    DemoUnit("61", "柳泉镇", TOWNSHIP, "liuquan"),
    DemoUnit("62", "石桥镇", TOWNSHIP, "shiqiao"),
    DemoUnit("63", "云岭乡", TOWNSHIP, "yunling"),
    DemoUnit("64", "河湾乡", TOWNSHIP, "hewan"),
    DemoUnit("65", "松坪镇", TOWNSHIP, "songping"),
    DemoUnit("66", "桃园街道", TOWNSHIP, "taoyuan"),
    DemoUnit("67", "南门街道", TOWNSHIP, "nanmen"),
    DemoUnit("68", "滨河街道", TOWNSHIP, "binhe"),
    DemoUnit("69", "青石乡", TOWNSHIP, "qingshi"),
    DemoUnit("70", "白鹭镇", TOWNSHIP, "bailu"),
    DemoUnit("71", "枫林镇", TOWNSHIP, "fenglin"),
    DemoUnit("72", "长堤街道", TOWNSHIP, "changdi"),
    DemoUnit("81", "清风区政务服务中心", ENTERPRISE, "services"),
    DemoUnit("82", "清风区公共资源交易中心", ENTERPRISE, "trading"),
    DemoUnit("83", "清风区人民医院", ENTERPRISE, "hospital"),
    DemoUnit("84", "清风区疾病预防控制中心", ENTERPRISE, "disease"),
    DemoUnit("85", "清风区供水公司", ENTERPRISE, "supply"),
    DemoUnit("86", "清风区公共交通公司", ENTERPRISE, "buses"),
    DemoUnit("87", "清风区城市建设投资公司", ENTERPRISE, "building"),
    DemoUnit("88", "清风区产业园区管理委员会", ENTERPRISE, "park"),
    DemoUnit("89", "清风区职业技术学校", ENTERPRISE, "college"),
)
WORKING = UNITS[5:]
"""The departments, townships and enterprises that the stories are about; the others lead, supervise and pay."""
SHORT = {unit.code: unit.short for unit in UNITS}

POSTS = (
    ("head", "负责人", Role.UNIT_HEAD),
    ("clerk", "经办人", Role.UNIT_CLERK),
    *(
        (f"cadre{number if number > 1 else ''}", f"干部{stem}", Role.CADRE)
        for number, stem in enumerate("甲乙丙丁戊己庚辛", start=1)
    ),
)
"""Who works in every unit but the leaders' own."""

PEOPLE = (
    DemoPerson("office1", "效能督查甲", Role.SUPERVISION_OFFICE, "02"),
    DemoPerson("office2", "效能督查乙", Role.SUPERVISION_OFFICE, "02"),
    DemoPerson("office3", "效能督查丙", Role.SUPERVISION_OFFICE, "02"),
    DemoPerson("discipline1", "纪检监察甲", Role.DISCIPLINE_ORGAN, "03"),
    DemoPerson("discipline2", "纪检监察乙", Role.DISCIPLINE_ORGAN, "03"),
    DemoPerson("organization1", "组织干部甲", Role.ORGANIZATION_DEPARTMENT, "04"),
    DemoPerson("organization2", "组织干部乙", Role.ORGANIZATION_DEPARTMENT, "04"),
    DemoPerson("finance1", "财政经办甲", Role.FINANCE, "05"),
    DemoPerson("finance2", "财政经办乙", Role.FINANCE, "05"),
    *(
        DemoPerson(f"leader{number}", f"分管领导{stem}", Role.LEADER, "01")
        for number, stem in enumerate("甲乙丙丁戊己", start=1)
    ),
    DemoPerson("cadre1", "窗口干部甲", Role.CADRE, "13"),
    DemoPerson("cadre2", "驻村干部乙", Role.CADRE, "21"),
    DemoPerson("system1", "系统管理甲", Role.SYSTEM_ADMINISTRATOR, "02"),
    DemoPerson("security1", "安全管理乙", Role.SECURITY_ADMINISTRATOR, "02"),
    DemoPerson("audit1", "审计管理丙", Role.AUDIT_ADMINISTRATOR, "03"),
    *(
        DemoPerson(f"{post}-{unit.short}", f"{unit.name}{called}", role, unit.code)
        for post, called, role in POSTS
        for unit in (*WORKING, *UNITS[1:5])
    ),
)
LEADERS = tuple(someone.username for someone in PEOPLE if someone.role == Role.LEADER)


def is_demonstration() -> bool | None:
    """Whether what was founded here is the demonstration, and nothing else; none before anything was."""
    codes = set(Jurisdiction.objects.values_list("code", flat=True))
    return codes == {CODE} if codes else None


def another_kind() -> Words:
    """What is wrong where a home is started as something else than it was founded as; nothing where it is not."""
    founded = is_demonstration()
    if founded is None or founded == settings.DEMO:
        return ""
    if founded:
        return _(
            "This home was founded as a demonstration: set QINGFENG_DEMO=true, or begin in a new QINGFENG_HOME."
        )
    return _(
        "This home was founded for real people: unset QINGFENG_DEMO; a demonstration has a QINGFENG_HOME of its own."
    )


def leader_of(place: int) -> str:
    """Who is in charge of the unit in this place of ``WORKING``: of the first eight by turns, then nine each."""
    return LEADERS[place % 2 if place < 8 else 2 + (place - 8) // 12]


SHOWN = (
    "office1",
    "office2",
    "clerk-housing",
    "clerk-education",
    "head-housing",
    "leader1",
    "cadre-housing",
    "finance1",
    "organization1",
    "discipline1",
    "system1",
    "security1",
    "audit1",
)
"""Whom a reader of the demonstration becomes with one click; anybody else by name and password."""
