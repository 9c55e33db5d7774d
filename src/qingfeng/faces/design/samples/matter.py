"""A made-up matter with its acts, timeline and paper."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from qingfeng.faces.design.components import (
    ActButton,
    ActPanel,
    ApprovalProgress,
    ApprovalStep,
    BarredAct,
    Button,
    Chip,
    Crumb,
    PageHeader,
    Pair,
    PaperPreview,
    Summary,
    Timeline,
    TimelineItem,
)
from qingfeng.faces.design.fields import Field
from qingfeng.faces.design.samples.lists import lights

_HASH = "9f2c41d07be6a8835c1e0f4492ab67d1e85530c94a7fb21683de0c5517a94be2"


def act_panel(open_first: bool = False) -> ActPanel:
    return ActPanel(
        acts=(
            ActButton(
                key="verify",
                label=_("Close out"),
                action="/design/sample/matter/",
                tone="primary",
                open=open_first,
                explain=_("Strike the problem from the books after a check on the spot."),
                hidden=(("version", "6"),),
                fields=(
                    Field(
                        name="found",
                        label=_("What the check found"),
                        kind="textarea",
                        max_length=300,
                        required=True,
                        prefix="v",
                    ),
                    Field(name="checked", label=_("Checked on"), kind="date", required=True, prefix="v"),
                ),
            ),
            ActButton(
                key="return",
                label=_("Send back"),
                action="/design/sample/matter/",
                explain=_("The unit goes on; its clock starts again."),
                fields=(
                    Field(
                        name="reason",
                        label=_("Reason"),
                        kind="textarea",
                        max_length=300,
                        required=True,
                        prefix="r",
                    ),
                ),
            ),
            ActButton(
                key="cancel",
                label=_("Withdraw"),
                action="/design/sample/matter/",
                tone="danger",
                explain=_("The sheet was a mistake. It stays readable, with your reason."),
                fields=(
                    Field(
                        name="reason",
                        label=_("Reason"),
                        kind="textarea",
                        max_length=300,
                        required=True,
                        prefix="w",
                    ),
                ),
            ),
        ),
        barred=(
            BarredAct(
                label=_("Extend the time limit"),
                reason=_("It has been extended once already."),
                clause=_("Rules of the district, article 14"),
                next_step=_("Ask for a joint conference; its resolution may set a new date."),
            ),
            BarredAct(
                label=_("Report back"),
                reason=_("Only the responsible unit reports."),
                next_step=_("Remind the unit by the act Urge."),
            ),
        ),
    )


def summary() -> Summary:
    return Summary(
        title=_("The sheet"),
        pairs=(
            Pair(label=_("Responsible unit"), value=_("Housing bureau")),
            Pair(label=_("Responsible person"), value=_("Section chief Zhou")),
            Pair(label=_("Source"), value=_("Service rating, three negative ones in a week")),
            Pair(label=_("Topic"), value=_("Asking again for papers already held")),
            Pair(label=_("Opened"), value=date(2026, 11, 2)),
            Pair(label=_("Due"), value=lights()["late"]),
            Pair(
                label=_("What must be put right"),
                value=_(
                    "Stop asking for copies of papers issued by this district; read them "
                    "from the shared register."
                ),
                prose=True,
            ),
        ),
    )


def timeline() -> Timeline:
    def at(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 11, day, hour, minute, tzinfo=UTC)

    unit, office = _("Housing bureau"), _("Supervision office")
    return Timeline(
        title=_("What happened"),
        entries=(
            TimelineItem(
                label=_("Time limit passed"),
                actor=_("System"),
                role=_("clock: put right within 10 working days"),
                at=at(19, 16, 0),
                look="late",
                fingerprint=_HASH[::-1],
                verify_href="#content",
            ),
            TimelineItem(
                label=_("Report back"),
                actor=_("Clerk Shen"),
                role=unit,
                at=at(17, 2, 41),
                inputs=(
                    Pair(
                        label=_("Done so far"),
                        value=_(
                            "The counter reads eleven kinds of papers from the register; four are "
                            "still asked for."
                        ),
                    ),
                    Pair(label=_("Evidence"), value=_("2 files")),
                ),
                fingerprint=_HASH[8:] + _HASH[:8],
                verify_href="#content",
            ),
            TimelineItem(
                label=_("Sign for"),
                actor=_("Section chief Zhou"),
                role=unit,
                at=at(4, 6, 20),
                look="done",
                fingerprint=_HASH[20:] + _HASH[:20],
                verify_href="#content",
            ),
            TimelineItem(
                label=_("Assign"),
                actor=_("Clerk Lin"),
                role=office,
                at=at(2, 1, 5),
                inputs=(
                    Pair(label=_("Responsible unit"), value=unit),
                    Pair(label=_("Report by"), value=date(2026, 11, 19)),
                ),
                fingerprint=_HASH,
                verify_href="#content",
            ),
        ),
    )


def matter_header() -> PageHeader:
    return PageHeader(
        title=_("Counter asks for papers the system already holds"),
        number="整改〔2026〕12号",
        crumbs=(
            Crumb(label=_("Inbox"), href="/design/sample/inbox/"),
            Crumb(label=_("Problem sheets"), href="#content"),
        ),
        state=(Chip(label=_("Waiting for verification"), tone="accent"), lights()["late"]),
        actions=(
            Button(label=_("Print"), href="#content", icon="print"),
            Button(label=_("Export"), href="#content", icon="export"),
        ),
    )


def steps() -> ApprovalProgress:
    return ApprovalProgress(
        label=_("Approval"),
        steps=(
            ApprovalStep(label=_("Asked"), state="done", who=_("Clerk Shen"), at=date(2026, 11, 2)),
            ApprovalStep(
                label=_("Section chief"), state="done", who=_("Section chief Zhou"), at=date(2026, 11, 3)
            ),
            ApprovalStep(
                label=_("Unit head"), state="current", who=_("Housing bureau"), note=_("1 of 2 have signed")
            ),
            ApprovalStep(label=_("Filed"), state="waiting"),
        ),
    )


def paper() -> PaperPreview:
    return PaperPreview(
        organ=_("Effectiveness office of Model District"),
        number="示效能〔2026〕12号",
        title=_("On putting right the repeated asking for papers"),
        addressee=_("Housing bureau"),
        paragraphs=(
            _(
                "In the first week of November three users rated your counter as poor, "
                "all for the same reason."
            ),
            _(
                "Please put it right by 19 November 2026 and report in writing. The "
                "sheet stays open until it was checked."
            ),
        ),
        signer=_("Effectiveness office of Model District"),
        signed_on=date(2026, 11, 2),
        copies_to=_("District government office"),
    )
