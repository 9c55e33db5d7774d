"""Keeping an installation: founding, passwords, checks, the ledger; a mistake is told with file, line and remedy."""

import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.db import connection

from qingfeng.faces import invented_district
from qingfeng.faces.cli import maintenance
from qingfeng.faces.cli.words import language
from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.models import Checkpoint, Entry
from qingfeng.kernel.ledger.standalone import qingfeng_verify
from qingfeng.kernel.people.models import Account, Unit
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.record.journal import JournalEntry
from qingfeng.kernel.time.clocks import Running
from qingfeng.organization.models import Appointment
from qingfeng.regimes import shipped
from tests import cast
from tests.cast import NOW
from tests.faces.cli.conftest import Command

pytestmark = pytest.mark.django_db

PLAN = """\
jurisdiction: {code: minghe, name: 明河县}
units:
  - {code: "01", name: 效能办, sequence: 领导机关}
  - {code: "02", name: 住建局, parent: "01"}
people:
  - {username: mh1, name: 督查甲, role: supervision_office, unit: "01"}
  - {username: mh2, name: 督查乙, role: supervision_office, unit: "01"}
  - {username: mh3, name: 经办丙, role: unit_clerk, unit: "02", email: mh3@example.invalid}
  - {username: mh4, name: 系统丁, role: system_administrator, unit: "01"}
  - {username: mh5, name: 安全戊, role: security_administrator, unit: "01"}
"""

WRONG = {
    "unknown key": ("sequence:", "sequenze:", "plan.yaml:3: The key sequenze is unknown here."),
    "missing key": ("name: 住建局, ", "", "plan.yaml:4: The key name is missing."),
    "unit above that is none": (
        'parent: "01"',
        'parent: "09"',
        "plan.yaml:4: The unit above, 09, must stand",
    ),
    "double code": ('code: "02"', 'code: "01"', "plan.yaml:4: The code 01 stands here twice."),
    "unknown unit": ('unit: "02"', 'unit: "03"', "plan.yaml:8: There is no unit 03"),
    "unknown role": ("unit_clerk", "clerk", "plan.yaml:8: There is no role clerk."),
    "two names": ("username: mh2", "username: mh1", "plan.yaml:7: mh1 stands here with two names."),
    "empty text": ("name: 住建局", 'name: ""', "plan.yaml:4: Here stands a text of 1 to 80"),
    "list for mapping": (
        "{code: minghe, name: 明河县}",
        "[minghe]",
        "plan.yaml:1: Here stand keys with values",
    ),
    "too few": ("name: 督查乙, role: supervision_office", "name: 督查乙, role: cadre", "fewer than 2 people"),
    "taken name": ("mh3,", "office_a,", "The user name office_a is taken."),
    "founded before": ("code: minghe", "code: qingfeng", "qingfeng was founded before."),
    "jurisdiction above": ("明河县}", "明河县, parent: nowhere}", "There is no jurisdiction nowhere"),
}


def written(tmp_path: Path, text: str) -> str:
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_county_is_founded_from_its_plan(qingfeng: Command, tmp_path: Path) -> None:
    said = qingfeng("found", written(tmp_path, PLAN), "--sure")
    assert said.code == 0, said.err
    assert Unit.objects.get(jurisdiction__code="minghe", code="02").parent == Unit.objects.get(
        jurisdiction__code="minghe", code="01"
    )
    account = Account.objects.get(username="mh3")
    assert account.email == "mh3@example.invalid"
    assert not account.has_usable_password()


@pytest.mark.parametrize("code", ["minghe", "990101", "3401024", "３４０１", "340199", "3499", "1199"])
def test_a_code_that_names_no_division_is_founded_only_when_somebody_is_sure(
    qingfeng: Command, tmp_path: Path, code: str
) -> None:
    said = qingfeng("found", written(tmp_path, PLAN.replace("code: minghe", f'code: "{code}"', 1)))
    assert said.code == 1
    assert "GB/T 2260" in said.err
    assert not Unit.objects.filter(jurisdiction__code=code).exists()


@pytest.mark.parametrize("code", ["34", "3401", "340102", "659012", "429004"])
def test_a_code_of_a_province_a_city_or_a_county_is_taken_as_it_is(
    qingfeng: Command, tmp_path: Path, code: str
) -> None:
    assert qingfeng("found", written(tmp_path, PLAN.replace("code: minghe", f'code: "{code}"', 1))).code == 0


