"""Search: by words of names, by an exact claim number, and nothing of it in an address."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import batch, findings
from tests.portal.conftest import Practice, SignedIn
from upstream.audit.models import PHIAccess
from upstream.tenants.choices import Role

PAGE = "/portal/search/"
QUERIES = 18


def finds(client: Client, text: str) -> list[str]:
    """The names that were found."""
    said = client.post(PAGE, {"q": text}, headers={"HX-Request": "true"}).content.decode()
    return re.findall(r"<li><a[^>]*><span>([^<]*)</span>", said)


@pytest.fixture
def something(practice: Practice) -> None:
    with practice.bound():
        findings.incident(practice.payer, practice.run, title="Summit Mutual started denying knee MRI")
        findings.incident(practice.payer, practice.run, title="Something else")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("mri knee", ["Summit Mutual started denying knee MRI"]),
        ("summit", ["Summit Mutual started denying knee MRI", "Summit Mutual"]),
        ("worklist", ["Worklist"]),
        ("letters won", ["Letters won"]),
        ("audit", []),
        ("s", []),
        ("nothing like it", []),
    ],
)
def test_what_goes_by_all_the_words(text: str, names: list[str], something: None, manager: Client) -> None:
    assert finds(manager, text) == names


def test_incident_is_found_by_its_whole_id(practice: Practice, manager: Client) -> None:
    with practice.bound():
        made = findings.incident(practice.payer, practice.run, title="By its id")
    assert finds(manager, str(made.public_id)) == ["By its id"]


def test_files_are_found_by_name_by_those_who_may_read_names(
    practice: Practice, manager: Client, signed_in: SignedIn
) -> None:
    with practice.bound():
        batch()
    assert finds(manager, "claims.csv") == ["claims.csv"]
    assert finds(signed_in(Role.CLINICIAN), "claims.csv") == []


def test_another_practice_finds_nothing(something: None, stranger: Client) -> None:
    assert finds(stranger, "knee") == []


def test_typing_is_no_search_for_a_claim(practice: Practice, manager: Client) -> None:
    finds(manager, "C-77")
    with practice.bound():
        assert not PHIAccess.objects.exists()


def test_works_as_a_page_and_repeats_what_was_asked(something: None, manager: Client) -> None:
    said = manager.post(PAGE, {"q": '<knee "mri"'}).content.decode()
    assert 'value="&lt;knee &quot;mri&quot;"' in said
    assert "Nothing goes by that name" in said


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_finds(
    rows: int, practice: Practice, manager: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for _ in range(rows):
            findings.incident(practice.payer, practice.run, title="Summit Mutual denies")
            batch()
    finds(manager, "summit")
    with django_assert_num_queries(QUERIES):
        finds(manager, "summit")
