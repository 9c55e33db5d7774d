"""The clocks, the one fact and the measures of own problem lists. There is no fact of a day missed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import Clock, FactKind

ENDING = Clock("ending", _("End of the year"))
REMINDING = Clock("reminding", _("Next reminder"), warns_of=ENDING)

LIST_DRAWN_UP = FactKind("own_list.drawn_up", _("Own problem lists drawn up"))
"""One for each list a head approved: who drew one up, for coverage. What stands in it is counted nowhere as a fact."""


class SelfCheckBasis(models.TextChoices):
    """What a unit measures itself against 对照检查."""

    RULES = "rules", _("against rules and systems")  # 对照制度规定
    LAW = "law", _("against laws and regulations")  # 对照法律法规
    GOOD_EXAMPLE = "good_example", _("against good examples")  # 对照先进典型
    BAD_EXAMPLE = "bad_example", _("against bad examples")  # 对照反面典型
