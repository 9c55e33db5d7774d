"""What the worker does for batches 后台导入: rows taken in a piece at a time, then duplicates and kinds suggested.

Rows are taken in by acts. What is suggested is no act and no record: it is made from what is there and can be
made anew, so it stands beside the ledger.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from qingfeng.kernel.actors import system
from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.declaring import Chore, Parameter, chore
from qingfeng.kernel.likeness import Likenesses, likeness
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.refusals import Barred, Conflict
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.time.periods import day_of
from qingfeng.mechanisms.intake.batch import Batch
from qingfeng.mechanisms.intake.declared import TAKEN_IN, TAKING_IN
from qingfeng.mechanisms.intake.policy import ALIKE_FROM, ALIKE_WITHIN, LEARN_FROM, PERHAPS_FROM, SURE_FROM
from qingfeng.mechanisms.intake.reading import opened
from qingfeng.mechanisms.intake.registers import Halt, Hint, Message, Sorting, Twin

if TYPE_CHECKING:
    from qingfeng.mechanisms.intake.kinds import Kinds

log = logging.getLogger(__name__)
rest = time.sleep

BREATH = 0.2
"""Seconds between two pieces, at least: who waits for SQLite's one writer looks again every tenth of a second."""

PIECES = 6
"""Pieces of a file taken in at one beat of the worker, so that its other duties are not kept waiting."""
SUGGESTED = 500
"""Messages whose kinds are suggested at one beat."""
COMPARED = 300_000
"""Earlier messages looked through for duplicates at most: what fits into the memory."""
GROUPED = 5_000
"""Messages of a file looked through for hot topics at most, the last."""
LEARNED_FROM = 5_000
"""Messages learned from at most, the latest confirmed."""


UNCONTRADICTED = 300
"""From which likeness on, in thousandths, two texts may be one message under one number."""

LONGEST_WAIT = timedelta(hours=1)
"""After so long at the latest a batch that could not be gone on with is tried again."""


def go_on(now: datetime) -> int:
    """Take in some rows of every file that is being taken in, and sort what was taken in; returns how many pieces."""
    batches = Batch.objects.select_related("halt").exclude(halt__again_at__gt=now).order_by("pk")
    waiting = batches.filter(state=TAKEN_IN.code).exclude(sorting__done=True)
    return sum(_going_on(_take_in, batch, now) for batch in batches.filter(state=TAKING_IN.code)) + sum(
        _going_on(_sort, batch, now) for batch in waiting
    )


GO_ON = chore(Chore("intake", go_on))


def _going_on(work: Callable[[Batch, datetime], int], batch: Batch, now: datetime) -> int:
    """Do some work on a batch. What fails stays with the batch, is shown there, and is tried again, less and less often."""
    halt = getattr(batch, "halt", None)
    try:
        done = work(batch, now)
    except Conflict:
        return 0
    except Exception as fault:
        log.exception("the worker could not go on with %s", batch.number)
        tries = halt.tries + 1 if halt else 1
        wait = min(timedelta(minutes=2 ** min(tries, 10)), LONGEST_WAIT)
        stands = {"tries": tries, "again_at": now + wait, "lost": isinstance(fault, OSError)}
        Halt.objects.update_or_create(batch=batch, defaults=stands)
        return 0
    if halt:
        halt.delete()
    return done


def _take_in(batch: Batch, now: datetime) -> int:
    """Some pieces of a batch."""
    # Read before the first transaction opens: on SQLite every writer would wait for the reading.
    opened(batch.file_digest, batch.file_name, batch.headless)
    actor = system("intake", [batch.jurisdiction_id])
    done, began = 0, 0.0
    for _piece in range(PIECES):
        if done:
            # As long as the piece took: then whoever waited has had the same time to write.
            rest(max(BREATH, time.monotonic() - began))
        began = time.monotonic()
        taken = perform(acts_of(Batch)["take_some"], actor, {}, now, matter_id=batch.pk)
        done += 1
        if taken.matter.state != TAKING_IN.code:
            opened.cache_clear()
            break
    return done


def _sort(batch: Batch, now: datetime) -> int:
    """One step of what is suggested for a batch."""
    sorting, _new = Sorting.objects.get_or_create(batch=batch)
    policy = Policy(batch.jurisdiction_id, day_of(now))
    if not sorting.compared:
        _compare(batch, policy, now)
        Sorting.objects.filter(batch=batch).update(compared=True)
        return 1
    if sorting.topics is None:
        Sorting.objects.filter(batch=batch).update(topics=_topics(batch))
        return 1
    if not sorting.upto:
        _model.cache_clear()
    model, learned_from = _model(batch.jurisdiction_id, _value(policy, LEARN_FROM))
    messages = list(batch.messages.filter(row__gt=sorting.upto).order_by("row")[:SUGGESTED]) if model else []
    if model is None or not messages:
        _model.cache_clear()
        Sorting.objects.filter(batch=batch).update(done=True, learned_from=learned_from)
        return 1
    _suggest(model, messages, _value(policy, SURE_FROM))
    Sorting.objects.filter(batch=batch, upto=sorting.upto).update(upto=messages[-1].row)
    return 1


