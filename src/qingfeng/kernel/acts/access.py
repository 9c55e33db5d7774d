"""Access 知悉与待办: who may read a matter, and on whom which act waits.

Every list, inbox, search, history, export, chooser, attachment and notice starts here.
An office that reads a whole jurisdiction has a standing grant, declared by its guard, and no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from qingfeng.kernel.ledger.canonical import encode_plain
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.reading.compiled import (
    compiled,
    delete,
    insert,
    int_slot,
    page_reading,
    text_slot,
    update,
)
from qingfeng.kernel.reading.paging import PageCursor, pressing_after
from qingfeng.kernel.refusals import NotFound

M = TypeVar("M", bound=Matter)
Grant = tuple[str, str, datetime | None]
"""Holder key, act owed (empty: may read), and when it is due."""


class Access(models.Model):
    """A holder may read a matter, or owes it an act by a day.

    ``closed`` repeats the matter's own, so that what is still open is found without walking all that ever was.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="access", db_index=False)
    holder = models.CharField(max_length=64)
    act = models.CharField(max_length=40, blank=True)
    due = models.DateTimeField(null=True)
    closed = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["holder", "matter"], name="access_reads"),
            models.Index(fields=["holder", "matter"], name="access_open", condition=Q(closed=False)),
            models.Index(fields=["holder", "due", "matter"], name="access_inbox", condition=~Q(act="")),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["matter", "holder", "act"], name="access_granted_once"),
        ]


PRESSING = (models.F("due").asc(nulls_last=True), "matter_id", "id")


def digest(grants: Iterable[tuple[str, str, datetime | str | None]]) -> str:
    """Digest (hex) of a matter's grants, whatever their order."""
    return sm3(encode_plain(sorted([holder, act, plain(due) or ""] for holder, act, due in grants))).hex()


class GrantRow(NamedTuple):
    """A row as it is read under the lock of its matter."""

    id: int
    holder: str
    act: str
    due: datetime | None
    closed: bool


EVERY = 2**31 - 1


class Reach(NamedTuple):
    """How far an actor reads in one mechanism.

    ``standing``: jurisdictions it reads whole (none: every one); ``keys``: the holder keys whose rows it reads by.
    """

    standing: tuple[int, ...] | None
    keys: tuple[str, ...]

    @classmethod
    def of(cls, actor: Actor, kind: type[Matter]) -> Reach:
        if actor.reason:
            return cls(actor.jurisdictions or None, ())
        standing = kind.reads.standing(actor)
        # Rows are asked for beside a standing grant only where they can open something: they cost a list its index.
        return cls(standing, () if standing and not kind.reads.beside_standing(actor) else actor.keys)

    def narrow(self, queryset: QuerySet[M], only_open: bool = False, to_count: bool = False) -> QuerySet[M]:
        """The matters within it, or of these the open ones.

        ``to_count``: all of them are gone through, so the rows are begun with; a page of the latest is found sooner
        by looking for a row to each matter.
        """
        whole = queryset.filter(closed=False) if only_open else queryset
        if self.standing is None:
            return whole
        rows = Access.objects.filter(holder__in=self.keys)
        if only_open:
            # What a row opens, the row says to be open: the matters themselves need not be looked at. Left to
            # itself the database walks them all, the latest first; a limit makes it begin with the rows.
            opened = rows.filter(closed=False).order_by("-matter_id").values("matter_id").distinct()
            by_row = Q(pk__in=opened[:EVERY])
        elif to_count:
            by_row = Q(pk__in=rows.values("matter_id"))
        else:
            by_row = Q(Exists(rows.filter(matter_id=OuterRef("pk"))))
        covered = Q(jurisdiction_id__in=self.standing, mechanism=queryset.model.code)
        if self.standing:
            return whole.filter(covered | by_row if self.keys else covered)
        return queryset.filter(by_row) if self.keys else queryset.none()


def readable(queryset: QuerySet[M], actor: Actor, only_open: bool = False) -> QuerySet[M]:
    """The matters of one class an actor may read, or of these the open ones. An unknown actor reads none."""
    return Reach.of(actor, queryset.model).narrow(queryset, only_open)


