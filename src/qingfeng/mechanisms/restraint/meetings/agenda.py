"""The agenda of a meeting: who speaks, how long, and how long they spoke. Kept with the meeting as plain rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypedDict

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.vocabulary import Input, Line, ListRows, RowColumn, RowState, Unit, Whole
from qingfeng.mechanisms.restraint.meetings.rules import Speech


class Speaker(Input):
    """A speaker as planned 发言人: by unit and post, never by name."""

    unit: Annotated[Unit, _("Speaker's unit")]  # type: ignore[valid-type]  # mypy, before Unit is analysed
    post: Annotated[str, Line(40), _("Speaker's post")]
    topic: Annotated[str, Line(100), _("Topic of the speech")]
    minutes: Annotated[int, Whole(1, 600, _("minutes")), _("Minutes planned")]
    main: Annotated[bool, _("Main leader")] = False


class AgendaRow(TypedDict):
    """One row of an agenda; ``seconds`` is none until the speech has ended, ``over`` what was too long of it."""

    unit: int
    name: str
    post: str
    topic: str
    minutes: int
    main: bool
    seconds: int | None
    over: int


SPOKEN = RowState("spoken", _("held"), lambda item: item["seconds"] is not None)
TO_SPEAK = RowState("to_speak", _("still to be held"), lambda item: True)
AGENDA = ListRows(
    "agenda",
    label=_("Agenda"),
    columns=(
        RowColumn("topic", _("Topic of the speech")),
        RowColumn("unit", _("Speaker's unit"), Unit),
        RowColumn("post", _("Speaker's post")),
        RowColumn("minutes", _("Minutes planned"), int),
        RowColumn("main", _("Main leader"), bool),
        RowColumn("seconds", _("Seconds spoken"), int),
        RowColumn("over", _("Seconds too long"), int),
    ),
    states=(SPOKEN, TO_SPEAK),
    drawn_on="hall",
)


def planned(rows: Sequence[Speaker], minutes: int, kept: Sequence[AgendaRow] = ()) -> list[AgendaRow]:
    """The agenda that rows ask for, behind those items that were spoken already.

    Raises ``Invalid`` when the speeches don't fit into the meeting.
    """
    total = sum(row.minutes for row in rows) + sum(item["minutes"] for item in kept)
    if total > minutes:
        words = format_lazy(_("The speeches take {} minutes, the meeting {}."), total, minutes)
        raise Invalid({"agenda": [words]})
    fresh = [
        AgendaRow(
            unit=row.unit.pk,
            name=row.unit.name,
            post=row.post,
            topic=row.topic,
            minutes=row.minutes,
            main=row.main,
            seconds=None,
            over=0,
        )
        for row in rows
    ]
    return [*kept, *fresh]


def speeches(agenda: Sequence[AgendaRow]) -> tuple[Speech, ...]:
    """The speeches that are still to be held."""
    return tuple(Speech(item["main"], item["minutes"]) for item in agenda if item["seconds"] is None)
