"""What release one leaves behind, laid in a process of its own: ``python -m tests.releases.lay``."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import django
from django.core.management import call_command

BARRELS = ((225, "甲匠"), (60, "乙匠"), (30, "丙匠"))


def receive(who: str, name: str, content: bytes) -> str:
    """A file somebody handed in, by the door that files come in at."""
    from qingfeng.kernel.attachments import intake
    from tests.cast import NOW, account, jurisdiction

    held = intake.receive(BytesIO(content), name, account(who), jurisdiction(), NOW)
    return str(held.pk)


def picture(colour: str) -> bytes:
    from PIL import Image

    drawn = BytesIO()
    Image.new("RGB", (8, 8), colour).save(drawn, "PNG")
    return drawn.getvalue()


def evidence() -> None:
    """Two sheets with files handed in, one of them twice."""
    from tests.cast import do, unit
    from tests.sheets import plan

    for colours in (("red", "green"), ("blue",)):
        sheet = do(
            "rectification.register",
            "office_a",
            title=f"{colours[0]}牌脱落",
            kind="inaction",
            topic="not_acting",
            description="一次",
        )
        do("rectification.verify", "office_a", sheet.matter, finding="属实。")
        raw = {"responsible": unit("housing").pk, "requirement": "三日内整改"}
        do("rectification.assign", "office_a", sheet.matter, **raw)
        do("rectification.sign", "clerk_housing", sheet.matter)
        do("rectification.plan", "clerk_housing", sheet.matter, **plan())
        for colour in colours:
            files = [receive("clerk_housing", f"{colour}.png", picture(colour))]
            done = do(
                "rectification.report", "clerk_housing", sheet.matter, result="已整改。", evidence=files
            )
            if colour != colours[-1]:
                do("rectification.send_back", "office_a", done.matter, reason="未见公示。")


def clocks() -> None:
    """Three clocks that ran out and could not: two stay laid aside, one was let run again."""
    from qingfeng.kernel.background import worker
    from qingfeng.kernel.people import administration
    from qingfeng.kernel.time.clocks import Running
    from tests.cast import NOW, act, actor, do, unit

    sheets = []
    for place in range(4):
        sheet = do(
            "rectification.register",
            "office_a",
            title=f"路灯不亮之{place}",
            kind="inaction",
            topic="not_acting",
            description="一次",
        ).matter
        do("rectification.verify", "office_a", sheet, finding="属实。")
        do(
            "rectification.assign",
            "office_a",
            sheet,
            responsible=unit("housing").pk,
            requirement="三日内整改",
        )
        sheets.append(sheet.pk)
    overdue = act("rectification.sign_overdue")

    def failing(*_given: object) -> None:
        raise RuntimeError("poison")

    late = NOW.replace(day=13)
    found = Running.objects.filter(matter_id__in=sheets[:3], name="signing").select_related("matter")
    rows = list(found.order_by("matter_id"))
    for row in rows:
        worker._expire(row, replace(overdue, method=failing), late)
    asked = do("lending.ask", "system_administrator", reason="时限卡住", hours=4).matter
    do("lending.grant", "security_administrator", asked)
    administration.try_again(actor("system_administrator"), rows[2].pk, NOW)


def poll() -> None:
    """Five voters, four votes, released; and one still open."""
    from qingfeng.kernel.sealing.ballots import issue, redeem
    from tests.cast import TODAY, do, person

    for closes in (True, False):
        held = do("poll.start", "office_a", title="年终测评").matter
        voters = ("cadre", "head_housing", "clerk_housing", "clerk_education", "leader")
        tokens = [issue(held.pk, person(name), TODAY) for name in voters]
        for rating, token in enumerate(tokens[:4]):
            redeem(held.pk, token, {"rating": rating})
        if closes:
            do("poll.release", "office_b", held)


def cadres() -> None:
    """Two cadres, entered by one and confirmed by another."""
    from tests.cast import do, person, unit

    rows = [
        {
            "person": person(name).pk,
            "unit": unit("housing").pk,
            "rank": "clerk",
            "service_since": "2015-07-01",
            "since": "2026-01-01",
        }
        for name in ("cadre", "clerk_housing")
    ]
    listed = do("cadres.propose", "department_a", basis="任免文件", rows=rows).matter
    do("cadres.confirm", "department_b", listed)


def main() -> None:
    django.setup()
    call_command("migrate", skip_checks=True, verbosity=0)
    from bench.world import LATER, at_work
    from qingfeng.kernel.ledger.checkpoints import seal_all, signer
    from qingfeng.kernel.ledger.verify import verify
    from qingfeng.kernel.time.duties import open_due
    from tests.cast import FOUNDED, NOW, do, found_all

    found_all()
    text = (Path(__file__).parents[1] / "toys/regime.yaml").read_text(encoding="utf-8")
    proposed = do("regime.propose", "office_a", at=FOUNDED, text=text)
    do("regime.activate", "office_b", proposed.matter, at=FOUNDED)
    at_work()
    evidence()
    clocks()
    poll()
    cadres()
    open_due(NOW)
    barrels = [
        do("barrel.fill", "office_a", litres=litres, cooper=cooper).matter for litres, cooper in BARRELS
    ]
    do("barrel.drain", "office_a", barrels[1])
    do("barrel.hand_over", "office_a", barrels[0], keeper="新保管")
    for bore in (8, 10):
        tap = do("tap.fit", "office_a", bore=bore).matter
    do("tap.certify", "office_a", tap)
    do("tap.hoop", "office_a", tap)
    seal_all(LATER, signer())
    assert list(verify()) == [], [str(fault) for fault in verify()]


if __name__ == "__main__":
    main()
