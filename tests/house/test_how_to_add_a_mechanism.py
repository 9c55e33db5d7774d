"""docs/how-to/add-a-mechanism.md, word for word: its files are built, its commands run, and what it promises is there."""

import fcntl
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "how-to" / "add-a-mechanism.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`(\w+/\S+)`\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
COMMANDS = "".join(re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)).splitlines()
WALK = Path(__file__).with_name("adding_a_mechanism.py")


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process of its own saw that followed the page in an empty folder; once a run, whichever worker comes first."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, kept = shared / "how-to", shared / "how-to.json"
    with (shared / "how-to.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            folder.mkdir()
            kept.write_text(json.dumps(_followed(folder)), encoding="utf-8")
    found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return found | {"folder": folder}


def _followed(folder: Path) -> dict[str, Any]:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QINGFENG_")}
    kept.pop("DATABASE_URL", None)
    exported = dict(
        pair.split("=", 1)
        for line in COMMANDS
        if line.startswith("export ")
        for pair in line.removeprefix("export ").replace("$PWD", str(folder)).split()
    )
    path = os.pathsep.join([exported.pop("PYTHONPATH"), str(ROOT / "src")])
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            str(WALK),
            *[line for line in COMMANDS if not line.startswith("export ")],
        ],
        cwd=folder,
        env={
            **kept,
            **exported,
            "PYTHONPATH": path,
            "LANG": "en_US.UTF-8",
            "DJANGO_SETTINGS_MODULE": "qingfeng.settings",
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(("folder", "most"), [("suggestion", 60), ("promise", 110), ("lecture", 100)])
def test_a_folder_has_few_lines_without_what_is_generated(folder: str, most: int) -> None:
    files = {name: text for name, text in FILES.items() if name.startswith(f"{folder}/")}
    assert f"{folder}/models.py" in files
    assert sum(text.count("\n") for text in files.values()) <= most


def test_every_command_succeeds_and_the_checks_are_clean(seen: dict[str, Any]) -> None:
    assert [command for command, code, _said in seen["commands"] if code] == []
    assert len(seen["commands"]) == len([line for line in COMMANDS if not line.startswith("export ")])
    assert seen["faults"] == []


def test_the_table_is_in_the_database(seen: dict[str, Any]) -> None:
    assert {"unit_id", "author_id", "idea"} <= set(seen["columns"])


def test_the_form_asks_for_what_the_method_takes_and_sends_the_act(seen: dict[str, Any]) -> None:
    assert {"title", "unit", "idea"} <= set(seen["form"])
    assert seen["by_console"] == ["waiting", "中午加开窗口"]


def test_the_command_offers_the_inputs_and_does_the_act(seen: dict[str, Any]) -> None:
    said = {command: text for command, _code, text in seen["commands"]}
    helped = next(text for command, text in said.items() if command.endswith("--help"))
    assert {"--title", "--unit", "--idea"} <= set(helped.split())
    assert seen["by_command"] == "午间不断岗"


def test_the_operation_is_described_and_does_the_act(seen: dict[str, Any]) -> None:
    assert {"/api/v1/suggestion", "/api/v1/suggestion/{matter_id}/answer"} <= set(seen["operations"])
    assert seen["by_api"] == [200, "adopted"]


def test_the_act_waited_in_the_inbox_of_who_owed_it_until_it_was_done(seen: dict[str, Any]) -> None:
    assert seen["owed_before"] == ["中午加开窗口", "午间不断岗"]
    assert seen["owed_after"] == ["中午加开窗口"]


def test_who_did_not_make_it_nor_owes_it_does_not_see_it(seen: dict[str, Any]) -> None:
    assert seen["stranger"] == 404


def test_the_fact_and_the_entry_with_the_parameter_it_read_are_kept(seen: dict[str, Any]) -> None:
    assert seen["facts"] == [["suggestion.answered", 1]]
    assert seen["policy"] == ["suggestion.answer_within"]
    assert seen["verified"] == []


def test_a_row_is_chosen_kept_and_told(seen: dict[str, Any]) -> None:
    assert seen["promises"] == [[1, "办事一次办好", "kept"]]
    assert seen["rows_told"] == [["办事一次办好"], ["promises"]]


def test_each_leader_has_the_year_that_runs_and_one_that_is_struck_counts_no_more(
    seen: dict[str, Any],
) -> None:
    assert seen["years"] == seen["bound"]
    assert seen["reached"] == [0, 1, 0]


def test_the_handbook_has_a_page_with_the_state_picture(seen: dict[str, Any]) -> None:
    assert "<svg" in seen["handbook"]
    assert "记为逾期" in seen["handbook"]
    page = (seen["folder"] / "suggestion-handbook" / "zh" / "suggestion.md").read_text(encoding="utf-8")
    picture = (seen["folder"] / "suggestion-handbook" / "zh" / "suggestion.svg").read_text(encoding="utf-8")
    assert "答复时限" in page
    assert "待答复" in picture
