"""The page on which a practice says when money is much."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import findings, member
from tests.portal.conftest import Practice, browser_of, words_of
from upstream.alerts.models import MoneyLimit
from upstream.tenants.choices import Role

PAGE = "/portal/settings/money/"


def test_the_page_says_what_is_in_force_and_why(manager: Client) -> None:
    said = words_of(manager, PAGE)
    assert '<td class="number">$10,000</td><td>always</td><td class="wrap">house proposal</td>' in said
    assert '<td class="number">8%</td>' in said
    assert '<a href="/portal/settings/money/">When money is much</a>' in words_of(manager, "/portal/settings/")


def test_who_may_change_settings_says_its_own(practice: Practice) -> None:
    with practice.bound():
        owner = browser_of(member(Role.OWNER))
    answer = owner.post(PAGE, {"kind": "much", "value": "50000", "source": "board"}, follow=True)
    assert "$50,000" in answer.content.decode()
    with practice.bound():
        assert MoneyLimit.objects.get().said_by.startswith("user:")


def test_the_last_year_is_looked_at_before_anything_is_kept(practice: Practice) -> None:
    with practice.bound():
        owner = browser_of(member(Role.OWNER))
        cheap = findings.incident(practice.payer, practice.run, title="Cheap", at_stake_cents=300_000)
        findings.incident(practice.payer, practice.run, title="Dear", at_stake_cents=2_000_000)
    said = " ".join(owner.post(PAGE, {"kind": "much", "value": "2500", "look": "1"}).content.decode().split())
    assert '<th scope="row">High</th><td class="number">1</td><td class="number">2</td>' in said
    assert '>Cheap</a> <span class="quiet">Medium, then High</span>' in said
    assert f"/portal/incidents/{cheap.public_id}/" in said
    assert ">Dear</a>" not in said
    with practice.bound():
        assert not MoneyLimit.objects.exists()


def test_of_many_the_newest_are_named_and_the_others_counted(practice: Practice) -> None:
    with practice.bound():
        owner = browser_of(member(Role.OWNER))
        for _ in range(22):
            findings.incident(practice.payer, practice.run, title="Cheap", at_stake_cents=300_000)
    said = owner.post(PAGE, {"kind": "much", "value": "2500", "look": "1"}).content.decode()
    assert said.count(">Cheap</a>") == 20
    assert "And 2 older ones." in said


@pytest.mark.parametrize(("incidents", "told"), [(0, "No incident was opened"), (2, "None of 2 incidents would")])
def test_a_look_that_finds_nothing_says_so(incidents: int, told: str, practice: Practice) -> None:
    with practice.bound():
        owner = browser_of(member(Role.OWNER))
        for _ in range(incidents):
            findings.incident(practice.payer, practice.run, at_stake_cents=2_000_000)
    answer = owner.post(PAGE, {"kind": "much", "value": "9000", "look": "1"})
    assert told in " ".join(answer.content.decode().split())


def test_a_look_with_nonsense_is_refused_as_saving_it_is(practice: Practice) -> None:
    with practice.bound():
        owner = browser_of(member(Role.OWNER))
    answer = owner.post(PAGE, {"kind": "some", "value": "20000", "look": "1"})
    assert answer.status_code == 422
    assert "The last year with this limit" not in answer.content.decode()


def test_nonsense_is_told_at_its_field(practice: Practice) -> None:
    with practice.bound():
        owner = browser_of(member(Role.OWNER))
    answer = owner.post(PAGE, {"kind": "some", "value": "20000"})
    assert answer.status_code == 422
    assert "cannot be more than what counts as much" in answer.content.decode()


def test_others_may_not(practice: Practice) -> None:
    with practice.bound():
        biller = browser_of(member(Role.BILLER))
    assert biller.post(PAGE, {"kind": "much", "value": "50000"}).status_code == 403
    with practice.bound():
        assert not MoneyLimit.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for day in range(rows):
            MoneyLimit.objects.create(
                kind="much", value=1 + day, valid_from=f"2026-01-0{day + 1}", said_by="user:x", at="2026-01-01T00:00Z"
            )
    manager.get(PAGE)
    with django_assert_num_queries(19):
        manager.get(PAGE)
