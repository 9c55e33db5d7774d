"""Meetings in a real calendar program: vdirsyncer subscribes to the feed, khal shows what it fetched."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from qingfeng.faces.api import auth, tokens
from qingfeng.kernel.people.roles import RoleHolding
from tests import cast
from tests.cast import NOW, do
from tests.mechanisms.restraint.meetings.gatherings import approved, asked

SYNCED = """
[general]
status_path = "{home}/status"
[pair meetings]
a = "feed"
b = "here"
collections = null
[storage feed]
type = "http"
url = "{site}/api/calendar.ics"
username = "calendar"
password = "{secret}"
[storage here]
type = "filesystem"
path = "{home}/calendar"
fileext = ".ics"
"""
SHOWN = """
[calendars]
[[meetings]]
path = {home}/calendar
readonly = True
[locale]
local_timezone = Asia/Shanghai
default_timezone = Asia/Shanghai
timeformat = %H:%M
dateformat = %m-%d
longdateformat = %Y-%m-%d
datetimeformat = %m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {home}/khal.db
"""


class Program:
    """A calendar program on somebody's own machine, with a home of its own."""

    def __init__(self, home: Path, site: str, secret: str) -> None:
        self.home = home
        for name, text in (("sync", SYNCED), ("khal", SHOWN)):
            (home / name).write_text(text.format(home=home, site=site, secret=secret), encoding="utf-8")
        (home / "calendar").mkdir()

    def sync(self) -> None:
        """Subscribe anew, as the program does every hour."""
        for step in ("discover", "sync"):
            self._run("vdirsyncer", "-c", str(self.home / "sync"), step)

    def list(self) -> list[str]:
        """What stands in it for the year."""
        shown = (
            "--format",
            "{start-date-long} {start-time}-{end-time} {title} @ {location}",
            "--day-format",
            "",
        )
        return self._run("khal", "-c", str(self.home / "khal"), "list", *shown, "2026-01-01", "365d").split(
            "\n"
        )

    def _run(self, name: str, *words: str) -> str:
        env = {"HOME": str(self.home), "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "TZ": "Asia/Shanghai"}
        program = str(Path(sys.executable).with_name(name))
        done = subprocess.run(
            [program, *words], env=env, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()


@pytest.fixture
def program(served: str, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Program:
    settings.TIMEKEEPER = cast.clock()
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    settings.TOKEN_DAYS = 100
    monkeypatch.setattr(auth, "clock", cast.clock())
    cache.clear()
    holding = RoleHolding.objects.get(pk=cast.actor("clerk_housing").holding_id)
    issued = tokens.issue(
        cast.account("clerk_housing"), holding, "日程", 100, NOW, cast.the_system("command_line")
    )
    return Program(tmp_path, served, issued[1])


def test_a_calendar_program_shows_the_meetings_that_stand_and_drops_those_that_are_cancelled(
    program: Program,
) -> None:
    meeting = approved()
    approved(kind="discussion", title="座谈会", starts="2026-04-14 14:00", minutes=90, agenda=[])
    approved("clerk_education", title="全区教育工作会议")
    asked(kind="discussion", title="尚未批准的会议", starts="2026-04-13 09:00")
    program.sync()
    talk = "2026-04-14 14:00-15:30 座谈会 @ 区会议中心"
    assert program.list() == [talk, "2026-04-15 09:00-13:00 全区住房保障工作会议 @ 区会议中心"]
    do("meetings.cancel", "clerk_housing", meeting, why="与其他会议合并。")
    program.sync()
    assert program.list() == [talk]
