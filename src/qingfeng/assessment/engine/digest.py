"""The digest of a set of facts: one 64-bit number that does not depend on their order.

Each fact is mixed into 64 bits from its id, quantity, date, time, entry and reversal; the digest is the
XOR of these numbers (name, subject, unit and scale are fixed by the question and stand beside it).
Written once as SQL and once as Python, and tested equal.

How strong it is: two different sets of facts that were not made to collide agree with a chance of about
2**-64, and count and sum stand beside it. It is not cryptographic: someone who may choose facts can
find another set with the same digest. Forgery is the ledger's business: each entry commits to its facts
with SM3.
"""

from qingfeng.assessment.engine.contract import Fact
from qingfeng.assessment.engine.moments import days, micros

_LOW = 0xFFFFFFFF
_WORDS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1, 0xB5297A4D)
_ROUNDS = ((0x85EBCA6B, 0xC2B2AE35), (0xCC9E2D51, 0x1B873593), (0xE6546B64, 0x9E3779B9))


def mix(fact: Fact) -> int:
    """The fact's 64 bits."""
    columns = (
        fact.id,
        fact.quantity,
        days(fact.held_on),
        micros(fact.recorded_at),
        fact.entry,
        fact.reverses or 0,
    )
    value = 0
    for number, constant in zip(columns, _WORDS, strict=True):
        value ^= _fold(number) * constant
    for low, high in _ROUNDS:
        value ^= value >> 29
        value = ((value & _LOW) * low) ^ ((value >> 32) * high)
    return value


def _fold(number: int) -> int:
    """A signed 64-bit integer in 32 bits."""
    return (number & _LOW) ^ ((number >> 32) & _LOW)


def mix_sql(source: str, carried: str) -> str:
    """A SELECT of ``carried`` columns and ``mixed`` (UBIGINT) over ``source``; equal to :func:`mix`."""
    columns = (
        "id",
        "quantity",
        "(held_on - DATE '1970-01-01')::BIGINT",
        "epoch_us(recorded_at)",
        "entry",
        "coalesce(reverses, 0)",
    )
    value = ""
    for expression, constant in zip(columns, _WORDS, strict=True):
        word = f"xor({expression} & {_LOW}, ({expression} >> 32) & {_LOW})::UBIGINT * {constant}::UBIGINT"
        value = f"xor({value}, {word})" if value else word
    query = f"SELECT {carried}, {value} AS mixed FROM {source}"
    for low, high in _ROUNDS:
        folded = f"SELECT {carried}, xor(mixed, mixed >> 29) AS mixed FROM ({query})"
        query = (
            f"SELECT {carried}, xor((mixed & {_LOW}) * {low}::UBIGINT, (mixed >> 32) * {high}::UBIGINT)"
            f" AS mixed FROM ({folded})"
        )
    return query


def digest(facts: list[Fact]) -> int:
    """The digest of a list of facts in any order."""
    value = 0
    for fact in facts:
        value ^= mix(fact)
    return value
