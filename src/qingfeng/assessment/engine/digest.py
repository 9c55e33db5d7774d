"""The digest of a set of facts: one 63-bit number that does not depend on their order.

Each fact is mixed into 63 bits from its id, quantity, date, time, entry and reversal; the digest is the
XOR of these numbers (name, subject, unit and scale are fixed by the question and stand beside it).
Written once as SQL and once as Python, and tested equal. The constants stay below 2**31, so that no
product leaves BIGINT.

How strong it is: two different sets of facts that were not made to collide agree with a chance of about
2**-60, and count and sum stand beside it. It is not cryptographic: someone who may choose facts can find
another set with the same digest. Forgery is the ledger's business: each entry commits to its facts with SM3.
"""

from collections.abc import Iterable

from qingfeng.assessment.engine.contract import FactRow
from qingfeng.assessment.engine.moments import days, micros

_LOW = 0xFFFFFFFF
_WORDS = (0x1E3779B1, 0x45EBCA77, 0x42B2AE3D, 0x27D4EB2F, 0x165667B1, 0x3529A7A5)
_HIGH = 0x5851F42D
_ROUNDS = ((0x45EBCA6B, 0x62B2AE35), (0x4C9E2D51, 0x1B873593))


def mix(fact: FactRow) -> int:
    """The fact's 63 bits."""
    columns = (
        fact.id,
        fact.quantity,
        fact.entry,
        fact.reverses or 0,
        micros(fact.recorded_at),
        days(fact.held_on),
    )
    value, high = 0, 0
    for number, constant in zip(columns, _WORDS, strict=True):
        value ^= (number & _LOW) * constant
        high ^= number
    value ^= ((high >> 32) & _LOW) * _HIGH
    for first, second in _ROUNDS:
        value ^= value >> 29
        value = ((value & _LOW) * first) ^ ((value >> 32) * second)
    return value


def mix_sql(source: str, carried: str) -> str:
    """A SELECT of ``carried`` columns and ``mixed`` (BIGINT) over ``source``; equal to :func:`mix`."""
    columns = (
        "id",
        "quantity",
        "entry",
        "coalesce(reverses, 0)",
        "epoch_us(recorded_at)",
        "(held_on - DATE '1970-01-01')::BIGINT",
    )
    value, high = "", ""
    for expression, constant in zip(columns, _WORDS, strict=True):
        word = f"({expression} & {_LOW}) * {constant}"
        value = f"xor({value}, {word})" if value else word
        high = f"xor({high}, {expression})" if high else expression
    value = f"xor({value}, (({high} >> 32) & {_LOW}) * {_HIGH})"
    query = f"SELECT {carried}, {value} AS mixed FROM {source}"
    for first, second in _ROUNDS:
        folded = f"SELECT {carried}, xor(mixed, mixed >> 29) AS mixed FROM ({query})"
        query = (
            f"SELECT {carried}, xor((mixed & {_LOW}) * {first}, (mixed >> 32) * {second}) AS mixed"
            f" FROM ({folded})"
        )
    return query


def digest(facts: Iterable[FactRow]) -> int:
    """The digest of facts in any order."""
    value = 0
    for fact in facts:
        value ^= mix(fact)
    return value
