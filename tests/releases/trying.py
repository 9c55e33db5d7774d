"""Every edit by hand is tried: ``python -m tests.releases.trying``.

It upgrades what ``lay`` left, takes the triggers away, and then makes one edit at a time, verifies and takes it back.
What was said of each is printed as JSON: named, missed, or found under other names.
"""

from __future__ import annotations

import json
from uuid import UUID

import django
from django.core.management import call_command

from tests.releases.edits import EDITS, ON_DISK, on_disk, overwritten, upgrade
from tests.releases.further import SPELT, UNREADABLE  # and its edits come into the list


def outcome(names: set[str]) -> str:
    from qingfeng.kernel.ledger.verify import verify

    found = [fault.where for fault in verify()]
    if not found:
        return "missed"
    named = any(
        where == name or where.startswith((f"{name}/", f"{name},")) for where in found for name in names
    )
    return "named" if named else f"found as {found[:4]}, not as {names}"


def tried(name: str) -> str:
    from django.db import transaction

    if name in ON_DISK:
        path, content, names = on_disk(name)
        with overwritten(path, content):
            return outcome(names)
    with transaction.atomic():
        try:
            return outcome(EDITS[name]())
        finally:
            transaction.set_rollback(True)


def spelt(name: str) -> str:
    """What is said of a value spelt otherwise; ``alike`` where it was written as ever, ``refused`` where not at all."""
    from django.db import DatabaseError, connection, transaction

    table, column, written, label = (SPELT | UNREADABLE)[name]
    parts = {"matter:1", "registers"} if name in UNREADABLE else set()
    key = "matter_ptr_id" if label == "matter" and table != "kernel_matter" else "id"
    with transaction.atomic(), connection.cursor() as cursor:
        try:
            where = f'"{column}" IS NOT NULL'
            cursor.execute(
                f'SELECT {key}, CAST("{column}" AS text) AS stands FROM {table} WHERE {where} ORDER BY {key} DESC LIMIT 1'
            )
            row, before = cursor.fetchone()
            try:
                with transaction.atomic():
                    cursor.execute(
                        "PRAGMA ignore_check_constraints = ON"
                    ) if connection.vendor == "sqlite" else None
                    cursor.execute(f'UPDATE {table} SET "{column}" = {written} WHERE {key} = %s', [row])
            except DatabaseError:
                return "refused"
            cursor.execute(f'SELECT CAST("{column}" AS text) AS stands FROM {table} WHERE {key} = %s', [row])
            if connection.vendor == "postgresql" and cursor.fetchone()[0] == before:
                return "alike"
            return outcome({f"{label}:{UUID(str(row)) if len(str(row)) == 32 else row}", *parts})
        finally:
            transaction.set_rollback(True)


def main() -> None:
    django.setup()
    call_command("migrate", skip_checks=True, verbosity=0)
    from bench.tampering import unguard
    from qingfeng.kernel.ledger.checkpoints import seal_all, signer
    from qingfeng.kernel.ledger.models import Entry
    from qingfeng.kernel.ledger.verify import verify
    from qingfeng.kernel.time.timekeeper import SystemTime
    from tests.cast import do

    upgraded = [str(fault) for fault in verify()]
    do("barrel.fill", "office_a", volume=500, origin="本地")
    seal_all(SystemTime().now(), signer())
    unguard()
    said = {name: tried(name) for name in (*EDITS, *ON_DISK)} | {
        name: spelt(name) for name in (*SPELT, *UNREADABLE)
    }
    begun = Entry.objects.get(matter=upgrade(), seq=1).content["notes"]["upgrade"]
    told = {
        "upgraded": upgraded,
        "altered": {of: altered for of, _before, _after, altered in begun},
        "said": said,
        "after": [str(fault) for fault in verify()],
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
