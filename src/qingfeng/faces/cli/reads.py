"""Reading at the command line: every read there is, as its actor may read."""

from __future__ import annotations

import argparse

from django.utils.text import format_lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces import figures
from qingfeng.faces.cli.parser import Commands, Parser
from qingfeng.faces.cli.sign_in import actor_of, add_actor
from qingfeng.faces.cli.words import DONE, MISUSED, Trouble, table, tell
from qingfeng.faces.console.display import Values
from qingfeng.faces.handbook.contents import shown_acts
from qingfeng.kernel.acts.engine import options
from qingfeng.kernel.former_codes import act_of
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, matter_class, mechanisms, states_of
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.burden import BurdenKind
from qingfeng.kernel.reading.paging import PAGE, ListPage
from qingfeng.kernel.reading.rows import rows_of
from qingfeng.kernel.time.limits import limit_at
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.timekeeper import SystemTime


def add(commands: Commands) -> None:
    """Hang the commands in."""
    listing = commands.add("list", list_matters, _("the matters of one mechanism, the newest first"))
    _add_mechanism(listing)
    listing.add_argument("--state", default="", help=say("only those in this state"))
    listing.add_argument(
        "--open", action=argparse.BooleanOptionalAction, help=say("only open ones, or only closed ones")
    )
    listing.add_argument(
        "--text", default="", help=say("only those with these words in number, title or unit")
    )
    listing.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help=say("only those with this value in a field"),
    )
    inbox = commands.add("inbox", show_inbox, _("what waits on you, the most pressing first"))
    search = commands.add("search", search_matters, _("the matters of all mechanisms with these words"))
    search.add_argument("text", metavar=say("TEXT"), help=say("words of number, title or unit"))
    for paged in (listing, inbox, search):
        _add_paging(paged)
        add_actor(paged)
    show = commands.add("show", show_matter, _("a matter: what it is and all that happened to it"))
    rows = commands.add("rows", show_rows, _("the rows under a matter, such as the problems on a list"))
    why = commands.add("why", why_not, _("every act of a matter: yours to do, or why not"))
    for single in (show, rows, why):
        _add_mechanism(single)
        single.add_argument("matter", type=int, metavar="ID", help=say("the matter's id, as “list” gives it"))
    rows.add_argument("name", nargs="?", default="", metavar=say("NAME"), help=say("which rows; unset: all"))
    _add_paging(rows)
    for single in (show, rows, why):
        add_actor(single)
    burden = commands.add(
        "burden", show_burden, _("what was asked of units in a month: meetings, inspections, forms")
    )
    burden.add_argument("--month", default="", metavar="2026-03", help=say("the month; unset: this one"))
    add_actor(burden)
    counted = commands.add("statistics", show_statistics, _("the statistics of one mechanism for a year"))
    _add_mechanism(counted)
    counted.add_argument(
        "name", nargs="?", default="", metavar=say("NAME"), help=say("which statistic; unset: all")
    )
    counted.add_argument("--year", type=int, help=say("the year; unset: this one"))
    add_actor(counted)


def list_matters(given: argparse.Namespace) -> int:
    """List a page of one mechanism's matters."""
    matter = _mechanism(given.mechanism)
    fields: dict[str, int | str] = {}
    for condition in given.where:
        name, equals, value = condition.partition("=")
        if not equals:
            raise Trouble(
                _("A condition is written FIELD=VALUE."), _("For example: --where kind=inaction"), MISUSED
            )
        fields[name] = value
    filters = reads.Filters(given.state, given.open, given.text, fields)
    actor = actor_of(given, SystemTime().now())
    _page(reads.listing(actor, matter.code, filters, given.after, given.size))
    return DONE


def search_matters(given: argparse.Namespace) -> int:
    """List a page of what a search finds."""
    _page(reads.searched(actor_of(given, SystemTime().now()), given.text, given.after, given.size))
    return DONE


def show_inbox(given: argparse.Namespace) -> int:
    """List a page of what waits on the actor."""
    page = reads.inbox(actor_of(given, SystemTime().now()), given.after, given.size)
    limits = reads.limits([row.matter for row in page.rows])
    table(
        (_("mechanism"), "ID", _("number"), _("title"), _("what waits"), _("due")),
        [
            (
                row.matter.mechanism,
                row.matter_id,
                row.matter.number,
                row.matter.title,
                acts_of(mechanisms()[row.matter.mechanism])[act_of(row.matter.mechanism, row.act)].label,
                limit_at(limits.get(row.matter_id, ()), row.due) or "",
            )
            for row in page.rows
        ],
    )
    _following(page)
    return DONE


