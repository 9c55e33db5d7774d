"""The books, clock, facts and events of meetings, papers and celebrations."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import STAYS, BookKind, Clock, Event, FactKind
from qingfeng.mechanisms.restraint.meetings.policy import EXPLAIN_WITHIN, MeetingKind

NUMBERS = {
    kind: BookKind(
        f"meetings.{kind.value}",
        _("District-wide meetings this year")
        if kind is MeetingKind.DEPARTMENT
        else format_lazy(_("{}: this year"), kind.label),
        "meeting",
        becomes=STAYS,
    )
    for kind in MeetingKind
}
"""How many meetings of each kind a unit has in a year."""
PAPERS = BookKind("issued_papers.year", _("Papers this year"), "paper", becomes=STAYS)
BASELINES = BookKind("meetings.baseline", _("Baseline of the year"), "baseline", becomes=STAYS)
UNCAPPED = 10**9
"""The cap of what passes by an exception, as an emergency, or with an explanation: it is counted all the same."""

EXPLAINING = Clock("explaining", _("Explaining"), EXPLAIN_WITHIN)

MEETING_HELD = FactKind("meeting.held", _("Meetings held"))
MEETING_TIME = FactKind("meeting.time", _("Time spent in meetings"), "person minute")
MEETING_COST = FactKind("meeting.cost", _("Cost of meetings"), "fen")
MEETING_OVER = FactKind("meeting.over", _("Limits exceeded by meetings"))
MEETING_EXCEPTED = FactKind("meeting.excepted", _("Meetings held by exception"))
MEETING_URGENT = FactKind("meeting.urgent", _("Meetings convened as emergencies"))
EXPLANATION_OVERDUE = FactKind("meeting.explanation_overdue", _("Emergencies not explained in time"))
SPEECH_OVERRUN = FactKind("meeting.speech_overrun", _("Speeches over their time"), "second")
GATHERING_CANCELLED = FactKind("gathering.cancelled", _("Meetings and celebrations cancelled"))
GATHERING_SAVED = FactKind("gathering.saved", _("Money saved by cancelling"), "fen")
CELEBRATION_HELD = FactKind("celebration.held", _("Celebrations held"))
PAPER_ISSUED = FactKind("paper.issued", _("Papers issued"))
PAPER_PRINTED = FactKind("paper.printed", _("Papers issued in print"))
PAPER_EXCESS = FactKind("paper.excess", _("Papers over last year's number"))

MEETING_APPROVED = Event("meeting.approved", _("A meeting was approved"), ("unit", "starts"))
MEETING_CLOSED = Event("meeting.closed", _("A meeting was closed"), ("unit", "minutes", "people"))
