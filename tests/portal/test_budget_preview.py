"""An owner looks at what another budget would have told before saving it."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import claim, findings, weeks
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.alerts.models import Replay
from upstream.alerts.replays import whole_history
from upstream.claims.choices import Outcome
from upstream.tenants.choices import Role
from upstream.tenants.models import Organization

PAGE = "/portal/incidents/outcomes/"


@pytest.fixture
def history(practice: Practice) -> Practice:
    """One week of claims."""
    with practice.bound():
        weeks.payer_week(practice.payer, Outcome.PAID, 10, 100)
        claim(practice.payer)
    return practice


def replayed(practice: Practice, budget: str, raised: int, smallest: float) -> Replay:
    first, last = whole_history()
    visible = {str(practice.payer.pk): {"denial_rate": [None, smallest, None]}}
    return findings.replay(
        practice.payer, findings=raised, method="two-clock 1", budget_per_quarter=budget, visible=visible,
        first=first, last=last, at=last,
    )  # fmt: skip


def test_asking_saves_nothing_and_waits(signed_in: SignedIn, history: Practice) -> None:
    owner = signed_in(Role.OWNER)
    said = " ".join(owner.post(f"{PAGE}preview/", {"per_quarter": "1.5"}, follow=True).content.decode().split())
    assert "At most 1.5 false incidents in 13 weeks: what it would have meant here" in said
    assert "In force, at most one false incident in 65 weeks" in said
    with history.bound():
        assert sorted(str(row.budget_per_quarter) for row in Replay.objects.all()) == ["0.20", "1.50"]
        assert str(Organization.objects.get(pk=history.organization.pk).false_incidents_per_quarter) == "0.20"


def test_both_stand_side_by_side_with_what_cannot_be_told(manager: Client, history: Practice) -> None:
    with history.bound():
        replayed(history, "0.20", 1, 0.09)
        replayed(history, "1.50", 2, 0.07)
    said = words_of(manager, f"{PAGE}?budget=1.5")
    assert "2 changes</a> for the worse" in said
    assert "1 new, 0 gone, 0 on another day." in said
    assert '<td class="number">+9 points</td><td class="number">+7 points</td>' in said
    assert "What this cannot tell" in said
    assert "Files, names of payers or events have come since." not in said


def test_the_limit_in_force_has_nothing_to_compare(manager: Client, history: Practice) -> None:
    assert "This is the limit that is in force." in words_of(manager, f"{PAGE}?budget=0.2")
    assert "Nobody has looked at this yet" in words_of(manager, f"{PAGE}?budget=0.5")
    assert manager.get(f"{PAGE}?budget=often").status_code == 422


@pytest.mark.parametrize("role", [Role.MANAGER, Role.BILLER, Role.AUDITOR, Role.STAFF])
def test_an_owner_asks(role: str, signed_in: SignedIn) -> None:
    assert signed_in(role).post(f"{PAGE}preview/", {"per_quarter": "1"}).status_code == 403


@pytest.mark.parametrize("told", ["0", "10", "", "often"])
def test_a_budget_that_cannot_be_kept_is_refused(told: str, signed_in: SignedIn) -> None:
    assert signed_in(Role.OWNER).post(f"{PAGE}preview/", {"per_quarter": told}).status_code == 422


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, history: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with history.bound():
        replayed(history, "0.20", rows, 0.09)
        replayed(history, "1.50", rows, 0.07)
    manager.get(PAGE)
    with django_assert_num_queries(36):
        manager.get(f"{PAGE}?budget=1.5")
