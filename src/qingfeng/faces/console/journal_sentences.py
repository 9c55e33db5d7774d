"""What a line of the journal tells 审计日志: a sentence, not the names the machine keeps it under."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.console.display import mechanism_name
from qingfeng.kernel.former_codes import current
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.reading.rows import rows_of
from qingfeng.kernel.record.journal import JournalEntry
from qingfeng.kernel.text.words import Words

DONE: dict[str, Words] = {
    "in": _("Signed in."),
    "in, in the demonstration": _("Signed in, in the demonstration."),
    "out": _("Signed out."),
    "failed": _("Could not sign in: name and password don't fit."),
    "locked": _("Could not sign in: locked after too many failures."),
    "second factor": _("Gave the second factor."),
    "second factor failed": _("Gave a wrong second factor."),
    "second factor enrolled": _("Set up the second factor."),
    "password changed": _("Changed the password."),
    "password not changed": _("Could not change the password."),
    "first password set": _("Set the first password."),
    "issued": _("Issued a token."),
    "revoked": _("Revoked a token."),
    "used": _("Used a token, for the first time that day."),
    "resend": _("Had a message sent again."),
    "try again": _("Had a time limit tried again."),
    "password": _("Set the password of an account."),
    "hand out": _("Handed out links for first passwords."),
    "keys_lost": _("Said that keys are lost for good."),
    "proof": _("Exported the proof of an entry."),
    "ledger": _("Exported the ledger."),
    "backup": _("Made a backup."),
    "backup_key": _("Made the key of backups."),
}
"""What each word stands for that a line keeps as ``outcome``, ``event``, ``did`` or ``what``."""

TABLES: dict[str, Words] = {
    "first": _("First page"),
    "carried": _("What I carry"),
    "looks": _("Focus topics and units"),
    "burden": _("Burden of units"),
}
"""Tables that leave as workbooks and are of no one mechanism."""


def sentences(lines: Sequence[JournalEntry]) -> list[str]:
    """What each line tells; the matters and accounts they speak of are asked for once for all."""
    abouts = [json.loads(line.body)["about"] for line in lines]
    names = _JournalNames(abouts)
    return [_told(about, names) for about in abouts]


class _JournalNames:
    """Numbers of matters, user names of accounts, by the ids that lines keep."""

    def __init__(self, abouts: Sequence[Mapping[str, Any]]) -> None:
        matters = [about["matter"] for about in abouts if about.get("matter")]
        entries = [about["entry"] for about in abouts if isinstance(about.get("entry"), int)]
        accounts = [pk for about in abouts for pk in self._accounts(about)]
        self._matters = dict(Matter.objects.filter(pk__in=matters).values_list("pk", "number"))
        self._entries = dict(Entry.objects.filter(pk__in=entries).values_list("pk", "matter__number"))
        self._users = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "username"))

    @staticmethod
    def _accounts(about: Mapping[str, Any]) -> list[int]:
        return [*about.get("accounts", ()), *(about[name] for name in ("account", "holder") if name in about)]

    def of(self, about: Mapping[str, Any]) -> list[str]:
        """The names of what a line is about, as far as there are any."""
        matter = self._matters.get(about.get("matter") or 0) or self._entries.get(about.get("entry") or 0)
        users = [self._users[pk] for pk in self._accounts(about) if pk in self._users]
        return [str(one) for one in (matter, about.get("of"), about.get("tried"), *users) if one]


def _told(about: Mapping[str, Any], names: _JournalNames) -> str:
    if "act" in about:
        told = say("Refused: %(act)s.") % {"act": _act(about["act"])}
    elif "refused" in about:
        told = say("A token was refused.")
    elif "mechanism" in about:
        told = say("Exported %(rows)s rows: %(name)s.") % {
            "rows": about["rows"],
            "name": _table(about["mechanism"]),
        }
    elif "checkpoint" in about:
        told = say("Exported the facts of checkpoint %(number)s: %(rows)s rows.") % {
            "number": about["checkpoint"],
            "rows": about["rows"],
        }
    elif "value" in about:
        told = say("Read a sealed value.")
    else:
        word = next((about[name] for name in ("outcome", "event", "did", "what") if name in about), "")
        told = str(DONE.get(word, word))
    if found := names.of(about):
        told += say(" About: %(names)s.") % {"names": say(", ").join(found)}
    if about.get("why"):
        told += say(" Reason: %(why)s.") % {"why": about["why"].rstrip("。.")}
    return told


def _act(name: str) -> str:
    code, _dot, act = current("acts", name).partition(".")
    found = acts_of(mechanisms()[code]).get(act) if code in mechanisms() else None
    return f"{mechanism_name(mechanisms()[code], plural=False)} · {found.label}" if found else name


def _table(name: str) -> str:
    """A table that left: a mechanism's list, or rows or a page of one of its matters."""
    code, _dash, part = name.partition("-")
    if code not in mechanisms():
        return str(TABLES.get(name, name))
    matter = mechanisms()[code]
    own = {page.name: page.label for page in matter.pages}
    own |= {name: rows.label for name, rows in rows_of(matter).items()}
    return f"{mechanism_name(matter)} · {own[part]}" if part in own else str(mechanism_name(matter))
