"""What of Upstream itself fails, as people see it: on Today, in its list, and beside a person's name."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import factories
from tests.portal.conftest import NOW, Practice, SignedIn, words_of
from upstream.delivery.models import Address
from upstream.tenants.choices import Role
from upstream.watchers.models import Look, OwnLimit, Trouble

TROUBLES, LIMITS, PEOPLE = "/portal/troubles/", "/portal/troubles/limits/", "/portal/people/"


def test_a_red_strip_stands_in_for_the_rest_where_numbers_are_touched(manager: Client, practice: Practice) -> None:
    assert 'class="alarm"' not in words_of(manager, "/portal/")
    with practice.bound():
        factories.trouble(kind="mapping", claims=412, facts={"claims": "412", "payers": 2, "percent": "9%"})
    said = words_of(manager, "/portal/")
    assert "Numbers below exclude 412 claims" in said
    assert '<dl class="health">' not in said


def test_what_touches_no_number_is_one_line_and_the_strip_stays(manager: Client, practice: Practice) -> None:
    with practice.bound():
        factories.trouble(kind="codes", facts={"count": 3}, affects_numbers=False)
    said = words_of(manager, "/portal/")
    assert "1 thing of Upstream itself needs somebody" in said
    assert '<dl class="health">' in said


def test_a_watch_that_stands_still_is_seen_by_the_page(manager: Client, practice: Practice) -> None:
    with practice.bound():
        Look.objects.create(at=NOW - timedelta(minutes=31))
    said = words_of(manager, "/portal/")
    assert "Upstream's own watch stands still since 2 March 2026, 08:29" in said.replace("&#x27;", "'")
    assert "Numbers below may be old" in said


def test_somebody_takes_it_up_and_the_second_is_told(manager: Client, practice: Practice, signed_in: SignedIn) -> None:
    with practice.bound():
        row = factories.trouble()
    path = f"{TROUBLES}{row.public_id}/"
    said = words_of(manager, path)
    for words in ("2 files wait to be read for more than 2 hours", "is counted yet", "Look at the workers."):
        assert words in said
    assert "You are at it." in manager.post(f"{path}move/", {"version": "1"}, follow=True).content.decode()
    late = signed_in(Role.BILLER).post(f"{path}move/", {"version": "1"}, follow=True).content.decode()
    assert "this is now: somebody is at it" in late
    assert "Handed back." in manager.post(f"{path}move/", {"version": "2", "back": "1"}, follow=True).content.decode()
    with practice.bound():
        assert Trouble.objects.get().state == "open"
    assert signed_in(Role.AUDITOR).post(f"{path}move/", {"version": "3"}).status_code == 403


def test_limits_are_set_by_who_may_and_never_over_somebody_elses(
    practice: Practice, signed_in: SignedIn, manager: Client
) -> None:
    owner = signed_in(Role.OWNER)
    sent = {"limit": "stuck_hours", "value": "4", "reason": "large files at night", "replaces-stuck_hours": ""}
    assert owner.post(LIMITS, sent).status_code == 302
    again = owner.post(LIMITS, sent)
    assert (again.status_code, "meanwhile" in again.content.decode()) == (422, True)
    with practice.bound():
        mine = OwnLimit.objects.get()
    assert owner.post(LIMITS, {**sent, "value": "", "replaces-stuck_hours": str(mine.public_id)}).status_code == 302
    assert signed_in(Role.BILLER).post(LIMITS, sent).status_code == 403


@pytest.fixture
def bounced(practice: Practice) -> str:
    """The public id of a person whose mail came back."""
    with practice.bound():
        person = factories.member(Role.BILLER, "gone@example.test")
        Address.objects.create(recipient=person, stopped_because="bounced", stopped_at=NOW)
        return str(person.user.public_id)


def test_mail_that_came_back_stands_beside_the_person_and_is_lifted_with_a_reason(
    signed_in: SignedIn, bounced: str, practice: Practice
) -> None:
    owner = signed_in(Role.OWNER)
    assert "gets no mail" in words_of(owner, PEOPLE)
    sent = {"person": bounced, "reason": ""}
    assert "say in at most" in owner.post(f"{PEOPLE}mail/", sent, follow=True).content.decode()
    lifted = owner.post(f"{PEOPLE}mail/", {**sent, "reason": "new mailbox"}, follow=True).content.decode()
    assert "Mail goes to gone@example.test again." in lifted
    assert "Let go on: new mailbox" in lifted
    assert "gets no mail" in owner.post(f"{PEOPLE}mail/", {**sent, "stop": "1"}, follow=True).content.decode()
    assert signed_in(Role.MANAGER).post(f"{PEOPLE}mail/", sent).status_code == 403


@pytest.mark.parametrize(("path", "queries"), [(TROUBLES, 23), (LIMITS, 19)])
@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, path: str, queries: int, manager: Client, practice: Practice,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    with practice.bound():
        for _ in range(rows):
            factories.trouble()
            factories.trouble(state="over", over_at=NOW)
    manager.get(path)
    with django_assert_num_queries(queries):
        manager.get(path)
