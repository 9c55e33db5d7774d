"""Accounts 账号 as they are mended: unlocked, without password, without second factor, closed; and what ends sign-ins.

Whatever changes how an account is opened moves its epoch on: no session, token or link from before opens anything
again, not even once a closed account is opened anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.db.models import F, Sum
from django.utils.crypto import salted_hmac
from django_otp import devices_for_user

from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.people.models import Account

PASSWORD, SECOND_FACTOR = "sign-in", "second-factor"
"""The two doors at which failures are counted, each by itself."""


def hidden_name(name: str, door: str = PASSWORD) -> str:
    """A name tried at a door, as the lock counts it: keyed and hashed, for people type passwords in its place."""
    return salted_hmac(door, name.strip()).hexdigest()


def failures(name: str, since: datetime) -> int:
    """How often a name was failed at both doors since a moment, from whatever addresses."""
    tried = AccessAttempt.objects.filter(username__in=_hidden(name), attempt_time__gte=since)
    return tried.aggregate(sum=Sum("failures_since_start"))["sum"] or 0


def delay(failed: int, free: int) -> timedelta:
    """How long the next try of a name waits: not at all for the first failures, then longer, at most two seconds.

    It is served and never refused: whoever is the owner comes in, however often others fail.
    """
    return timedelta(milliseconds=min(250 * 2 ** min(failed - free, 3), 2000) if failed >= free else 0)


def unlock(account: Account) -> None:
    """Forget the failures at the door, by password and by second factor."""
    AccessAttempt.objects.filter(username__in=_hidden(account.username)).delete()


def end_sign_ins(account: Account) -> None:
    """End every session, token and link of an account for good 全部下线."""
    Account.objects.filter(pk=account.pk).update(epoch=F("epoch") + 1)
    account.refresh_from_db(fields=["epoch"])


def set_password(account: Account, new: str) -> None:
    """Put a new password in place of what was; sign-ins and tokens from before end."""
    account.set_password(new)
    account.save(update_fields=["password"])
    end_sign_ins(account)


def drop_password(account: Account) -> None:
    """Take the password away; sign-ins and tokens end, and a new one is set as the first was."""
    account.set_unusable_password()
    account.save(update_fields=["password"])
    end_sign_ins(account)


def drop_second_factor(account: Account) -> None:
    """Take the second factor away; sign-ins and tokens end. Whose role asks for one sets it up at the next sign-in."""
    for device in devices_for_user(account, confirmed=None):
        device.delete()
    end_sign_ins(account)


def set_use(account: Account, in_use: bool) -> None:
    """Close an account, or open it again; what ended with the closing stays ended."""
    account.is_active = in_use
    account.save(update_fields=["is_active"])
    end_sign_ins(account)


def erase(account: Account) -> None:
    """Close an account for good: nothing of its name, e-mail, password or second factor is left, in letters neither."""
    unlock(account)
    if account.email:
        Message.objects.filter(channel=Message.Channel.MAIL, payload__to=account.email).delete()
    # With a blank in it, as no user name has.
    account.username, account.email, account.is_active = f"erased {account.pk}", "", False
    account.save(update_fields=["username", "email", "is_active"])
    drop_password(account)
    drop_second_factor(account)


def _hidden(name: str) -> list[str]:
    return [hidden_name(name, door) for door in (PASSWORD, SECOND_FACTOR)]
