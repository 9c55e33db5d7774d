"""What the app shell needs from the console, and the reader's preferences it draws with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

THEME_COOKIE = "qf_theme"
SIZE_COOKIE = "qf_size"
THEMES = ("auto", "light", "dark")
SIZES = ("normal", "large")


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """A place to go. `primary` ones stand in the bar at the foot of a phone (at most four)."""

    label: StrOrPromise
    href: str
    icon: str
    count: int = 0
    current: bool = False
    primary: bool = False


@dataclass(frozen=True, kw_only=True)
class NavGroup:
    items: Sequence[NavItem]
    title: StrOrPromise = ""


@dataclass(frozen=True, kw_only=True)
class RoleChoice:
    """A role the account holds now; choosing posts `role` = `key` to `Shell.role_action`."""

    key: str
    label: StrOrPromise
    current: bool = False


@dataclass(frozen=True, kw_only=True)
class MenuLink:
    label: StrOrPromise
    href: str
    icon: str = "person"


@dataclass(frozen=True, kw_only=True)
class PersonSwitch:
    """The people of a demonstration that its reader can become; choosing posts `username` = `key` to `action`."""

    action: str
    people: Sequence[RoleChoice]


@dataclass(frozen=True, kw_only=True)
class Shell:
    """The frame around a page of the console. Give it to the templates as ``shell``."""

    home_href: str
    search_href: str
    sign_out_action: str
    person: StrOrPromise
    role: StrOrPromise
    place: StrOrPromise = ""
    portfolio: StrOrPromise = ""
    query: str = ""
    nav: Sequence[NavGroup] = ()
    roles: Sequence[RoleChoice] = ()
    role_action: str = ""
    links: Sequence[MenuLink] = ()
    becoming: PersonSwitch | None = None

    @property
    def primary(self) -> list[NavItem]:
        return [item for group in self.nav for item in group.items if item.primary]


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """Theme and type size 适老 of this reader, from cookies; anything unknown is the default."""

    theme: str = "auto"
    size: str = "normal"


def preferences(request: HttpRequest) -> dict[str, Preferences]:
    """Context processor: ``preferences`` for the shells."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    size = request.COOKIES.get(SIZE_COOKIE, "normal")
    return {
        "preferences": Preferences(
            theme=theme if theme in THEMES else "auto",
            size=size if size in SIZES else "normal",
        )
    }
