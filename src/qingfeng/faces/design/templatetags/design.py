"""``{% show part %}`` draws a part; ``{% icon "inbox" %}`` draws an icon."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.template.context import Context
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from qingfeng.faces.design.icons import ICONS

register = template.Library()

# What a template of a part may see of the page around it.
_CARRIED = ("request", "csrf_token", "preferences")


@register.simple_tag(takes_context=True)
def show(context: Context, part: object) -> SafeString:
    """Draw a part by its own template, a list of parts one after the other, or a plain value, escaped.

    An integer is a count and gets its thousands apart; a year or a number of a paper is given as text.
    """
    if isinstance(part, list | tuple):
        return mark_safe("".join(show(context, one) for one in part))
    name = getattr(part, "template", None)
    if name is None:
        if part is None:
            return SafeString("–")
        if isinstance(part, int) and not isinstance(part, bool):
            return SafeString(f"{part:,}")
        if isinstance(part, datetime) and timezone.is_aware(part):
            part = timezone.localtime(part)
        return SafeString(conditional_escape(str(formats.localize(part))))
    if context.template is None:
        raise RuntimeError("show needs a template being rendered")
    inside = context.new({"it": part, **{key: context[key] for key in _CARRIED if key in context}})
    return context.template.engine.get_template(name).render(inside)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of our own set. Without `label` it is decoration, hidden from screen readers.

    Raises KeyError for an unknown name: a missing icon is a mistake of the page, not of the reader.
    """
    body = mark_safe(ICONS[name])
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" {} focusable="false" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{}</svg>',
        said,
        body,
    )
