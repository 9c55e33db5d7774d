"""The parts of a page. Each is drawn by its template through ``{% show part %}``.

Texts are whatever Django can translate lazily; dates and times are drawn in the reader's language;
``href`` is a ready URL. Nothing here decides anything: words, tones and permissions come from the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from qingfeng.faces.design.fields import ErrorSummary, Field

Tone = Literal["neutral", "accent", "done", "near", "late", "outline"]
Level = Literal["on_time", "near", "late", "done", "paused", "none"]

_LIGHT_ICONS: dict[Level, str] = {
    "on_time": "light-ring",
    "near": "light-half",
    "late": "light-alert",
    "done": "light-check",
    "paused": "light-pause",
    "none": "light-dash",
}
_MESSAGE_ICONS = {"accent": "info", "done": "light-check", "near": "light-half", "late": "light-alert"}


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A state or a mark. `icon` is a name of :mod:`icons`; the label carries the meaning, the tone helps."""

    template: ClassVar[str] = "design/components/chip.html"
    label: StrOrPromise
    tone: Tone = "neutral"
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Light:
    """How a due date stands 亮灯: words, shape and colour together, so that no one of them is alone.

    `words` says it in full ("3 days overdue"), `detail` the date or the reason of a pause.
    """

    template: ClassVar[str] = "design/components/light.html"
    level: Level
    words: StrOrPromise
    detail: StrOrPromise = ""

    @property
    def icon(self) -> str:
        return _LIGHT_ICONS[self.level]


@dataclass(frozen=True, kw_only=True)
class Button:
    """A link that looks like a button; `tone` accent is the one primary of a page."""

    template: ClassVar[str] = "design/components/button.html"
    label: StrOrPromise
    href: str
    tone: Literal["primary", "secondary", "danger", "plain"] = "secondary"
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Crumb:
    label: StrOrPromise
    href: str


@dataclass(frozen=True, kw_only=True)
class PageHeader:
    """Title of a page, where it hangs, its state and its actions. `state` holds chips and lights."""

    template: ClassVar[str] = "design/components/page_header.html"
    title: StrOrPromise
    number: str = ""
    lead: StrOrPromise = ""
    crumbs: Sequence[Crumb] = ()
    state: Sequence[object] = ()
    actions: Sequence[Button] = ()


@dataclass(frozen=True, kw_only=True)
class EmptyState:
    """Nothing to show: says why, and what to do next."""

    template: ClassVar[str] = "design/components/empty.html"
    title: StrOrPromise
    text: StrOrPromise = ""
    action: Button | None = None
    icon: str = "inbox"


@dataclass(frozen=True, kw_only=True)
class MatterRow:
    """One matter in an inbox or list. `meta` is short words (unit, mechanism); `fresh` marks the unread."""

    template: ClassVar[str] = "design/components/row.html"
    href: str
    title: StrOrPromise
    number: str
    state: Chip
    light: Light
    meta: Sequence[StrOrPromise] = ()
    fresh: bool = False


@dataclass(frozen=True, kw_only=True)
class MatterList:
    """A list of matters, or its empty state."""

    template: ClassVar[str] = "design/components/rows.html"
    label: StrOrPromise
    rows: Sequence[MatterRow]
    empty: EmptyState


