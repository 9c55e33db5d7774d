"""The probes 检查项. A new one is one function that yields a sentence for each thing that is ill, and a line below."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.cli.health.examination import Probe
from qingfeng.kernel import versions
from qingfeng.kernel.background import outbox, upkeep
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.background.worker import next_due
from qingfeng.kernel.ledger import signing
from qingfeng.kernel.ledger.models import Entry, Leaf
from qingfeng.kernel.people.models import standing
from qingfeng.kernel.people.role import ADMINISTRATORS
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.reading import figure_recount
from qingfeng.kernel.record import append_only_tables
from qingfeng.kernel.regime import policy
from qingfeng.kernel.sealing.models import SealedValue
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.time.periods import day_of

BEAT = timedelta(minutes=2)
"""Without a sign of the worker for so long, it is dead or hangs."""
LATE = timedelta(minutes=10)
"""What is due for so long should have been done."""
BACKUP = timedelta(hours=36)
"""A daily backup, taken late once."""
CONFIRMED = timedelta(hours=48)
SEALED_WITHIN = timedelta(minutes=5)
LOOKED_BACK = timedelta(days=7)
"""How far back entries that no checkpoint holds are looked for; ``ledger verify`` looks at all."""
CALENDAR_FROM_MONTH = 11
"""The notice for the next year comes out in autumn."""
FREE_BYTES, FREE_SHARE = 2 << 30, 20
"""Less than 2 GB, or than a twentieth of the disk, is too little."""
SKEW = timedelta(minutes=1)


def database(now: datetime) -> Iterator[Words]:
    """It answers, and its clock and locale are right."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        if connection.vendor != "postgresql":
            return
        cursor.execute(
            "SELECT clock_timestamp(), datctype, pg_encoding_to_char(encoding) FROM pg_database"
            " WHERE datname = current_database()"
        )
        clock, locale, encoding = cursor.fetchone()
    if abs(clock - datetime.now(UTC)) > SKEW:
        yield _(
            "The clocks of this machine and of the database differ by more than a minute; set both by NTP."
        )
    if locale in ("C", "POSIX") or encoding != "UTF8":
        yield _(
            "The database was made with a locale or encoding in which search finds no Chinese; see operations.md."
        )


def columns(now: datetime) -> Iterator[Words]:
    """Program and database are of one version."""
    if words := versions.misfit():
        yield words


def triggers(now: datetime) -> Iterator[Words]:
    """Nothing that is only added to can be altered."""
    if names := append_only_tables.missing(connection.alias):
        yield format_lazy(
            _(
                "{} triggers that keep the record append-only are missing or altered ({} …); ask who changed the database."
            ),
            len(names),
            names[0],
        )


def keys(now: datetime) -> Iterator[Words]:
    """They lie where they should, and nobody else can read them."""
    folder = Path(settings.KEYS)
    for name in ("secret_key", signing.FILE_NAME, "master.key"):
        path = folder / name
        if not path.is_file() or not path.stat().st_size:
            yield format_lazy(
                _("The key {} is missing; lay it into keys/ from the backup of the keys."), name
            )
        elif stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield format_lazy(_("Others than the owner may read {}; run chmod 600 on it."), path)
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield format_lazy(_("Others than the owner may look into {}; run chmod 700 on it."), folder)


def sealed(now: datetime) -> Iterator[Words]:
    """What is sealed has its store of keys."""
    if SealedValue.objects.exists() and not (Path(settings.KEYS) / "keys.sqlite3").is_file():
        yield _(
            "There are sealed values, but keys/ holds no store of keys; lay it there from the backup of the keys."
        )


def worker(now: datetime) -> Iterator[Words]:
    """It was heard of just now."""
    beat = upkeep.last("worker")
    if beat is None:
        yield _("The worker has never been heard of on this machine; start it.")
    elif now - beat > BEAT:
        yield format_lazy(
            _("The worker was last heard of at {}; see its log and start it again."), _when(beat)
        )


def clocks(now: datetime) -> Iterator[Words]:
    """None is set aside, none waits."""
    if count := Running.objects.exclude(set_aside="").count():
        yield format_lazy(
            _("{} time limits are set aside because their act failed; “qingfeng check” names them."), count
        )
    first = next_due()
    if first is not None and now - first > LATE:
        yield format_lazy(_("A time limit ran out at {} and nothing was done yet."), _when(first))


def letters(now: datetime) -> Iterator[Words]:
    """Each leaves at the first try."""
    failing = Message.objects.filter(sent_at=None, tries__gt=0)
    if count := failing.count():
        said = failing.order_by("-id").values_list("error", flat=True)[0]
        yield format_lazy(
            _("{} messages could not be sent so far ({}); see to the mail server."), count, said[:200]
        )
    if count := outbox.waiting(now - LATE).filter(tries=0).count():
        yield format_lazy(_("{} messages wait for more than ten minutes without being tried."), count)
    if not settings.EMAIL_HOST and (Path(settings.EMAIL_FILE_PATH)).is_dir():
        yield _("No mail server is set: letters are written to letters/ and reach nobody.")


