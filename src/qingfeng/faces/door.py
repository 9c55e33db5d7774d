"""The door 登录关口: true addresses, and passwords and codes held against what failed before.

Five failures lock a name for an address, for a while. A name that fails from many addresses is slowed down and never
locked: its owner comes in, only somewhat later.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django_otp.models import Device

from qingfeng.kernel.people import accounts
from qingfeng.kernel.people.models import Account

LONGEST_PASSWORD = 200
"""Longer ones are not hashed: Argon2 over megabytes would be a way to keep the machine busy."""

wait = time.sleep

Networks = Sequence[IPv4Network | IPv6Network]


class TrueAddress:
    """Puts the reader's own address in place of a trusted proxy's, and drops what others say they forwarded."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        peer = request.META.get("REMOTE_ADDR", "")
        said = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        if _within(peer, settings.PROXIES):
            request.META["REMOTE_ADDR"] = forwarded(peer, said, settings.PROXIES)
        else:
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return self.answer(request)


def forwarded(peer: str, said: str, proxies: Networks) -> str:
    """The nearest address of a chain that is no trusted proxy, read from the right; the peer's where it is not said."""
    nearest = peer
    for one in reversed(said.split(",")):
        try:
            nearest = str(ip_address(one.strip()))
        except ValueError:
            return nearest
        if not _within(nearest, proxies):
            return nearest
    return nearest


def counted_address(request: HttpRequest) -> str | None:
    """The address as the lock counts it: of IPv6 the /64, which one household has whole."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((address, 64), strict=False).network_address)
    return str(address)


def by_password(request: HttpRequest, username: str, password: str) -> Account | None:
    """The account that name and password open from there; none while that pair is locked."""
    if max(len(username), len(password)) > LONGEST_PASSWORD:
        return None
    _slow_down(username)
    found = authenticate(request, username=username, password=password)
    return found if isinstance(found, Account) else None


def is_locked(request: HttpRequest, account: Account) -> bool:
    """Whether too many wrong codes came from there; from elsewhere the owner's are taken all the same."""
    return bool(AxesProxyHandler.is_locked(request, _second(account)))


def code_fits(request: HttpRequest, account: Account, code: str, devices: Iterable[Device]) -> bool:
    """Whether a code is one of an account's devices; a wrong one counts towards the lock of that address."""
    _slow_down(account.username)
    counted = accounts.hidden_name(account.username, accounts.SECOND_FACTOR)
    if code.isascii() and any(device.verify_token(code) for device in devices):
        AccessAttempt.objects.filter(username=counted, ip_address=counted_address(request)).delete()
        return True
    AxesProxyHandler.user_login_failed(__name__, _second(account), request)
    return False


def _second(account: Account) -> dict[str, str]:
    return {"username": account.username, "door": accounts.SECOND_FACTOR}


def _slow_down(username: str) -> None:
    failed = accounts.failures(username, now() - settings.AXES_COOLOFF_TIME)
    if delay := accounts.delay(failed, 2 * settings.AXES_FAILURE_LIMIT):
        wait(delay.total_seconds())


def _within(address: str, networks: Networks) -> bool:
    try:
        known = ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in networks)
