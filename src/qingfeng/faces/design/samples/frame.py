"""The frame of the console with made-up places."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qingfeng.faces.design.shell import MenuLink, NavGroup, NavItem, RoleChoice, Shell


def frame(current: str = "") -> Shell:
    def item(key: str, label: str, icon: str, count: int = 0, primary: bool = False) -> NavItem:
        href = "/design/sample/inbox/" if key == "inbox" else "#content"
        return NavItem(
            label=label, href=href, icon=icon, count=count, current=key == current, primary=primary
        )

    return Shell(
        home_href="/design/",
        search_href="/design/sample/inbox/",
        sign_out_action="/design/preferences/",
        role_action="/design/preferences/",
        person=_("Clerk Lin"),
        role=_("Supervision office"),
        place=_("Model District"),
        nav=(
            NavGroup(
                items=(
                    item("inbox", _("Inbox"), "inbox", 7, True),
                    item("matters", _("All matters"), "list", 0, True),
                    item("board", _("Board"), "chart", 0, True),
                    item("person", _("Mine"), "person", 0, True),
                )
            ),
            NavGroup(
                title=_("Mechanisms"),
                items=(
                    item("problems", _("Problem sheets"), "sheet", 4),
                    item("voice", _("Public voice"), "voice"),
                    item("leave", _("Leave and whereabouts"), "leave"),
                    item("vehicles", _("Official vehicles"), "vehicle"),
                    item("assessment", _("Assessment"), "scale"),
                ),
            ),
            NavGroup(
                title=_("Ground"),
                items=(
                    item("units", _("Units and posts"), "people"),
                    item("ledger", _("Ledger"), "ledger"),
                    item("regime", _("Regime"), "settings"),
                ),
            ),
        ),
        roles=(
            RoleChoice(key="a", label=_("Supervision office"), current=True),
            RoleChoice(key="b", label=_("Unit clerk")),
        ),
        links=(MenuLink(label=_("My account"), href="#content"),),
    )
