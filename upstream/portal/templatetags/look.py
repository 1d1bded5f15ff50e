"""Icons, explanations of figures, and the help of a page."""

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from upstream.portal.figures import ASKED, Tabled
from upstream.portal.glossary import meaning_of
from upstream.portal.help_words import Help, help_for

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A sign of the sprite, for the eye alone: the word stands beside it or in a label."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("icons/sprite.svg"), name
    )


@register.inclusion_tag("portal/_explain.html", takes_context=True)
def explain(context: template.Context, key: str) -> dict[str, Any]:
    """A button that opens how the figure is worked out, up to which day and from how much of the data."""
    request = context["request"]  # parts of a page share nothing else
    request.explained = getattr(request, "explained", 0) + 1
    strip = context.get("strip") if context.get("tenant") else None
    return {"meaning": meaning_of(key), "id": f"why-{request.explained}", "strip": strip}


@register.simple_tag(takes_context=True)
def csv_of(context: template.Context, name: str) -> str:
    """The address of a table of this page as a file, with the choices that the page shows."""
    asked = context["request"].GET.copy()
    asked[ASKED] = name
    return f"?{asked.urlencode()}"


@register.inclusion_tag("portal/_chart_table.html", takes_context=True)
def chart_table(
    context: template.Context, chart: Tabled, name: str, summary: str = "The same as a table", key: str = ""
) -> dict[str, Any]:
    """The facts of a chart as a table, folded, and as a file. `key` opens it."""
    return {
        "chart": chart, "summary": summary, "key": key, "address": csv_of(context, name), "link": "As a CSV file",
    }  # fmt: skip


@register.simple_tag(takes_context=True)
def page_help(context: template.Context) -> Help | None:
    """What the page is for, in plain words."""
    match = context["request"].resolver_match
    return help_for(match.url_name or "") if match else None
