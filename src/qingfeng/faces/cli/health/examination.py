"""Going through the probes 健康检查: each on its own, none writes, all within two seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as say

from qingfeng.kernel.text.words import Words

SECONDS = 1.5
"""After so long no further probe is begun; starting the program takes the rest of two seconds."""


@dataclass(frozen=True)
class Probe:
    """Something to look at: ``look`` gives a sentence for each thing that is ill, with what to do next."""

    name: str
    look: Callable[[datetime], Iterator[Words]]
    asks_database: bool = True


@dataclass(frozen=True)
class Illness:
    """What is ill, by the probe that found it."""

    probe: str
    words: str


def illnesses(probes: Sequence[Probe], now: datetime) -> Iterator[Illness]:
    """What all probes find, the first of which asks whether the database answers at all.

    One that can't look, or not in time, counts as ill: nobody knows.
    """
    end, away = time.monotonic() + SECONDS, False
    for probe in probes:
        if time.monotonic() > end:
            yield Illness(probe.name, say("This was not looked at: looking took too long."))
        elif away and probe.asks_database:
            yield Illness(probe.name, say("This was not looked at: the database does not answer."))
        else:
            try:
                with _only_reading() if probe.asks_database else nullcontext():
                    found = [Illness(probe.name, str(words)) for words in probe.look(now)]
                yield from found
            except Exception as fault:  # whatever it is, the others are still looked at
                away = away or probe is probes[0]
                words = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
                yield Illness(probe.name, say("This could not be looked at: %(fault)s") % {"fault": words})


@contextmanager
def _only_reading() -> Iterator[None]:
    """The database takes nothing meanwhile, and answers within the time."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            _execute("SET LOCAL transaction_read_only = on")
            _execute(f"SET LOCAL statement_timeout = {round(1000 * SECONDS)}")
            yield
            transaction.set_rollback(True)
        return
    if not Path(str(connection.settings_dict["NAME"])).is_file():
        # To open it would be to make it.
        raise OperationalError(say("there is no file %(name)s") % {"name": connection.settings_dict["NAME"]})
    _execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        _execute("PRAGMA query_only = OFF")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