@pytest.mark.parametrize("fault", WRONG)
def test_a_plan_with_a_fault_is_refused_whole(qingfeng: Command, tmp_path: Path, fault: str) -> None:
    right, wrong, words = WRONG[fault]
    assert right in PLAN
    before = Unit.objects.count()
    said = qingfeng("found", written(tmp_path, PLAN.replace(right, wrong, 1)))
    assert said.code == 1
    assert words in said.err
    assert Unit.objects.count() == before


def test_the_plan_in_the_documentation_can_be_founded(qingfeng: Command, tmp_path: Path) -> None:
    page = Path(__file__).parents[3] / "docs" / "how-to" / "found-a-county.md"
    (plan,) = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    plan = textwrap.dedent("   " + plan.lstrip()).replace("username: ", "username: mh_")
    said = qingfeng("found", written(tmp_path, plan), "--sure")
    assert said.code == 0, said.err


def test_a_regime_file_is_checked_with_line_and_words(qingfeng: Command, tmp_path: Path) -> None:
    file = tmp_path / "regime.yaml"
    file.write_text(shipped()["demonstration"], encoding="utf-8")
    said = qingfeng("regime", "check", str(file))
    assert said.code == 0
    assert "not verified: problems.kinds from 2024-01-01" in said.out
    file.write_text(cast.demonstration().replace("unit: workday", "unit: week", 1), encoding="utf-8")
    said = qingfeng("regime", "check", str(file))
    assert said.code == 1
    assert "regime.yaml:" in said.err
    assert qingfeng("regime", "check", str(tmp_path / "none.yaml")).code == 2


def test_a_password_is_set_when_it_is_strong_enough(qingfeng: Command) -> None:
    account = cast.account("cadre")
    account.set_unusable_password()
    account.save()
    assert qingfeng("password", "cadre", typed="1234567890").code == 1
    assert qingfeng("password", "nobody", typed="x").code == 1
    account.refresh_from_db()
    assert not account.has_usable_password()
    validate_password("tian-qi-hen-hao-7", account)
    assert qingfeng("password", "cadre", typed="tian-qi-hen-hao-7").code == 0
    account.refresh_from_db()
    assert account.check_password("tian-qi-hen-hao-7")


def test_a_password_in_use_is_replaced_for_a_reason_only_and_the_journal_has_it(qingfeng: Command) -> None:
    said = qingfeng("password", "cadre", typed="tian-qi-hen-hao-7")
    assert (said.code, "accounts.ask" in said.err) == (1, True)
    assert cast.account("cadre").check_password(cast.PASSWORD)
    why = "both administrators are away"
    assert qingfeng("password", "cadre", "--reason", why, typed="tian-qi-hen-hao-7").code == 0
    assert cast.account("cadre").check_password("tian-qi-hen-hao-7")
    (line,) = JournalEntry.objects.filter(kind="administer")
    assert json.loads(line.body)["about"] == {
        "did": "password",
        "account": cast.account("cadre").pk,
        "why": why,
    }


def test_check_shows_what_the_worker_set_aside(qingfeng: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "start_up_faults", list)
    assert "Set aside" not in qingfeng("check").out
    found = cast.do(
        "rectification.register", "office_a", title="x", kind="inaction", topic="not_acting", description="x"
    )
    cast.do("rectification.verify", "office_a", found.matter, finding="x")
    housing = cast.unit("housing").pk
    cast.do("rectification.assign", "office_a", found.matter, responsible=housing, requirement="x")
    Running.objects.update(set_aside="RuntimeError: poison")
    Message.objects.create(channel="mail", payload={}, next_try_at=NOW, tries=6, error="refused")
    said = qingfeng("check")
    assert "RuntimeError: poison" in said.out
    assert "refused" in said.out


def test_a_fault_stops_serving_with_words(qingfeng: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "start_up_faults", lambda: ["qingfeng.E010: a trigger is missing"])
    for command in (("serve",), ("worker", "--once"), ("check",)):
        said = qingfeng(*command)
        assert said.code == 1
        assert "E010" in said.err


def test_the_ledger_is_sealed_and_verifies(qingfeng: Command) -> None:
    said = qingfeng("ledger", "checkpoint")
    assert Checkpoint.objects.filter(jurisdiction__code="qingfeng").get().hash in said.out
    said = qingfeng("ledger", "verify")
    assert (said.code, said.err) == (0, "")


def test_a_row_changed_by_hand_is_named(qingfeng: Command) -> None:
    assert qingfeng("ledger", "verify").code == 0
    unit = cast.unit("housing")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_unit SET name = 'x' WHERE id = %s", [unit.pk])
    said = qingfeng("ledger", "verify")
    assert said.code == 1
    assert str(unit.pk) in said.out


