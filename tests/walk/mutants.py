"""Guards turned round and guards with a part taken out: each must break the walk, or the walk proves nothing."""

from collections.abc import Iterator

from qingfeng.kernel.guards import Guard
from qingfeng.kernel.guards.base import All, Either, Not


def mutants(guard: Guard) -> Iterator[tuple[str, Guard]]:
    """The guard turned round, each part within it turned round, and each part taken out, with what was done."""
    yield f"turned round: {guard.sentence()}", _turned(guard)
    match guard:
        case All(parts) | Either(parts):
            for place, part in enumerate(parts):
                before, after = parts[:place], parts[place + 1 :]
                rest = (*before, *after)
                yield f"without: {part.sentence()}", rest[0] if len(rest) == 1 else type(guard)(rest)
                for done, other in mutants(part):
                    yield done, type(guard)((*before, other, *after))


def _turned(guard: Guard) -> Guard:
    return guard.part if isinstance(guard, Not) else ~guard
