"""The mechanisms of conduct and effectiveness, one folder each, all of one shape.

To add one is to add its folder here and a line in the regime that enables it.
"""

import pkgutil


def installed() -> list[str]:
    """The dotted names of the mechanisms shipped, in order of name."""
    return sorted(f"{__name__}.{module.name}" for module in pkgutil.iter_modules(__path__) if module.ispkg)