def test_a_proof_convinces_the_stand_alone_verifier(qingfeng: Command, tmp_path: Path) -> None:
    entry = Entry.objects.filter(jurisdiction__code="qingfeng").first()
    assert entry is not None
    assert qingfeng("ledger", "prove", entry.hash).code == 1
    worker.seal(NOW)
    for name in (entry.hash, str(entry.pk), f"{entry.chain}/{entry.seq}"):
        said = qingfeng("ledger", "prove", name)
        assert json.loads(said.out)["entry"] == entry.body
    proof = tmp_path / "proof.json"
    proof.write_text(said.out, encoding="utf-8")
    head = Checkpoint.objects.get(jurisdiction__code="qingfeng").hash
    assert qingfeng_verify.main([str(proof), "--head", head]) == 0
    assert qingfeng("ledger", "prove", "0" * 64).code == 1
    assert qingfeng("ledger", "prove", "rubbish").code == 2
    assert JournalEntry.objects.filter(kind="export").count() == 3


def test_an_export_convinces_the_stand_alone_verifier(qingfeng: Command, tmp_path: Path) -> None:
    worker.seal(NOW)
    file = tmp_path / "ledger.jsonl"
    assert qingfeng("ledger", "export", str(file)).code == 0
    assert qingfeng_verify.main([str(file)]) == 0
    assert qingfeng("ledger", "export", str(file)).code == 2
    assert qingfeng("ledger", "export", str(tmp_path / "no" / "such" / "folder.jsonl")).code == 1


def test_a_home_is_not_served_as_something_else_than_it_was_founded_as(
    qingfeng: Command, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True
    for command in ("check", "worker"):
        said = qingfeng(command)
        assert said.code == 1
        assert "founded for real people" in said.err
    monkeypatch.setattr(invented_district, "is_demonstration", lambda: True)
    assert qingfeng("check").code == 0
    settings.DEMO = False
    assert "founded as a demonstration" in qingfeng("check").err


def test_real_people_are_not_founded_in_a_demonstration(
    qingfeng: Command, settings: Any, tmp_path: Path
) -> None:
    settings.DEMO = True
    said = qingfeng("found", written(tmp_path, PLAN))
    assert said.code == 1
    assert "Unset QINGFENG_DEMO" in said.err
    settings.DEMO = False
    assert qingfeng("found", written(tmp_path, PLAN), "--sure").code == 0


def test_bringing_the_schema_up_to_date_enters_the_appointments_that_lack(qingfeng: Command) -> None:
    held = RoleHolding(
        person=cast.person("cadre"), role="cadre", unit=cast.unit("township"), valid_from=cast.TODAY
    )
    held.save(by_act=True)
    assert "1 roles had no appointment" in qingfeng("migrate").out
    entered = Appointment.objects.get(holding=held)
    assert entered.state == "standing"
    assert entered.entries.get().act == "enter"
    assert "appointment" not in qingfeng("migrate").out


def test_the_demonstration_is_refused_where_people_work(
    qingfeng: Command, settings: pytest.FixtureRequest
) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    assert "QINGFENG_DEMO" in qingfeng("demo").err
    settings.DEMO = True  # type: ignore[attr-defined]
    said = qingfeng("demo")
    assert said.code == 1
    assert "already" in said.err


def test_a_command_that_is_none_is_not_understood(qingfeng: Command) -> None:
    assert qingfeng("govern").code == 2
    assert qingfeng("list").code == 2
    assert "Not understood" in qingfeng("list").err


@pytest.mark.parametrize(
    ("arguments", "environment", "spoken"),
    [
        ([], {}, "zh-hans"),
        ([], {"LANG": "C.UTF-8"}, "zh-hans"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh-hans"),
        (["--lang", "en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["--lang=zh"], {"LANG": "en_GB.UTF-8"}, "zh-hans"),
    ],
)
def test_the_language_is_the_one_asked_for(
    arguments: list[str], environment: dict[str, str], spoken: str
) -> None:
    assert language(arguments, environment) == spoken


def test_a_wrong_setting_is_named_before_anything_starts(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "qingfeng.faces.cli", "check"],
        env={"QINGFENG_HOME": str(tmp_path), "QINGFENG_SESSION_MINUTES": "long", "PYTHONPATH": "src"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
    )
    assert said.returncode == 2
    assert "QINGFENG_SESSION_MINUTES" in said.stderr
    assert "Traceback" not in said.stderr
