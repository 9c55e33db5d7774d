"""The demonstration is told by the mechanisms, in the order of time; the loader knows none of them."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from qingfeng.faces.cli.demo import loading
from qingfeng.faces.cli.demo.loading import DemonstrationRun
from qingfeng.faces.invented_district import PEOPLE, UNITS
from qingfeng.kernel.background import outbox
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.people.role import Role
from qingfeng.mechanisms.problems.rectification import demonstration
from tests.cast import NOW


def test_every_app_with_a_demonstration_tells_its_own() -> None:
    assert demonstration.events in list(loading.told_by_mechanisms())


def test_what_the_mechanisms_tell_happens_in_the_order_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []

    def tells(*told: tuple[int, int, str]) -> Any:
        def happen(words: str) -> Any:
            return lambda when: happened.append(f"{words} {(when - NOW).days}")

        return lambda telling: [
            (NOW + timedelta(days=day), order, happen(words)) for day, order, words in told
        ]

    def tellers() -> Iterator[Any]:
        yield tells((3, 0, "甲"), (1, 1, "乙"))
        yield tells((2, 0, "丙"), (1, 0, "丁"))

    nights: list[datetime] = []
    due = [NOW + timedelta(days=1, hours=2), NOW + timedelta(days=3)]

    def run_out(night: datetime) -> int:
        nights.append(night)
        return 0 if not due or due[0] > night else bool(due.pop(0))

    monkeypatch.setattr(loading, "told_by_mechanisms", tellers)
    monkeypatch.setattr(loading.worker, "run_out", run_out)
    monkeypatch.setattr(loading.worker, "next_due", lambda: due[0] if due else None)
    monkeypatch.setattr(loading.DemonstrationRun, "read", lambda _telling: None)
    telling = object.__new__(loading.DemonstrationRun)
    telling.begin, telling.end = NOW, NOW + timedelta(days=4)
    telling.tell()
    assert happened == ["丁 1", "乙 1", "丙 2", "甲 3"]
    # The two nights in which a clock runs out, and the end.
    assert [(night - NOW).days for night in nights] == [1, 3, 4]


def test_the_units_have_a_head_a_clerk_and_cadres_and_nobody_stands_twice() -> None:
    assert max(Counter(one.username for one in PEOPLE).values()) == 1
    assert len({one.name for one in PEOPLE}) == len(PEOPLE)
    for unit in UNITS[1:]:
        posts = Counter(one.role for one in PEOPLE if one.unit == unit.code)
        assert (posts[Role.UNIT_HEAD], posts[Role.UNIT_CLERK]) == (1, 1)
        assert posts[Role.CADRE] >= 8
    assert len(UNITS) == 60
    assert len(PEOPLE) >= 600
    everyone = Counter(one.role for one in PEOPLE)
    assert (everyone[Role.LEADER], everyone[Role.FINANCE]) == (6, 2)


@pytest.mark.django_db
def test_what_people_were_told_in_the_story_is_not_sent_when_the_worker_starts_and_wakes_whom_it_has_to() -> (
    None
):
    for days in (1, 40):
        outbox.tell("unit_clerk@u1", "有新的事项", "请登录查看", NOW - timedelta(days=days))
    waking = Message.objects.create(
        channel=Message.Channel.EVENT, payload={"event": "moved"}, next_try_at=NOW
    )
    DemonstrationRun.read(cast(DemonstrationRun, SimpleNamespace(end=NOW)))
    assert list(outbox.waiting(NOW)) == [waking]
    told = Message.objects.filter(payload__subject="有新的事项").order_by("next_try_at")
    assert [(one.sent_at, one.read_at is not None) for one in told] == [
        (NOW - timedelta(days=40), True),
        (NOW - timedelta(days=1), False),
    ]