def show_matter(given: argparse.Namespace) -> int:
    """Show a matter with its timeline."""
    now = SystemTime().now()
    actor = actor_of(given, now)
    matter = reads.one(actor, _mechanism(given.mechanism).code, given.matter)
    tell(str(matter))
    tell(format_lazy("{}: {}", _("state"), _state(matter)))
    values = Values(type(matter), actor, now)
    for field in values.fields:
        if getattr(matter, field.name) not in (None, ""):
            tell(format_lazy("{}: {}", field.verbose_name, values.shown(matter, field)))
    for line in reads.timeline(actor, matter.mechanism, matter.pk):
        who = say("the system") if line.system else f"{line.person} {line.role}".strip()
        tell(f"\n{localtime(line.entry.at):%Y-%m-%d %H:%M}  {line.label}  {who}")
        for said in line.said:
            text = ", ".join(file.name for file in said.files) or (
                (said.gone or say("(not shown)")) if said.text is None else said.text
            )
            tell(f"    {said.label}: {text}")
    return DONE


def why_not(given: argparse.Namespace) -> int:
    """Say of every act of a matter whether the actor may do it now, and if not, why."""
    now = SystemTime().now()
    actor = actor_of(given, now)
    matter = reads.one(actor, _mechanism(given.mechanism).code, given.matter)
    shown = shown_acts(type(matter))
    for option in options(actor, matter, now):
        if option.act not in shown:
            continue
        decision = option.decision
        tell(f"{matter.mechanism}.{option.act.name}  {option.act.label}: {_('yes') if decision else _('no')}")
        for words in () if decision else (decision.reason, decision.clause, decision.remedy):
            if words:
                tell(f"    {words}")
    return DONE


def show_statistics(given: argparse.Namespace) -> int:
    """Print a statistic of a mechanism as a table, or every one."""
    now = SystemTime().now()
    matter, actor, today = _mechanism(given.mechanism), actor_of(given, now), day_of(now)
    if not matter.statistics:
        tell(_("This mechanism has no statistics."))
    wanted = [one for one in matter.statistics if given.name in ("", one.name)]
    if matter.statistics and not wanted:
        raise Trouble(
            _("This mechanism has no such statistic."),
            say("There are: %(codes)s") % {"codes": ", ".join(one.name for one in matter.statistics)},
            MISUSED,
        )
    for one in wanted:
        found = reads.statistics(actor, matter.code, one.name, given.year or today.year, today)
        tell(f"\n{one.label} ({figures.about(found)})")
        table(*figures.table(found))
    return DONE


def show_rows(given: argparse.Namespace) -> int:
    """Print a page of the rows under a matter: those of one name, or of each."""
    actor = actor_of(given, SystemTime().now())
    matter = reads.one(actor, _mechanism(given.mechanism).code, given.matter)
    declared = rows_of(type(matter))
    for name in (given.name,) if given.name else declared:
        if name not in declared:
            raise Trouble(
                _("There are no such rows under this matter."),
                say("There are: %(codes)s") % {"codes": ", ".join(declared)},
                MISUSED,
            )
        page = reads.rows(actor, matter.mechanism, matter.pk, name, given.after, given.size)
        one = declared[name]
        tell(f"\n{one.label} ({name})")
        state = (_("state"),) if one.states else ()
        table(
            (_("No."), *(column.label for column in one.columns), *state),
            [
                (
                    view.number,
                    *view.words.values(),
                    *((view.state.label if view.state else "",) if state else ()),
                )
                for view in page.rows
            ],
        )
        _following(page)
    return DONE


def _add_paging(parser: Parser) -> None:
    parser.add_argument(
        "--after",
        default="",
        metavar="CURSOR",
        help=say("the page after the one that ended with this cursor"),
    )
    parser.add_argument("--size", type=int, default=PAGE, help=say("rows on a page, 1 to 200"))


def _add_mechanism(parser: Parser) -> None:
    parser.add_argument(
        "mechanism",
        metavar=say("MECHANISM"),
        help=say("one of: %(codes)s") % {"codes": ", ".join(sorted(mechanisms()))},
    )


def _mechanism(code: str) -> type[Matter]:
    if code not in mechanisms():
        raise Trouble(
            _("There is no such mechanism."),
            say("There are: %(codes)s") % {"codes": ", ".join(sorted(mechanisms()))},
            MISUSED,
        )
    return matter_class(code)


def _state(matter: Matter) -> str:
    state = states_of(mechanisms()[matter.mechanism]).get(matter.state)
    return f"{state} ({matter.state})" if state else matter.state


def show_burden(given: argparse.Namespace) -> int:
    """Show what was asked of units in a month, and the numbers in force."""
    now = SystemTime().now()
    found = reads.burden(actor_of(given, now), given.month, day_of(now))
    rows = [(str(unit), *(found.count(unit, kind) for kind in BurdenKind)) for unit in found.units]
    limits = [found.most[kind].value if kind in found.most else "" for kind in BurdenKind]
    table((_("Unit"), *(kind.label for kind in BurdenKind)), [*rows, (_("Number in force"), *limits)])
    return DONE


def _page(page: ListPage) -> None:
    table(
        (_("mechanism"), "ID", _("number"), _("title"), _("state"), _("opened")),
        [
            (
                row.mechanism,
                row.pk,
                row.number,
                row.title,
                _state(row),
                f"{localtime(row.opened_at):%Y-%m-%d}",
            )
            for row in page.rows
        ],
    )
    _following(page)


def _following(page: ListPage) -> None:
    if page.following is not None:
        tell(format_lazy(_("There is more: add --after {}"), page.following))
