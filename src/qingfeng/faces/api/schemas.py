"""What answers look like: fixed shapes, and one for each mechanism made from its declaration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, create_model
from pydantic.json_schema import WithJsonSchema

from qingfeng.faces.api.parameters import FILTERS, Id, Listing, asked, titled
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import states_of
from qingfeng.kernel.money import Yuan
from qingfeng.kernel.people.outside import NAMED
from qingfeng.kernel.reading.row_columns import RowColumn
from qingfeng.kernel.reading.rows import DeclaredRows, rows_of
from qingfeng.kernel.refusals import Misdeclared


class Named(BaseModel):
    """A unit, person or jurisdiction."""

    id: int
    name: str


class Coded(BaseModel):
    """A code, with its words in the reader's language."""

    code: str
    label: str


class Brief(BaseModel):
    """A matter in a list across mechanisms."""

    id: int
    mechanism: str
    number: str
    title: str
    state: Coded
    version: int
    closed: bool
    opened_at: datetime


class ListedMatter(Brief):
    """A matter in the list of its mechanism."""

    secrecy: Coded
    jurisdiction: Named
    opened_by: Named | None


class ClockView(BaseModel):
    """A time limit on a matter."""

    name: str
    label: str
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None
    stopped_at: datetime | None
    expired_at: datetime | None


class Owed(BaseModel):
    """An act that waits on the caller."""

    matter: Brief
    act: Coded
    due: datetime | None


class FileView(BaseModel):
    """An attachment; its digest is SM3 of its bytes, in hex."""

    id: UUID
    name: str
    media_type: str
    size: int
    digest: str


class SaidView(BaseModel):
    """One input of an entry; ``text`` is null for what is erased or personal."""

    label: str
    text: str | None
    files: list[FileView]


class EntryView(BaseModel):
    """A ledger entry; ``hash`` is the hash its proof leads from."""

    id: int
    seq: int
    at: datetime
    hash: str


class LineView(EntryView):
    """What happened to a matter, once."""

    act: Coded
    person: str
    role: str
    system: bool
    state: Coded | None
    said: list[SaidView]


class OptionView(BaseModel):
    """An act, and whether the caller may do it now; if not, why, by which clause, and what to do."""

    act: Coded
    purpose: str
    allowed: bool
    reason: str
    clause: str
    remedy: str


class OpeningView(OptionView):
    """An act that opens a matter."""

    mechanism: str


class SeatView(BaseModel):
    """A seat in an approval step: whom it waits on, or who took it and said what."""

    holder: str
    person: Named | None
    agrees: bool | None
    recused: bool
    at: datetime | None


class StepView(BaseModel):
    """An approval step; it passes when ``need`` of its seats agree."""

    round: int
    order: int
    label: str
    need: int
    outcome: Coded
    seats: list[SeatView]


class PaperView(BaseModel):
    """A paper as it went out; its digest is SM3 of its page, in hex."""

    id: int
    number: str
    title: str
    issued_at: datetime
    media_type: str
    digest: str
    author: Named | None
    approver: Named | None


class LinkView(BaseModel):
    """A matter linked to this one."""

    kind: Coded
    matter: Brief


class NoticeView(BaseModel):
    """Something the caller was told."""

    id: int
    at: datetime | None
    subject: str
    text: str
    mechanism: str | None
    matter: int | None


class Candidate(BaseModel):
    """A value a chooser offers."""

    value: int | str
    label: str


class ProofHead(BaseModel):
    """The head that a proof leads to."""

    header: str
    signature: str


class ProofKey(BaseModel):
    """A signing key, by the statement that the key before it signed."""

    statement: str
    signature: str


class ProofView(BaseModel):
    """What the stand-alone verifier needs to prove one entry."""

    v: int
    entry: str
    index: int
    size: int
    path: list[str]
    checkpoint: str
    signature: str
    place: int
    history: list[str]
    head: ProofHead
    keys: list[ProofKey]


class TokenView(BaseModel):
    """The token in use."""

    name: str
    created_at: datetime
    expires_at: datetime


class Me(BaseModel):
    """Who the token speaks for; ``portfolio`` are the units it answers for besides its own."""

    account: str
    person: Named
    role: Coded
    unit: Named
    portfolio: list[Named]
    jurisdiction: Named
    instead_of: Named | None
    token: TokenView


def page_of(row: type[BaseModel], name: str) -> type[BaseModel]:
    """A page of rows: ``next`` is the cursor of the next page, null on the last. Nothing is counted."""
    return create_model(name, rows=(list[row], ...), next=(str | None, ...))  # type: ignore[valid-type]


