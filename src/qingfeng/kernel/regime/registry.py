"""The parameters that mechanisms declare, by name."""

from __future__ import annotations

from collections.abc import Iterator

from .parameters import Parameter


class Registry:
    """Every parameter once, by its name."""

    def __init__(self, *parameters: Parameter) -> None:
        self._by_name: dict[str, Parameter] = {}
        for parameter in parameters:
            self.add(parameter)

    def add(self, parameter: Parameter) -> Parameter:
        """Take in a declaration and return it; raises ValueError if its name is taken."""
        if parameter.name in self._by_name:
            raise ValueError(
                f"The parameter {parameter.name} is declared twice; give one of them another name."
            )
        self._by_name[parameter.name] = parameter
        return parameter

    def get(self, name: str) -> Parameter | None:
        """Return the parameter of that name, or None."""
        return self._by_name.get(name)

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self._by_name.values())
