"""Parts the console adds to the design system: acts in place, and what stands in a form beside plain fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from qingfeng.faces.design.components import BarredAct, DataTable, EmptyState, FlashMessage, MatterRow
from qingfeng.faces.design.fields import ErrorSummary
from qingfeng.kernel.refusals import Ground

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class InlineRefusal:
    """A refusal inside a page: what, why, the clause, what to do next; ``links`` follow it."""

    template: ClassVar[str] = "console/parts/told.html"
    title: StrOrPromise
    reason: StrOrPromise
    clause: StrOrPromise = ""
    grounds: Sequence[Ground] = ()
    next_step: StrOrPromise = ""
    links: Sequence[object] = ()


@dataclass(frozen=True, kw_only=True)
class ActLink:
    """An act one may do: a link that, with htmx, turns into its form where it stands."""

    template: ClassVar[str] = "console/parts/act_link.html"
    key: str
    label: StrOrPromise
    href: str
    explain: StrOrPromise = ""
    owed: bool = False


@dataclass(frozen=True, kw_only=True)
class DraftOffer:
    """A draft that was not sent: to go on with (in the place ``swap``), or to throw away."""

    template: ClassVar[str] = "console/parts/offered.html"
    at: str
    href: str
    swap: str


@dataclass(frozen=True, kw_only=True)
class AlternativeAct:
    """A button that goes on to another act with what was typed for this one."""

    template: ClassVar[str] = "console/parts/instead.html"
    name: str
    label: StrOrPromise


@dataclass(frozen=True, kw_only=True)
class ActForm:
    """The form of an act. ``told`` stands on top of it (a conflict); ``again`` buttons draw it anew unsent.

    Not ``ready``, it can't be sent for good: the sheet that fills it wants mending. ``typed``: something stands in
    it that leaving the page would lose. ``once_more``: it was sent under an old seal, and sends itself again.
    ``draft``: where what is typed is kept meanwhile, if it is. ``tells``: what is good to know beforehand.
    """

    template: ClassVar[str] = "console/parts/act_form.html"
    key: str
    label: StrOrPromise
    action: str
    explain: StrOrPromise = ""
    tells: Sequence[StrOrPromise] = ()
    fields: Sequence[object] = ()
    hidden: Sequence[tuple[str, str]] = ()
    errors: ErrorSummary | None = None
    told: object = None
    multipart: bool = False
    ready: bool = True
    close: str = ""
    whole: bool = False
    typed: bool = False
    once_more: bool = False
    draft: str = ""

    @property
    def place(self) -> str:
        """The id of the place it stands in, on its own page and in a matter's."""
        return f"act-{self.key}"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What the reader may do with a matter now, what waits on whom, and why not the rest."""

    template: ClassVar[str] = "console/parts/panel.html"
    acts: Sequence[ActLink | ActForm | InlineRefusal] = ()
    waiting: Sequence[StrOrPromise] = ()
    barred: Sequence[BarredAct] = ()


@dataclass(frozen=True, kw_only=True)
class ConditionalControl:
    """A control only asked for while another has one of some values; without scripts it always shows."""

    template: ClassVar[str] = "console/parts/given.html"
    control: object
    name: str
    values: Sequence[str]
    said: StrOrPromise


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """A file handed in already, kept in the form whatever becomes of the rest."""

    id: str
    name: str
    href: str


@dataclass(frozen=True, kw_only=True)
class KeptFiles:
    """An upload with the files it holds already."""

    template: ClassVar[str] = "console/parts/kept_files.html"
    control: object
    name: str
    kept: Sequence[KeptFile] = ()


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """One row of a group of rows: its controls, and the button that takes it away."""

    number: int
    controls: Sequence[object]
    without: str


@dataclass(frozen=True, kw_only=True)
class FormRows:
    """Rows 多行, as many as it takes: each a group of controls, with a button for one more."""

    template: ClassVar[str] = "console/parts/lines.html"
    id: str
    name: str
    label: StrOrPromise
    lines: Sequence[FormRow]
    more: str
    errors: Sequence[StrOrPromise] = ()
    upload: Upload | None = None


@dataclass(frozen=True, kw_only=True)
class Upload:
    """Where a sheet is chosen that fills the rows ``name``, and where its template is had."""

    template: ClassVar[str] = "console/parts/upload.html"
    id: str
    name: str
    label: StrOrPromise
    template_href: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Rows read from a sheet, before they are stored 导入预览: what is wrong, and the first of them."""

    template: ClassVar[str] = "console/parts/preview.html"
    id: str
    label: StrOrPromise
    name: str
    sheet: str
    told: FlashMessage
    faults: DataTable | None
    rows: DataTable
    anew: Upload
    errors: Sequence[StrOrPromise] = ()


