"""The calendar's page: what is said, who may say it, and that nothing said is lost."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import payer
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.detection.calendar import queries, services
from upstream.detection.models import CalendarEvent
from upstream.tenants.choices import Role

PAGE = "/portal/calendar/"
GIVEN = {
    "name": "Portal of the payer was down",
    "kind": "outage",
    "first": "2026-01-14",
    "last": "2026-01-20",
    "effect": "mask",
}


def event(practice: Practice, **values: object) -> CalendarEvent:
    given = {
        "name": "Move to the new office", "kind": "other", "first": date(2026, 2, 2), "last": date(2026, 2, 6),
        "effect": "mask", "actor": f"user:{practice.manager.user.public_id}",
    }  # fmt: skip
    with practice.bound():
        return services.add(**{**given, **values})  # the test chooses


def test_a_manager_says_what_happened_at_which_payer(manager: Client, practice: Practice) -> None:
    answer = manager.post(
        f"{PAGE}add/", {**GIVEN, "payers": [str(practice.payer.public_id)], "source": "notice of 14 January"}
    )
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    said = words_of(manager, PAGE)
    assert "Portal of the payer was down" in said
    assert "14 January 2026 to 20 January 2026" in said
    assert "Outage, notice of 14 January" in said
    assert '<td class="wrap">Summit Mutual</td>' in said
    assert "left out" in said
    with practice.bound():
        kept = CalendarEvent.objects.get()
        assert (kept.payers, kept.known_from) == ([practice.payer.pk], date(2026, 1, 14))
    assert LogEntry.objects.filter(content_type__model="calendarevent", object_pk=kept.pk).count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"last": "2026-01-13"}, "it cannot end before it begins"),
        ({"last": "2027-06-30"}, "more than 400 days cannot be left out"),
        ({"known_from": "2026-03-03"}, "nobody can know it later than today"),
        ({"payers": ["3f1c1f0e-6d1e-4a55-9a0e-000000000000"]}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    wrong: dict[str, str], said: str, manager: Client, practice: Practice
) -> None:
    answer = manager.post(f"{PAGE}add/", {**GIVEN, **wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with practice.bound():
        assert not CalendarEvent.objects.exists()


def test_another_practices_payer_cannot_be_chosen(manager: Client, stranger: Client, practice: Practice) -> None:
    theirs = stranger.get("/portal/").wsgi_request.tenant
    assert theirs is not None
    assert "Quietwater" not in words_of(manager, PAGE)
    answer = stranger.post(f"{PAGE}add/", {**GIVEN, "payers": [str(practice.payer.public_id)]})
    assert answer.status_code == 422


def test_an_event_is_over_taken_back_and_put_back(manager: Client, practice: Practice) -> None:
    row = event(practice, last=None)
    assert "since 2 February 2026" in words_of(manager, PAGE)
    manager.post(f"{PAGE}{row.public_id}/end/", {"last": "2026-02-11"})
    assert "2 February 2026 to 11 February 2026" in words_of(manager, PAGE)
    with practice.bound():
        ended = queries.own_events().get()
    manager.post(f"{PAGE}{ended.public_id}/take-back/")
    assert "Nothing was said yet" in words_of(manager, PAGE)
    with practice.bound():
        gone = queries.taken_back().get()
    manager.post(f"{PAGE}{gone.public_id}/put-back/")
    assert "Nothing was said yet" not in words_of(manager, PAGE)
    with practice.bound():
        assert CalendarEvent.objects.count() == 4


def test_what_somebody_else_has_changed_is_not_changed_again(manager: Client, practice: Practice) -> None:
    row = event(practice)
    manager.post(f"{PAGE}{row.public_id}/take-back/")
    assert manager.post(f"{PAGE}{row.public_id}/take-back/").status_code == 404
    assert manager.post(f"{PAGE}{row.public_id}/end/", {"last": ""}).status_code == 404


def test_a_practice_leaves_the_weeks_of_a_shared_outage_out(manager: Client, practice: Practice) -> None:
    assert "Outage of a large clearinghouse" in words_of(manager, PAGE)
    manager.post(f"{PAGE}shared/", {"key": "clearinghouse-outage-2024", "effect": "mask"})
    with practice.bound():
        (row,) = queries.own_events()
        assert (row.shared, row.effect) == ("clearinghouse-outage-2024", "mask")
    assert manager.post(f"{PAGE}shared/", {"key": "no-such-day", "effect": "mask"}).status_code == 404


@pytest.mark.parametrize("role", [Role.BILLER, Role.CLINICIAN, Role.AUDITOR, Role.STAFF])
def test_others_read_it_and_change_nothing(role: Role, signed_in: SignedIn, practice: Practice) -> None:
    row = event(practice)
    client = signed_in(role)
    said = words_of(client, PAGE)
    assert "Move to the new office" in said
    assert "Take back" not in said
    assert "Add an event" not in said
    for path in (
        "add/",
        "shared/",
        f"{row.public_id}/end/",
        f"{row.public_id}/take-back/",
        f"{row.public_id}/put-back/",
    ):
        assert client.post(PAGE + path).status_code == 403


def test_an_owner_may_too(signed_in: SignedIn, practice: Practice) -> None:
    assert signed_in(Role.OWNER).post(f"{PAGE}add/", GIVEN).status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same_for_one_and_three(
    number: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        payer("Civic Care")
    for _ in range(number):
        event(practice)
    manager.get(PAGE)
    with django_assert_num_queries(24):
        manager.get(PAGE)
