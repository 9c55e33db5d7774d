"""The pages of a batch; here the one of the messages to be handed out."""

from __future__ import annotations

import secrets
from collections.abc import Container, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.access import readable_everywhere
from qingfeng.kernel.acts.engine import options
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.refusals import Refusal
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.vocabulary import Page, Role
from qingfeng.mechanisms.voice.intake.declarations import MessageOutcome
from qingfeng.mechanisms.voice.intake.file_preview import FileSeen, file_page, marked, told, workbook
from qingfeng.mechanisms.voice.intake.registers import SEALED, Message

if TYPE_CHECKING:
    from qingfeng.kernel.people.actors import Actor
    from qingfeng.mechanisms.voice.intake.batch import Batch

SHOWN = 20
LONGEST_SAMPLE = 80
EVERY = "every"

TOLD_BY = tuple(f"{way}{name}" for way in ("", "twin__other__") for name in Message.told_by)

VIEWS: dict[str, tuple[Words, Q]] = {
    "": (_("To be handed out"), Q(outcome=MessageOutcome.OPEN)),
    "sure": (_("Kind suggested"), Q(outcome=MessageOutcome.OPEN, kind="", hint__sure=True)),
    "unsure": (_("Unsure"), Q(outcome=MessageOutcome.OPEN, kind="") & (Q(hint=None) | Q(hint__sure=False))),
    "twins": (_("Likely duplicates"), Q(outcome=MessageOutcome.OPEN, twin__perhaps=False)),
    "perhaps": (_("Duplicates perhaps"), Q(outcome=MessageOutcome.OPEN, twin__perhaps=True)),
    "marked": (_("Something left empty"), Q(outcome=MessageOutcome.OPEN) & ~Q(marks=None)),
    "confirmed": (_("Kind confirmed, no sheet yet"), Q(outcome=MessageOutcome.OPEN) & ~Q(kind="")),
    "sheets": (_("Sheet opened"), Q(outcome=MessageOutcome.SHEET)),
    "aside": (_("Set aside"), Q(outcome=MessageOutcome.SET_ASIDE)),
    "joined": (_("Duplicates"), Q(outcome=MessageOutcome.DUPLICATE)),
    EVERY: (_("Every message"), Q()),
}


def handing_out(batch: Batch, actor: Actor, now: datetime, asked: Mapping[str, str]) -> dict[str, Any]:
    """The messages of a batch, narrowed by what is asked for, and one of them whole with what can be done."""
    view = asked["show"] if asked["show"] in VIEWS else ""
    text = asked["text"].strip()
    kinds, topics = _codes(batch, actor, now, "kind"), _codes(batch, actor, now, "topic")
    sorting = getattr(batch, "sorting", None)
    topics_found = (sorting.topics if sorting else None) or []
    at = _number(asked["topic"]) - 1
    topic = topics_found[at] if 0 <= at < len(topics_found) else None
    found = _narrowed(batch.messages.filter(VIEWS[view][1]), actor, text, asked["kind"])
    if topic:
        found = found.filter(row__in=topic["rows"])
    rows = list(
        found.filter(row__gt=_number(asked["after"]))
        .select_related("hint", "twin", "twin__numbered", *TOLD_BY)
        .order_by("row")[: SHOWN + 1]
    )
    kept = {"show": view, "text": text, "kind": asked["kind"], "topic": asked["topic"] if topic else ""}
    chosen = (
        batch.messages.filter(row=_number(asked["row"]))
        .select_related("hint", "twin", "twin__other__batch", "twin__numbered", "batch", *TOLD_BY)
        .first()
    )
    opened_from = [one.sheet_id for one in (*rows, chosen) if one and one.sheet_id]
    seen = readable_everywhere(actor, mechanisms().values()).filter(pk__in=opened_from)
    mine = set(seen.values_list("pk", flat=True)) if opened_from else set()
    lines = [_line(one, actor, kinds, mine) for one in rows[:SHOWN]]
    return {
        "topic": " · ".join(topic["names"]) if topic else "",
        "views": [(name, label, name == view) for name, (label, _condition) in VIEWS.items()],
        "view": view,
        "text": text,
        "short": bool(text) and len(text) < 2,
        "kind": asked["kind"],
        "kinds": list(kinds.items()),
        "topics": list(topics.items()),
        "units": _units(batch, actor, now) if chosen else [],
        "lines": lines,
        "sure": [line for line in lines if line["sure"]],
        "following": urlencode({**kept, "after": rows[SHOWN - 1].row}) if len(rows) > SHOWN else "",
        "kept": urlencode(kept),
        "after": asked["after"],
        "chosen": _whole(chosen, actor, kinds, mine) if chosen else None,
        "may": _may(batch, actor, now),
        "key": secrets.token_urlsafe(18),
        "left": batch.messages.filter(outcome=MessageOutcome.OPEN).count(),
        "learned_from": sorting.learned_from if sorting else 0,
        "sorted": bool(sorting and sorting.done),
        "sorting": sorting,
    }


