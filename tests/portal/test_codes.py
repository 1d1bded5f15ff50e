import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import NOON
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.claims.models import NewCode
from upstream.tenants.choices import Role


def _new(practice: Practice, carc: str = "979") -> None:
    NewCode.objects.create(payer=practice.payer, carc=carc, first_seen_at=NOON, last_seen_at=NOON, times=7)


def test_new_codes_are_listed_and_given_a_meaning(manager: Client, signed_in: SignedIn, practice: Practice) -> None:
    with practice.bound():
        _new(practice)
    assert "1 new reason code</a> of payers without a meaning yet" in words_of(manager, "/portal/data/")
    assert "no meaning yet" in words_of(manager, "/portal/data/codes/")
    owner = signed_in(Role.OWNER)
    sent = {"carc": "979", "category": "AUTH", "reason": "bulletin of 1 March"}
    said = owner.post("/portal/data/codes/meaning/", sent, follow=True).content.decode()
    assert "Files that are read from now on take the code for this." in said
    assert "bulletin of 1 March" in said
    assert "no meaning yet" not in said
    assert "new reason code" not in words_of(manager, "/portal/data/")


def test_only_who_administers_gives_a_meaning(signed_in: SignedIn) -> None:
    client = signed_in(Role.BILLER)
    assert client.post("/portal/data/codes/meaning/", {"carc": "979"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for number in range(rows):
            _new(practice, str(970 + number))
    manager.get("/portal/data/codes/")
    with django_assert_num_queries(20):
        manager.get("/portal/data/codes/")
