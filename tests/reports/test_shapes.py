from dataclasses import replace

from tests.reports.render.sample import CLOSED, DELAY, MRI, UNDERPAID, weekly_report
from upstream.reports.shapes import RemitLine, sealed


def test_the_seal_covers_all_that_is_said_and_not_itself():
    report = weekly_report()
    assert len(report.content_hash) == 64
    assert sealed(report) == report
    assert sealed(replace(report, completeness="all")).content_hash != report.content_hash


def test_open_incidents_are_those_without_an_outcome():
    assert weekly_report().incidents == (MRI, DELAY, UNDERPAID, CLOSED)
    assert weekly_report().open_incidents == (MRI, DELAY, UNDERPAID)


def test_what_does_not_tie_is_check_minus_claims_minus_adjustments():
    line = RemitLine("EFT 1", "Civic Care", CLOSED.onset, 4_120_055, 4_132_055, -12_000)
    assert line.difference_cents == 0
    assert replace(line, check_cents=4_120_000).difference_cents == -55
