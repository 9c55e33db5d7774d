"""The walk of test_how_to_add_a_mechanism: a process of its own, for an installation with one mechanism more.

Its arguments are the page's commands; the last line it prints is what it saw, as JSON.
"""

import io
import json
import re
import shlex
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after set-up
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from qingfeng.faces.cli.commands import run  # noqa: E402
from qingfeng.faces.cli.maintenance import start_up_faults  # noqa: E402
from qingfeng.faces.invented_district import PASSWORD  # noqa: E402
from qingfeng.kernel.acts.engine import perform  # noqa: E402
from qingfeng.kernel.ledger.models import Entry  # noqa: E402
from qingfeng.kernel.ledger.verify import verify  # noqa: E402
from qingfeng.kernel.matters.registry import find_act, matter_class  # noqa: E402
from qingfeng.kernel.people.actors import Actor, in_role  # noqa: E402
from qingfeng.kernel.people.models import Account, standing  # noqa: E402
from qingfeng.kernel.reading import reads  # noqa: E402
from qingfeng.kernel.record.facts import Fact  # noqa: E402
from qingfeng.kernel.time.periods import day_of  # noqa: E402
from qingfeng.kernel.time.timekeeper import SystemTime  # noqa: E402
from qingfeng.mechanisms.problems.rectification import demonstration  # noqa: E402
from qingfeng.organization.cadres import CadreRecord  # noqa: E402

ID = re.compile(r"\(ID (\d+), version \d+\)")
HOUSING = 6


def main(commands: list[str]) -> dict[str, Any]:
    # Else the page's own makemigrations would write the missing one of the house into the sources.
    call_command("makemigrations", "kernel", "organization", "--check", "--dry-run")
    demonstration.COUNT = 2  # the page's demonstration, told shortly
    done: list[tuple[str, int, str]] = []
    printed = ""
    for command in commands:
        code, said = follow(command, *ID.findall(printed)[-1:])
        printed += said
        done.append((command, code, said))
    code = "suggestion"
    matters = matter_class(code)._default_manager
    by_command = matters.get()
    form, by_console = through_the_console()
    before = owed()
    client = Client(SERVER_NAME="localhost", headers={"authorization": f"Bearer {printed_secret(done)}"})
    answered = client.post(
        f"/api/v1/{code}/{by_command.pk}/answer",
        {"adopt": True, "reply": "即日起轮流值守。"},
        content_type="application/json",
    )
    with connection.cursor() as cursor:
        columns = [
            one.name
            for one in connection.introspection.get_table_description(cursor, "suggestion_suggestion")
        ]
    sheet = matter_class("promise")._default_manager.get()
    return {
        "commands": done,
        "faults": start_up_faults(),
        "columns": columns,
        "form": form,
        "by_console": by_console,
        "by_command": by_command.title,
        "by_api": [answered.status_code, answered.json()["matter"]["state"]["code"]],
        "operations": list(Client(SERVER_NAME="localhost").get("/api/v1/openapi.json").json()["paths"]),
        "owed_before": before,
        "owed_after": owed(),
        "stranger": signed_in("clerk-education").get(f"/{code}/{by_command.pk}/").status_code,
        "facts": list(Fact.objects.filter(name__startswith=code).values_list("name", "quantity")),
        "policy": [
            row[0] for row in json.loads(Entry.objects.get(matter=by_command, act="make").body)["policy"]
        ],
        "handbook": signed_in("cadre1").get(f"/handbook/{code}/").content.decode(),
        "promises": [(row.number, row.what, row.row_state) for row in sheet.promises.all],
        "rows_told": rows_told(sheet.pk),
        **lectures(),
        "verified": [str(fault) for fault in verify()],
    }


def rows_told(sheet: int) -> tuple[list[str], list[str]]:
    """The first column of the rows as a program is told them, and the names of the rows the matter has."""
    secret = io.StringIO()
    with redirect_stdout(secret), mock.patch("sys.stdin", io.StringIO(PASSWORD + "\n")):
        run(["token", "issue", "promises", "--as", "head-housing"])
    client = Client(
        SERVER_NAME="localhost", headers={"authorization": f"Bearer {secret.getvalue().split()[-1]}"}
    )
    rows = client.get(f"/api/v1/promise/{sheet}/promises").json()
    whole = client.get(f"/api/v1/promise/{sheet}").json()
    return [row["what"] for row in rows["rows"]], list(whole["rows"])


def lectures() -> dict[str, Any]:
    """Who has a year and who is bound; how many one has given: at first, with one, with it struck."""
    matter = matter_class("lecture")
    now = SystemTime().now()
    bound = CadreRecord.objects.filter(standing(day_of(now)), rank__in=("division", "section"))
    leader, office = acting("leader1"), acting("office1")
    year = matter._default_manager.get(person=leader.person_id)
    goal = type(year).goal
    given = [goal.progress([year], day_of(now))[year.pk].done]
    for name, actor, asked in (
        ("give", leader, {"day": day_of(now).isoformat(), "topic": "依法行政"}),
        ("strike", office, {"lecture": 1, "reason": "听课人数不足。"}),
    ):
        perform(find_act(matter, name), actor, asked, now, matter_id=year.pk)
        given.append(goal.progress([year], day_of(now))[year.pk].done)
    return {
        "years": sorted(matter._default_manager.values_list("person", flat=True)),
        "bound": sorted(set(bound.values_list("person", flat=True))),
        "reached": given,
    }


def follow(command: str, *last: str) -> tuple[int, str]:
    """Run one line of the page as the shell would; returns its exit code and what it printed."""
    read = re.sub(
        r'"\$\(cat (\S+)\)"', lambda found: shlex.quote(Path(found[1]).read_text(encoding="utf-8")), command
    )
    words = [last[0] if word == "ID" else word for word in shlex.split(read)]
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said), mock.patch("sys.stdin", io.StringIO(PASSWORD + "\n")):
        if words[:3] == ["python", "-m", "django"]:
            call_command(*[word for word in words[3:] if word not in ("--settings", "qingfeng.settings")])
            return 0, said.getvalue()
        if words[0] != "qingfeng":
            raise ValueError(f"the page may not ask for: {command}")
        return run(words[1:]), said.getvalue()


def printed_secret(done: list[tuple[str, int, str]]) -> str:
    return next(said for command, _code, said in done if "token issue" in command).split()[-1]


def signed_in(username: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    answer = client.post("/sign-in/", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302, answer.status_code
    return client


def through_the_console() -> tuple[list[str], list[str]]:
    """The names of the form's controls; the state and title of what was sent with it."""
    client = signed_in("cadre2")
    page = client.get("/suggestion/new/make/").content.decode()
    names = re.findall(r'name="([a-z]+)"', page)
    sent = {
        "title": "中午加开窗口",
        "unit": HOUSING,
        "idea": "午间办事的人多。",
        "version": "",
        "key": "once",
    }
    answer = client.post("/suggestion/new/make/", sent)
    assert answer.status_code == 303, answer.content.decode()
    made = matter_class("suggestion")._default_manager.get(title=sent["title"])
    return names, [made.state, made.title]


def owed() -> list[str]:
    """The titles in the inbox of the head of housing."""
    return sorted(task.matter.title for task in reads.inbox(acting("head-housing")).rows)


def acting(username: str) -> Actor:
    account = Account.objects.select_related("person").get(username=username)
    return in_role(account, day_of(SystemTime().now()))


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1:]), ensure_ascii=False))
