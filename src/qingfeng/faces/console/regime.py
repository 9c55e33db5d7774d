"""The regime in force, as one reads it: each number with its source and whose it is; and those nobody has compared yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import formats
from django.utils.text import format_lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from qingfeng.faces.console import components
from qingfeng.faces.console.display import mechanism_name
from qingfeng.faces.console.visit import ConsoleRequest, page, staff
from qingfeng.faces.design.components import (
    Button,
    Chip,
    ColumnHead,
    Crumb,
    DataTable,
    EmptyState,
    FlashMessage,
    PageHeader,
    Pair,
    Summary,
    TableRow,
)
from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.installation import demonstration
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.regime.document import Document
from qingfeng.kernel.regime.policy import Policy, document_of, ordered
from qingfeng.kernel.regime.stack import ValueInForce
from qingfeng.kernel.regime.value_words import origin_words, value_words
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.vocabulary import PARAMETERS
from qingfeng.organization.models import Confirmation
from qingfeng.organization.numbers import Number, waiting


def _policy(visit: ConsoleRequest) -> Policy:
    return Policy(visit.actor.jurisdiction_id or 0, day_of(visit.now))


@require_safe
@staff
def in_force(visit: ConsoleRequest) -> HttpResponse:
    """What holds here today: the regimes, what they enable, and each number with whose it is and where it is written."""
    policy = _policy(visit)
    standing = {place: document_of(digest) for place, digest in policy.standing.items()}
    above = {
        document.regime for (path, _level), document in standing.items() if path != policy.jurisdiction.path
    }
    documents = ordered(standing)
    content: list[object] = [_regimes(documents, above), *_tables(policy), *_noted(documents)]
    header = PageHeader(
        title=_("Regime in force"),
        lead=_("Each number with its source, and whether it is the law's, the locality's or our own choice."),
        actions=(Button(label=_("Numbers to be confirmed"), href=reverse("console:numbers")),),
    )
    return page(visit, "stack", {"header": header, "content": content})


def _title(document: Document) -> str:
    return document.title_en if (get_language() or "").startswith("en") else document.title


def _regimes(documents: list[Document], above: Collection[str]) -> object:
    """The regimes; ``above`` are the codes of those that a jurisdiction above put in force."""
    levels: dict[str, Words] = {
        "defaults": _("our own choices, beneath all"),
        "national": _("national"),
        "province": _("province"),
        "city": _("city"),
        "": _("this locality's own"),
    }
    rows = [
        TableRow(
            cells=(
                _title(document),
                _("of a level above")
                if not document.level and document.regime in above
                else levels[document.level],
                " ".join(str(part) for part in (document.place, document.year) if part),
                say(", ").join(
                    str(mechanism_name(mechanisms()[code]))
                    for code in document.enables
                    if code in mechanisms()
                )
                or _("nothing"),
            )
        )
        for document in documents
    ]
    return DataTable(
        caption=_("Regimes in force, the most general first"),
        columns=[
            ColumnHead(label=label)
            for label in (pgettext_lazy("policy", "Regime"), _("Level"), _("Place and year"), _("Enables"))
        ],
        rows=rows,
        empty=EmptyState(title=_("No regime is in force here"), icon="ledger"),
    )


def _tables(policy: Policy) -> list[object]:
    """A table for each part of the names: what stands together in the files stands together here."""
    tables: dict[str, list[TableRow]] = {}
    for parameter in PARAMETERS:
        if (valued := policy.seen(parameter)) is not None:
            checked = policy.compared(valued)
            cells = (
                parameter.label,
                value_words(valued.value, parameter),
                Chip(label=origin_words(valued, policy.jurisdiction.code)),
                _where(valued),
                formats.date_format(valued.since, "Y-m-d"),
                _checked(checked),
            )
            tables.setdefault(parameter.name.split(".")[0], []).append(TableRow(cells=cells))
    columns = (_("What"), _("Value"), _("Whose"), _("Where it is written"), _("Since"), _("Verified"))
    return [
        DataTable(caption=_caption(part), columns=[ColumnHead(label=column) for column in columns], rows=rows)
        for part, rows in tables.items()
    ]


def _caption(part: str) -> Words:
    known = mechanisms()
    named: dict[str, Words] = {
        "organization": _("Cadres"),
        "administration": _("Administration for a time"),
        "problems": _("Problems"),
        "proposal": _("Hearing and appeal"),
        "conduct": _("Conduct on working days"),
    }
    return mechanism_name(known[part]) if part in known else named.get(part, part)


def _where(valued: ValueInForce) -> str:
    quoted = f"“{valued.source.quote}”" if valued.source.quote else ""
    return f"{valued.source.said}{quoted}"


def _checked(checked: bool) -> Chip:
    if checked:
        return Chip(label=_("checked"), tone="done", icon="check")
    return Chip(label=_("not checked yet"), tone="near")


def _noted(documents: Iterable[Document]) -> list[object]:
    english = (get_language() or "").startswith("en")
    return [
        Summary(
            title=format_lazy(_("Stated by “{}”, and read by no mechanism yet"), _title(document)),
            pairs=[
                Pair(label=one.en if english else one.zh, value=f"“{one.source.quote}”", wide=True)
                for one in document.noted
            ],
        )
        for document in documents
        if document.noted
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def numbers(visit: ConsoleRequest) -> HttpResponse:
    """The numbers nobody has compared with the official text, each with its source; the office confirms them here."""
    errors: list[Words] = []
    if visit.method == "POST":
        raw = {"official": visit.POST.get("official", ""), "numbers": _chosen(visit)}
        try:
            done = perform(acts_of(Confirmation)["confirm"], visit.actor, raw, visit.now)
        except Invalid as refusal:
            errors = [sentence for sentences in refusal.fields.values() for sentence in sentences]
        else:
            messages.success(
                visit, say("Confirmed and recorded: %(matter)s") % {"matter": done.matter.number}
            )
            return HttpResponseRedirect(reverse("console:numbers"))
    policy = _policy(visit)
    found = waiting(policy, policy.jurisdiction_id)
    papers = _by_paper(found, policy.jurisdiction.code, visit.POST.getlist("number"))
    content: list[object] = []
    if demonstration():
        text = _("This installation was founded to demonstrate: nothing waits for it.")
        content.append(FlashMessage(title=_("Nothing needs to be confirmed here"), text=text))
    content += [FlashMessage(title=sentence, tone="late") for sentence in errors]
    content.append(
        components.Numbers(
            action=reverse("console:numbers"),
            papers=list(papers.items()),
            official=visit.POST.get("official", ""),
            may=visit.actor.role == Role.SUPERVISION_OFFICE,
            empty=EmptyState(title=_("Every number was compared with the official text"), icon="light-check"),
        )
    )
    header = PageHeader(
        title=_("Numbers to be confirmed"),
        lead=_(
            "A number that measures time drives no time limit before somebody has compared it with the official text."
        ),
        crumbs=(Crumb(label=_("Regime in force"), href=reverse("console:in_force")),),
    )
    return page(visit, "stack", {"header": header, "content": content}, Invalid.status if errors else 200)


def _chosen(visit: ConsoleRequest) -> list[dict[str, str]]:
    chosen = [one.split("|") for one in visit.POST.getlist("number")]
    return [dict(zip(("regime", "parameter", "since"), one, strict=True)) for one in chosen if len(one) == 3]


def _by_paper(
    found: Iterable[Number], own: str, chosen: Collection[str]
) -> dict[str, list[components.PendingNumber]]:
    """The numbers by the paper they are taken from; those that drive time limits first."""
    papers: dict[str, list[components.PendingNumber]] = {}
    for number in sorted(found, key=lambda one: not one.parameter.timed):
        valued = number.valued
        row = components.PendingNumber(
            key="|".join(number.key),
            label=str(number.parameter.label),
            value=value_words(valued.value, number.parameter),
            clause=valued.source.clause,
            quote=valued.source.quote or "",
            since=valued.since,
            whose=f"{number.regime} · {origin_words(valued, own)}",
            timed=number.parameter.timed,
            proposed=number.proposed,
            chosen="|".join(number.key) in chosen,
        )
        papers.setdefault(valued.source.title, []).append(row)
    return papers
