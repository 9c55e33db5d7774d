"""The frame around every page of the console: places, roles, search; the context processor ``shell``."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.console.display import mechanism_name
from qingfeng.faces.console.impersonation import becoming
from qingfeng.faces.console.visit import ConsoleRequest
from qingfeng.faces.design.shell import MenuLink, NavGroup, NavItem, RoleChoice, Shell
from qingfeng.kernel.guards.base import is_nothing
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.reading import reads
from qingfeng.kernel.text.words import Words


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Nothing is asked of the database until a template draws the frame."""
    visit = cast(ConsoleRequest, request)
    if getattr(visit, "account", None) is None:
        return {"becoming": becoming()}
    return {"shell": SimpleLazyObject(lambda: _shell(visit))}


def could_read(matter: type[Matter], actor: Actor) -> bool:
    """Whether an actor's role leaves any way to read matters of a class; decided from its guard, nothing asked."""
    return not is_nothing(matter.reads.condition(actor))


def role_words(holding: RoleHolding, account: Account) -> Words:
    """A holding as a role to act in; whose, where it is delegated."""
    if holding.person_id == account.person_id:
        return str(holding)
    return format_lazy(_("{} (standing in for {})"), str(holding), str(holding.person))


def portfolio_words(holding: RoleHolding) -> Words:
    """The units a holding is in charge of besides its own 分管; nothing where there is none."""
    names = " · ".join(dict.fromkeys(str(covered.unit) for covered in holding.covers))
    return format_lazy(_("In charge of {}"), names) if names else ""


def _shell(visit: ConsoleRequest) -> Shell:
    account, holding = cast(Account, visit.account), visit.holding
    handbook = MenuLink(label=_("Handbook"), href=reverse("console:handbook"), icon="info")
    return Shell(
        home_href=reverse("console:first"),
        search_href=reverse("console:search"),
        sign_out_action=reverse("console:sign_out"),
        role_action=reverse("console:role"),
        person=str(account.person),
        role=_role(visit, account),
        place=holding.unit.jurisdiction.name if holding else "",
        portfolio=portfolio_words(holding) if holding else "",
        becoming=becoming(account),
        query=visit.GET.get("q", "") if visit.path == reverse("console:search") else "",
        nav=_nav(visit),
        roles=[
            RoleChoice(key=str(one.pk), label=role_words(one, account), current=one == holding)
            for one in visit.holdings
        ]
        if len(visit.holdings) > 1
        else (),
        links=(
            MenuLink(label=_("Password and second factor"), href=reverse("console:account"), icon="lock"),
            *(() if visit.actor.outside else (handbook,)),
            MenuLink(label=_("Complain about this system"), href=reverse("console:complaint"), icon="voice"),
        ),
    )


def _role(visit: ConsoleRequest, account: Account) -> Words:
    if visit.holding:
        return role_words(visit.holding, account)
    return _("asked from outside the staff") if visit.actor.outside else _("no role today")


def _nav(visit: ConsoleRequest) -> list[NavGroup]:
    def item(
        label: Words, name: str, icon: str, *args: str, count: int = 0, primary: bool = False
    ) -> NavItem:
        href = reverse(f"console:{name}", args=args)
        current = visit.path == href if href == "/" else visit.path.startswith(href)
        return NavItem(label=label, href=href, icon=icon, count=count, current=current, primary=primary)

    outside = visit.actor.outside
    # A party outside the staff has its tasks and no lists.
    seen = [] if outside else [cls for cls in mechanisms().values() if could_read(cls, visit.actor)]
    # The grid of topics and units, where it can have anything for the reader.
    looks = any(cls.looks is not None for cls in seen)
    asks = any(cls.asks is not None for cls in seen)
    own = NavGroup(
        items=(
            item(_("First page"), "first", "home", primary=True),
            item(_("Inbox"), "inbox", "inbox", count=reads.waiting(visit.actor), primary=True),
            item(_("Notices"), "notices", "voice", count=reads.unread(visit.actor), primary=True),
            item(_("Search"), "search", "search", primary=True),
            *((item(_("Focus topics and units"), "looks", "chart"),) if looks else ()),
            *((item(_("Burden of units"), "burden", "chart"),) if asks else ()),
            *(
                ()
                if outside
                else (
                    item(_("Handbook"), "handbook", "info"),
                    item(_("Regime in force"), "in_force", "ledger"),
                )
            ),
        )
    )
    ground = [cls for cls in seen if cls.ground]
    groups = [own]
    for title, classes, icon in (
        (_("Mechanisms"), [cls for cls in seen if cls not in ground], "sheet"),
        (_("Organization and regime"), ground, "people"),
    ):
        if classes:
            lists = tuple(item(mechanism_name(cls), "listing", icon, cls.code) for cls in classes)
            groups.append(NavGroup(title=title, items=lists))
    office = {
        Role.SYSTEM_ADMINISTRATOR: item(_("Running of the system"), "system", "settings"),
        Role.AUDIT_ADMINISTRATOR: item(_("Journal"), "journal", "ledger"),
    }
    if visit.actor.role in office:
        groups.append(NavGroup(title=_("Administration"), items=(office[Role(visit.actor.role)],)))
    return groups
