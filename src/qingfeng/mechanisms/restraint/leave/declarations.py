"""The states, clocks, facts, events, books and approving offices of leave."""

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import NO_UNITS, BookKind, Clock, Event, FactKind, Role, State
from qingfeng.mechanisms.restraint.leave.policy import CANCEL_WITHIN, FORM_WITHIN, HEARD_WITHIN

REQUESTED = State("requested", _("asked for"))
APPROVED = State("approved", _("approved, not begun"))
AWAY = State("away", _("on leave"))
EXTENDING = State("extending", _("on leave, more asked for"))
DUE_BACK = State("due_back", _("over, to report back"))
CANCELLED = State("cancelled", _("reported back"), final=True)
REFUSED = State("refused", _("not approved"), final=True, void=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True, void=True)
LAPSED = State("lapsed", _("not decided in time"), final=True, void=True)

BEGUN = tuple(state.code for state in (AWAY, EXTENDING, DUE_BACK, CANCELLED))
"""The states of leave that has begun."""
GRANTED = (APPROVED.code, *BEGUN)
"""The states of leave that is approved, or began on a call: who is away by it is away for everybody."""

LAPSING = Clock("lapsing", _("Decision before the first day"))
BEGINNING = Clock("beginning", _("First day of the leave"))
ENDING = Clock("ending", _("Last day of the leave"))
CANCELLING = Clock("cancelling", _("Reporting back"), CANCEL_WITHIN)
FORM = Clock("form", _("Form after the call"), FORM_WITHIN)

NOT_BACK = Clock("not_back", _("Coming back"))
LONG = Clock("long", _("Looking into the absence"))
HEARING = Clock("hearing", _("The person's word"), HEARD_WITHIN, appoints=True)

ANNUAL_TAKEN = FactKind("leave.annual_taken", _("Annual leave taken"), "half day")
PERSONAL_TAKEN = FactKind("leave.personal_taken", _("Personal leave taken"), "half day")
LAPSED_UNDECIDED = FactKind("leave.lapsed", _("Requests for leave not decided in time"))
CANCELLED_LATE = FactKind("leave.cancelled_late", _("Leave not reported back from in time"))
FORM_OVERDUE = FactKind("leave.form_overdue", _("Forms after a call not handed in in time"))
ABSENT_LONG = FactKind("leave.absent_long", _("Absences without leave to be looked into"))
NOT_CONFIRMED = FactKind("leave.not_confirmed", _("Leave on a call that was not confirmed"))

LEAVE_BEGAN = Event("leave_began", _("Leave began"), ("person", "unit", "until", "stand_in"))
LEAVE_ENDED = Event("leave_ended", _("Leave ended"), ("person", "unit"))

ANNUAL = BookKind("annual_leave", _("Annual leave"), "half day", becomes=NO_UNITS)

OFFICES: dict[str, tuple[Role, Words, bool]] = {
    "unit_head": (Role.UNIT_HEAD, Role.UNIT_HEAD.label, False),
    "leader": (Role.LEADER, Role.LEADER.label, False),
    "organization_department": (Role.ORGANIZATION_DEPARTMENT, Role.ORGANIZATION_DEPARTMENT.label, True),
    "leadership": (Role.LEADER, _("A leader of the jurisdiction"), True),
}
"""Each office of the ladder: its role, what its step is called, and whether it answers for the whole jurisdiction."""
