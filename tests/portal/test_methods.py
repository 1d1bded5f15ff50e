"""Versions of the method in the portal: compared on the practice's own history, switched, taken back."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import claim, findings, weeks
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.alerts.models import Replay
from upstream.claims.choices import Outcome
from upstream.tenants.choices import Role

PAGE = "/portal/incidents/methods/"
NEW = "two-clock 2"


def test_the_newest_runs_version_is_in_force_until_somebody_switches(manager: Client) -> None:
    assert "two-clock 1 is in force." in words_of(manager, PAGE)
    said = manager.post(f"{PAGE}switch/", {"method": NEW}, follow=True).content.decode()
    assert "two-clock 2 is in force from 2026-03-02 on." in said
    assert "Undo the last switch" in said
    said = manager.post(f"{PAGE}undo/", follow=True).content.decode()
    assert "The switch to two-clock 2 is taken back." in said
    assert "two-clock 1 is in force." in said


def test_comparing_asks_for_both_replays_and_waits(manager: Client, practice: Practice) -> None:
    with practice.bound():
        weeks.payer_week(practice.payer, Outcome.PAID, 10, 100)
        claim(practice.payer)
    said = manager.post(f"{PAGE}compare/", {"method": NEW}, follow=True).content.decode()
    assert "Both go through the history" in said
    with practice.bound():
        assert sorted(Replay.objects.values_list("method", "state")) == [("two-clock 1", "due"), (NEW, "due")]
    assert manager.post(f"{PAGE}compare/", {"method": "none"}).status_code == 422


def test_both_stand_side_by_side(manager: Client, practice: Practice) -> None:
    with practice.bound():
        findings.replay(practice.payer, findings=1, method="two-clock 1")
        findings.replay(practice.payer, findings=2, method=NEW)
    said = words_of(manager, f"{PAGE}?with=two-clock+2")
    assert "1 change found by both, 0 by two-clock 1 alone, 1 by two-clock 2 alone" in said
    assert "not raised" in said


def test_a_day_that_has_passed_is_refused(manager: Client) -> None:
    answer = manager.post(f"{PAGE}switch/", {"method": NEW, "valid_from": date(2026, 3, 1)}, follow=True)
    assert "choose today or a later day" in answer.content.decode()
    assert manager.post(f"{PAGE}switch/", {"method": "none"}).status_code == 422


@pytest.mark.parametrize("role", [Role.BILLER, Role.CLINICIAN, Role.AUDITOR, Role.STAFF])
def test_others_read_and_do_not_switch(role: str, signed_in: SignedIn) -> None:
    client = signed_in(role)
    assert "<button" not in words_of(client, PAGE).partition("<main")[2].partition("</main")[0]
    for act in ("compare", "switch", "undo"):
        assert client.post(f"{PAGE}{act}/", {"method": NEW}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        findings.replay(practice.payer, findings=rows, method="two-clock 1")
        findings.replay(practice.payer, findings=rows, method=NEW)
    manager.get(PAGE)
    with django_assert_num_queries(24):
        manager.get(f"{PAGE}?with=two-clock+2")
