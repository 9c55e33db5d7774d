"""A version after this one: a matter has one field more, a register one column more, and a field of a matter is gone.

The migrations stand behind those the mechanisms have today, whichever these are.
"""

from pathlib import Path


def last(migrations: str) -> str:
    """The last migration a folder has."""
    return max(file.stem for file in Path(migrations).glob("0*.py"))
