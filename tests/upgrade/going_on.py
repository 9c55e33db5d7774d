"""An old home is upgraded, and goes on: ``python -m tests.upgrade.going_on [work]``.

It migrates, verifies and checks; with ``work`` people read what stands there and act on it, time limits run out, and all is
verified again. What was found is printed as JSON. It is ten in the morning of the day after the home was filled.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import django
from django.db import connection

OFFICE = "office1"
WHO = (OFFICE, "clerk-housing", "leader1", "cadre-housing")
SEARCH = "/search/?q=窗口"
PAGES = ("/", "/inbox/", "/carried/", "/notices/", "/looks/", SEARCH, "/regime-in-force/")
ACTS: dict[str, dict[str, Any]] = {
    "leave.confirm": {"agrees": True, "proof_seen": True},
    "problem_lists.approve": {},
    "rectification.sign": {},
    "rectification.send_back": {"reason": "未见公示。"},
    "rectification.verify": {"finding": "属实。"},
    "tasks.confirm": {"finding": "已核对。"},
    "reception.send_back": {"reason": "清单缺一项。"},
}
"""What waits on somebody in every demonstration, and with what it is done."""
LATER = timedelta(days=5)
"""Days on, when time limits have run out."""
UNSENT = ("letters", "witnesses")


def at(moment: datetime) -> None:
    """Let it be that time, for whoever asks."""
    from qingfeng.kernel.time.timekeeper import SystemTime

    SystemTime.now = lambda _self: moment  # type: ignore[method-assign]


def morning_after() -> datetime:
    """Ten in the morning after the last line of the journal, read before the program may know the tables."""
    from qingfeng.kernel.time.timekeeper import ZONE

    with connection.cursor() as cursor:
        cursor.execute("SELECT max(at) FROM kernel_journalentry")
        last = cursor.fetchone()[0]
    filled = last if isinstance(last, datetime) else datetime.fromisoformat(f"{last}+00:00")
    return (filled.astimezone(ZONE) + timedelta(days=1)).replace(hour=10, minute=0)


def command(*arguments: str) -> tuple[int, str]:
    from qingfeng.faces.cli.commands import run

    said = StringIO()
    with redirect_stdout(said):
        code = run(["--lang", "en", *arguments])
    return code, said.getvalue()


def faults() -> list[str]:
    from qingfeng.kernel.ledger.verify import verify

    return [str(fault) for fault in verify()]


def restated() -> list[str]:
    """The classes whose rows the last upgrade said anew."""
    from qingfeng.kernel.ledger.models import Entry

    begun = Entry.objects.filter(matter__mechanism="upgrade", act="begin").order_by("id").last()
    return sorted(of for of, *_lists in begun.content["notes"]["upgrade"]) if begun else []


def actor(name: str, now: datetime) -> Any:
    from qingfeng.kernel.people.actors import in_role
    from qingfeng.kernel.people.models import Account
    from qingfeng.kernel.time.periods import day_of

    return in_role(Account.objects.get(username=name), day_of(now))


def looked_at() -> Iterator[tuple[str, str, int]]:
    """Who got which page, and with what answer: first pages, then lists, each with a matter of it.

    The office looks at every list, and at its figures; the others at two. A search that finds nothing counts as not there.
    """
    from django.conf import settings
    from django.test import Client

    from qingfeng.kernel.people.models import Account

    settings.ALLOWED_HOSTS = ["testserver"]
    for name in WHO:
        client = Client(raise_request_exception=False, HTTP_ACCEPT_LANGUAGE="zh-hans")
        reader = Account.objects.get(username=name)
        client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
        most, figures = (None, "statistics/|") if name == OFFICE else (2, "")
        pages = list(PAGES)
        for page in pages:
            answer = client.get(page)
            shown = answer.content.decode()
            missed = name == OFFICE and page == SEARCH and not re.search(r'href="/[a-z_]+/\d+/', shown)
            yield name, page, 404 if missed else answer.status_code
            if page == "/" or (re.fullmatch(r"/[a-z_]+/", page) and page not in PAGES):
                wanted = r"/[a-z_]+/" if page == "/" else rf"{page}(?:{figures}\d+/)"
                links = dict.fromkeys(re.findall(rf'href="({wanted})"', shown))
                if page == "/":
                    pages += [link for link in links if link not in PAGES][:most]
                else:
                    # One matter is enough of each list.
                    pages += {re.sub(r"\d+", "", link): link for link in reversed(links)}.values()


def papers(reader: Any) -> int:
    """How many papers are read again, byte by byte as they went out."""
    from qingfeng.kernel.papers.issuing import rendition
    from qingfeng.kernel.papers.models import Paper
    from qingfeng.kernel.reading import reads

    return sum(bool(rendition(reads.paper(reader, pk))) for pk in Paper.objects.values_list("pk", flat=True))


def acted(now: datetime) -> list[str]:
    """Which of the acts that wait on somebody were done."""
    from qingfeng.kernel.acts.engine import perform
    from qingfeng.kernel.matters.registry import acts_of, matter_class
    from qingfeng.kernel.people.models import Account
    from qingfeng.kernel.reading import reads
    from qingfeng.kernel.refusals import Refusal

    done: list[str] = []
    for account in Account.objects.order_by("id"):
        acting = actor(account.username, now)
        for row in reads.inbox(acting, size=100).rows:
            name = f"{row.matter.mechanism}.{row.act}"
            if name in ACTS and name not in done:
                act = acts_of(matter_class(row.matter.mechanism))[row.act]
                try:
                    perform(act, acting, ACTS[name], now, matter_id=row.matter_id)
                except Refusal as refusal:
                    print(name, refusal, file=sys.stderr)
                    continue
                done.append(name)
    return done


def went_on(now: datetime) -> dict[str, int]:
    """What the worker did on that day and days later, but for the letters of the demonstration."""
    from qingfeng.kernel.background.worker import Worker, duties
    from qingfeng.kernel.time.timekeeper import SystemTime

    did: Counter[str] = Counter()
    for moment in (now, now + LATER):
        at(moment)
        worker = Worker(SystemTime(), [one for one in duties() if one.name not in UNSENT])
        while any((done := worker.tick()).values()):
            did.update(done)
    return dict(did)


def told_outside(home: Path) -> list[str]:
    """What the verifier that knows nothing of this project says of the whole ledger."""
    from qingfeng.kernel.ledger.standalone import qingfeng_verify

    target, said = home / "ledger.jsonl", list[str]()
    code, words = command("ledger", "export", str(target))
    assert code == 0, words
    assert qingfeng_verify.main([str(target), "--lang", "en"], said.append) == 0, said
    return said


def worked(now: datetime) -> dict[str, Any]:
    """Who read, did and was told what."""
    from django.conf import settings

    from qingfeng.kernel.ledger.models import Entry

    before = Entry.objects.count()
    pages = list(looked_at())
    read = papers(actor(OFFICE, now))
    done = acted(now)
    did = went_on(now)
    return {
        "pages": len(pages),
        "refused": [page for page in pages if page[2] != 200],
        "papers": read,
        "done": done,
        "did": did,
        "entries": Entry.objects.count() - before,
        "faults": faults(),
        "outside": told_outside(settings.HOME),
        "health": json.loads(command("health", "--json")[1])["ill"],
    }


def main() -> None:
    django.setup()
    now = morning_after()
    at(now)
    told: dict[str, Any] = {"migrated": command("migrate"), "faults": faults(), "restated": restated()}
    told |= {"work": worked(now)} if "work" in sys.argv else {"checked": command("check")}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
