"""The mechanisms of conduct and effectiveness in their chapters, one folder each, all of one shape.

To add one is to add its folder to a chapter here and a line in the regime that enables it.
"""

import pkgutil

CHAPTERS = ("duty", "voice", "problems", "restraint", "accountability")
"""The chapters 篇章 in their order: a group of the menu and of the handbook each."""


def installed() -> list[str]:
    """The dotted names of the mechanisms shipped, chapter by chapter, in order of name."""
    return [
        f"{__name__}.{chapter}.{module.name}"
        for chapter in CHAPTERS
        for module in pkgutil.iter_modules([f"{path}/{chapter}" for path in __path__])
        if module.ispkg
    ]