def sealing(now: datetime) -> Iterator[Words]:
    """Every entry is in a checkpoint within minutes."""
    recent = Entry.objects.filter(at__gt=now - LOOKED_BACK, at__lt=now - SEALED_WITHIN)
    if recent.filter(~Exists(Leaf.objects.filter(entry_id=OuterRef("pk")))).exists():
        yield _("Entries of more than five minutes ago are in no checkpoint; see the worker's log.")


def heads(now: datetime) -> Iterator[Words]:
    """The ledger's heads left this machine."""
    if not settings.WITNESSES:
        yield _("Nobody outside is sent the ledger's heads; set QINGFENG_WITNESS_EMAIL.")
        return
    sent = Message.objects.filter(holder__startswith="heads@").exclude(sent_at=None).order_by("-sent_at")
    last = sent.values_list("sent_at", flat=True).first()
    if last is None:
        yield _("No head of the ledger has reached a witness yet.")
    elif now - last > CONFIRMED:
        yield format_lazy(_("The last head of the ledger went to a witness at {}."), _when(last))


def calendar(now: datetime) -> Iterator[Words]:
    """The working days of this year and, from November, of the next are known."""
    today = day_of(now)
    for year in range(today.year, today.year + 1 + (today.month >= CALENDAR_FROM_MONTH)):
        if year not in policy.calendar().years:
            yield format_lazy(
                _(
                    "The notice of working days for {} is not recorded; time limits into that year can't be reckoned."
                ),
                year,
            )


def regimes(now: datetime) -> Iterator[Words]:
    """What stands in force is read whole, and was compared with its source."""
    for found, names in policy.unread(day_of(now)):
        yield format_lazy(
            _("The regime {} in force names what this version does not know or can't read: {}."),
            found.regime,
            ", ".join(names),
        )
    for found, count in policy.unverified(day_of(now)):
        yield format_lazy(
            _("{} values of the regime {} have not been compared with the official text."),
            count,
            found.regime,
        )


def administrators(now: datetime) -> Iterator[Words]:
    """Each of the three is there 三员."""
    holding = RoleHolding.objects.filter(standing(day_of(now)), person__account__is_active=True)
    for role in sorted(ADMINISTRATORS):
        if not holding.filter(role=role).exists():
            yield format_lazy(_("Nobody with an open account is {} today."), role.label)


def disk(now: datetime) -> Iterator[Words]:
    """There is room, and files can be written."""
    for folder in {Path(settings.HOME), Path(settings.MEDIA_ROOT)}:
        usage = shutil.disk_usage(folder)
        if usage.free < FREE_BYTES or usage.free * FREE_SHARE < usage.total:
            yield format_lazy(_("Only {} MB are free where {} lies; make room."), usage.free >> 20, folder)


def figures(now: datetime) -> Iterator[Words]:
    """A sample of the kept figures is what is counted anew."""
    yield from figure_recount.sampled()


def backups(now: datetime) -> Iterator[Words]:
    """Data and keys were backed up lately."""
    of: tuple[tuple[upkeep.Of, Words, Words], ...] = (
        ("backup", _("No backup has been taken on this machine."), _("The last backup was taken at {}.")),
        (
            "backup_of_keys",
            _("The keys have not been backed up on this machine."),
            _("The keys were last backed up at {}; without them newer data can't be read."),
        ),
    )
    for kind, never, long_ago in of:
        last = upkeep.last(kind)
        if last is None:
            yield never
        elif now - last > BACKUP:
            yield format_lazy(long_ago, _when(last))


def settings_given(now: datetime) -> Iterator[Words]:
    """Nothing is set that is for trial alone."""
    if settings.DEBUG:
        yield _("QINGFENG_DEBUG shows the working of the program to everybody; unset it.")
    if settings.DEMO:
        yield _("QINGFENG_DEMO lets anybody in; never set it where real people work.")
    if not settings.SESSION_COOKIE_SECURE:
        yield _("Readers come without HTTPS, and passwords cross the net readable.")


def _when(moment: datetime) -> str:
    return moment.astimezone().isoformat(" ", "minutes")


PROBES = (
    Probe("database", database),
    Probe("columns", columns),
    Probe("triggers", triggers),
    Probe("worker", worker, asks_database=False),
    Probe("letters", letters),
    Probe("clocks", clocks),
    Probe("sealing", sealing),
    Probe("heads", heads),
    Probe("keys", keys, asks_database=False),
    Probe("sealed", sealed),
    Probe("backups", backups, asks_database=False),
    Probe("disk", disk, asks_database=False),
    Probe("calendar", calendar),
    Probe("regimes", regimes),
    Probe("administrators", administrators),
    Probe("figures", figures),
    Probe("settings", settings_given, asks_database=False),
)
