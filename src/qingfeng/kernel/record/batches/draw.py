"""A draw (抽取) that a stranger can repeat with nothing but SM3.

The frame's ids are ordered by SM3(seed ‖ id), the seed as bytes and the id in UTF-8; the first n are drawn.
With strata, the number is shared equally over them first, and each stratum draws its share in the same way.
The digest of the frame is published before the seed is made, so that neither can be fitted to the other.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qingfeng.kernel.ledger.canonical import encode
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.text.translatable import TranslatableError
from qingfeng.kernel.text.translatable import gettext_noop as _

SHORTEST_SEED = 16


class CannotDraw(TranslatableError, ValueError):
    """A draw is refused; the message says which number or id stands in the way."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw with all that is needed to repeat it.

    `strata` is id -> stratum for every id of the frame, or empty for a plain draw; `sizes` is what each
    stratum gave (the one key "" for a plain draw); `selected` is in the order drawn, stratum after stratum.
    """

    seed: str
    frame_size: int
    frame_digest: str
    strata: Mapping[str, str]
    sizes: Mapping[str, int]
    selected: tuple[str, ...]


def frame_digest(frame: Collection[str], strata: Mapping[str, str] | None = None) -> str:
    """Return SM3, in hex, of the canonical list of [id, stratum], sorted; a plain frame has stratum "".

    Raises:
        CannotDraw: if an id stands twice, or the strata do not name exactly the frame.
    """
    return sm3(encode([[name, stratum] for name, stratum in sorted(_placed(frame, strata).items())])).hex()


def draw(
    frame: Collection[str],
    seed: str,
    size: int | Mapping[str, int],
    strata: Mapping[str, str] | None = None,
) -> Draw:
    """Draw from `frame` with the hexadecimal `seed`.

    `size` is the total, shared equally over the strata (see `shares`), or a size for each stratum by name.

    Raises:
        CannotDraw: if the seed is no hex or shorter than 16 bytes; an id stands twice; the strata do not name
            exactly the frame; a size is negative, for an unknown stratum, or more than there is.
    """
    key = _seed(seed)
    placed = _placed(frame, strata)
    ordered: dict[str, list[str]] = {stratum: [] for stratum in sorted(set(placed.values()))}
    # By the hash of seed and id, not by a shuffle: anybody can repeat it in any language, at any size.
    for name in sorted(placed, key=lambda name: sm3(key + name.encode())):
        ordered[placed[name]].append(name)
    held = {stratum: len(names) for stratum, names in ordered.items()}
    sizes = shares(size, held, seed) if isinstance(size, int) else _given(size, held)
    return Draw(
        seed=seed,
        frame_size=len(placed),
        frame_digest=frame_digest(frame, strata),
        strata=MappingProxyType(dict(strata or {})),
        sizes=MappingProxyType(sizes),
        selected=tuple(name for stratum, names in ordered.items() for name in names[: sizes[stratum]]),
    )


def shares(size: int, held: Mapping[str, int], seed: str) -> dict[str, int]:
    """Share `size` equally over strata that hold `held` ids each; the total is kept.

    One is given to every stratum that still has ids, in rounds, until all is given; so a stratum too small
    gives its rest to the others. In the last round, where there is not one for each, those go first whose
    SM3(seed ‖ 0x00 ‖ stratum) is smaller (RULES A7: remainder by seeded chance).

    Raises:
        CannotDraw: if `size` is negative or more than all strata hold.
    """
    if size < 0:
        raise CannotDraw(_("The number to be drawn must not be negative."))
    if size > sum(held.values()):
        raise CannotDraw(
            _("%(size)s are to be drawn, but the frame holds %(held)s."), size=size, held=sum(held.values())
        )
    key = _seed(seed)
    given = dict.fromkeys(held, 0)
    rest = size
    while rest:
        open_ = sorted(
            (stratum for stratum in held if given[stratum] < held[stratum]),
            # The zero byte keeps a stratum apart from an id of the same name.
            key=lambda stratum: sm3(key + b"\x00" + stratum.encode()),
        )
        step = min(rest // len(open_), min(held[stratum] - given[stratum] for stratum in open_)) or 1
        for stratum in open_[:rest] if step == 1 else open_:
            given[stratum] += step
            rest -= step
    return given


def _placed(frame: Collection[str], strata: Mapping[str, str] | None) -> dict[str, str]:
    placed = {name: strata.get(name, "") if strata else "" for name in frame}
    if len(placed) < len(frame):
        raise CannotDraw(_("An id stands twice in the frame; each can be drawn once."))
    if strata and strata.keys() != placed.keys():
        odd = min(strata.keys() ^ placed.keys())
        raise CannotDraw(
            _("Frame and strata differ at '%(odd)s': every id needs its stratum, and no other has one."),
            odd=odd,
        )
    return placed


def _given(sizes: Mapping[str, int], held: Mapping[str, int]) -> dict[str, int]:
    for stratum, size in sizes.items():
        if not 0 <= size <= held.get(stratum, 0):
            raise CannotDraw(
                _("%(size)s are to be drawn from '%(stratum)s', which holds %(held)s."),
                size=size,
                stratum=stratum,
                held=held.get(stratum, 0),
            )
    return {stratum: sizes.get(stratum, 0) for stratum in held}


def _seed(seed: str) -> bytes:
    try:
        key = bytes.fromhex(seed)
    except ValueError as error:
        raise CannotDraw(_("The seed is not hexadecimal.")) from error
    if len(key) < SHORTEST_SEED or key.hex() != seed:
        raise CannotDraw(
            _("The seed is at least %(least)s bytes, in small hexadecimal digits without spaces."),
            least=SHORTEST_SEED,
        )
    return key
