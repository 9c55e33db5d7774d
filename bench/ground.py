"""The ground a benchmark stands on: a database of its own, the demonstration regime in force, a cast of actors.

Nothing of Django may be imported before ``laid`` has set the environment; the other modules of this
folder therefore import inside their functions.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.postgres import Cluster

if TYPE_CHECKING:
    from qingfeng.kernel.people.actors import Actor

ROOT = Path(__file__).parent.parent
NOW = dt.datetime(2026, 11, 20, 3, 0, tzinfo=dt.UTC)
UNITS = 60
ACTS = 9
"""How many acts a problem's life has."""


@dataclass
class Ground:
    """What was laid: the cluster (none on SQLite) and the installation's home."""

    home: Path
    cluster: Cluster | None


@contextmanager
def laid(
    database: str = "postgresql",
    settings: str = "qingfeng.settings",
    founded: bool = True,
    kept: str = "",
) -> Iterator[Ground]:
    """A migrated installation, founded and with the demonstration regime in force; gone afterwards.

    :param kept: the URL of a database that an earlier run laid and left; nothing is laid then
    """
    home = Path(tempfile.mkdtemp(prefix="qingfeng-bench-", dir="/tmp"))
    for name in [name for name in os.environ if name.startswith("QINGFENG_")]:
        del os.environ[name]
    os.environ.pop("DATABASE_URL", None)
    os.environ["QINGFENG_HOME"] = str(home)
    os.environ["QINGFENG_DEMO"] = "true"
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    cluster = None
    try:
        if kept:
            os.environ["DATABASE_URL"] = kept
            join()
        elif database == "postgresql":
            cluster = Cluster()
            cluster.start()
            os.environ["DATABASE_URL"] = cluster.url
        if not kept:
            start()
        if founded and not kept:
            found()
        yield Ground(home, cluster)
    finally:
        leave()
        if cluster is not None:
            cluster.stop()
        shutil.rmtree(home)


def start() -> None:
    """Set Django up and migrate."""
    from django.core.management import call_command

    join()
    call_command("migrate", skip_checks=True, verbosity=0)


def join() -> None:
    """Set Django up in a process that works on ground laid by another."""
    import django

    sys.path.insert(0, str(ROOT / "src"))
    django.setup()
    # As the web process does when it has loaded everything.
    gc.collect()
    gc.freeze()


def found(units: int = UNITS) -> None:
    """Found the district with its office (unit 0) and its other units, and activate the regime.

    There is a clerk in each unit, and in 07 a leader and a cadre too.
    """
    from qingfeng.kernel.acts.engine import perform
    from qingfeng.kernel.matters.registry import acts_of
    from qingfeng.kernel.people.actors import system
    from qingfeng.kernel.people.models import Jurisdiction
    from qingfeng.organization.models import Activation, Founding
    from qingfeng.regimes import shipped

    district = Jurisdiction.objects.create(code="qingfeng", name="清风区")
    codes = [f"{number:02}" for number in range(units + 1)]
    people = [
        {"username": f"office{number}", "name": "甲乙"[number], "role": "supervision_office", "unit": "00"}
        for number in range(2)
    ]
    people += [
        {"username": f"clerk{code}", "name": f"经办{code}", "role": "unit_clerk", "unit": code}
        for code in codes[1:]
    ]
    people += [
        {"username": f"{role}07", "name": name, "role": role, "unit": "07"}
        for role, name in (("leader", "丙"), ("cadre", "丁"))
    ]
    plan = {"units": [{"code": code, "name": f"单位{code}"} for code in codes], "people": people}
    perform(acts_of(Founding)["found"], system("founding", [district.pk]), plan, NOW)
    # As if somebody had compared every number with its paper.
    text = shipped()["demonstration"].replace("verified: false", "verified: true")
    acts = acts_of(Activation)
    proposed = perform(acts["propose"], actor("office0"), {"text": text}, NOW)
    perform(acts["activate"], actor("office1"), {}, NOW, matter_id=proposed.matter.pk)


def actor(username: str) -> Actor:
    """An actor of the cast by the name it signs in with."""
    from qingfeng.kernel.people.actors import in_role
    from qingfeng.kernel.people.models import Account

    return in_role(Account.objects.get(username=username), NOW.date())


def unit(code: str) -> int:
    """The id of a unit by its code."""
    from qingfeng.kernel.people.models import Unit

    return Unit.objects.get(code=code).pk


def leave() -> None:
    """Close this process's connection and pool."""
    from django.apps import apps
    from django.db import connection

    if apps.ready:
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()


def lead_to(name: str) -> None:
    """Let every connection from now on lead to another database of the cluster."""
    from django.db import connections

    leave()
    connections.settings["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name


def administer(statement: str) -> None:
    """Run one statement on the cluster outside any transaction, on no database of the bench."""
    import psycopg

    with psycopg.connect(
        os.environ["DATABASE_URL"].rpartition("/")[0] + "/template1", autocommit=True
    ) as server:
        server.execute(statement)  # type: ignore[call-overload]


def plan(person_id: int, now: dt.datetime) -> dict[str, Any]:
    """A plan of two steps by one person, within the week."""
    days = [(now.date() + dt.timedelta(days=days)).isoformat() for days in (2, 6)]
    return {
        "rectifier": person_id,
        "measures": "窗口实行双岗。",
        "steps": [{"what": "排定轮值表", "day": days[0]}, {"what": "公示并抽查", "day": days[1]}],
        "finish_on": days[1],
    }


def life(
    office: Any, second: Any, clerk: Any, unit_id: int, now: dt.datetime = NOW
) -> list[tuple[str, Any, dict[str, Any]]]:
    """The acts of one problem from its finding to its writing off, one report sent back: name, actor, input."""
    return [
        (
            "register",
            office,
            {
                "title": "窗口无人值守",
                "kind": "inaction",
                "topic": "not_acting",
                "description": "上午十点窗口无人。",
            },
        ),
        ("verify", office, {"finding": "调取监控，情况属实。"}),
        ("assign", office, {"responsible": unit_id, "requirement": "三日内整改并报告。"}),
        ("sign", clerk, {}),
        ("plan", clerk, plan(clerk.person_id, now)),
        ("report", clerk, {"result": "已安排专人值守。", "no_evidence": "已由科室现场看过。"}),
        ("send_back", office, {"reason": "未见公示。"}),
        ("report", clerk, {"result": "已安排专人值守并公示。", "no_evidence": "已由科室现场看过。"}),
        ("write_off", second, {"finding": "实地核查属实。"}),
    ]
