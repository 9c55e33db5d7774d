"""Pages of the console as clerk, office, leader and cadre ask for them, and what each must show.

What a page shows is counted by SQL written by hand, which knows nothing of how the page finds it; a page that shows
anything else ends the bench, so that none is timed that is not the one it is called.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

COMMON, RARE, NONE, TWO = "窗口服务", "应急预案", "星际航行", "村道"
NUMBER = re.compile(r"整改〔2026〕(\d+)号")
"""The number of a matter ends in its id (``bulk``)."""
SEARCHED = (("common", COMMON), ("rare", RARE), ("no hit", NONE), ("two characters", TWO))
YEAR = 2026


@dataclass(frozen=True)
class Page:
    """A page: whose, where, and either the ids it lists in their order, or figures it must show."""

    name: str
    who: str
    address: str
    ids: Callable[[], list[int]] | None = None
    counts: Callable[[], list[int]] | None = None

    @property
    def of_year(self) -> bool:
        """Whether it counts all there was in a year."""
        return self.name.endswith(("statistics", "coverage")) or self.name == "office, first page"

    def check(self, html: str) -> None:
        """End the bench where it shows anything else."""
        shown = list(dict.fromkeys(map(int, NUMBER.findall(html))))
        if self.ids is not None and shown != (wanted := self.ids()):
            raise SystemExit(f"{self.name}: {self.address} shows {shown}, and not {wanted}")
        for count in self.counts() if self.counts is not None else ():
            if not (f">{count}<" in html or f">{count:,}<" in html):
                raise SystemExit(f"{self.name}: {self.address} doesn't show {count}")


def asked(sql: str, *values: Any) -> list[Any]:
    """The rows of a question in SQL; the first column alone where there is no other."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    return [row[0] if len(row) == 1 else row for row in rows]


def pieces(text: str) -> list[str]:
    """What the index has of a Chinese word: the pairs of its characters."""
    return ["".join(pair) for pair in pairwise(text)]


def having(text: str) -> tuple[str, str]:
    """The condition that a matter has a word, and its value."""
    from django.db import connection

    if connection.vendor == "postgresql":
        found = "SELECT matter_id FROM kernel_matter_words WHERE words @@ %s::tsquery"
        return found, " & ".join(f"'{piece}'" for piece in pieces(text))
    found = "SELECT rowid FROM kernel_matter_words WHERE kernel_matter_words MATCH %s"
    return found, " AND ".join(f'"{piece}"' for piece in pieces(text))


