from datetime import date

import pytest

from upstream.reports.rules import Period, period_of


@pytest.mark.parametrize(
    ("as_of", "start", "end"),
    [
        (date(2026, 3, 8), date(2026, 3, 2), date(2026, 3, 8)),
        (date(2026, 3, 9), date(2026, 3, 2), date(2026, 3, 8)),
        (date(2026, 3, 14), date(2026, 3, 2), date(2026, 3, 8)),
        (date(2026, 3, 15), date(2026, 3, 9), date(2026, 3, 15)),
        (date(2026, 1, 1), date(2025, 12, 22), date(2025, 12, 28)),
    ],
)
def test_a_report_covers_the_last_week_that_is_complete(as_of, start, end):
    assert period_of(as_of) == Period(as_of, start, end)


@pytest.mark.parametrize(
    ("as_of", "name"),
    [(date(2026, 3, 8), "WR-2026-10"), (date(2026, 3, 11), "WR-2026-10-0311"), (date(2027, 1, 3), "WR-2026-53")],
)
def test_a_report_is_named_by_its_iso_week(as_of, name):
    assert period_of(as_of).report_id == name
