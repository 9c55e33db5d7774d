"""``{% show part %}`` draws a part; ``{% icon "inbox" %}`` draws an icon."""

from __future__ import annotations

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
    """Draw a part by its own template, a list of parts one after the other, or a plain value, escaped."""
    if isinstance(part, list | tuple):
        return mark_safe("".join(show(context, one) for one in part))
    name = getattr(part, "template", None)
    if name is None:
        return SafeString(conditional_escape(formats.localize(timezone.template_localtime(part))))
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
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}" fill="none" stroke="currentColor" '
            'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{}</svg>',
            label,
            body,
        )
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill="none" '
        'stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{}</svg>',
        body,
    )
