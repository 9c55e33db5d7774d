"""The cast at the console: a browser for each, and problem sheets to act on."""

import re
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpResponse
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.role import PRIVILEGED
from tests import cast
from tests.sheets import plan

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/rectification/"}
"""What htmx sends along with a request for a fragment."""


def browser(name: str, holding: str = "") -> Client:
    """A browser in which one of PARTS is signed in; privileged roles with their second factor."""
    client = Client(headers={"accept-language": "en"})
    account = cast.account(name)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session: SessionBase = client.session
    acting = cast.actor(holding or name)
    session["holding"] = acting.holding_id
    if acting.role in PRIVILEGED:
        device = TOTPDevice.objects.create(user=account, name="test", confirmed=True)
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client


def problem(title: str = "窗口无人值守", upto: str = "found", unit: str = "housing") -> Matter:
    """A problem sheet, moved to a state: found, verified, assigned, signed, rectifying, reported or written_off."""
    clerk = f"clerk_{unit}"
    matter = cast.do(
        "rectification.register",
        "office_a",
        title=title,
        kind="inaction",
        topic="not_acting",
        description="上午十点无人",
    ).matter
    ways: list[tuple[str, str, str, dict[str, Any]]] = [
        ("verified", "verify", "office_a", {"finding": "属实"}),
        ("assigned", "assign", "office_a", {"responsible": cast.unit(unit).pk, "requirement": "三日内整改"}),
        ("signed", "sign", clerk, {}),
        ("rectifying", "plan", clerk, plan(unit)),
        ("reported", "report", clerk, {"result": "已安排专人值守", "no_evidence": "已由科室现场看过。"}),
        ("written_off", "write_off", "office_b", {"finding": "属实"}),
    ]
    for state, act, who, raw in ways:
        if matter.state == upto:
            break
        matter = cast.do(f"rectification.{act}", who, matter, **raw).matter
        assert matter.state == state
    return matter


def text(response: HttpResponse) -> str:
    return response.content.decode()


def address(matter: Matter, act: str = "") -> str:
    return f"/{matter.mechanism}/{matter.pk}/" + (f"{act}/" if act else "")


def form_of(client: Client, path: str) -> dict[str, str]:
    """The hidden inputs of the act's form at an address: its version and its key."""
    found = re.findall(r'<input type="hidden" name="(version|key)" value="([^"]*)"', text(client.get(path)))
    return dict(found)
