"""Every part that pages are made of, drawn from made-up numbers, for those who build pages."""

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.contrib.auth.views import redirect_to_login
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upstream.core.charts import Bar, BarChart, NowcastChart, RateWeek, Sparkline
from upstream.portal.client_forms import ClientForm
from upstream.portal.forms import NoteForm

COLOURS = ("ink", "muted", "line", "paper", "ground", "sunk", "blue", "rust", "amber", "green", "band")
BADGES = ("critical", "high", "medium", "loaded", "due", "state")
FIRST = date(2026, 1, 5)
RATES = (0.06, 0.07, 0.05, 0.06, 0.08, 0.21, 0.24, 0.23, 0.25, 0.22)


@require_safe
def style(request: HttpRequest) -> HttpResponseBase:
    """For Upstream's own staff alone."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not request.user.is_staff:
        raise PermissionDenied
    context = {
        "colours": COLOURS, "badges": BADGES, "icons": _icons(), "chart": _chart(), "form": NoteForm(),
        "several": ClientForm(), "spark": Sparkline("Denial rate by week", RATES, 5),
        "bars": BarChart("Denied", (Bar("Imaging", 920_000, 310_000), Bar("Visits", 140_000, 150_000))),
    }  # fmt: skip
    return render(request, "portal/style.html", context)


def _chart() -> NowcastChart:
    weeks = tuple(
        RateWeek(FIRST + timedelta(weeks=n), rate, rate - 0.03, rate + 0.04, claims=40, complete=n < 8)
        for n, rate in enumerate(RATES)
    )
    return NowcastChart("Denial rate by week, Summit Mutual", weeks, 0.065, FIRST + timedelta(weeks=5))


@cache
def _icons() -> tuple[str, ...]:
    """The names of the sprite's signs."""
    found = finders.find("icons/sprite.svg")
    return tuple(re.findall(r'<symbol id="(\w+)"', Path(str(found)).read_text()))
