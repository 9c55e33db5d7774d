"""What problems are about, in the locality's own words: parameters that several mechanisms read 问题类别、突出问题."""

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import Choices, Count, parameter

PROBLEM_KINDS = parameter(
    "problems.kinds",
    _("Kinds of problem"),
    Choices(),
    _("What a problem may be about; the locality's own list."),
)
TOPICS = parameter(
    "problems.topics",
    _("Focus topics"),
    Choices(),
    _("The problems the locality looks at this year; one that is carried on keeps its code."),
)
OFTEN = parameter(
    "problems.often",
    _("Looked at too often"),
    Count("times", least=2),
    _("From how many looks a year at one unit on one focus topic on it is looked at again and again."),
)