def pages() -> Iterator[Page]:
    """All of them; the cast is that of ``ground``."""
    from bench import ground

    district = ground.actor("office0").jurisdictions[0]
    unit = ground.unit("07")
    opened = f"m.opened_at >= '{YEAR - 1}-12-31 16:00:00' AND m.opened_at < '{YEAR}-12-31 16:00:00'"
    if _postgresql():
        opened = opened.replace(":00'", ":00+00'")
    problems = "kernel_matter m JOIN rectification_problem p ON p.matter_ptr_id = m.id"

    def newest(condition: str, *values: Any, also: str = "") -> Callable[[], list[int]]:
        sql = f"SELECT m.id FROM {problems} {also} WHERE {condition} ORDER BY m.id DESC LIMIT 20"
        return lambda: asked(sql, *values)

    def waiting(holder: str, most: int) -> Callable[[], list[int]]:
        sql = (
            "SELECT matter_id FROM kernel_access WHERE holder = %s AND act <> ''"
            " ORDER BY due IS NULL, due, matter_id, id LIMIT %s"
        )
        return lambda: list(dict.fromkeys(asked(sql, holder, most)))

    def kinds(condition: str) -> Callable[[], list[int]]:
        """How many problems of each kind ended, as a table of figures has them."""
        sql = f"SELECT count(*) FROM {problems} WHERE {opened} AND m.state = 'written_off' AND {condition} GROUP BY p.kind"
        return lambda: asked(sql)

    def looked(condition: str) -> Callable[[], list[int]]:
        """How often units were looked at on focus topics: the highest square of the grid."""
        sql = (
            f"SELECT count(*) FROM {problems} WHERE {opened} AND p.responsible_id IS NOT NULL AND p.topic <> ''"
            f" AND {condition} GROUP BY p.topic, p.responsible_id ORDER BY 1 DESC LIMIT 1"
        )
        return lambda: asked(sql)

    whole, own = f"m.jurisdiction_id = {district}", f"p.responsible_id = {unit}"
    statistics, grid = f"/rectification/statistics/?year={YEAR}", f"/looks/?year={YEAR}"
    yield Page("clerk, inbox", "clerk07", "/inbox/", waiting(f"unit_clerk@u{unit}", 20))
    for who, name in (("clerk07", "clerk"), ("leader07", "leader")):
        yield Page(f"{name}, list", who, "/rectification/", newest(own))
        yield Page(
            f"{name}, list of open", who, "/rectification/?open=open", newest(f"{own} AND NOT m.closed")
        )
    yield Page("office, list", "office0", "/rectification/", newest(whole))
    yield Page(
        "office, list of open", "office0", "/rectification/?open=open", newest(f"{whole} AND NOT m.closed")
    )
    for who, name, condition in (("clerk07", "clerk", own), ("office0", "office", whole)):
        for hits, text in SEARCHED:
            words, value = having(text)
            yield Page(
                f"{name}, search, {hits}",
                who,
                f"/search/?q={text}",
                newest(f"{condition} AND m.id IN ({words})", value),
            )
        yield Page(f"{name}, statistics", who, statistics, counts=kinds(condition))
        yield Page(f"{name}, coverage", who, grid, counts=looked(condition))
    overdue = (
        "SELECT count(DISTINCT matter_id) FROM kernel_access WHERE act <> '' AND due <= CURRENT_TIMESTAMP"
        " GROUP BY holder ORDER BY 1 DESC LIMIT 3"
    )
    yield Page("office, first page", "office0", "/", counts=lambda: asked(overdue))
    still_open = f"SELECT count(*) FROM {problems} WHERE {own} AND NOT m.closed"
    yield Page("leader, first page", "leader07", "/", counts=lambda: asked(still_open))
    clerk = f"unit_clerk@u{unit}"
    others = (
        "SELECT a.matter_id FROM kernel_access a JOIN kernel_access mine ON mine.matter_id = a.matter_id"
        " AND mine.holder = %s AND mine.act = '' AND NOT mine.closed WHERE a.act <> '' AND a.holder <> %s"
        " ORDER BY a.due IS NULL, a.due, a.matter_id, a.id LIMIT 10"
    )
    first = waiting(clerk, 10)
    yield Page(
        "clerk, first page", "clerk07", "/", lambda: [*first(), *dict.fromkeys(asked(others, clerk, clerk))]
    )
    yield Page("cadre, first page", "cadre07", "/", ids=list)
    yield Page("cadre, notices", "cadre07", "/notices/", ids=list)


def _postgresql() -> bool:
    from django.db import connection

    return connection.vendor == "postgresql"


class Reader:
    """Someone with a browser."""

    def __init__(self, username: str) -> None:
        from django.test import Client

        from qingfeng.kernel.people.models import Account

        logging.getLogger("axes").setLevel(logging.WARNING)  # every signing in is a line
        self.client = Client(headers={"host": "localhost"})
        backend = "django.contrib.auth.backends.ModelBackend"
        self.client.force_login(Account.objects.get(username=username), backend=backend)

    def ask(self, address: str) -> tuple[str, float, float]:
        """The page at an address, its seconds on the wall, and those of the processor (of this process)."""
        began, used = time.perf_counter(), time.process_time()
        answer = self.client.get(address)
        took = time.perf_counter() - began, time.process_time() - used
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code} {answer.get('Location', '')}")
        return answer.content.decode(), *took
