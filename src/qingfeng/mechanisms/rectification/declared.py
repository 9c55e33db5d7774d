"""The clocks and facts of rectification."""

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.declaring import Clock, FactKind
from qingfeng.mechanisms.rectification.policy import RECTIFY_WITHIN, SIGN_WITHIN

SIGNING = Clock("signing", _("Signing"), SIGN_WITHIN)
RECTIFYING_CLOCK = Clock("rectifying", _("Putting right"), RECTIFY_WITHIN)

PROBLEM_ASSIGNED = FactKind("problem.assigned", _("Problems assigned"))
PROBLEM_OVERDUE = FactKind("problem.overdue", _("Problems overdue"))
PROBLEM_SENT_BACK = FactKind("problem.sent_back", _("Problems sent back"))
PROBLEM_WRITTEN_OFF = FactKind("problem.written_off", _("Problems written off"))
