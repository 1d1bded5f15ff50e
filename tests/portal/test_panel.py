"""A clinician sees what waits for their own provider number, answers it, and sees nothing of others."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import claim, entry, member
from tests.factories.denials import item
from tests.portal.conftest import Practice, browser_of, words_of
from upstream.authorizations.models import Risk
from upstream.claims.choices import Outcome
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership
from upstream.worklist.models import Event, Item

PAGE, MINE, OTHER = "/portal/panel/", "1245412188", "1789634940"
QUERIES = 24


def _denied(practice: Practice, npi: str, code: str, **fields: object) -> Item:
    of = claim(practice.payer, outcome=Outcome.DENIED, procedure_code=code, rendering_npi=npi)
    fields = {"category": "DOC", "deadline": date(2026, 3, 20), "decided_date": date(2026, 2, 25), **fields}
    return item(practice.payer, claim=of, procedure_code=code, **fields)


@pytest.fixture
def clinician(practice: Practice) -> Membership:
    with practice.bound():
        made = member(Role.CLINICIAN)
        made.provider_npi = MINE
        made.save()
        return made


@pytest.fixture
def browser(clinician: Membership) -> Client:
    return browser_of(clinician)


def test_own_things_alone(practice: Practice, browser: Client) -> None:
    with practice.bound():
        near = {"valid_until": date(2026, 3, 10), "approved_units": 24, "used_units": 3}
        entry(practice.payer, procedure_code="97110", provider_npi=MINE, **near)
        entry(practice.payer, procedure_code="97140", provider_npi=OTHER, **near)
        _denied(practice, MINE, "73721")
        _denied(practice, OTHER, "29881")
        _denied(practice, MINE, "99213", category="DATA")
        waiting = claim(practice.payer, procedure_code="64483", rendering_npi=MINE)
        Risk.objects.create(claim=waiting, reason="code", found_on=date(2026, 3, 1), service_date=date(2026, 3, 9))
    said = words_of(browser, PAGE)
    assert "3 things wait for you" in said
    assert [code for code in ("97110", "73721", "64483", "97140", "29881", "99213") if code in said] == [
        "97110", "73721", "64483",
    ]  # fmt: skip
    assert "$" not in said.split("<main")[1].split("</main")[0]


def test_what_was_answered_moves_away_and_stands_in_the_history(practice: Practice, browser: Client) -> None:
    with practice.bound():
        asked = _denied(practice, MINE, "73721")
    browser.post(f"{PAGE}{asked.public_id}/say/", {"answer": "done"})
    said = words_of(browser, PAGE)
    assert "Nothing waits for you" in said
    assert "1 request answered" in said
    with practice.bound():
        assert Event.objects.filter(item=asked).count() == 1


def test_what_is_somebody_elses_cannot_be_answered(practice: Practice, browser: Client, manager: Client) -> None:
    with practice.bound():
        asked = _denied(practice, OTHER, "29881")
        own = _denied(practice, MINE, "73721")
    assert browser.post(f"{PAGE}{asked.public_id}/say/", {"answer": "done"}).status_code == 404
    assert browser.post(f"{PAGE}{own.public_id}/say/", {"answer": "pay me"}).status_code == 404
    assert manager.post(f"{PAGE}{own.public_id}/say/", {"answer": "done"}).status_code == 404


def test_reasons_that_came_back_are_told(practice: Practice, browser: Client) -> None:
    with practice.bound():
        for code in ("73721", "73722"):
            _denied(practice, MINE, code)
        _denied(practice, MINE, "99213", category="MEDNEC")
    said = words_of(browser, PAGE)
    assert "<b>Records missing</b>, 2 claims in 30 days" in said
    assert "<b>Medical necessity</b>" not in said


def test_owner_says_who_is_which_provider(practice: Practice, clinician: Membership) -> None:
    with practice.bound():
        owner = browser_of(member(Role.OWNER))
    person = str(clinician.user.public_id)
    page = f"{PAGE}providers/"
    assert "ten digits" in owner.post(page, {"person": person, "npi": "12"}, follow=True).content.decode()
    owner.post(page, {"person": person, "npi": OTHER})
    with practice.bound():
        assert Membership.objects.get(pk=clinician.pk).provider_npi == OTHER
    assert browser_of(clinician).get(page).status_code == 403


def test_without_a_number_nothing_is_picked_out(practice: Practice, manager: Client) -> None:
    assert "No provider number is set for you" in words_of(manager, PAGE)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, practice: Practice, browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for number in range(rows):
            _denied(practice, MINE, f"7372{number}")
            entry(practice.payer, provider_npi=MINE, valid_until=date(2026, 3, 10))
    browser.get(PAGE)
    with django_assert_num_queries(QUERIES):
        browser.get(PAGE)
