"""Acts and reads at the command line follow their declarations, and refuse in words."""

import json
from pathlib import Path
from typing import Any

import pytest

from qingfeng.faces.cli import acts
from qingfeng.faces.cli.parser import Commands, root
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from tests import cast
from tests.faces.cli.conftest import Command
from tests.sheets import plan

pytestmark = pytest.mark.django_db

NAMES = [f"{matter.code}.{name}" for matter in mechanisms().values() for name in acts_of(matter)]


@pytest.fixture
def found() -> Matter:
    return cast.do(
        "rectification.register",
        "office_a",
        title="窗口无人",
        kind="inaction",
        topic="not_acting",
        description="十点无人",
    ).matter


@pytest.fixture
def verified(found: Matter) -> Matter:
    return cast.do("rectification.verify", "office_a", found, finding="属实").matter


@pytest.fixture
def planned(signed: Matter) -> Matter:
    cast.do("rectification.plan", "clerk_housing", signed, **plan())
    return signed


@pytest.fixture
def signed(verified: Matter) -> Matter:
    found = verified
    cast.do("rectification.assign", "office_a", found, responsible=cast.unit("housing").pk, requirement="改")
    cast.do("rectification.sign", "clerk_housing", found)
    return found


def last(matter: Matter) -> str:
    return Entry.objects.filter(matter=matter.pk).latest("seq").act


@pytest.mark.parametrize("name", NAMES)
def test_every_act_has_a_command_with_an_option_for_each_input(name: str) -> None:
    parser = root()
    acts.add(Commands(parser, ["act", name]))
    code, _dot, own = name.partition(".")
    declared = acts_of(mechanisms()[code])[own]
    given = parser.parse_args(["act", name] if declared.opens else ["act", name, "7"])
    assert given.declared is declared
    options = parser.parse_args  # the parser stands; what it takes is seen from its help
    with pytest.raises(SystemExit) as stop:
        options(["act", name, "--help"])
    assert stop.value.code == 0


def test_the_help_of_an_act_names_every_input(qingfeng: Command) -> None:
    said = qingfeng("act", "rectification.assign", "--help")
    assert said.code == 0
    for option in ("--responsible", "--requirement", "--version", "ID"):
        assert option in said.out


def test_an_act_is_performed_and_its_entry_named(qingfeng: Command, verified: Matter) -> None:
    housing = str(cast.unit("housing").pk)
    said = qingfeng(
        *("act", "rectification.assign", str(verified.pk), "--responsible", housing, "--requirement", "整改"),
        who="office_a",
    )
    assert said.code == 0
    assert f"matter:{verified.pk}/3" in said.out
    assert last(verified) == "assign"


def test_the_input_may_come_as_json(qingfeng: Command, tmp_path: Path) -> None:
    file = tmp_path / "input.json"
    file.write_text(
        json.dumps({"title": "从文件来", "kind": "inaction", "topic": "not_acting", "description": "无"}),
        encoding="utf-8",
    )
    assert qingfeng("act", "rectification.register", "--json", str(file), who="office_a").code == 0
    assert Matter.objects.get(title="从文件来").state == "found"


@pytest.mark.parametrize("content", ["[1, 2]", "{", '"text"'])
def test_json_that_is_no_object_is_refused(qingfeng: Command, tmp_path: Path, content: str) -> None:
    file = tmp_path / "input.json"
    file.write_text(content)
    said = qingfeng("act", "rectification.register", "--json", str(file), who="office_a")
    assert said.code == 2
    assert "no JSON object" in said.err