def _topics(batch: Batch) -> list[dict[str, Any]]:
    """What many messages of a batch are about, with count, place and time span."""
    # Only the worker looks for topics; loading what it takes would cost every other process a second and 100 MB.
    from qingfeng.mechanisms.intake.hot import topics

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
    from qingfeng.mechanisms.intake.kinds import Said

    made = model.suggestions([Said(one.title, one.text) for one in messages])
    Hint.objects.bulk_create(
        [
            Hint(
                message=message,
                first=said.first,
                share=said.share,
                second=said.second,
                second_share=said.second_share,
                sure=sure_from is not None and said.share >= sure_from and said.share > said.second_share,
            )
            for message, said in zip(messages, made, strict=True)
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
    from qingfeng.mechanisms.intake.kinds import Said, learned

    model = learned([Said(title, text) for title, text, _kind in rows], [kind for *_said, kind in rows])
    return model, len(rows) if model else 0


class _Told(NamedTuple):
    """What duplicates are told by."""

    pk: int
    batch_id: int
    source: str
    number: str
    title: str
    text: str

    @property
    def words(self) -> str:
        return f"{self.title}\n{self.text}"


def _compare(batch: Batch, policy: Policy, now: datetime) -> None:
    """Find which messages of a batch repeat an earlier one, in it or before it."""
    alike_from, within = _value(policy, ALIKE_FROM), _value(policy, ALIKE_WITHIN)
    last = batch.messages.order_by("-pk").values_list("pk", flat=True).first()
    if alike_from is None or within is None or last is None:
        return
    since = day_of(now) - timedelta(days=within)
    looked_at = Message.objects.filter(
        batch__jurisdiction_id=batch.jurisdiction_id, valid_from__gte=since, pk__lte=last
    )
    rows = looked_at.order_by("-pk").values_list("pk", "batch", "batch__source", "number", "title", "text")
    told = [_Told(*row) for row in rows[: COMPARED + batch.read]][::-1]
    own = {at for at, one in enumerate(told) if one.batch_id == batch.pk}
    perhaps_from = _value(policy, PERHAPS_FROM) or alike_from
    found: dict[int, tuple[int, int]] = {}
    for first, second, alike in Likenesses(
        (one.words for one in told), min(alike_from, perhaps_from)
    ).pairs():
        if second in own and alike > found.get(second, (0, 0))[1]:
            found[second] = (first, alike)
    numbered = {at: first for at, first in _same_numbers(told, batch.source) if at in own}
    Twin.objects.bulk_create(
        [_twin(told, at, found.get(at), numbered.get(at), alike_from) for at in sorted({*found, *numbered})],
        batch_size=SUGGESTED,
        update_conflicts=True,
        unique_fields=["message"],
        update_fields=["other", "likeness", "same_number", "numbered", "perhaps"],
    )


def _twin(
    told: list[_Told], at: int, by_text: tuple[int, int] | None, by_number: int | None, alike_from: int
) -> Twin:
    """What a message repeats by its text, and beside it by its number."""
    if by_text is None or (by_number is not None and by_number == by_text[0]):
        assert by_number is not None
        alike = by_text[1] if by_text else likeness(told[at].words, told[by_number].words)
        return Twin(message_id=told[at].pk, other_id=told[by_number].pk, likeness=alike, same_number=True)
    return Twin(
        message_id=told[at].pk,
        other_id=told[by_text[0]].pk,
        likeness=by_text[1],
        same_number=False,
        numbered_id=told[by_number].pk if by_number is not None else None,
        perhaps=by_text[1] < alike_from and by_number is None,
    )


def _same_numbers(told: list[_Told], source: str) -> list[tuple[int, int]]:
    """The places of messages of a source whose number stood before, with the place where it last did.

    Numbers begin anew each month in many a file, so one counts only where the texts don't contradict it.
    """
    known: dict[str, int] = {}
    found = []
    for at, one in enumerate(told):
        if not one.number or one.source != source:
            continue
        before = known.get(one.number)
        if before is not None and likeness(one.words, told[before].words) >= UNCONTRADICTED:
            found.append((at, before))
        known[one.number] = at
    return found


def _value(policy: Policy, parameter: Parameter) -> int | None:
    """A parameter's value; none where the regime says nothing of it, and then nothing is suggested."""
    try:
        return int(policy.value(parameter))
    except Barred:
        return None
