"""A small world with a row in every table of the kernel, for what tampers with it: the tests' cast and toys, at work."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.refusals import Refusal
from tests.cast import NOW, do, person, the_system, unit
from tests.sheets import plan

LATER = NOW + timedelta(days=4)


def at_work() -> None:
    """Problems in every state, refusals, an overdue clock; with the toys installed books, steps, draws, appeals."""
    for place in range(3):
        sheet = do(
            "rectification.register",
            "office_a",
            title=f"窗口无人值守之{place}",
            kind="inaction",
            topic="not_acting",
            description=f"第{place}次",
        ).matter
        if place == 0:
            continue
        do("rectification.verify", "office_a", sheet, finding="属实。")
        do(
            "rectification.assign",
            "office_a",
            sheet,
            responsible=unit("housing").pk,
            requirement=f"{place + 1}日内整改",
        )
        with suppress(Refusal):
            do("rectification.sign", "clerk_education", sheet)
        if place == 1:
            do("rectification.sign_overdue", the_system("clock"), sheet, at=LATER)
            continue
        do("rectification.sign", "clerk_housing", sheet)
        do("rectification.plan", "clerk_housing", sheet, **plan())
        do(
            "rectification.report",
            "clerk_housing",
            sheet,
            result="已安排专人。",
            no_evidence="已由科室现场看过。",
        )
        do("rectification.send_back", "office_a", sheet, reason="未见公示。")
        do(
            "rectification.report",
            "clerk_housing",
            sheet,
            result="已公示。",
            no_evidence="已由科室现场看过。",
        )
        do("rectification.write_off", "office_b", sheet, finding="属实。")
    if "trip" in mechanisms():
        _toys()
    seal_all(LATER, signer())
    do(
        "rectification.register",
        "office_a",
        title="后来的一件",
        kind="inaction",
        topic="not_acting",
        description="……",
    )
    seal_all(LATER + timedelta(minutes=1), signer())


def _toys() -> None:
    trip = do("trip.ask", "clerk_housing", title="赴省厅对接", beside=unit("education").pk).matter
    do("trip.decide", "head_housing", trip, agrees=True)
    do("trip.decide", "finance", trip, agrees=True)
    for clerk, amount in (("clerk_housing", 2_000_000), ("clerk_education", 300_000)):
        spending = do("spending.reserve", clerk, amount=amount).matter
        do("spending.reserve", clerk, amount=amount // 2)
        do("spending.spend", clerk, spending)
    do("spot_check.draw", "office_a", seed="ab" * 32)
    matter = do(
        "demotion.propose",
        "office_a",
        person=person("cadre").pk,
        proposed="demoted",
        grounds="半年排名末位。",
        clause="第六条",
    ).matter
    do("demotion.notify", "office_a", matter)
    do("demotion.state_view", "cadre", matter, view="项目因外部原因中止。")
    do("demotion.decide", "department_a", matter, decided="demoted", document="组发1号", reasons="集体研究。")
    do("demotion.appeal", "cadre", matter, why="数据有误。")
    do(
        "demotion.review",
        "department_b",
        matter,
        result="kept",
        document="组复1号",
        reasons="重新计算后名次改变。",
        displaced=person("head_education").pk,
    )
