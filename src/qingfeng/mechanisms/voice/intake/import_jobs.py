"""What the worker does for batches 后台导入: rows taken in a piece at a time, then duplicates and kinds suggested.

Rows are taken in by acts. What is suggested is no act and no record: it is made from what is there and can be
made anew, so it stands beside the ledger. A batch is in the hands of one worker at a time.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db.models import Q

from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.background.jobs import piece
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.people.actors import system
from qingfeng.kernel.refusals import Conflict
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.vocabulary import BackgroundJob, background_job
from qingfeng.mechanisms.voice.intake.batch import Batch
from qingfeng.mechanisms.voice.intake.declarations import TAKEN_IN, TAKING_IN
from qingfeng.mechanisms.voice.intake.duplicates import compared_some
from qingfeng.mechanisms.voice.intake.message_file import opened
from qingfeng.mechanisms.voice.intake.policy import LEARN_FROM, SURE_FROM, said
from qingfeng.mechanisms.voice.intake.registers import Halt, Hint, Message, Sorting

if TYPE_CHECKING:
    from qingfeng.mechanisms.voice.intake.kinds import Kinds

log = logging.getLogger(__name__)

OURSELVES = uuid4().hex
"""Who this process is beside other workers."""
CLAIM = timedelta(minutes=2)
"""How long a batch stays in a worker's hands after a piece; one that died meanwhile is made up for after that."""
SUGGESTED = 250
"""Messages whose kinds are suggested in one piece."""
GROUPED = 5_000
"""Messages of a file looked through for hot topics at most, the last."""
LEARNED_FROM = 5_000
"""Messages learned from at most, the latest confirmed."""


LONGEST_WAIT = timedelta(hours=1)
"""After so long at the latest a batch that could not be gone on with is tried again."""


def go_on(now: datetime) -> int:
    """Take in some rows of a file that is being taken in, else sort some of what was; returns how many pieces."""
    batches = Batch.objects.select_related("halt").exclude(halt__again_at__gt=now).order_by("pk")
    taking_in = batches.filter(state=TAKING_IN.code)
    if taken := sum(_going_on(_take_in, batch, now) for batch in piece(taking_in)):
        return taken
    # One at a time: what is kept in memory of the messages gone through is kept for one batch.
    waiting = batches.filter(state=TAKEN_IN.code).exclude(sorting__done=True)
    return next((done for batch in waiting if (done := _going_on(_sort, batch, now))), 0)


GO_ON = background_job(BackgroundJob("intake", go_on))


def _going_on(work: Callable[[Batch, datetime], int], batch: Batch, now: datetime) -> int:
    """Do some work on a batch. What fails stays with the batch, is shown there, and is tried again, less and less often."""
    if not _claimed(batch, now):
        return 0
    halt = getattr(batch, "halt", None)
    try:
        done = work(batch, now)
    except Conflict:
        return 0
    except KeyboardInterrupt:
        raise
    except BaseException as fault:
        log.exception("the worker could not go on with %s", batch.number)
        tries = halt.tries + 1 if halt else 1
        wait = min(timedelta(minutes=2 ** min(tries, 10)), LONGEST_WAIT)
        stands = {"tries": tries, "again_at": now + wait, "lost": isinstance(fault, OSError)}
        Halt.objects.update_or_create(batch=batch, defaults=stands)
        return 0
    if halt:
        halt.delete()
    return done


def _claimed(batch: Batch, now: datetime) -> bool:
    """Take a batch in hand for the next piece, if no other worker has it."""
    Sorting.objects.get_or_create(batch=batch)
    free = Q(claim=OURSELVES) | Q(claimed_until=None) | Q(claimed_until__lt=now)
    mine = {"claim": OURSELVES, "claimed_until": now + CLAIM}
    return bool(Sorting.objects.filter(free, batch=batch).update(**mine))