@dataclass(frozen=True, kw_only=True)
class ColumnHead:
    """Head of a table column. `sort_href` makes it a link; `sorted` is the direction it has now."""

    label: StrOrPromise
    numeric: bool = False
    sort_href: str = ""
    sorted: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell as its column draws it; made by :class:`Table`."""

    column: ColumnHead
    value: object


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """Cells in the order of the columns: texts, numbers, dates or parts. The first heads the row."""

    cells: Sequence[object]
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class DataTable:
    """A table that becomes a list of cards on a phone (`stack`), or its empty state."""

    template: ClassVar[str] = "design/components/table.html"
    caption: StrOrPromise
    columns: Sequence[ColumnHead]
    rows: Sequence[TableRow]
    empty: EmptyState | None = None
    stack: bool = True
    tight: bool = False
    caption_hidden: bool = False

    @property
    def drawn(self) -> list[tuple[TableRow, list[Cell]]]:
        return [
            (row, [Cell(column=c, value=v) for c, v in zip(self.columns, row.cells, strict=True)])
            for row in self.rows
        ]


@dataclass(frozen=True, kw_only=True)
class Pager:
    """Cursor pages without counts: an empty href means there is no such page."""

    template: ClassVar[str] = "design/components/pager.html"
    previous_href: str = ""
    next_href: str = ""
    words: StrOrPromise = ""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A label and its value (text, date or part). `prose` keeps line breaks; `wide` takes the whole line."""

    label: StrOrPromise
    value: object
    prose: bool = False
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The sheet of a matter: a definition list, two columns where there is room."""

    template: ClassVar[str] = "design/components/summary.html"
    title: StrOrPromise
    pairs: Sequence[Pair]
    two_columns: bool = True


@dataclass(frozen=True, kw_only=True)
class ActButton:
    """An act one may do, as a button that opens its form in place.

    `action` takes the POST; `hidden` goes with it (version, idempotency key). `errors` is the error summary
    of a refused attempt and opens the form, as `open` does. With `swap` (a CSS selector) htmx posts it and
    replaces that element; without scripts the form works as it is.
    """

    template: ClassVar[str] = "design/components/act.html"
    key: str
    label: StrOrPromise
    action: str
    explain: StrOrPromise = ""
    tone: Literal["primary", "secondary", "danger"] = "secondary"
    fields: Sequence[Field] = ()
    hidden: Sequence[tuple[str, str]] = ()
    errors: ErrorSummary | None = None
    open: bool = False
    swap: str = ""

    @property
    def multipart(self) -> bool:
        return any(f.kind == "file" for f in self.fields)

    @property
    def opened(self) -> bool:
        return self.open or self.errors is not None


@dataclass(frozen=True, kw_only=True)
class BarredAct:
    """An act one may not do: the reason, the clause it rests on, and what to do next."""

    label: StrOrPromise
    reason: StrOrPromise
    clause: StrOrPromise = ""
    next_step: StrOrPromise = ""


@dataclass(frozen=True, kw_only=True)
class ActPanel:
    """What the reader may do with a matter now, and under "why can't I?" what not."""

    template: ClassVar[str] = "design/components/act_panel.html"
    acts: Sequence[ActButton] = ()
    barred: Sequence[BarredAct] = ()
    waiting_for: StrOrPromise = ""


@dataclass(frozen=True, kw_only=True)
class TimelineItem:
    """An entry of the ledger in a timeline. `fingerprint` is the whole hash in hex; its head is shown."""

    label: StrOrPromise
    actor: StrOrPromise
    at: datetime
    role: StrOrPromise = ""
    inputs: Sequence[Pair] = ()
    fingerprint: str = ""
    verify_href: str = ""
    look: Literal["", "done", "late", "reversal"] = ""

    @property
    def fingerprint_head(self) -> str:
        return " ".join(self.fingerprint[i : i + 4] for i in range(0, min(16, len(self.fingerprint)), 4))


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """What happened, newest first or oldest first as the caller orders it."""

    template: ClassVar[str] = "design/components/timeline.html"
    title: StrOrPromise
    entries: Sequence[TimelineItem]


@dataclass(frozen=True, kw_only=True)
class FlashMessage:
    """A flash message. Tone: accent to tell, done, near to warn, late when something failed."""

    template: ClassVar[str] = "design/components/message.html"
    title: StrOrPromise
    text: StrOrPromise = ""
    tone: Literal["accent", "done", "near", "late"] = "accent"

    @property
    def icon(self) -> str:
        return _MESSAGE_ICONS[self.tone]


@dataclass(frozen=True, kw_only=True)
class Tab:
    label: StrOrPromise
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Tabs:
    """Links to sibling views, drawn as tabs (each is a page of its own)."""

    template: ClassVar[str] = "design/components/tabs.html"
    label: StrOrPromise
    tabs: Sequence[Tab]


@dataclass(frozen=True, kw_only=True)
class ApprovalStep:
    """A step of an approval: who, when, what was said."""

    label: StrOrPromise
    state: Literal["done", "current", "waiting", "refused"]
    who: StrOrPromise = ""
    at: date | datetime | None = None
    note: StrOrPromise = ""


@dataclass(frozen=True, kw_only=True)
class ApprovalProgress:
    """Progress of an approval, across on a desk and down on a phone."""

    template: ClassVar[str] = "design/components/steps.html"
    label: StrOrPromise
    steps: Sequence[ApprovalStep]


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A number that matters. `spark` is a sparkline of :func:`qingfeng.faces.charts.sparkline`."""

    label: StrOrPromise
    value: int | StrOrPromise
    unit: StrOrPromise = ""
    note: StrOrPromise = ""
    tone: Literal["", "done", "near", "late"] = ""
    href: str = ""
    spark: object = None

    @property
    def icon(self) -> str:
        return _MESSAGE_ICONS.get(self.tone, "")


@dataclass(frozen=True, kw_only=True)
class Tiles:
    """Stat tiles side by side."""

    template: ClassVar[str] = "design/components/tiles.html"
    tiles: Sequence[Tile]


@dataclass(frozen=True, kw_only=True)
class PaperPreview:
    """A likeness of an official paper 公文 to read on a screen; the rendition is made elsewhere."""

    template: ClassVar[str] = "design/components/paper.html"
    organ: StrOrPromise
    number: str
    title: StrOrPromise
    addressee: StrOrPromise
    paragraphs: Sequence[StrOrPromise]
    signer: StrOrPromise
    signed_on: date
    copies_to: StrOrPromise = ""


@dataclass(frozen=True, kw_only=True)
class RefusalPage:
    """Why a page can't be had: what happened, the clause, and what to do next. Give it as ``refusal``."""

    code: int
    title: StrOrPromise
    reason: StrOrPromise
    clause: StrOrPromise = ""
    grounds: Sequence[object] = ()
    next_step: StrOrPromise = ""
    actions: Sequence[Button] = field(default_factory=tuple)
