"""The main job 主线 by programs with tokens: a workbook of messages, one a problem put right, checked and looked back at."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from qingfeng.kernel.background import worker
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.time.timekeeper import FixedTime
from tests import cast, messages
from tests.faces.api.conftest import Program
from tests.sheets import plan

pytestmark = pytest.mark.django_db


def hand_in(program: Program, content: bytes, name: str) -> str:
    """Hand a file in, and return its id."""
    headers = {"Authorization": f"Bearer {program.secret}"}
    file = SimpleUploadedFile(name, content)
    handed = program.client.post("/api/v1/attachments", {"file": file}, headers=headers)
    assert handed.status_code == 201, handed.content.decode()
    return str(handed.json()["id"])


def photo() -> bytes:
    drawn = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(drawn, "JPEG")
    return drawn.getvalue()


def do(program: Program, address: str, values: Any = None) -> Any:
    """Do an act, and return the matter after it."""
    done = program.post(address, values)
    assert done.status_code in (200, 201), done.content.decode()
    return done.json()["matter"]


def test_a_message_from_a_workbook_becomes_a_problem_that_is_put_right_checked_and_looked_back_at(
    programs: Callable[[str], Program], office: Program, second: Program, clerk: Program, clock: FixedTime
) -> None:
    file = hand_in(office, messages.workbook_of(), "三月来件.xlsx")
    received = do(office, "/intake", {"file": [file], "source": "市长信箱", "origin": "message"})
    batch = f"/intake/{received['id']}"
    assert received["fields"]["rows"] == len(messages.ROWS)
    do(office, f"{batch}/take_in")
    (take_in,) = [duty.perform for duty in worker.duties() if duty.name == "intake"]
    while take_in(clock.now()):
        pass
    taken = office.get(batch).json()
    assert (taken["state"]["code"], taken["fields"]["read"], taken["fields"]["unread"]) == ("taken_in", 5, 1)

    housing = cast.unit("housing").pk
    (message, *_more) = [
        one for one in office.get(f"{batch}/messages").json()["rows"] if one["title"] == "窗口中午没人"
    ]
    do(
        office,
        f"{batch}/open_sheet",
        {"row": message["row"], "kind": "inaction", "topic": "not_acting", "unit": housing},
    )
    (link,) = office.get(f"{batch}/links").json()["rows"]
    assert (link["kind"]["code"], link["matter"]["title"]) == ("message", "窗口中午没人")
    sheet = f"/rectification/{link['matter']['id']}"

    do(office, f"{sheet}/verify", {"finding": "调取监控，情况属实。"})
    do(office, f"{sheet}/assign", {"responsible": housing, "requirement": "三日内整改。"})
    assert clerk.get("/inbox").json()["rows"][0]["act"]["code"] == "sign"
    do(clerk, f"{sheet}/sign")
    do(clerk, f"{sheet}/plan", plan())
    evidence = [hand_in(clerk, photo(), "窗口现场.jpg")]
    do(clerk, f"{sheet}/report", {"result": "已安排专人值守。", "evidence": evidence})
    seen = second.get(f"/attachments/{evidence[0]}")
    assert (seen.status_code, seen["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(seen.streaming_content)
    do(second, f"{sheet}/send_back", {"reason": "午间仍无人，再查一次。"})
    do(clerk, f"{sheet}/report", {"result": "已公示替岗名单。", "no_evidence": "已由科室现场看过。"})
    do(second, f"{sheet}/write_off", {"finding": "现场复核属实。"})

    clock.advance(timedelta(days=91))
    assert worker.run_out(clock.now()) > 0
    later = programs("office_a")
    (waiting,) = [
        one for one in later.get("/inbox").json()["rows"] if one["matter"]["id"] == link["matter"]["id"]
    ]
    assert waiting["act"]["code"] == "look_back"
    held = do(later, f"{sheet}/look_back", {"finding": "三个月后复查，未反弹。"})
    assert (held["state"]["code"], held["closed"]) == ("held", True)
    lines = later.get(f"{sheet}/timeline").json()["rows"]
    assert [line["act"]["code"] for line in reversed(lines)] == [
        "register",
        "verify",
        "assign",
        "sign",
        "plan",
        "report",
        "send_back",
        "report",
        "write_off",
        "fall_due",
        "look_back",
    ]
    worker.seal(clock.now())
    assert list(verify()) == []


def test_the_messages_of_a_batch_are_told_page_by_page_to_who_reads_it(
    clerk: Program, stranger: Program, second: Program
) -> None:
    address = f"/intake/{messages.batch().pk}/messages"
    first = clerk.get(f"{address}?size=3").json()
    rest = clerk.get(f"{address}?size=3&cursor={first['next']}").json()
    assert [row["row"] for row in first["rows"]] == [2, 3, 4]
    assert ([row["row"] for row in rest["rows"]], rest["next"]) == ([5, 6], None)
    assert (first["rows"][0]["author"], first["rows"][0]["received_on"]) == ("张＊＊", "2026-03-01")
    assert second.get(address).json()["rows"] == first["rows"] + rest["rows"]
    assert clerk.get(f"{address}?cursor=x").status_code == 422
    assert stranger.get(address).status_code == 404
