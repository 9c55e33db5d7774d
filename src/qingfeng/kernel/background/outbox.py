"""The outbox 待发箱: what an act tells others, stored with it and sent after; what fails is shown and sent again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from itertools import chain
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import ClassVar

from django.conf import settings
from django.core.mail import send_mail
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from qingfeng.kernel.acts.links import LISTENERS, Link
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Account, standing
from qingfeng.kernel.people.roles import behind, lent_on
from qingfeng.kernel.text.words import in_house
from qingfeng.kernel.time.periods import day_of

TRIES = 6
HUSHED = _("{}: what was told here is sealed.")


class Message(models.Model):
    """Something to be delivered. A notice is read in the console; mail leaves; an event wakes listeners."""

    class Channel(models.TextChoices):
        NOTICE = "notice", _("notice")
        MAIL = "mail", _("e-mail")
        EVENT = "event", _("event")

    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="messages")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    holder = models.CharField(max_length=64, blank=True)
    payload = models.JSONField(default=dict)
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    no_record: ClassVar[str] = "tells of what an entry records"

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_try_at"], name="outbox_waiting", condition=Q(sent_at=None)),
            models.Index(fields=["holder", "id"], name="outbox_by_holder"),
        ]

    server_away = False
    """Whether the last try met a server that was away, hung or wouldn't have us: it isn't the letter's fault."""

    @property
    def failed(self) -> bool:
        """Whether it was tried as often as it will be by itself."""
        return self.sent_at is None and self.tries >= TRIES


def waiting(now: datetime) -> models.QuerySet[Message]:
    """What is due to be sent, the oldest first."""
    return Message.objects.filter(sent_at=None, next_try_at__lte=now, tries__lt=TRIES).order_by(
        "next_try_at", "id"
    )


def failed() -> models.QuerySet[Message]:
    """What was given up, for the page that shows it."""
    return Message.objects.filter(sent_at=None, tries__gte=TRIES).order_by("id")


def resend(message: Message, now: datetime) -> None:
    """Give a failed message its tries back."""
    message.tries, message.next_try_at, message.error = 0, now, ""
    message.save(update_fields=["tries", "next_try_at", "error"])


def tell(holder: str, subject: str, text: str, now: datetime) -> None:
    """Tell a holder something that is no act of a matter, such as a complaint about this system."""
    Message.objects.create(
        channel=Message.Channel.NOTICE,
        holder=holder,
        payload={"subject": subject, "text": text},
        next_try_at=now,
    )


def hush(matter: Matter) -> None:
    """Take the words of a matter that was sealed out of what was told of it, sent or not; its number stays.

    What is linked to it told of it by its title.
    """
    title = matter.loaded("title")
    linked = Link.objects.filter(Q(source=matter.pk) | Q(target=matter.pk)).values_list("source", "target")
    named = {matter.pk, *chain.from_iterable(linked)}
    told = Message.objects.filter(entry__matter__in=named).exclude(channel=Message.Channel.EVENT)
    for message in told.select_related("entry"):
        said = dict(message.payload)
        if message.entry is not None and message.entry.matter_id == matter.pk:
            said |= {"subject": matter.number, "text": in_house(HUSHED, matter.number)}
        elif title:
            said |= {name: said[name].replace(title, "").strip() for name in ("subject", "text")}
        if said != message.payload:
            message.payload = said
            message.save(update_fields=["payload"])


def read(actor: Actor, now: datetime, message_id: int | None = None) -> None:
    """Mark as read what an actor was told: one notice, or all."""
    told = Message.objects.filter(channel=Message.Channel.NOTICE, holder__in=actor.keys, read_at=None)
    (told if message_id is None else told.filter(pk=message_id)).update(read_at=now)


def deliver(message: Message, now: datetime) -> bool:
    """Try once; a failure is kept with its words and tried again, ever later. Returns whether it left."""
    # Whatever a listener or a mail server raises, a call for the end of the process too, is kept and shown, and never
    # stops the rest.
    try:
        # What stays in the house is done with its mark or not at all; a mail server is not waited for in a
        # transaction, which on SQLite would hold up every writer.
        with nullcontext() if message.channel == Message.Channel.MAIL else transaction.atomic():
            SENDERS[message.channel](message, now)
            message.sent_at = now
            message.save(update_fields=["sent_at"])
    except KeyboardInterrupt:
        raise
    except BaseException as fault:
        message.sent_at = None
        message.tries += 1
        message.server_away = isinstance(fault, OSError) and not isinstance(fault, OF_THE_LETTER)
        message.error = f"{type(fault).__name__}: {fault}"[:2000]
        message.next_try_at = now + timedelta(minutes=2**message.tries)
        message.save(update_fields=["tries", "error", "next_try_at"])
        return False
    return True


OF_THE_LETTER = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError)
"""What a mail server answers to one letter; every other fault is met by the next letter too."""


def _notice(message: Message, now: datetime) -> None:
    letter = _outside(message.payload)
    Message.objects.bulk_create(
        Message(
            entry_id=message.entry_id,
            channel=Message.Channel.MAIL,
            holder=message.holder,
            payload={**letter, "account": account},
            next_try_at=now,
        )
        # One letter to an address, though several accounts have it.
        for account in {email: pk for pk, email in _addresses(message.holder, now).items()}.values()
    )


def _outside(said: dict[str, str]) -> dict[str, str]:
    """What of a notice is said in a letter: of a discreet matter, that there is something new, and its number."""
    number = said.get("outside")
    if not number:
        return said
    with override(settings.LANGUAGE_CODE):
        return {
            "subject": number,
            "text": say("There is something new about %(number)s. Sign in to read it.") % {"number": number},
        }


def _mail(message: Message, now: datetime) -> None:
    """Send a letter; one that was for a holder goes to who still is that today, and to the address they have today."""
    payload = message.payload
    address = payload.get("to") or _addresses(message.holder, now).get(payload["account"])
    if address is not None:
        send_mail(payload["subject"], payload["text"], None, [address])


def _event(message: Message, now: datetime) -> None:
    for listener in LISTENERS.get(message.payload["event"], ()):
        listener(message.payload, now)


SENDERS: dict[str, Callable[[Message, datetime], None]] = {
    Message.Channel.NOTICE: _notice,
    Message.Channel.MAIL: _mail,
    Message.Channel.EVENT: _event,
}


def _addresses(holder: str, now: datetime) -> dict[int, str]:
    """The addresses of those a holder key names today, by account; closed accounts get nothing."""
    role, _at, place = holder.partition("@")
    on = day_of(now)
    accounts = Account.objects.filter(is_active=True).exclude(email="")
    if role == "person":
        # Who signed in for a party outside the staff gets none once its entry has ended.
        kept = Q(person__outside_party=None) | standing(on, "person__outside_party__")
        found = accounts.filter(kept, person_id=int(place))
    else:
        held = behind(holder, on)
        stood_in = lent_on(on).filter(holding__in=held)
        found = accounts.filter(
            Q(person__in=held.values("person")) | Q(person__in=stood_in.values("delegate"))
        )
    return dict(found.values_list("pk", "email"))