Inbox = page_of(Owed, "Inbox")
Found = page_of(Brief, "Found")
Notices = page_of(NoticeView, "Notices")
Openings = page_of(OpeningView, "Openings")
Timeline = page_of(LineView, "Timeline")
Options = page_of(OptionView, "Options")
Steps = page_of(StepView, "Steps")
Papers = page_of(PaperView, "Papers")
Links = page_of(LinkView, "Links")
Candidates = page_of(Candidate, "Candidates")


class Shapes:
    """The shapes of one mechanism's answers."""

    def __init__(self, matter: type[Matter]) -> None:
        name = matter.code.title().replace("_", "")
        brief = {field.name: _typed(field) for field in own_fields(matter) if listed(field)}
        whole = {field.name: _typed(field) for field in own_fields(matter)}
        shown_brief = create_model(f"{name}ListedFields", **brief)
        shown_whole = create_model(f"{name}Fields", **whole)
        self.row = create_model(f"{name}Row", __base__=ListedMatter, fields=(shown_brief, ...))
        self.rows = {
            one.name: page_of(
                create_model(f"{name}{one.name.title()}Row", **_of_rows(one)),
                f"{name}{one.name.title()}Page",
            )
            for one in rows_of(matter).values()
        }
        under: dict[str, Any] = {}
        if self.rows:
            first: dict[str, Any] = {one: (shape | None, ...) for one, shape in self.rows.items()}
            under["rows"] = (create_model(f"{name}Rows", **first), ...)
        self.whole = create_model(
            f"{name}Matter",
            __base__=ListedMatter,
            fields=(shown_whole, ...),
            clocks=(list[ClockView], ...),
            **under,
        )
        self.page = page_of(self.row, f"{name}Page")
        seen: Any = self.whole | None
        self.done = create_model(f"{name}Done", matter=(seen, ...), entry=(EntryView, ...))
        self.filters = create_model(f"{name}Filters", __base__=Listing, **_filters(matter))


def _of_rows(rows: DeclaredRows) -> dict[str, Any]:
    shape: dict[str, Any] = {rows.key: (int, titled(_("No.")))}
    shape |= {one.name: (_of_column(one), titled(one.label)) for one in rows.columns}
    return shape | {"state": (Coded | None, titled(_("State")))} if rows.states else shape


def _of_column(column: RowColumn) -> Any:
    kind = column.kind
    if column.refers is not None:
        kind = Named if kind is column.refers else list[Named]
    elif kind is Yuan:
        kind = int
    elif kind is list:
        kind = Any
    elif kind not in (int, bool, date, datetime):
        kind = str
    return kind | None if column.null else kind


def own_fields(matter: type[Matter]) -> list[models.Field[Any, Any]]:
    """The fields a mechanism adds to the base row, but for those kept for its acts alone (not ``editable``).

    Other matters are read as links, each by its own right.
    """
    return [
        field
        for field in matter._meta.concrete_fields
        if field.model is not Matter
        and field.editable
        and not field.primary_key
        and not (field.related_model and issubclass(field.related_model, Matter))
    ]


def listed(field: models.Field[Any, Any]) -> bool:
    """Whether a list shows it: long prose is left to the matter itself."""
    return not isinstance(field, models.TextField)


KINDS: Mapping[type[models.Field[Any, Any]], Any] = {
    models.BooleanField: bool,
    models.IntegerField: int,
    models.CharField: str,
    models.TextField: str,
    models.DateTimeField: datetime,
    models.DateField: date,
    models.UUIDField: UUID,
    models.JSONField: Any,
}


def _plain(field: models.Field[Any, Any]) -> Any:
    return next((shown for cls, shown in KINDS.items() if isinstance(field, cls)), None)


def _typed(field: models.Field[Any, Any]) -> Any:
    if isinstance(field, models.ForeignKey):
        kind: Any = Named if field.related_model in NAMED else int
    else:
        kind = _plain(field)
    if kind is None:
        raise Misdeclared(f"{field}: the REST interface can't show a {type(field).__name__}")
    return (kind | None if field.null else kind, titled(field.verbose_name))


def _filters(matter: type[Matter]) -> dict[str, Any]:
    codes = WithJsonSchema({"type": "string", "enum": ["", *states_of(matter)]})
    narrowed: dict[str, Any] = {"state": (Annotated[str, codes], asked(_("State"), default=""))}
    for name in matter.filters:
        field = matter._meta.get_field(name)
        assert isinstance(field, models.Field)
        kind = Id if isinstance(field, models.ForeignKey) else FILTERS.get(_plain(field))
        if kind is None:
            raise Misdeclared(f"{field}: no list can be narrowed by a {type(field).__name__}")
        narrowed[name] = (kind | None, asked(field.verbose_name, default=None))
    return narrowed
