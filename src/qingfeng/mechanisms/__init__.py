"""The mechanisms of conduct and effectiveness in their chapters, one folder each, all of one shape.

To add one is to add its folder to a chapter here and a line in the regime that enables it. A chapter is a group of the menu
and of the handbook.
"""

import pkgutil


def installed() -> list[str]:
    """The dotted names of the mechanisms shipped, chapter by chapter, in order of name."""
    chapters = [module.name for module in pkgutil.iter_modules(__path__, f"{__name__}.") if module.ispkg]
    folders = [[*__path__, *chapter.rsplit(".", 1)[1:]] for chapter in chapters]
    return sorted(
        module.name
        for chapter, (path, name) in zip(chapters, folders, strict=True)
        for module in pkgutil.iter_modules([f"{path}/{name}"], f"{chapter}.")
        if module.ispkg
    )
