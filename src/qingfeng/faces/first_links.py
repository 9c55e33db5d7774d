"""Links by which somebody sets the first password 首次登录链接: handed out once, good for three days and one use.

Whoever hands them out never learns a password. A link is bound to the account as it is without one: once a password
is set or taken away, the second factor taken away, or the account closed, no earlier link opens anything.
"""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse

from qingfeng.kernel.people.models import Account


class _FirstLinks(PasswordResetTokenGenerator):
    key_salt = "qingfeng.first-link"

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        assert isinstance(user, Account)
        return f"{super()._make_hash_value(user, timestamp)}{user.epoch}"


_LINKS = _FirstLinks()


def first_link(account: Account, address: str) -> str:
    """The link for an account without a password, at the address the console is reached by."""
    path = reverse("console:first_password", args=[account.pk, _LINKS.make_token(account)])
    return f"{address.rstrip('/')}{path}"


def account_by_link(pk: int, token: str) -> Account | None:
    """The account a link is for; none once it was used or is too old, or the account is closed."""
    account = Account.objects.filter(pk=pk, is_active=True).select_related("person").first()
    if account is None or account.has_usable_password() or not _LINKS.check_token(account, token):
        return None
    return account
