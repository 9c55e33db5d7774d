"""The stack of regimes: national, province, city, county. Which value holds on a day, and where it stands.

Beneath them lie our own choices (defaults), which hold only where no level says anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from qingfeng.kernel.former_codes import names
from qingfeng.kernel.regime.document import DEFAULTS, Document, Source, digest, fingerprint
from qingfeng.kernel.regime.parameters import Parameter, Value, measure
from qingfeng.kernel.text.translatable import TranslatableError
from qingfeng.kernel.text.translatable import gettext_noop as _


class NoValue(TranslatableError, LookupError):
    """No regime of the stack has a value on that day."""

    def __init__(self, parameter: str, day: date) -> None:
        self.parameter = parameter
        self.day = day
        super().__init__(
            _(
                "%(parameter)s has no value on %(day)s. Have a regime activated that sets it from that day "
                "or earlier, with its source, then try again."
            ),
            parameter=parameter,
            day=day,
        )


class IncomparableValues(TranslatableError, ValueError):
    """Two levels measure one parameter differently, so that which is the stricter cannot be told."""

    def __init__(self, parameter: str, day: date, first: "ValueInForce", second: "ValueInForce") -> None:
        super().__init__(
            _(
                "%(parameter)s is measured in %(one)s by %(first)s and in %(other)s by %(second)s on "
                "%(day)s, so the stricter cannot be told. Have it written in the same unit."
            ),
            parameter=parameter,
            day=day,
            first=first.layer,
            second=second.layer,
            one=measure(first.value)[0],
            other=measure(second.value)[0],
        )


@dataclass(frozen=True, slots=True)
class ValueInForce:
    """A value that holds, with where it stands: what an entry records of the parameter it read.

    `layer` is the regime's code, `of` the jurisdiction it is written for ("national" for all, "defaults" for our
    own choices), `digest` the SM3 of its canonical form, `ask` the question it answers, if its source left it open.
    """

    parameter: str
    value: Value
    layer: str
    of: str
    since: date
    source: Source
    verified: bool
    digest: bytes
    ask: str | None = None

    @property
    def fingerprint(self) -> str:
        """What whoever confirms this number confirms."""
        return fingerprint(self.parameter, self.since, self.value, self.source)

    @property
    def fingerprints(self) -> frozenset[str]:
        """What may have been confirmed of it: the same under each name its parameter has had."""
        called = names("parameters", self.parameter)
        return frozenset(fingerprint(name, self.since, self.value, self.source) for name in called)


class Stack:
    """Regimes from the most general to the most local. Immutable: activation makes a new stack."""

    def __init__(self, layers: Iterable[Document]) -> None:
        self._layers = tuple((document, digest(document)) for document in layers)

    @property
    def digests(self) -> tuple[bytes, ...]:
        """The digests of the regimes, from the most general to the most local."""
        return tuple(digest for _, digest in self._layers)

    def changes(self, parameter: Parameter) -> list[date]:
        """Return the first day of every value that any level has for `parameter`, in order."""
        dated = [some for document, _ in self._layers for some in document.values.get(parameter.name, ())]
        return sorted({some.since for some in dated})

    def enables(self, mechanism: str) -> bool:
        """Tell whether any of the regimes enables a mechanism, by its code."""
        return any(mechanism in document.enables for document, _ in self._layers)

    def levels(self, parameter: Parameter, on: date) -> list[ValueInForce]:
        """Return what each level says of `parameter` on a day, the most general first; none: nobody sets it.

        Where any level says something, our own choices say nothing.
        """
        found = [valued for document, key in self._layers if (valued := _at(document, key, parameter, on))]
        # Our own choices are no rule: beside any level that speaks they would make a number look stricter than the law.
        return [valued for valued in found if valued.of != DEFAULTS] or found

    def value(self, parameter: Parameter, on: date) -> ValueInForce:
        """Return the value of `parameter` that holds on the day `on`.

        Each level's value is its newest that has begun. Where several levels have one, the stricter holds if
        the parameter says which that is, of equals the more local; else the most local holds.

        Raises:
            NoValue: if no level has one by that day.
            Incomparable: if two levels use different units for a parameter where the stricter holds.
        """
        found = self.levels(parameter, on)
        if not found:
            raise NoValue(parameter.name, on)
        if parameter.stricter is None:
            return found[-1]
        holds = found[0]
        for valued in found[1:]:
            (one, held), (other, offered) = measure(holds.value), measure(valued.value)
            if one != other:
                raise IncomparableValues(parameter.name, on, holds, valued)
            # Of equals the more local, which is the one its own people are shown.
            if offered == held or (offered < held) == (parameter.stricter == "smaller"):
                holds = valued
        return holds


def _at(document: Document, key: bytes, parameter: Parameter, on: date) -> ValueInForce | None:
    for dated in reversed(document.values.get(parameter.name, ())):
        if dated.since <= on:
            return ValueInForce(
                parameter=parameter.name,
                value=dated.value,
                layer=document.regime,
                of=document.jurisdiction,
                since=dated.since,
                source=dated.source,
                verified=dated.verified,
                digest=key,
                ask=dated.ask,
            )
    return None
