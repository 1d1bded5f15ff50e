"""How the pages write money, shares, dates and charts."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from upstream.claims.choices import Outcome
from upstream.claims.rules import denial_words
from upstream.core import ids
from upstream.core.charts import (
    AheadChart,
    BarChart,
    BurnDown,
    LagChart,
    NowcastChart,
    ScoreChart,
    Sparkline,
    WaterfallChart,
    ahead_chart,
    bars,
    burn_down,
    lag_curves,
    nowcast_chart,
    percent,
    score_chart,
    sparkline,
    waterfall,
)
from upstream.core.money import show_dollars
from upstream.portal import words
from upstream.portal.queries.people import name_of
from upstream.tenants.models import Membership

register = template.Library()

register.filter("day", words.long_day)
register.filter("points", words.points)
register.filter("row_reason", words.row_reason)
register.filter("field_words", words.field_words)
register.filter("notice", words.notice)
register.filter("frequency", words.frequency)
register.filter("claim_status", words.claim_status)
register.filter("access", words.access)
register.filter("category", words.category)
register.filter("denial", denial_words)
register.filter("column_words", words.column_words)
register.filter("stated", words.stated)
register.filter("status_word", words.status_word)


@register.filter
def outcome_key(outcome: int) -> str:
    """The style of an outcome's badge."""
    return Outcome(outcome).name.lower()


@register.filter
def outcome_words(outcome: int) -> str:
    """An outcome as people say it."""
    return str(Outcome(outcome).label)


@register.filter
def money(cents: int | None) -> str:
    """$1,234.50; a dash where there is no amount."""
    return "–" if cents is None else show_dollars(cents)


@register.filter
def dollars(cents: int | None) -> str:
    """$1,235."""
    return "–" if cents is None else show_dollars(cents, whole=True)


@register.filter
def whole_dollars(cents: float) -> str:
    """$1,235 of an estimate in cents."""
    return show_dollars(round(cents), whole=True)


@register.filter
def whole(number: int) -> str:
    """1,234."""
    return f"{number:,}"


@register.filter
def share(value: float | None) -> str:
    """12.3% of 0.123."""
    return "–" if value is None else percent(value, 1)


@register.filter("percent")
def whole_percent(value: float) -> str:
    """12% of 0.123."""
    return percent(value)


@register.filter
def counted(number: int, noun: str) -> str:
    """`3|counted:"claim"` is "3 claims"; an irregular plural follows after a comma."""
    one, _, many = noun.partition(",")
    return words.counted(number, one, many)


@register.filter
def short_day(when: date | None) -> str:
    """3 Mar 2026, for tables; blank without a date."""
    return f"{when.day} {when:%b %Y}" if when else ""


@register.filter
def days_until(when: date, today: date) -> str:
    """A deadline is "today", "in 3 days" or "passed 2 days ago"."""
    days = (when - today).days
    if days == 0:
        return "today"
    return f"in {words.counted(days, 'day')}" if days > 0 else f"passed {words.counted(-days, 'day')} ago"


@register.filter
def drawn(chart: AheadChart | NowcastChart | LagChart | ScoreChart | Sparkline | WaterfallChart) -> SafeString:
    """The chart as SVG."""
    if isinstance(chart, AheadChart):
        return ahead_chart(chart, width=720, height=260)
    if isinstance(chart, ScoreChart):
        return score_chart(chart, width=540, height=200)
    if isinstance(chart, LagChart):
        return lag_curves(chart, width=720, height=280)
    if isinstance(chart, WaterfallChart):
        return waterfall(chart)
    return sparkline(chart) if isinstance(chart, Sparkline) else nowcast_chart(chart, width=720, height=280)


@register.filter
def drawn_small(chart: AheadChart | NowcastChart | LagChart | ScoreChart) -> SafeString:
    """The chart as SVG that can be read at 390 px."""
    if isinstance(chart, AheadChart):
        return ahead_chart(chart)
    if isinstance(chart, LagChart):
        return lag_curves(chart)
    return score_chart(chart) if isinstance(chart, ScoreChart) else nowcast_chart(chart)


@register.filter
def drawn_bars(chart: BarChart) -> SafeString:
    """Bars as SVG."""
    return bars(chart, width=360)


@register.filter
def drawn_burn_down(chart: BurnDown) -> SafeString:
    """Units left as SVG that can be read at 390 px."""
    return burn_down(chart)


@register.filter
def units(number: Decimal | None) -> str:
    """12 of 12.000, 1.5 of 1.500; a dash where none is said."""
    return "–" if number is None else f"{number.normalize():f}"


@register.filter
def short_id(public_id: UUID) -> str:
    return ids.short(public_id)


@register.filter
def member_name(member: Membership | None, nobody: str = "") -> str:
    """A member's name, or what stands where there is none."""
    return name_of(member) if member else nobody


@register.filter
def at(things: Mapping[int, object], number: int) -> object | None:
    """What stands under the number, if anything does."""
    return things.get(number)


@register.filter
def of_claim(numbers: dict[int, str], claim_id: int) -> str:
    """The claim's number, where one is stored."""
    return numbers.get(claim_id) or "no number stored"


@register.filter
def of_row(people: dict[int, dict[str, str]], row_id: int) -> dict[str, str]:
    """Whom the row concerns, as far as is stored."""
    return people.get(row_id, {})


@register.simple_tag(takes_context=True)
def local(context: template.Context, moment: object) -> str:
    """A time in the practice's zone: 3 March 2026, 14:05; for who works for none, in UTC and saying so."""
    tenant = context.get("tenant")
    if not isinstance(moment, datetime):
        return "–"
    if tenant is None:
        return f"{words.long_day(moment)}, {moment:%H:%M} UTC"  # kept in UTC
    here = timezone.localtime(moment, ZoneInfo(tenant.time_zone))
    return f"{words.long_day(here)}, {here:%H:%M}"
