"""The two lists that fill a county come as sheets with Chinese heads: looked at first, wrong rows told by their number."""

from pathlib import Path

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from qingfeng.faces.cli import sign_in
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.models import Account, Unit
from tests import cast
from tests.cast import do
from tests.faces.cli.conftest import Command

pytestmark = pytest.mark.django_db

UNITS = "代码,名称,上级单位,序列\nT1,青石镇,,镇街\nT1-01,青石镇党政办,T1,\n"
PEOPLE = (
    "用户名,姓名,单位,角色,起始日,职务名称,职务类别,涉密岗位,职务层次,参加工作时间\n"
    "qs1,卯一,青石镇,单位主要负责人,2026-03-01,镇长,正职,否,正科级,2008年7月1日\n"
    "qs2,卯二,T1-01,干部,2026/3/1,科员,其他职务,是,科员级,\n"
)


@pytest.fixture(autouse=True)
def with_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    TOTPDevice.objects.create(user=cast.account("system_administrator"), confirmed=True)
    monkeypatch.setattr(sign_in, "code_fits", lambda *given: True)


def written(tmp_path: Path, text: str) -> str:
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="utf-8")
    return str(file)


def opened(tmp_path: Path, qingfeng: Command) -> None:
    raw = (
        "import",
        "units.propose",
        written(tmp_path, UNITS),
        "--set",
        "basis=清编〔2026〕5号",
        "--set",
        "since=2026-03-01",
    )
    said = qingfeng(*raw, who="system_administrator", typed="123456")
    assert said.code == 0, said.out + said.err
    do("units.confirm", "department_a", Matter.objects.get(mechanism="units"))


def test_a_county_is_filled_from_two_sheets(qingfeng: Command, tmp_path: Path) -> None:
    opened(tmp_path, qingfeng)
    raw = ("import", "people.propose", written(tmp_path, PEOPLE), "--set", "basis=名册")
    assert "2 rows read" in qingfeng(*raw, "--check", who="system_administrator", typed="123456").out
    assert not Matter.objects.filter(mechanism="people").exists()
    said = qingfeng(*raw, who="system_administrator", typed="123456")
    assert said.code == 0, said.out + said.err
    do("people.grant", "security_administrator", Matter.objects.get(mechanism="people"))
    assert Unit.objects.get(code="T1-01").parent == Unit.objects.get(code="T1")
    second = Account.objects.get(username="qs2").person
    assert [(held.post.title, held.post.secret) for held in second.posts.all()] == [("科员", True)]


def test_what_is_wrong_is_told_by_the_rows_of_the_sheet_before_anything_is_stored(
    qingfeng: Command, tmp_path: Path
) -> None:
    opened(tmp_path, qingfeng)
    wrong = PEOPLE + "cadre,卯三,青石镇,干部,2026-03-01,,,,,\nqs4,卯四,乌有镇,审计管理员,2026-03-01,,,,,\n"
    raw = ("import", "people.propose", written(tmp_path, wrong), "--set", "basis=名册", "--check")
    said = qingfeng(*raw, who="system_administrator", typed="123456")
    assert said.code == 1
    assert "\n5" in said.out
    assert "乌有镇" in said.out
    assert not Matter.objects.filter(mechanism="people").exists()