def _take_in(batch: Batch, now: datetime) -> int:
    """A piece of a batch."""
    # Read before the transaction opens: on SQLite every writer would wait for the reading.
    opened(batch.file_digest, batch.file_name, batch.headless)
    actor = system("intake", [batch.jurisdiction_id])
    taken = perform(acts_of(Batch)["take_some"], actor, {}, now, matter_id=batch.pk)
    if taken.matter.state != TAKING_IN.code:
        opened.cache_clear()
    return 1


def _sort(batch: Batch, now: datetime) -> int:
    """A piece of what is suggested for a batch."""
    sorting = Sorting.objects.get(batch=batch)
    policy = Policy(batch.jurisdiction_id, day_of(now))
    if not sorting.compared:
        if not compared_some(batch, policy, now):
            Sorting.objects.filter(batch=batch).update(compared=True)
        return 1
    if sorting.topics is None:
        Sorting.objects.filter(batch=batch).update(topics=_topics(batch))
        return 1
    if not sorting.upto:
        _model.cache_clear()
    model, learned_from = _model(batch.jurisdiction_id, said(policy, LEARN_FROM))
    messages = list(batch.messages.filter(row__gt=sorting.upto).order_by("row")[:SUGGESTED]) if model else []
    if model is None or not messages:
        _model.cache_clear()
        Sorting.objects.filter(batch=batch).update(done=True, learned_from=learned_from)
        return 1
    _suggest(model, messages, said(policy, SURE_FROM))
    Sorting.objects.filter(batch=batch, upto=sorting.upto).update(upto=messages[-1].row)
    return 1


def _topics(batch: Batch) -> list[dict[str, Any]]:
    """What many messages of a batch are about, with count, place and time span."""
    # Only the worker looks for topics; loading what it takes would cost every other process a second and 100 MB.
    from qingfeng.mechanisms.voice.intake.hot_topics import topics

    fields = ("row", "title", "text", "place", "received_on")
    messages = list(batch.messages.order_by("-row").values_list(*fields)[:GROUPED])[::-1]
    found = []
    for topic in topics([(title, text) for _row, title, text, *_more in messages]):
        own = [messages[at] for at in topic.places]
        days = sorted(day for *_said, day in own if day)
        places = Counter(place for *_said, place, _day in own if place)
        found.append(
            {
                "names": topic.names,
                "rows": [row for row, *_said in own],
                "place": places.most_common(1)[0][0] if places else "",
                "since": days[0].isoformat() if days else "",
                "until": days[-1].isoformat() if days else "",
            }
        )
    return found


def _suggest(model: Kinds, messages: list[Message], sure_from: int | None) -> None:
    from qingfeng.mechanisms.voice.intake.kinds import MessageText

    made = model.suggestions([MessageText(message.title, message.text) for message in messages])
    Hint.objects.bulk_create(
        [
            Hint(
                message=message,
                first=one.first,
                share=one.share,
                second=one.second,
                second_share=one.second_share,
                sure=sure_from is not None and one.share >= sure_from and one.share > one.second_share,
            )
            for message, one in zip(messages, made, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["message"],
        update_fields=["first", "share", "second", "second_share", "sure"],
    )


@lru_cache(maxsize=1)
def _model(jurisdiction_id: int, least: int | None) -> tuple[Kinds | None, int]:
    """What can be learned from the messages confirmed in a jurisdiction, and from how many; kept for one sorting."""
    confirmed = Message.objects.filter(batch__jurisdiction_id=jurisdiction_id).exclude(kind="")
    rows = list(confirmed.order_by("-pk").values_list("title", "text", "kind")[:LEARNED_FROM])
    if least is None or len(rows) < least:
        return None, 0
    # Only the worker learns; loading what it takes would cost every other process a second and 100 MB.
    from qingfeng.mechanisms.voice.intake.kinds import MessageText, learned

    model = learned(
        [MessageText(title, text) for title, text, _kind in rows], [kind for *_said, kind in rows]
    )
    return model, len(rows) if model else 0
