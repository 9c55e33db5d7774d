"""A problem goes from sheet to close-out over the interface, and everything about it is read there."""

from __future__ import annotations

from tests import cast
from tests.faces.api.conftest import PROBLEM, Program
from tests.sheets import plan


def test_six_acts_by_two_people(office: Program, second: Program, clerk: Program) -> None:
    opened = office.post("/rectification", PROBLEM)
    assert opened.status_code == 201
    address = opened["Location"].removeprefix("/api/v1")
    assert opened.json()["matter"]["number"] == "清风区整改〔2026〕1号"
    responsible = cast.unit("housing").pk
    steps = [
        (office, "verify", {"finding": "属实"}, "verified"),
        (office, "assign", {"responsible": responsible, "requirement": "三日内整改"}, "assigned"),
        (clerk, "sign", None, "signed"),
        (clerk, "plan", plan(), "rectifying"),
        (clerk, "report", {"result": "已安排专人", "no_evidence": "已由科室现场看过。"}, "reported"),
        (office, "send_back", {"reason": "再查"}, "rectifying"),
        (clerk, "report", {"result": "已安排专人并公示", "no_evidence": "已由科室现场看过。"}, "reported"),
        (second, "write_off", {"finding": "属实"}, "written_off"),
    ]
    for version, (who, act, values, state) in enumerate(steps, start=2):
        done = who.post(f"{address}/{act}", values, headers={"If-Match": f'"{version - 1}"'})
        assert done.status_code == 200, done.content.decode()
        assert done.json()["matter"]["state"]["code"] == state
        assert done["ETag"] == f'"{version}"'
    read = clerk.get(address).json()
    assert read["closed"]
    assert read["fields"]["responsible"] == {"id": responsible, "name": "住建局"}
    assert {clock["name"] for clock in read["clocks"]} == {
        "signing",
        "disputing",
        "planning",
        "rectifying",
        "nearing",
        "step",
        "looking_back",
    }
    lines = clerk.get(f"{address}/timeline").json()["rows"]
    assert [line["act"]["code"] for line in reversed(lines)] == ["register"] + [step[1] for step in steps]
    assert lines[0]["said"] == [
        {"label": "核查情况", "text": "属实", "files": []},
        {"label": "核查方式", "text": "现场核查", "files": []},
        {"label": "群众评价", "text": "未征求", "files": []},
    ]
