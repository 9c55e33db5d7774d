"""What verification finds 核验发现: each fault named by where it is and what does not hold."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as say


@dataclass(frozen=True)
class Fault:
    """One thing that does not hold. ``where`` names the row, as ``matter:12/3`` or ``kernel_fact:44``."""

    where: str
    words: str

    def __str__(self) -> str:
        return f"{self.where}: {say(self.words)}"
