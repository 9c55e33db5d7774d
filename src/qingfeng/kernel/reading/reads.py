"""Every reading there is 查阅: each starts from what the actor may read, and what is not theirs is not there.

Faces read through these functions only; ``READS`` names them for the walk that tries each of them
with every role in every relation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel import search
from qingfeng.kernel.acts import access
from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.acts.scope import names_of_matters
from qingfeng.kernel.acts.steps import Step
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.matters.registry import matter_class, mechanisms, states_of
from qingfeng.kernel.papers.models import Paper
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.reading import workload as carrying
from qingfeng.kernel.reading.burden import burden as burden
from qingfeng.kernel.reading.burden import warned as warned
from qingfeng.kernel.reading.compiled import compiled, int_slot, text_slot
from qingfeng.kernel.reading.overviews import board as board
from qingfeng.kernel.reading.overviews import looks as looks
from qingfeng.kernel.reading.overviews import occasions as occasions
from qingfeng.kernel.reading.overviews import page as page
from qingfeng.kernel.reading.overviews import page_of as page_of
from qingfeng.kernel.reading.overviews import statistics as statistics
from qingfeng.kernel.reading.paging import PAGE, ListPage, PageCursor, cut, number_of, paged, size_of
from qingfeng.kernel.reading.rows import rows_of
from qingfeng.kernel.reading.workload import awaited as awaited
from qingfeng.kernel.reading.workload import flow as flow
from qingfeng.kernel.reading.workload import late as late
from qingfeng.kernel.reading.workload import loads as loads
from qingfeng.kernel.reading.workload import touchable as touchable
from qingfeng.kernel.record.goals import goal_counts as goal_counts
from qingfeng.kernel.record.goals import own_goals as own_goals
from qingfeng.kernel.record.timeline import TimelineEntry, lines
from qingfeng.kernel.refusals import Invalid, NotFound
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.time.limits import limits as limits

MOST_COUNTED = 100


@dataclass(frozen=True)
class Filters:
    """What a list may be narrowed to. ``text`` is searched in number and title."""

    state: str = ""
    open: bool | None = None
    text: str = ""
    fields: Mapping[str, int | str] | None = None


def listing(
    actor: Actor, code: str, filters: Filters | None = None, cursor: str = "", size: int = PAGE
) -> ListPage:
    """The matters of one mechanism, the newest first. Raises ``NotFound``, ``Invalid``."""
    matter = matter_class(code)
    filters = filters or Filters()
    state = states_of(matter).get(filters.state)
    only_open = filters.open is True or (state is not None and not state.final)
    found = access.readable(matter._default_manager.order_by(), actor, only_open)
    return paged(_narrowed(found, matter, filters), cursor, size, "jurisdiction")


def inbox(actor: Actor, cursor: str = "", size: int = PAGE) -> ListPage:
    """What waits on the actor, the most pressing first, as ``Access`` rows with their matter."""
    rows = access.waiting(actor, PageCursor.read(cursor, 2), size_of(size) + 1)
    return cut(rows, size, lambda row: PageCursor(row.due, (row.matter_id, row.pk)))


def carried(actor: Actor, cursor: str = "", size: int = PAGE) -> ListPage:
    """What the units an actor answers for have open: as ``Carried``, what is due first, then the oldest."""
    return _pressing(carrying.carried, actor, cursor, size)


def own(actor: Actor, cursor: str = "", size: int = PAGE) -> ListPage:
    """What is open and names the actor themselves, in the same order."""
    return _pressing(carrying.own, actor, cursor, size)


def searched(actor: Actor, text: str, cursor: str = "", size: int = PAGE) -> ListPage:
    """The matters of all mechanisms that have every piece of a text in number, title or unit, the newest first."""
    found = access.readable_everywhere(actor, mechanisms().values()).filter(search.found(text))
    return paged(found, cursor, size)


def one(actor: Actor, code: str, matter_id: int) -> Matter:
    """A matter. Raises ``NotFound`` for one that is not there, or not theirs to see."""
    matter = matter_class(code)
    return access.one(matter, actor, matter_id, "jurisdiction", "opened_by")


def timeline(actor: Actor, code: str, matter_id: int) -> list[TimelineEntry]:
    """Everything that happened to a matter, the latest first."""
    matter = one(actor, code, matter_id)
    keeper = matter.words_with()
    sealed = keeper is not None and not _reads(actor, keeper)
    return lines(matter, None if sealed else _said_before(actor, matter), actor)


def led_to_sealed(actor: Actor, matter: Matter) -> list[Link]:
    """The links to matters it opened whose words were sealed since, where the actor reads them without their words.

    Who doesn't read such a matter at all, as the unit that was visited, isn't to learn from a blank that it was sealed.
    """
    found = []
    opened = Link.objects.filter(
        source_id=matter.pk, target__secrecy=Secrecy.SEALED, target__opened_at=F("entry__at")
    )
    for link in opened.select_related("target").order_by("id"):
        target = matter_class(link.target.mechanism)._base_manager.get(pk=link.target_id)
        keeper = target.words_with()
        if keeper is not None and _reads(actor, target) and not _reads(actor, keeper):
            found.append(link)
    return found


def _said_before(actor: Actor, matter: Matter) -> set[int]:
    """The entries of a matter that said what was sealed since: those that led there, and what was said for them ahead."""
    hushed = {link.entry_id for link in led_to_sealed(actor, matter)}
    for last, act in Entry.objects.filter(pk__in=hushed).values_list("pk", "act"):
        if act not in matter.said_ahead:
            hushed |= set(
                matter.entries.filter(pk__lt=last, act__in=matter.said_ahead).values_list("pk", flat=True)
            )
    return hushed


def steps(actor: Actor, code: str, matter_id: int) -> list[Step]:
    """The approval steps of a matter, the latest round first, with their seats; none to a party outside the staff."""
    matter = one(actor, code, matter_id)
    if actor.outside:
        return []
    return list(matter.steps.prefetch_related("seats__person").order_by("-round", "order", "id"))


def rows(actor: Actor, code: str, matter_id: int, name: str, cursor: str = "", size: int = PAGE) -> ListPage:
    """The rows of one name under a matter, in their order, as ``RowView``. Raises ``NotFound``, ``Invalid``.

    Where the words of the matter were sealed later, its rows are read where they lie.
    """
    declared = rows_of(matter_class(code)).get(name)
    if declared is None:
        raise NotFound
    matter = one(actor, code, matter_id)
    keeper = matter.words_with()
    if keeper is not None:
        one(actor, keeper.mechanism, keeper.pk)
    found = list(declared.after(matter, number_of(cursor), size_of(size) + 1))
    return cut(declared.views(matter, found, actor, names_of_matters), size, attrgetter("number"))


def links(actor: Actor, code: str, matter_id: int) -> list[tuple[str, Matter]]:
    """The matters linked to this one that the actor may read too, with the kind of link."""
    matter = one(actor, code, matter_id)
    rows = Link.objects.filter(Q(source_id=matter.pk) | Q(target_id=matter.pk)).order_by("id")
    others = {row.target_id if row.source_id == matter.pk else row.source_id: row.kind for row in rows}
    seen = access.readable_everywhere(actor, mechanisms().values()).filter(pk__in=others)
    return [(others[other.pk], other) for other in seen.order_by("pk")]


def attachment(actor: Actor, file_id: Any) -> Attachment:
    """An attachment of a matter the actor may read, or one they handed in themselves and have not used yet.

    What came with words that were sealed later is read where they lie.
    """
    found = Attachment.objects.filter(pk=file_id).select_related("matter").first()
    if found is None:
        raise NotFound
    if found.matter is None:
        if found.account_id is None or found.account_id != actor.account_id:
            raise NotFound
        return found
    matter = matter_class(found.matter.mechanism)._base_manager.get(pk=found.matter.pk)
    keeper = matter.words_with() or matter
    one(actor, keeper.mechanism, keeper.pk)
    return found


def _reads(actor: Actor, matter: Matter) -> bool:
    return access.readable(type(matter)._default_manager.filter(pk=matter.pk), actor).exists()


def papers(actor: Actor, code: str, matter_id: int) -> list[Paper]:
    """The papers of a matter, the latest first, with their approvals."""
    matter = one(actor, code, matter_id)
    return list(matter.papers.select_related("approval__approver", "author").order_by("-id"))


def paper(actor: Actor, paper_id: int) -> Paper:
    """A paper of a matter the actor may read; ``papers.issuing.rendition`` opens its page."""
    found = (
        Paper.objects.filter(pk=paper_id)
        .select_related("matter", "template", "approval__approver", "author")
        .first()
    )
    if found is None:
        raise NotFound
    one(actor, found.matter.mechanism, found.matter_id)
    return found


def notices(actor: Actor, cursor: str = "", size: int = PAGE) -> ListPage:
    """What the actor was told, the latest first."""
    told = Message.objects.filter(channel=Message.Channel.NOTICE, holder__in=actor.keys)
    return paged(told, cursor, size, "entry__matter")


def notice(actor: Actor, message_id: int) -> Message:
    """One thing the actor was told. Raises ``NotFound``."""
    asked = actor.keys and 0 < message_id < 2**63
    found = compiled(_notice, len(actor.keys))(message_id, *actor.keys) if asked else []
    if not found:
        raise NotFound
    told: Message = found[0]
    return told


def _notice(keys: int) -> QuerySet[Message]:
    held = [text_slot(1 + place) for place in range(keys)]
    told = Message.objects.filter(channel=Message.Channel.NOTICE, holder__in=held, pk=int_slot(0))
    return told.select_related("entry__matter")


def waiting(actor: Actor) -> int:
    """How many matters wait on the actor, counted no further than ``MOST_COUNTED``."""
    return access.inbox(actor.keys).values("matter_id").distinct()[:MOST_COUNTED].count()


def unread(actor: Actor) -> int:
    """How many notices the actor has not read, counted no further than ``MOST_COUNTED``."""
    told = Message.objects.filter(channel=Message.Channel.NOTICE, holder__in=actor.keys, read_at=None)
    return told[:MOST_COUNTED].count()


def owed(actor: Actor, code: str, matter_id: int) -> list[Access]:
    """Whose turn it is in a matter: the acts that wait, on whom, and when they are due.

    A party outside the staff is told of its own turn; who else is asked, or away, is not its affair.
    """
    matter = one(actor, code, matter_id)
    rows = Access.objects.filter(matter_id=matter.pk).exclude(act="").order_by("due", "holder", "act")
    return list(rows.filter(holder__in=actor.keys) if actor.outside else rows)


def clocks(actor: Actor, code: str, matter_id: int) -> list[Running]:
    """The clocks of a matter, in the order they were started."""
    matter = one(actor, code, matter_id)
    return list(Running.objects.filter(matter_id=matter.pk).order_by("started_at", "id"))


def entry(actor: Actor, entry_id: int) -> Entry:
    """A ledger entry of a matter the actor may read, as the ledger holds it."""
    found = Entry.objects.filter(pk=entry_id).select_related("matter").first()
    if found is None:
        raise NotFound
    one(actor, found.matter.mechanism, found.matter_id)
    return found


def _narrowed(found: QuerySet[Any], matter: type[Matter], filters: Filters) -> QuerySet[Any]:
    """What is left by the filters; what is to be open is open already."""
    if filters.state:
        if filters.state not in states_of(matter):
            raise Invalid({"state": [_("Choose one of the values offered.")]})
        found = found.filter(state=filters.state)
    if filters.open is False:
        found = found.filter(closed=True)
    for name, value in (filters.fields or {}).items():
        if name not in matter.filters:
            raise Invalid({name: [_("This list can't be narrowed by that.")]})
        found = found.filter(**{name: _offered(matter, name, value)})
    return found.filter(search.found(filters.text)) if filters.text else found


def _pressing(
    reading: Callable[[Actor, PageCursor | None, int], Sequence[carrying.OpenMatter]],
    actor: Actor,
    cursor: str,
    size: int,
) -> ListPage:
    rows = reading(actor, PageCursor.read(cursor, 1), size_of(size) + 1)
    return cut(rows, size, lambda row: PageCursor(row.due, (row.matter.pk,)))


def _offered(matter: type[Matter], name: str, value: int | str) -> int | str:
    text = str(value)
    whole = text.isascii() and text.isdigit() and len(text) <= 18
    if (matter._meta.get_field(name).is_relation and not whole) or "\x00" in text:
        raise Invalid({name: [_("Choose one of the values offered.")]})
    return value


READS = {
    "listing": listing,
    "inbox": inbox,
    "searched": searched,
    "one": one,
    "timeline": timeline,
    "steps": steps,
    "links": links,
    "rows": rows,
    "attachment": attachment,
    "papers": papers,
    "paper": paper,
    "notices": notices,
    "notice": notice,
    "waiting": waiting,
    "unread": unread,
    "owed": owed,
    "clocks": clocks,
    "entry": entry,
    "carried": carried,
    "own": own,
    "loads": loads,
    "awaited": awaited,
    "late": late,
    "flow": flow,
    "touchable": touchable,
    "looks": looks,
    "statistics": statistics,
    "board": board,
    "page": page,
    "occasions": occasions,
}
"""Every reading, by name. ``Access`` rows and matters go no other way to a face."""
