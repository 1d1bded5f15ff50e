"""Deadlines of open incidents are kept at today's, whether or not files come."""

from datetime import timedelta

from pytest_django import Settings

from tests.factories.worlds import LAST_SUNDAY, STEP, noon
from upstream.alerts import services
from upstream.alerts.models import Incident
from upstream.alerts.recompute import differences
from upstream.alerts.stage import DEADLINES

FIRST_DUE = STEP + timedelta(days=30)


def test_nothing_is_told_twice_on_a_day(incident: Incident, settings: Settings) -> None:
    settings.FIXED_NOW = noon(LAST_SUNDAY)
    assert (list(DEADLINES.ready()), DEADLINES.take(incident.pk)) == ([], False)
    settings.FIXED_NOW = noon(LAST_SUNDAY + timedelta(days=1))
    assert list(DEADLINES.ready()) == [incident.pk]
    assert DEADLINES.take(incident.pk)
    assert (list(DEADLINES.ready()), DEADLINES.take(incident.pk)) == ([], False)


def test_the_next_date_follows_the_calendar(incident: Incident, settings: Settings) -> None:
    settings.FIXED_NOW = noon(FIRST_DUE + timedelta(days=2))
    assert DEADLINES.take(incident.pk)
    incident.refresh_from_db()
    assert incident.deadline == FIRST_DUE + timedelta(days=2)
    assert incident.severity == "critical"
    standing = incident.finding["deadlines"]
    assert (standing["open"], standing["passed"], standing["passed_cents"]) == (26, 4, 4 * 36_000)
    assert (standing["soon"], standing["last"]) == (12, "2026-04-05")


def test_without_an_open_date_there_is_no_hurry(incident: Incident, settings: Settings) -> None:
    settings.FIXED_NOW = noon(FIRST_DUE + timedelta(days=100))
    DEADLINES.take(incident.pk)
    incident.refresh_from_db()
    assert (incident.deadline, incident.deadline_source, incident.finding["internal_due"]) == (None, "", None)
    assert incident.finding["deadlines"]["passed"] == incident.observed


def test_what_is_closed_rests(incident: Incident, settings: Settings) -> None:
    services.move(incident, to_state="false", actor="user:1")
    settings.FIXED_NOW = noon(FIRST_DUE)
    assert (list(DEADLINES.ready()), DEADLINES.take(incident.pk)) == ([], False)


def test_an_incident_comes_out_identical_on_a_later_day(incident: Incident, settings: Settings) -> None:
    settings.FIXED_NOW = noon(FIRST_DUE + timedelta(days=2))
    DEADLINES.take(incident.pk)
    incident.refresh_from_db()
    assert differences(incident) == {}
