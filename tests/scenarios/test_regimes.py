"""The five demonstration packs, put in force one after the other in a county of its own, and ended."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from qingfeng.kernel.acts.engine import openings, perform
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.people.actors import Actor, in_role, system
from qingfeng.kernel.people.models import Account, Jurisdiction, Person, Unit
from qingfeng.kernel.refusals import Refusal
from qingfeng.kernel.regime.models import ActivatedRegime
from qingfeng.kernel.regime.policy import PARAMETERS, Policy
from qingfeng.kernel.regime.value_words import origin_words, value_words
from qingfeng.kernel.time.duties import Opened, open_due
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.timekeeper import ZONE, FixedTime
from qingfeng.organization.numbers import waiting
from qingfeng.organization.topics import TOPICS
from qingfeng.regimes import general
from tests import cast
from tests.leaves import words

pytestmark = pytest.mark.django_db

PACKS = yaml.load(
    (Path(__file__).parent / "regimes" / "packs.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
)
OFFICIAL = "松效办发〔2026〕1号"
PEOPLE = {
    "one": ("甲", "supervision_office", "office"),
    "two": ("乙", "supervision_office", "office"),
    "head": ("丙", "unit_head", "housing"),
    "clerk": ("丁", "unit_clerk", "housing"),
    "cadre": ("戊", "cadre", "housing"),
}


def at(said: str) -> datetime:
    return datetime.fromisoformat(said if " " in said else f"{said} 09:00").replace(tzinfo=ZONE)


class County:
    """A county without anything above it, its people, and what they do."""

    def __init__(self) -> None:
        self.place = Jurisdiction.objects.create(code="songxi", name="松溪县")
        units = [{"code": code, "name": name} for code, name in (("office", "效能办"), ("housing", "住建局"))]
        people = [
            {"username": f"songxi_{name}", "name": said, "role": role, "unit": unit}
            for name, (said, role, unit) in PEOPLE.items()
        ]
        founding = system("founding", [self.place.pk])
        cast.do("founding.found", founding, at=cast.FOUNDED, units=units, people=people)
        self.housing = Unit.objects.get(jurisdiction=self.place, code="housing")
        for code in general():
            self.activate(code, at("2026-03-09"))

    def actor(self, name: str) -> Actor:
        return in_role(Account.objects.get(username=f"songxi_{name}"), day_of(cast.NOW))

    def person(self, name: str) -> Person:
        return Account.objects.get(username=f"songxi_{name}").person

    def do(self, act: str, who: str, matter: Matter | None = None, *, now: datetime, **raw: Any) -> Matter:
        code, name = act.split(".")
        declared = acts_of(mechanisms()[code])[name]
        actor = system("clock", [self.place.pk]) if who == "clock" else self.actor(who)
        return perform(declared, actor, raw, now, matter_id=matter.pk if matter else None).matter

    def confirm(self, now: datetime) -> None:
        rows = [
            dict(zip(("regime", "parameter", "since"), number.key, strict=True))
            for number in waiting(self.policy(now), self.place.pk)
        ]
        if rows:
            self.do("confirmed_numbers.confirm", "one", now=now, official=OFFICIAL, numbers=rows)

    def activate(self, code: str, now: datetime, answers: Mapping[str, str] | None = None) -> None:
        given = [{"parameter": name, "value": value} for name, value in (answers or {}).items()]
        proposed = self.do("regime.propose", "one", now=now, draft=code, answers=given)
        self.confirm(now)
        self.do("regime.activate", "two", proposed, now=now)

    def end(self, code: str, now: datetime) -> None:
        ended = ActivatedRegime.objects.filter(jurisdiction=self.place, regime=code).latest("pk")
        raw = {"ended": ended.pk, "on": day_of(now).isoformat(), "reason": "演示结束。"}
        proposed = self.do("regime_ends.propose", "one", now=now, **raw)
        self.do("regime_ends.end", "two", proposed, now=now)

    def policy(self, now: datetime) -> Policy:
        return Policy(self.place.pk, day_of(now))

    def meeting(self, starts: str, **changed: Any) -> dict[str, Any]:
        speaker = {"unit": self.housing.pk, "post": "局长", "topic": "工作安排", "minutes": 8}
        speaker["minutes"] = int(changed.pop("speech", 8))
        raw = {"title": "全县住房保障工作会议", "kind": "department", "fee_class": "fourth", "starts": starts}
        raw |= {"minutes": 240, "people": 100, "budget": 0, "place": "会议中心", "agenda": [speaker]}
        return raw | changed

    def sheet(self, **changed: Any) -> dict[str, Any]:
        return {"title": "窗口上午无人值守", "description": "上午十点，二号窗口无人。", **changed}


@pytest.fixture
def county() -> County:
    return County()


def a_sheet(county: County, pack: Mapping[str, Any], now: datetime) -> Matter:
    """A problem from being found to being closed out."""
    topic = pack.get("topic") or next(code for code, _label in county.policy(now).choices(TOPICS))
    found = county.sheet(kind=pack["kind"], topic=topic)
    sheet = county.do("rectification.register", "one", now=now, **found)
    county.do("rectification.verify", "one", sheet, now=now, finding="属实。")
    given = {"responsible": county.housing.pk, "requirement": "限期整改。"}
    county.do("rectification.assign", "one", sheet, now=now, **given)
    county.do("rectification.sign", "clerk", sheet, now=now)
    days = [(day_of(now) + timedelta(days=days)).isoformat() for days in (3, 7)]
    steps = [{"what": "排定轮值表", "day": days[0]}, {"what": "公示并抽查", "day": days[1]}]
    plan = {"rectifier": county.person("cadre").pk, "measures": "双岗轮值。", "steps": steps}
    county.do("rectification.plan", "clerk", sheet, now=now, finish_on=days[1], **plan)
    county.do(
        "rectification.report", "clerk", sheet, now=now, result="已安排专人值守。", no_evidence="已现场看过。"
    )
    return county.do("rectification.write_off", "two", sheet, now=now, finding="现场核查属实。")


def a_leave(county: County, now: datetime) -> Matter:
    """Two days of personal leave, from being asked for to being cancelled."""
    first, last, after = (day_of(now) + timedelta(days=days) for days in (1, 2, 3))
    raw = {"kind": "personal", "first_day": first.isoformat(), "last_day": last.isoformat()}
    leave = county.do("leave.request", "cadre", now=now, reason="家中有事。", **raw)
    county.do("leave.decide", "head", leave, now=now, agrees=True)
    county.do("leave.begin", "clock", leave, now=at(f"{first} 08:30"))
    county.do("leave.end", "clock", leave, now=at(f"{after} 00:00"))
    return county.do("leave.cancel", "cadre", leave, now=at(f"{after} 09:00"))


def a_meeting(county: County, pack: Mapping[str, Any], now: datetime) -> Matter:
    """A discussion, which any unit may convene, from being asked for to its close."""
    meeting = county.do("meetings.ask", "clerk", now=now, **county.meeting(pack["meets"], kind="discussion"))
    county.do("meetings.approve", "two", meeting, now=now)
    begun = at(pack["meets"])
    county.do("meetings.begin", "clerk", meeting, now=begun)
    county.do("meetings.begin_speaking", "clerk", meeting, now=begun, item=1)
    county.do("meetings.end_speaking", "clerk", meeting, now=begun + timedelta(minutes=7))
    closing = {"attended": 90, "took": 60, "cost": "0", "decided": "抓紧落实。"}
    return county.do("meetings.close", "clerk", meeting, now=begun + timedelta(hours=1), **closing)


def attempt(county: County, pack: Mapping[str, Any], refused: Mapping[str, Any], now: datetime) -> str:
    """What the answer says to something the pack refuses."""
    changed = dict(refused.get("with", {}))
    if refused["does"] == "meetings.ask":
        raw, who = county.meeting(changed.pop("starts", pack["meets"]), **changed), "clerk"
    else:
        raw, who = county.sheet(**{"kind": pack["kind"], **changed}), "one"
    with pytest.raises(Refusal) as refusal:
        county.do(refused["does"], who, now=now, **raw)
    grounds = getattr(refusal.value, "grounds", ())
    return words(refusal.value) + " ".join(f"{ground.reason} {ground.clause}" for ground in grounds)


def test_the_five_packs_one_after_the_other(county: County, settings: Any) -> None:
    before = ""
    for pack in PACKS:
        now = at(pack["from"])
        open_due(now - timedelta(days=1))
        proposed = county.do(
            "regime.propose",
            "one",
            now=now,
            draft=pack["pack"],
            answers=[{"parameter": name, "value": value} for name, value in pack["answers"].items()],
        )
        told = page_of(proposed, county, now)
        assert {row["label"] for row in told["values"]} >= {
            label(name) for name in pack["changes"] if name not in same_as_the_law(pack)
        }
        assert (told["replaced"] == before) or not before
        county.confirm(now)
        county.do("regime.activate", "two", proposed, now=now)
        before = proposed.title
        policy = county.policy(now)
        for name, said in pack["changes"].items():
            valued = policy.valued(parameter(name))
            assert told_as(valued.value, name) == said, (pack["pack"], name)
            if name not in same_as_the_law(pack):
                asked = "启用时选定" if name in pack["answers"] else "本地规定"
                assert (valued.layer, str(origin_words(valued, county.place.code))) == (pack["pack"], asked)
        for name, said in pack["ours"].items():
            valued = policy.valued(parameter(name))
            assert (told_as(valued.value, name), str(origin_words(valued, county.place.code))) == (
                said,
                "默认设置",
            )
        assert all(policy.enables(code) for code in pack["enables"])
        for code in pack["closed"]:
            assert not policy.enables(code)
            opened = [one for who in ("one", "clerk") for one in openings(county.actor(who), now)]
            assert not any(one.decision for one in opened if one.act.matter.code == code)
        for refused in pack["refuses"]:
            assert refused["says"] in attempt(county, pack, refused, now), (pack["pack"], refused)
        assert a_sheet(county, pack, now).state == "written_off"
        assert a_leave(county, now).state == "cancelled"
        assert a_meeting(county, pack, now).state == "closed"
        since = set(Opened.objects.values_list("pk", flat=True))
        _opened, skipped = open_due(at(pack["meets"]))
        mine = Opened.objects.filter(jurisdiction=county.place).exclude(pk__in=since)
        assert sorted(set(mine.values_list("duty", flat=True))) == sorted(pack["duties"]), pack["pack"]
        assert not [one for one in skipped if one.jurisdiction == county.place]
    now = at("2026-08-03")
    there = answers_to(county, now, settings)
    assert sum(status == 200 for status in there.values()) > 100
    county.end("suyu-2013", now)
    assert not county.policy(now).enables("reception")
    demand_no_page_down(there, answers_to(county, now, settings))
    for code in general():
        county.end(code, now)
    assert not county.policy(now).standing
    demand_no_page_down(there, answers_to(county, now, settings))


def parameter(name: str) -> Any:
    found = PARAMETERS.get(name)
    assert found is not None
    return found


def told_as(value: Any, name: str) -> str:
    return value_words(value, parameter(name)).replace("，", "、")


def label(name: str) -> Any:
    return parameter(name).label


def same_as_the_law(pack: Mapping[str, Any]) -> set[str]:
    """What the law says just so, or more strictly: then nothing changes, or not by the pack."""
    same = {"meetings.longest", "meetings.department_a_year", "expenses.own_lines"}
    return {name for name in pack["changes"] if name in same} | (
        {"meetings.free_months"} if pack["pack"] == "binzhou-2011" else set()
    )


def page_of(matter: Matter, county: County, now: datetime) -> Mapping[str, Any]:
    return type(matter).pages[0].context(matter, county.actor("one"), now)


def answers_to(county: County, now: datetime, settings: Any) -> dict[str, int]:
    """How every list, figure and form, and the last matter of each kind, answers the office."""
    settings.TIMEKEEPER = FixedTime(now)
    office = office_browser("songxi_one")
    return {address: office.get(address).status_code for address in addresses(county)}


def demand_no_page_down(before: Mapping[str, int], now: Mapping[str, int]) -> None:
    """Only what opens something new may be refused where nothing enables it any more."""
    fallen = {address for address, status in now.items() if status != before.get(address, 200)}
    assert all("/new/" in address and now[address] == 403 for address in fallen), fallen


def office_browser(username: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    account = Account.objects.get(username=username)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    device, _new = TOTPDevice.objects.get_or_create(user=account, name="test", confirmed=True)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client


def addresses(county: County) -> Iterator[str]:
    yield from ("/", "/inbox/", "/looks/", "/search/?q=窗口", "/carried/", "/handbook/")
    yield from ("/regime-in-force/", "/regime-in-force/numbers/")
    for code, cls in mechanisms().items():
        yield from (f"/{code}/", f"/handbook/{code}/")
        yield from [f"/{code}/statistics/"] if cls.statistics else []
        yield from (f"/{code}/new/{act.name}/" for act in acts_of(cls).values() if act.opens)
        last = cls._default_manager.filter(jurisdiction=county.place).order_by("-pk").first()
        if last is not None:
            yield f"/{code}/{last.pk}/"
            yield from (f"/{code}/{last.pk}/page/{one.name}/" for one in cls.pages)
