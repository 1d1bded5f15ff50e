"""How well we do, as the pages tell it; and who says how many false incidents are borne."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import claim, findings
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.alerts.models import Incident
from upstream.tenants.choices import Role
from upstream.tenants.models import Organization

PAGE = "/portal/incidents/outcomes/"


def _raised(practice: Practice, outcome: str, as_of: date = findings.AS_OF) -> Incident:
    state = "false" if outcome == "noise" else "resolved" if outcome else "new"
    made = findings.incident(practice.payer, practice.run, outcome=outcome, state=state, first_as_of=as_of)
    findings.opening(made)
    return made


def test_nothing_judged_is_said_so(manager: Client, practice: Practice) -> None:
    with practice.bound():
        _raised(practice, "")
    said = words_of(manager, PAGE)
    assert "Nobody has judged an incident yet." in said
    assert "Nothing can be said yet: the live system has looked for less than a day." in said
    assert "1 incident of the very first look" in said


def test_verdicts_are_counted_with_their_ranges(manager: Client, practice: Practice) -> None:
    with practice.bound():
        findings.run(as_of=findings.AS_OF - timedelta(days=365))
        for outcome in ("payer_change", "payer_change", "our_process", "noise", ""):
            _raised(practice, outcome)
    said = words_of(manager, PAGE)
    assert "75% of 4 judged incidents were real (30% to 95%)" in said
    assert (
        "1 false incident: 0.3 (0.0 to 1.4) a quarter observed in 4.0 quarters, at most 0.2 a quarter asked for."
        in said
    )
    assert "Whether that is kept cannot be told from so little." in said
    assert "3 of 3 real changes were told before the month-end report" in said
    assert "in the middle 30 days before it" in said
    assert "Payers have paid no claim of an incident since." in said
    assert "0.3 (0.0 to 1.4) a quarter" in words_of(manager, "/portal/settings/")


def test_an_owner_says_how_many_are_borne_and_it_is_written_down(signed_in: SignedIn, practice: Practice) -> None:
    owner = signed_in(Role.OWNER)
    said = owner.post(f"{PAGE}budget/", {"per_quarter": "1.5"}, follow=True).content.decode()
    assert "It holds from the next look on." in said
    with practice.bound():
        assert float(Organization.objects.get(pk=practice.organization.pk).false_incidents_per_quarter) == 1.5
    assert LogEntry.objects.get_for_model(Organization).filter(
        action=LogEntry.Action.UPDATE, changes__false_incidents_per_quarter=["0.20", "1.5"]
    ).exists()  # fmt: skip


@pytest.mark.parametrize("told", ["0", "10", "", "often"])
def test_a_budget_that_cannot_be_kept_is_refused(told: str, signed_in: SignedIn) -> None:
    assert signed_in(Role.OWNER).post(f"{PAGE}budget/", {"per_quarter": told}).status_code == 422


@pytest.mark.parametrize("role", [Role.MANAGER, Role.BILLER, Role.AUDITOR, Role.STAFF])
def test_others_read_it(role: str, signed_in: SignedIn) -> None:
    client = signed_in(role)
    assert "An owner sets how many" in words_of(client, PAGE)
    assert client.post(f"{PAGE}budget/", {"per_quarter": "1"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for _ in range(rows):
            findings.behind(_raised(practice, "payer_change"), claim(practice.payer))
    manager.get(PAGE)
    with django_assert_num_queries(21):
        manager.get(PAGE)
