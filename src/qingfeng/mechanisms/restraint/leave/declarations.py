"""The clocks, facts, events and books of leave."""

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import BookKind, Clock, Event, FactKind
from qingfeng.mechanisms.restraint.leave.policy import CANCEL_WITHIN, FORM_WITHIN, HEARD_WITHIN

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

ANNUAL = BookKind("annual_leave", _("Annual leave"), "half day")

BEGUN = ("away", "extending", "due_back", "cancelled")
"""The states of leave that has begun."""
