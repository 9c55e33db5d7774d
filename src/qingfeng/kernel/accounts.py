"""Accounts 账号 as administrators mend them: unlocked, without password, without second factor."""

from __future__ import annotations

from axes.models import AccessAttempt
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_totp.models import TOTPDevice

from qingfeng.kernel.parties.models import Account


def hidden_name(name: str) -> str:
    """A name tried at the door, as the lock counts it: keyed and hashed, for people type passwords in its place."""
    return salted_hmac("sign-in", name.strip()).hexdigest()


def unlock(account: Account) -> None:
    """Forget the failures at the door, by password and by second factor."""
    AccessAttempt.objects.filter(username=hidden_name(account.username)).delete()
    for device in TOTPDevice.objects.filter(user=account):
        device.throttle_reset()


def drop_password(account: Account) -> None:
    """Take the password away; open sign-ins end, and a new one is set as the first was."""
    account.set_unusable_password()
    account.save(update_fields=["password"])


def drop_second_factor(account: Account) -> None:
    """Take the second factor away; whose role asks for one sets it up at the next sign-in."""
    TOTPDevice.objects.filter(user=account).delete()


def set_use(account: Account, in_use: bool) -> None:
    """Close an account, or open it again."""
    account.is_active = in_use
    account.save(update_fields=["is_active"])
