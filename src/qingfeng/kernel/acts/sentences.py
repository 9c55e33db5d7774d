"""What a reader is told about a field that does not hold."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.text.words import Words

FIXED: dict[str, Words] = {
    "missing": _("Please fill this in."),
    "string_too_short": _("Please fill this in."),
    "extra_forbidden": _("This field is not known here; leave it out."),
    "int_type": _("Give a whole number."),
    "int_parsing": _("Give a whole number."),
    "int_parsing_size": _("This number is too large."),
    "int_from_float": _("Give a whole number."),
    "bool_parsing": _("Answer yes or no."),
    "bool_type": _("Answer yes or no."),
    "string_type": _("Give text."),
    "string_unicode": _("This text has characters that can't be kept; type it again."),
    "mailbox": _("Give one e-mail address, such as name@example.cn."),
    "control": _("This text has characters that can't be kept; type it again."),
    "enum": _("Choose one of the values offered."),
    "uuid_parsing": _("This file was not handed in; attach it again."),
    "uuid_type": _("This file was not handed in; attach it again."),
    "list_type": _("Give a list."),
}
DAY = _("Give a day as year-month-day, such as 2026-03-16.")
MOMENT = _("Give a day and time, such as 2026-03-16 09:30.")


def sentence(fault: Any) -> Words:
    """The sentence for one pydantic fault."""
    kind: str = fault["type"]
    bounds = fault.get("ctx", {})
    if kind in FIXED:
        return FIXED[kind]
    if kind == "money":
        said: Words = bounds["sentence"]
        return said
    if kind.startswith("datetime") or kind.startswith("timezone"):
        return MOMENT
    if kind.startswith("date"):
        return DAY
    if kind == "string_too_long":
        return format_lazy(_("At most {} characters; shorten it a little."), bounds["max_length"])
    if kind == "too_long":
        return format_lazy(_("At most {} of them."), bounds["max_length"])
    if kind == "greater_than_equal":
        return format_lazy(_("At least {}."), bounds["ge"])
    if kind == "less_than_equal":
        return format_lazy(_("At most {}."), bounds["le"])
    return _("This value doesn't fit here; check it against the label.")
