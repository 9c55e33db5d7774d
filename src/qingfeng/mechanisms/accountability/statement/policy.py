"""What statements read from the regime."""

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import Span, parameter

ANSWER_WITHIN = parameter(
    "statement.answer_within",
    _("Time to hand in a statement"),
    Span(),
    _("By when a statement is to be handed in where no day is named."),
    stricter="larger",
)
