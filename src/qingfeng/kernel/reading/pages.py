"""Pages of one matter 专用页面: what a form is not enough for, such as a seating plan or a map."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.text.words import Words

if TYPE_CHECKING:
    from qingfeng.kernel.matters.models import Matter


@dataclass(frozen=True)
class Page:
    """A page that whoever reads the matter may open. Raises ``Misdeclared``.

    ``template`` draws what stands below the page's header; it is given what ``context`` returns, and
    ``matter``. ``script`` is a static file of the mechanism: nothing stands inline. A page changes nothing;
    what it wants done goes through the forms of acts. ``asks`` are the words of its address it understands,
    such as which part of a long list is shown; ``context`` is given what stands under them, as ``asked``.
    ``workbook`` gives its tables to be taken along, each a title, heads and rows. ``answer`` is what programs are
    told of it, and ``told`` tells it.
    """

    name: str
    label: Words
    template: str
    context: Callable[..., Mapping[str, Any]]
    script: str = ""
    asks: tuple[str, ...] = ()
    workbook: Callable[..., Sequence[tuple[Words, Sequence[Words], Sequence[Sequence[object]]]]] | None = None
    answer: type[BaseModel] | None = None
    told: Callable[..., BaseModel] | None = None

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise Misdeclared(f"{self.name}: a page is named by one word of letters, digits and _")


@dataclass(frozen=True)
class PageContent:
    """A page with what stands in it for one reader."""

    page: Page
    matter: Matter
    context: Mapping[str, Any]
