"""What payers said of authorizations and coverages, listed and opened on purpose."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.ingestion.told import authorization, coverage, tell
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.audit.models import PHIAccess
from upstream.tenants.choices import Role

AUTHORIZATIONS, COVERAGES = "/portal/data/authorizations/", "/portal/data/coverages/"


@pytest.fixture
def told(practice: Practice, settings) -> None:
    settings.REAL_DATA_MODE = True
    with practice.bound():
        tell(
            authorization(), authorization("A1", authorization_number="AUTH78", decided_date=date(2026, 3, 9)),
            authorization("Z9", authorization_number="AUTH79", decided_date=None, payer_name="Civic Care"),
            coverage(), coverage(False, on_date=date(2026, 3, 2)), coverage(None, reject_code="75", plan="Silver"),
            coverage(None, plan="Bronze"),
        )  # fmt: skip


def test_authorizations_are_listed_by_day_without_whom_they_concern(manager: Client, told: None) -> None:
    said = words_of(manager, AUTHORIZATIONS)
    places = [said.index(words) for words in ("Something else", "Approved</td>", "<td>Not approved")]
    assert places == sorted(places)
    assert said.index("9 Mar 2026") < said.index("4 Mar 2026")
    assert "Lovelace" not in said
    assert "AUTH77" not in said


@pytest.mark.parametrize(
    ("path", "query", "count"),
    [
        (AUTHORIZATIONS, "status=A1", 1), (AUTHORIZATIONS, "status=other", 1), (AUTHORIZATIONS, "status=A2", 0),
        (AUTHORIZATIONS, "since=2026-03-09", 2), (AUTHORIZATIONS, "until=2026-03-04", 1),
        (AUTHORIZATIONS, "payer={}", 2),
        (AUTHORIZATIONS, "payer=none&status=none&since=none", 3), (COVERAGES, "", 4), (COVERAGES, "status=active", 1),
        (COVERAGES, "status=inactive", 1), (COVERAGES, "status=refused", 1), (COVERAGES, "status=unsaid", 1),
        (COVERAGES, "since=2026-03-02&until=2026-03-02", 1),
    ],
)  # fmt: skip
def test_they_are_narrowed_down(
    manager: Client, practice: Practice, told: None, path: str, query: str, count: int
) -> None:
    said = words_of(manager, f"{path}?{query.format(practice.payer.public_id)}")
    assert said.count('<th scope="row">') == count


def test_whom_they_concern_is_shown_on_demand_and_written_down(manager: Client, practice: Practice, told: None) -> None:
    for path, words in ((AUTHORIZATIONS, "AUTH78"), (COVERAGES, "Lovelace, Ada")):
        assert "Show whom they concern" in words_of(manager, path)
        said = manager.post(f"{path}people/", {"since": "2026-03-01"}).content.decode()
        assert words in said
        assert "born 1950-12-10" in said
    with practice.bound():
        seen = PHIAccess.objects.order_by("pk").values_list("action", "records")
        assert list(seen) == [("show_authorizations", 3), ("show_coverages", 4)]


def test_who_may_not_see_people_sees_the_lists_alone(signed_in: SignedIn, told: None) -> None:
    client = signed_in(Role.STAFF)
    assert client.post(f"{AUTHORIZATIONS}people/").status_code == 403
    assert "Show whom they concern" not in words_of(client, COVERAGES)


@pytest.mark.parametrize(("path", "make"), [(AUTHORIZATIONS, authorization), (COVERAGES, coverage)])
@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, path: str, make, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for number in range(rows):
            tell(make(event_key=f"E{number}"))
    manager.get(path)
    with django_assert_num_queries(21):
        manager.get(path)