@dataclass(frozen=True, kw_only=True)
class FoldedRows:
    """Rows that went into an act: how many, and a table that opens."""

    template: ClassVar[str] = "console/parts/said_rows.html"
    words: StrOrPromise
    table: DataTable


@dataclass(frozen=True, kw_only=True)
class Finder:
    """A choice from more than a list can hold: a search box over a select that it fills anew."""

    template: ClassVar[str] = "console/parts/finder.html"
    control: object
    name: str
    select: str
    address: str
    find: str
    query: str = ""
    words: StrOrPromise = ""


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of a select, alone."""

    template: ClassVar[str] = "console/parts/options.html"
    choices: Sequence[tuple[str, StrOrPromise]]
    value: str = ""
    empty: StrOrPromise = ""


@dataclass(frozen=True, kw_only=True)
class TextLink:
    """A plain link in a run of words; ``note`` follows it. ``beside``: it opens a window of its own."""

    template: ClassVar[str] = "console/parts/link.html"
    label: StrOrPromise
    href: str
    note: StrOrPromise = ""
    beside: bool = False


@dataclass(frozen=True, kw_only=True)
class GoneValue:
    """A value that is no longer, or not here, to be read."""

    template: ClassVar[str] = "console/parts/gone.html"
    words: StrOrPromise


@dataclass(frozen=True, kw_only=True)
class Card:
    """A card around parts; without a title where what stands in it has its own. ``flush``: rows reach its edges; ``wide``:
    two columns of a first page."""

    template: ClassVar[str] = "console/parts/card.html"
    content: Sequence[object]
    title: StrOrPromise = ""
    id: str = ""
    more: TextLink | None = None
    flush: bool = False
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class SentenceList:
    """A list of plain sentences."""

    template: ClassVar[str] = "console/parts/words.html"
    sentences: Sequence[object]


@dataclass(frozen=True, kw_only=True)
class PendingMatter:
    """A matter that waits on the reader, with the acts it waits for."""

    template: ClassVar[str] = "console/parts/task.html"
    row: MatterRow
    acts: Sequence[TextLink]
    touches: Sequence[Touch] = ()


@dataclass(frozen=True, kw_only=True)
class Touch:
    """An act done with one touch, where it stands; without scripts the page ``back`` is drawn anew."""

    template: ClassVar[str] = "console/parts/touch.html"
    label: StrOrPromise
    number: str
    action: str
    key: str
    back: str


@dataclass(frozen=True, kw_only=True)
class TouchReceipt:
    """Stands in the place of a touch that was done."""

    template: ClassVar[str] = "console/parts/touched.html"
    label: StrOrPromise
    number: str


@dataclass(frozen=True, kw_only=True)
class PendingMatters:
    """What waits on the reader, or that nothing does."""

    template: ClassVar[str] = "console/parts/tasks.html"
    label: StrOrPromise
    tasks: Sequence[PendingMatter]
    empty: EmptyState


@dataclass(frozen=True, kw_only=True)
class OtherRole:
    """Another role of the reader's in which something waits."""

    key: str
    label: StrOrPromise
    count: int


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something the reader was told; ``href`` leads to the matter it is about."""

    id: int
    subject: str
    text: str
    at: datetime
    href: str = ""
    unread: bool = False


@dataclass(frozen=True, kw_only=True)
class Code:
    """Signs to be compared or copied; a ``block`` scrolls."""

    template: ClassVar[str] = "console/parts/code.html"
    text: str
    block: bool = False


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph of plain words."""

    template: ClassVar[str] = "console/parts/paragraph.html"
    text: StrOrPromise


@dataclass(frozen=True, kw_only=True)
class RetryButton:
    """A button that lets something that failed be tried once more: a delivery or a clock, by its id."""

    template: ClassVar[str] = "console/parts/once_more.html"
    href: str
    label: StrOrPromise
    id: int


@dataclass(frozen=True, kw_only=True)
class FileLink:
    """A file handed in; of an ``image`` a small picture is shown."""

    name: str
    href: str
    size: str
    image: bool = False


@dataclass(frozen=True, kw_only=True)
class FileLinks:
    """Files handed in with an act."""

    template: ClassVar[str] = "console/parts/files.html"
    files: Sequence[FileLink]


@dataclass(frozen=True, kw_only=True)
class PendingNumber:
    """A number that waits to be compared; ``timed``: it may drive a time limit."""

    key: str
    label: StrOrPromise
    value: str
    clause: str
    quote: str
    since: date
    whose: str
    timed: bool
    proposed: bool
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """Numbers to be confirmed by paper 待核对数值; ``may``: the reader may confirm those they choose."""

    template: ClassVar[str] = "console/parts/numbers.html"
    action: str
    papers: Sequence[tuple[str, Sequence[PendingNumber]]]
    official: str
    may: bool
    empty: EmptyState
