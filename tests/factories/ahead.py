"""Makers of forecasts: the same for every week, and what came of it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from upstream.claims.models import Payer
from upstream.forecast.models import Came, Expected, Forecast

AS_OF = date(2026, 2, 16)
WEEK = timedelta(days=7)
MADE = datetime(2026, 2, 23, 12, tzinfo=UTC)
CENTS, DENIALS = 1_000_000, 6.0


def forecasts(payers: Sequence[Payer], weeks: int = 6, year: bool = False) -> None:
    """As of so many weeks up to that of 16 February 2026: $10,000 (8,000 to 12,500) and 6 denials (4 to 8) a week and
    payer. $11,000 and 5 denials came of each week that is over; a year before, with `year`, $5,500 and 10; and $2,500
    and one of the first week ahead.
    """
    for back in range(weeks - 1, -1, -1):
        made = Forecast.objects.create(as_of_week=AS_OF - back * WEEK, method="forecast-2", inputs="x", made_at=MADE)
        for payer in [*payers, None]:
            for span in range(5):
                times = (4 if span == 4 else 1) * (len(payers) if payer is None else 1)
                Expected.objects.create(
                    forecast=made, payer=payer, span=span, cash_low=800_000 * times, cash=CENTS * times,
                    cash_high=1_250_000 * times, denials_low=4.0 * times, denials=DENIALS * times,
                    denials_high=8.0 * times,
                )  # fmt: skip
    for payer in payers:
        for back in range(weeks):
            Came.objects.create(payer=payer, week=AS_OF - back * WEEK, cash=1_100_000, denials=5)
            if year:
                Came.objects.create(payer=payer, week=AS_OF - (52 + back) * WEEK, cash=550_000, denials=10)
        Came.objects.create(payer=payer, week=AS_OF + WEEK, cash=250_000, denials=1)