def test_a_file_named_by_its_path_is_handed_in_with_the_act(
    qingfeng: Command, planned: Matter, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "attachments"
    settings.MEDIA_ROOT.mkdir()
    file = tmp_path / "证明.txt"
    file.write_text("已安排专人值守", encoding="utf-8")
    said = qingfeng(
        *("act", "rectification.report", str(planned.pk), "--result", "已改", "--evidence", str(file)),
        who="clerk_housing",
    )
    assert said.code == 0, said.err
    assert Attachment.objects.get(matter=planned.pk).name == "证明.txt"


def test_what_is_missing_is_named_with_its_option(qingfeng: Command) -> None:
    said = qingfeng("act", "rectification.register", "--title", "x", "--kind", "inaction", who="office_a")
    assert said.code == 1
    assert "--description: Please fill this in." in said.err


def test_who_may_not_is_told_why_and_nothing_happens(qingfeng: Command, planned: Matter) -> None:
    said = qingfeng("act", "rectification.report", str(planned.pk), "--result", "x", who="office_a")
    assert said.code == 1
    assert "This is for the Unit clerk" in said.err
    assert last(planned) == "plan"


def test_what_is_not_yours_to_read_is_not_there(qingfeng: Command, signed: Matter) -> None:
    for command in (("show", "rectification"), ("why", "rectification"), ("act", "rectification.report")):
        said = qingfeng(*command, str(signed.pk), who="clerk_education")
        assert said.code == 1
        assert "There is nothing here under this address." in said.err
        assert "窗口无人" not in said.out + said.err


def test_a_version_that_has_passed_is_a_conflict(qingfeng: Command, planned: Matter) -> None:
    said = qingfeng(
        *("act", "rectification.report", str(planned.pk), "--result", "x", "--version", "2"),
        who="clerk_housing",
    )
    assert said.code == 1
    assert "Someone else acted on this matter" in said.err


def test_lists_inbox_and_search_show_what_the_actor_may_read(qingfeng: Command, signed: Matter) -> None:
    number = str(signed.number)
    for command in (("list", "rectification", "--state", "signed"), ("inbox",), ("search", "无人")):
        assert number in qingfeng(*command, who="clerk_housing").out
        assert number not in qingfeng(*command, who="clerk_education").out


def test_a_list_goes_on_where_its_page_ended(qingfeng: Command, found: Matter, signed: Matter) -> None:
    second = cast.do(
        "rectification.register",
        "office_a",
        title="第二件",
        kind="inaction",
        topic="not_acting",
        description="无",
    )
    first = qingfeng("list", "rectification", "--size", "1", who="office_a").out
    assert "第二件" in first
    assert f"--after {second.matter.pk}" in first
    then = qingfeng(
        "list", "rectification", "--size", "1", "--after", str(second.matter.pk), who="office_a"
    ).out
    assert str(signed.number) in then


def test_a_filter_that_is_none_is_refused(qingfeng: Command) -> None:
    assert qingfeng("list", "rectification", "--where", "kind", who="office_a").code == 2
    assert qingfeng("list", "rectification", "--where", "secrecy=sealed", who="office_a").code == 1
    assert qingfeng("list", "nothing", who="office_a").code == 2


def test_a_matter_is_shown_with_its_timeline(qingfeng: Command, signed: Matter) -> None:
    said = qingfeng("show", "rectification", str(signed.pk), who="office_b")
    assert said.code == 0
    for words in ("窗口无人", "十点无人", "庚一", "receipt acknowledged, plan to come"):
        assert words in said.out


def test_why_says_of_each_act_whether_and_why_not(qingfeng: Command, planned: Matter) -> None:
    said = qingfeng("why", "rectification", str(planned.pk), who="clerk_housing")
    assert "rectification.report  Report rectification: yes" in said.out
    assert "rectification.write_off  Close out: no" in said.out


def test_choices_are_those_the_actor_is_offered(qingfeng: Command) -> None:
    units = qingfeng("choices", "rectification.assign", "responsible", who="office_a").out
    assert f"{cast.unit('housing').pk}" in units
    assert "林岸" not in units
    assert "inaction" in qingfeng("choices", "rectification.register", "kind", who="office_a").out
    assert qingfeng("choices", "rectification.register", "title", who="office_a").code == 2


def test_an_act_that_is_none_is_refused(qingfeng: Command) -> None:
    assert qingfeng("act", "rectification.abolish").code == 2
    assert "rectification.assign" in qingfeng("act").out


def test_a_key_is_done_once(qingfeng: Command) -> None:
    words = ("act", "rectification.register", "--title", "一次", "--kind", "inaction", "--description", "无")
    words += ("--topic", "formalities")
    for _time in range(2):
        assert qingfeng(*words, "--key", "k1", who="office_a").code == 0
    assert Matter.objects.filter(title="一次").count() == 1


def test_a_time_limit_shows_in_the_inbox(qingfeng: Command, planned: Matter) -> None:
    assert "2026-03-31 24:00" in qingfeng("inbox", who="clerk_housing").out


def test_statistics_are_printed_as_tables(qingfeng: Command, signed: Matter) -> None:
    said = qingfeng("statistics", "rectification", who="clerk_housing")
    assert said.code == 0
    assert "Problems found, by unit (Up to March 10, 2026)" in said.out
    assert "住建局" in said.out
    assert qingfeng("statistics", "rectification", "--year", "2027", who="office_a").code == 1
    assert "no statistics" in qingfeng("statistics", "regime", who="office_a").out
