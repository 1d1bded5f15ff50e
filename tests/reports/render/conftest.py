import pytest

from tests.reports.render.sample import weekly_report
from upstream.reports.shapes import WeeklyReport


@pytest.fixture
def report() -> WeeklyReport:
    return weekly_report()
