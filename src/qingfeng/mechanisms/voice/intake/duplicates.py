"""Which messages of a batch likely repeat an earlier one 疑似重复, in it or before it, found a piece at a time.

Of every message gone through the index keeps numbers, no text, in the memory of the worker that has the batch in
hand. Another one that goes on after it takes them in anew, and compares from where the first had come to.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from django.db.models import Max, Min

from qingfeng.kernel.reading.likeness import Likenesses, likeness
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.time.periods import day_of
from qingfeng.mechanisms.voice.intake.batch import Batch
from qingfeng.mechanisms.voice.intake.policy import ALIKE_FROM, ALIKE_WITHIN, PERHAPS_FROM, said
from qingfeng.mechanisms.voice.intake.registers import Message, Sorting, Twin

LOOKED_THROUGH = 300_000
"""Earlier messages looked through for duplicates at most: some 300 MB of the worker's memory."""
COMPARED = 250
"""Messages compared in one piece: half a second's work, where all of them vary one form."""
TAKEN = 2_000
"""Earlier messages taken into the index in one piece: they are compared with nothing."""


UNCONTRADICTED = 300
"""From which likeness on texts don't contradict that they bear one number."""

Near: TypeAlias = "tuple[int, int]"
"""An earlier message, and how alike the texts are."""


class _ComparedMessage(NamedTuple):
    """What duplicates are told by."""

    pk: int
    batch_id: int
    number: str
    title: str
    text: str

    @property
    def words(self) -> str:
        return f"{self.title}\n{self.text}"


class _BatchComparison:
    """A batch that is being compared: the index of what was gone through, and up to which message that is."""

    def __init__(self, batch: Batch, alike_from: int, perhaps_from: int, since: date) -> None:
        self.batch = batch
        self.alike_from = alike_from
        self.index = Likenesses(min(alike_from, perhaps_from))
        own = batch.messages.aggregate(first=Min("pk"), last=Max("pk"))
        in_time = Message.objects.filter(
            batch__jurisdiction_id=batch.jurisdiction_id, valid_from__gte=since, pk__lte=own["last"]
        )
        earlier = in_time.filter(pk__lt=own["first"]).order_by("-pk").values_list("pk", flat=True)
        looked_through = earlier[LOOKED_THROUGH - 1 : LOOKED_THROUGH]
        self.in_question = in_time.filter(pk__gte=next(iter(looked_through), 0))
        self.before_own = own["first"] - 1
        self.upto = self.looked_at = 0
        Sorting.objects.filter(batch=batch).update(to_look_at=self.in_question.count())

    def some(self) -> bool:
        """Go through a piece of the messages; whether any were left."""
        known = max(Sorting.objects.get(batch=self.batch).compared_to, self.before_own)
        left = self.in_question.filter(pk__gt=self.upto).order_by("pk").values_list(*_ComparedMessage._fields)
        told = [_ComparedMessage(*row) for row in left.filter(pk__lte=known)[:TAKEN]]
        if told:
            self.index.take([(one.pk, one.words) for one in told])
        else:
            told = [_ComparedMessage(*row) for row in left[:COMPARED]]
            self._compare(told)
        if told:
            self.upto = told[-1].pk
            self.looked_at += len(told)
            far = {"compared_to": max(known, self.upto), "looked_at": self.looked_at}
            Sorting.objects.filter(batch=self.batch).update(**far)
        return bool(told)

    def _compare(self, told: Sequence[_ComparedMessage]) -> None:
        near = self.index.nearest([(one.pk, one.words) for one in told], _words)
        own = [one for one in told if one.batch_id == self.batch.pk]
        numbered = self._numbered(own)
        twins = [self._twin(one.pk, near.get(one.pk), numbered.get(one.pk)) for one in own]
        Twin.objects.bulk_create(
            [twin for twin in twins if twin is not None],
            update_conflicts=True,
            unique_fields=["message"],
            update_fields=["other", "likeness", "same_number", "numbered", "perhaps"],
        )

    def _twin(self, message: int, by_text: Near | None, by_number: Near | None) -> Twin | None:
        """What a message repeats by its text, and beside it by its number."""
        if by_text is None or (by_number is not None and by_number[0] == by_text[0]):
            if by_number is None:
                return None
            other, alike = by_text or by_number
            return Twin(message_id=message, other_id=other, likeness=alike, same_number=True)
        return Twin(
            message_id=message,
            other_id=by_text[0],
            likeness=by_text[1],
            same_number=False,
            numbered_id=by_number[0] if by_number is not None else None,
            perhaps=by_text[1] < self.alike_from and by_number is None,
        )

    def _numbered(self, own: Sequence[_ComparedMessage]) -> dict[int, Near]:
        """The last message of the source before each that bears its number, with their likeness.

        Numbers begin anew each month in many a file, so one counts only where the texts don't contradict it.
        """
        named = self.in_question.filter(
            number__in={one.number for one in own} - {""}, batch__source=self.batch.source
        )
        bearing: dict[str, list[int]] = {}
        for number, pk in named.order_by("pk").values_list("number", "pk"):
            bearing.setdefault(number, []).append(pk)
        before = {
            one.pk: bearing[one.number][at - 1]
            for one in own
            if one.number in bearing and (at := bisect_left(bearing[one.number], one.pk))
        }
        words = _words(sorted(set(before.values())))
        found = {
            one.pk: (before[one.pk], likeness(one.words, words[before[one.pk]]))
            for one in own
            if one.pk in before
        }
        return {pk: near for pk, near in found.items() if near[1] >= UNCONTRADICTED}


def compared_some(batch: Batch, policy: Policy, now: datetime) -> bool:
    """Compare a piece of a batch; whether there was any left to compare."""
    alike_from, within = said(policy, ALIKE_FROM), said(policy, ALIKE_WITHIN)
    if alike_from is None or within is None or not batch.read:
        return False
    perhaps_from = said(policy, PERHAPS_FROM) or alike_from
    left = False
    try:
        left = _begun(batch.pk, alike_from, perhaps_from, day_of(now) - timedelta(days=within)).some()
    finally:
        if not left:
            # Done, or broken off with half a piece in the index: whoever goes on takes the messages in anew.
            _begun.cache_clear()
    return left


@lru_cache(maxsize=1)
def _begun(batch_id: int, alike_from: int, perhaps_from: int, since: date) -> _BatchComparison:
    """The one batch that this process compares, as far as it has come."""
    return _BatchComparison(Batch.objects.get(pk=batch_id), alike_from, perhaps_from, since)


def _words(messages: Sequence[int]) -> Mapping[int, str]:
    rows = Message.objects.filter(pk__in=messages).values_list(*_ComparedMessage._fields)
    return {told.pk: told.words for told in (_ComparedMessage(*row) for row in rows)}
