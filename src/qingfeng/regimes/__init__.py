"""Drafts of dated parameters, schemes, templates, with sources: statutory/, defaults/, and one folder a locality.

A draft holds nowhere until two people put it in force.
"""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@cache
def shipped() -> dict[str, str]:
    """The text of every regime that comes with the package, by its code: our own choices first, then national rules."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(_files(), key=_order)]
    return {line_of(text, "regime"): text for text in texts}


def general() -> list[str]:
    """The codes of what a locality's own regime stands on: our own choices and the national rules."""
    return [
        code for code, text in shipped().items() if line_of(text, "jurisdiction") in ("defaults", "national")
    ]


def line_of(text: str, key: str) -> str:
    """What stands under a key of a regime's head; nothing where the key is not there."""
    return next(
        (line[len(key) + 1 :].strip() for line in text.splitlines() if line.startswith(f"{key}:")), ""
    )


def _files() -> list[Traversable]:
    folders = [folder for folder in files(__name__).iterdir() if folder.is_dir()]
    return [file for folder in folders for file in folder.iterdir() if file.name.endswith(".yaml")]


def _order(file: Traversable) -> tuple[bool, bool, str]:
    jurisdiction = line_of(file.read_text(encoding="utf-8"), "jurisdiction")
    return jurisdiction != "defaults", jurisdiction != "national", str(file)