def hot_topics(batch: Batch, actor: Actor, now: datetime) -> dict[str, Any]:
    """What many messages of a batch are about, the surest first."""
    sorting = getattr(batch, "sorting", None)
    return {
        "sorted": sorting is not None and sorting.topics is not None,
        "topics": [
            {
                "name": " · ".join(topic["names"]),
                "count": len(topic["rows"]),
                "place": topic["place"],
                "since": topic["since"],
                "until": topic["until"],
                "link": urlencode({"show": EVERY, "topic": number}),
            }
            for number, topic in enumerate((sorting.topics if sorting else None) or [], start=1)
        ],
    }


def _narrowed(found: QuerySet[Message], actor: Actor, text: str, kind: str) -> QuerySet[Message]:
    if kind:
        found = found.filter(Q(kind=kind) | Q(kind="", hint__first=kind))
    if len(text) >= 2:
        words = Q(title__icontains=text) | Q(text__icontains=text) | Q(place__icontains=text)
        found = found.filter(Q(number=text) | (words if actor.role == Role.UNIT_CLERK else words & ~SEALED))
    return found


def _line(message: Message, actor: Actor, kinds: Mapping[str, Words], mine: Container[int]) -> dict[str, Any]:
    """A message as it is listed; of the sheets opened, those in ``mine`` may be gone on to."""
    hint, twin = getattr(message, "hint", None), getattr(message, "twin", None)
    message = message.told(actor)
    if twin:
        twin.other = twin.other.told(actor)
    open_ = message.outcome == MessageOutcome.OPEN
    return {
        "message": message,
        "excerpt": message.text[:LONGEST_SAMPLE],
        "confirmed": kinds.get(message.kind, message.kind),
        "hint": hint,
        "first": kinds.get(hint.first, hint.first) if hint else "",
        "second": kinds.get(hint.second, hint.second) if hint else "",
        "share": hint.share // 10 if hint else 0,
        "second_share": hint.second_share // 10 if hint else 0,
        "sure": bool(open_ and hint and hint.sure and not message.kind and hint.first in kinds),
        "twin": twin,
        "alike": twin.likeness // 10 if twin else 0,
        "is_open": open_,
        "to_sheet": message.sheet_id in mine,
    }


def _whole(
    message: Message, actor: Actor, kinds: Mapping[str, Words], mine: Container[int]
) -> dict[str, Any]:
    line = _line(message, actor, kinds, mine)
    return line | {
        "marks": marked(message.batch, message.row, line["message"].marks or ())["faults"],
        "preset": message.kind or (message.hint.first if hasattr(message, "hint") else ""),
    }


def _may(batch: Batch, actor: Actor, now: datetime) -> set[str]:
    return {option.act.name for option in options(actor, batch, now) if option.decision}


def _scope(batch: Batch, actor: Actor, now: datetime) -> ActorScope:
    return ActorScope(actor, batch.jurisdiction_id, day_of(now))


def _codes(batch: Batch, actor: Actor, now: datetime, name: str) -> dict[str, Words]:
    """The codes one input of opening a sheet offers; none where the regime lists none."""
    spec = next(spec for spec in acts_of(type(batch))["open_sheet"].inputs.fields if spec.name == name)
    try:
        return dict(_scope(batch, actor, now).codes(spec))
    except Refusal:
        return {}


def _units(batch: Batch, actor: Actor, now: datetime) -> list[Any]:
    spec = next(spec for spec in acts_of(type(batch))["open_sheet"].inputs.fields if spec.name == "unit")
    return list(_scope(batch, actor, now).candidates(spec))


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


PAGES = (
    Page(
        "file",
        _("File and columns"),
        "intake/file.html",
        file_page,
        asks=("after", "marked"),
        workbook=workbook,
        answer=FileSeen,
        told=told,
    ),
    Page(
        "messages",
        _("Messages to hand out"),
        "intake/messages.html",
        handing_out,
        asks=("show", "text", "kind", "topic", "after", "row"),
    ),
    Page("topics", _("Hot topics"), "intake/topics.html", hot_topics),
)
