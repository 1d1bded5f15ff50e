"""What would have been caught: asked for, waited for, read beside the month-end report and the live system."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import claim, findings, weeks
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.alerts.models import Incident, Replay, ReplayFinding
from upstream.claims.choices import Outcome
from upstream.tenants.choices import Role


def test_a_finding_stands_beside_the_report_and_the_live_incident(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = findings.replay(practice.payer)
        incident = findings.incident(practice.payer, practice.run)
        findings.opening(incident)
        Incident.objects.filter(pk=incident.pk).update(state="resolved", outcome="payer_change")
    said = words_of(manager, f"/portal/incidents/replays/{made.public_id}/")
    assert "1 change for the worse found, half of them 37 days before the month-end report or sooner." in said
    assert "$15,000 went by in between." in said
    assert "1 real, 0 false, 0 not judged" in said
    assert "found 37 days before it" in said
    assert f"/portal/incidents/{incident.public_id}/" in said
    assert "The payer changed" in said


def test_what_people_called_noise_saves_nothing(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = findings.replay(practice.payer)
        incident = findings.incident(practice.payer, practice.run)
        findings.opening(incident)
        Incident.objects.filter(pk=incident.pk).update(state="false", outcome="noise")
    said = words_of(manager, f"/portal/incidents/replays/{made.public_id}/")
    assert "0 real, 1 false, 0 not judged" in said
    assert "$0 went by in between." in said or "went by" not in said


def test_what_we_cause_ourselves_is_told_apart_and_counted_nowhere(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = findings.replay(practice.payer, findings=2)
        ReplayFinding.objects.filter(number=2).update(title="Check us first: Summit Mutual started denying knee MRI")
    said = words_of(manager, f"/portal/incidents/replays/{made.public_id}/")
    assert "1 change for the worse found, half of them 37 days before the month-end report or sooner." in said
    assert "0 real, 0 false, 1 not judged" in said
    assert "1 explained by something of our own, not counted above" in said
    assert said.count("Check us first: Summit Mutual") == 1


def test_a_real_incident_that_is_not_there_is_a_miss(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = findings.replay(practice.payer, findings=0)
        incident = findings.incident(practice.payer, practice.run)
        findings.opening(incident)
        Incident.objects.filter(pk=incident.pk).update(state="resolved", outcome="our_process")
    said = words_of(manager, f"/portal/incidents/replays/{made.public_id}/")
    assert "Nothing would have been raised in these days." in said
    assert "1 real one missed" in said
    assert "Raised by the live system alone" in said


def test_asking_twice_is_one_replay_and_shows_how_far_it_is(manager: Client, practice: Practice) -> None:
    with practice.bound():
        weeks.payer_week(practice.payer, Outcome.PAID, 10, 100)
        claim(practice.payer)
    for _ in range(2):
        answer = manager.post("/portal/incidents/replays/start/", {"days": 7}, follow=True)
    said = answer.content.decode()
    assert 'value="0">0 of 1</progress>' in said
    assert "every 2s" in said
    with practice.bound():
        assert list(Replay.objects.values_list("state", "first", "last", "days")) == [
            ("due", date(2026, 3, 1), date(2026, 3, 1), 7)
        ]


def test_nothing_to_look_back_on_is_said(manager: Client) -> None:
    answer = manager.post("/portal/incidents/replays/start/", {"days": 7}, follow=True)
    assert "there are no claims yet to look back on" in answer.content.decode()


def test_a_day_that_is_none_is_refused(manager: Client) -> None:
    assert manager.post("/portal/incidents/replays/start/", {"days": 3, "first": "x"}).status_code == 422


def test_one_that_runs_is_stopped_and_keeps_what_it_found(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = findings.replay(practice.payer, state="due", at=date(2025, 3, 2), finished_at=None)
    page = f"/portal/incidents/replays/{made.public_id}/"
    assert "Stopped" in manager.post(f"{page}stop/", follow=True).content.decode()
    assert "this replay has ended already" in manager.post(f"{page}stop/", follow=True).content.decode()
    assert "1 change for the worse found" in words_of(manager, page)


def test_the_file_has_the_commands_columns(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = findings.replay(practice.payer)
    answer = manager.get(f"/portal/incidents/replays/{made.public_id}/csv/")
    slug = practice.organization.slug
    assert answer["Content-Disposition"] == f'attachment; filename="{slug}-replay-2026-03-01.csv"'
    assert answer.content.decode().splitlines() == [
        "tenant,payer,procedure_code,denial_reason,location,metric,direction,week,incident_id,evidence,"
        "expected_annual_dollars,title",
        f"{slug},Summit Mutual,73721,CO-197,,denial_rate,adverse,2026-02-22,1,5.2,98000.00,"
        "Summit Mutual started denying knee MRI",
    ]


@pytest.mark.parametrize("role", [Role.BILLER, Role.CLINICIAN, Role.AUDITOR, Role.STAFF])
def test_others_read_and_do_not_start(role: str, signed_in: SignedIn) -> None:
    client = signed_in(role)
    assert "<button" not in words_of(client, "/portal/incidents/replays/").partition("<main")[2].partition("</main")[0]
    assert client.post("/portal/incidents/replays/start/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for day in range(rows):
            made = findings.replay(practice.payer, findings=rows, last=date(2026, 2, 1 + day))
    manager.get("/portal/incidents/replays/")
    with django_assert_num_queries(20):
        manager.get("/portal/incidents/replays/")
    with django_assert_num_queries(21):
        manager.get(f"/portal/incidents/replays/{made.public_id}/")