def countable(queryset: QuerySet[M], actor: Actor) -> QuerySet[M]:
    """The same matters, to be counted: all of them are gone through."""
    return Reach.of(actor, queryset.model).narrow(queryset, to_count=True)


def one(kind: type[M], actor: Actor, matter_id: int, *related: str) -> M:
    """The matter of an id, if the actor may read it, with what is related to it.

    Raises ``NotFound``, for an id no table could hold too.
    """
    standing, keys = Reach.of(actor, kind)
    # An id beyond 64 bits is an error of the driver on PostgreSQL and no row on SQLite; here it is not there.
    if not 0 < matter_id < 2**63 or not (standing is None or standing or keys):
        raise NotFound
    asked = compiled(_one, kind, None if standing is None else len(standing), len(keys), related)
    found: list[M] = asked(matter_id, *(standing or ()), *keys)
    if not found:
        raise NotFound
    return found[0]


def _one(kind: type[Matter], standing: int | None, keys: int, related: tuple[str, ...]) -> QuerySet[Matter]:
    covered = None if standing is None else tuple(map(int_slot, range(1, standing + 1)))
    named = tuple(map(text_slot, range((standing or 0) + 1, (standing or 0) + keys + 1)))
    matters = kind._default_manager.select_related(*related) if related else kind._default_manager.all()
    return Reach(covered, named).narrow(matters).filter(pk=int_slot(0))


def readable_everywhere(actor: Actor, classes: Iterable[type[Matter]]) -> QuerySet[Matter]:
    """The matters of all mechanisms an actor may read, for the search and the timeline across them."""
    if actor.reason:
        every = Matter.objects.all()
        return every.filter(jurisdiction_id__in=actor.jurisdictions) if actor.jurisdictions else every
    by_row = Q(Exists(Access.objects.filter(matter_id=OuterRef("pk"), holder__in=actor.keys)))
    standing = {cls.code: covered for cls in classes if (covered := cls.reads.standing(actor))}
    if not standing:
        return Matter.objects.filter(by_row) if actor.keys else Matter.objects.none()
    codes: dict[tuple[int, ...], list[str]] = {}
    for code, covered in standing.items():
        codes.setdefault(tuple(sorted(covered)), []).append(code)
    whole = Q()
    for covered, named in codes.items():
        whole |= Q(mechanism__in=named, jurisdiction_id__in=covered)
    return Matter.objects.filter(whole | by_row)


def inbox(keys: Sequence[str]) -> QuerySet[Access]:
    """What waits on the holders of some keys."""
    return Access.objects.filter(holder__in=keys).exclude(act="")


def waiting(actor: Actor, after: PageCursor | None, size: int) -> list[Access]:
    """A page of what waits on an actor, the most pressing first, with the matters."""
    if not actor.keys:
        return []
    if after is None:
        return page_reading(_waiting, len(actor.keys))(*actor.keys, size)
    rows = pressing_after(inbox(actor.keys), after, "due", "matter_id", "id")
    return list(rows.select_related("matter").order_by(*PRESSING)[:size])


def _waiting(keys: int) -> tuple[QuerySet[Access], QuerySet[Access]]:
    rows = inbox([text_slot(place) for place in range(keys)]).order_by(*PRESSING)
    return rows, Access.objects.select_related("matter").order_by(*PRESSING)


def settle(matter: Matter, rows: Iterable[GrantRow], wanted: set[Grant]) -> set[Grant]:
    """Bring a matter's rows to the grants wanted; returns those that are new, not those only due at another time."""
    held: dict[Grant, GrantRow] = {(row.holder, row.act, row.due): row for row in rows}
    # By id, not by holder: the rows were read under the lock, so nothing else is there to be deleted.
    delete(Access, [row.id for grant, row in held.items() if grant not in wanted])
    if any(row.closed != matter.closed for row in held.values()):
        update(Access, {"closed": matter.closed}, matter_id=matter.pk)
    fresh = wanted - held.keys()
    insert(
        [
            Access(matter_id=matter.pk, holder=holder, act=act, due=due, closed=matter.closed)
            for holder, act, due in sorted(fresh, key=lambda grant: (grant[0], grant[1]))
        ]
    )
    before = {grant[:2] for grant in held}
    return {grant for grant in fresh if grant[:2] not in before}
