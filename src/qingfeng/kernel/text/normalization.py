"""Text brought to one form 归一 (Unicode normalization), in time that grows with its length and no faster.

Marks that follow one letter are put in an order of their own, by a sort that takes the square of their number:
a hundred thousand of them would take five seconds.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

PIECE = 1_000
"""Characters brought to their form together."""
_STANDS_ALONE = re.compile("[\0-\u02ff\u3400-\u9fff]")
"""What never joins with what stands before it: a piece may end there."""


def folded(text: str, form: Literal["NFC", "NFKC"] = "NFKC") -> str:
    """The text in a normal form. Of more than a thousand marks in a row the order is left as it is."""
    return "".join(unicodedata.normalize(form, piece) for piece in _pieces(text))


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        found = _STANDS_ALONE.search(text, start + PIECE, start + 2 * PIECE)
        end = found.start() if found else start + 2 * PIECE
        yield text[start:end]
        start = end
