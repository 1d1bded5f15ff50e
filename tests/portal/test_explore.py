"""Own reports: put together, opened to their claims, kept, changed, taken back; and who sees them."""

import csv
from datetime import date
from io import StringIO
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.explore.conftest import write_facts
from tests.factories import claim
from tests.factories.exploring import DEFINITION, own_report
from tests.factories.worlds import recount
from tests.kpis import world
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.core import tenancy
from upstream.explore.models import OwnReport, OwnReportVersion
from upstream.explore.question import question_of
from upstream.tenants.choices import Role

PAGE = "/portal/explore/"
BY_PAYER = {
    "m": ["claims", "denied_dollars", "refused"], "by1": "payer", "basis": "answer", "first": "2026-01-05",
    "last": "2026-03-01",
}  # fmt: skip
QUERY = urlencode(BY_PAYER, doseq=True)
DEFINITION_KEPT = question_of(DEFINITION).as_json()


@pytest.fixture
def counted(practice: Practice, own_var: object) -> None:
    """The miniature practice's claims and facts in this one."""
    with tenancy.bind(practice.organization.pk):
        world.build()
        write_facts()


def test_a_report_stands_there_at_once_as_table_and_chart(manager: Client, counted: None) -> None:
    said = words_of(manager, f"{PAGE}build/?{QUERY}")
    for part in ("Civic Care", "$100.00", "50.0%", "71.2%", "$1,210.00", "68.8%", "chart-values", "Claims by payer"):
        assert part in said


def told(client: Client, path: str, body: dict[str, str]) -> str:
    """What the page says that an act leads to."""
    return client.post(path, body, follow=True).content.decode()


def links_of(said: str) -> list[str]:
    found = [part.split('"')[0] for part in said.split('href="')[1:]]
    return [link.replace("&amp;", "&") for link in found if link.startswith(f"{PAGE}claims/")]


def test_each_value_opens_to_the_claims_that_it_counts(manager: Client, counted: None) -> None:
    """Civic Care, Summit Mutual, and all: claims, refused claims of the dollars, and those of the share."""
    table = manager.get(f"{PAGE}build/?{QUERY}").content.decode()
    behind = [manager.get(link).content.decode().count('<th scope="row">') for link in links_of(table)]
    assert behind == [2, 1, 1, 7, 3, 3, 9, 4, 4]


def test_the_same_as_a_file(manager: Client, counted: None) -> None:
    answer = manager.get(f"{PAGE}csv/?{QUERY}")
    assert list(csv.reader(StringIO(answer.content.decode()))) == [
        ["Payer", "Claims", "Denied dollars, billed", "Refused, billed"],
        ["Civic Care", "2", "0.500000", "100.00"],
        ["Summit Mutual", "7", "0.711538", "1110.00"],
        ["All", "9", "0.687500", "1210.00"],
    ]
    assert answer["Content-Disposition"] == 'attachment; filename="own-report-2026-01-05-2026-03-01.csv"'


@pytest.mark.parametrize(
    "wrong",
    [
        "m=nothing&basis=sent",
        "m=claims&basis=soon",
        "m=claims&basis=sent&first=2026-02-02&last=2026-01-05",
        "m=claims&basis=sent&weeks=0",
        "m=claims&basis=sent&by1=payer&by2=payer",
        "m=claims&basis=sent&in_payer=Nobody",
        "m=claims&basis=sent&in_provider=Ada+Lovelace",
        "m=claims&basis=sent&sort=paid",
    ],
)
def test_what_cannot_be_asked_is_said_in_words(wrong: str, manager: Client) -> None:
    answer = manager.get(f"{PAGE}build/?{wrong}")
    assert (answer.status_code, 'class="wrong"' in answer.content.decode()) == (422, True)


def test_a_report_is_kept_changed_taken_back_deleted_and_restored(
    practice: Practice, manager: Client, counted: None
) -> None:
    with practice.bound():
        report = own_report(practice.manager, "Denials by payer")
    place = f"{PAGE}{report.public_id}/"
    changed = {"name": "Denials", "query": QUERY, "shared": "on", "version": "1"}
    assert "Saved." in told(manager, f"{place}change/", changed)
    assert "changed meanwhile" in told(manager, f"{place}change/", changed)
    assert "Denials" in words_of(manager, PAGE)
    assert "what it said in version 1" in told(manager, f"{place}back/", {"to": "1", "version": "2"})
    assert "can be brought back" in told(manager, f"{place}delete/", {})
    assert manager.get(place).status_code == 404
    assert "is back" in told(manager, f"{place}restore/", {})
    with practice.bound():
        now = OwnReport.objects.get()
        assert (now.name, now.shared, now.version, now.definition) == ("Denials by payer", False, 3, DEFINITION_KEPT)
        assert OwnReportVersion.objects.count() == 3


def test_saving_from_the_page(practice: Practice, manager: Client, counted: None) -> None:
    answer = manager.post(f"{PAGE}save/", {"name": " Denials  by payer ", "query": QUERY})
    with practice.bound():
        report = OwnReport.objects.get()
    assert answer["Location"] == f"{PAGE}{report.public_id}/"
    assert (report.name, report.definition["by"]) == ("Denials by payer", ["payer"])
    assert "Denied dollars, billed" in words_of(manager, f"{PAGE}{report.public_id}/")


def test_others_see_what_is_shared_and_change_nothing_of_it(practice: Practice, signed_in: SignedIn) -> None:
    with practice.bound():
        mine, shared = (own_report(practice.manager, name, shared=name == "Shared") for name in ("Mine", "Shared"))
    owner = signed_in(Role.OWNER)
    said = words_of(owner, PAGE)
    assert "Shared" in said
    assert "Mine" not in said
    assert owner.get(f"{PAGE}{mine.public_id}/").status_code == 404
    said = told(owner, f"{PAGE}{shared.public_id}/delete/", {})
    assert "Only the person who made a report changes it" in said
    assert signed_in(Role.CLINICIAN).post(f"{PAGE}save/", {"name": "x", "query": QUERY}).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    number: int, practice: Practice, manager: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for name in "abc"[:number]:
            own_report(practice.manager, name)
    manager.get(PAGE)
    with django_assert_num_queries(21):
        manager.get(PAGE)


@pytest.mark.parametrize("number", [1, 3])
def test_a_table_takes_as_many_queries_for_three_lines_as_for_one(
    number: int, practice: Practice, manager: Client, own_var: object, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for code in ("99213", "99214", "99215")[:number]:
            claim(practice.payer, procedure_code=code, submitted_date=date(2026, 2, 2))
        recount(practice.organization)
        write_facts()
    address = f"{PAGE}build/?m=claims&by1=procedure_code&basis=sent&weeks=52"
    assert manager.get(address).content.decode().count('<th scope="row" class="wrap">9921') == number
    with django_assert_num_queries(32):
        manager.get(address)
