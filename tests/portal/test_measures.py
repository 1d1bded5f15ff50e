"""The page of measures, its file, and what a touch costs."""

import csv
import re
from html import unescape
from io import StringIO

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import claim
from tests.kpis import world
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.claims.models import Payer
from upstream.core import tenancy
from upstream.kpis import lists
from upstream.kpis.definitions import BY_KEY
from upstream.kpis.models import ReworkCost, SummedWeek
from upstream.tenants.choices import Role

PAGE = "/portal/measures/"
WEEKS = "first=2026-01-05&last=2026-02-22"


@pytest.fixture
def counted(practice: Practice) -> None:
    """The miniature practice's claims in this one."""
    with tenancy.bind(practice.organization.pk):
        world.build()


def row_of(said: str, name: str) -> str:
    return said.split(f"<summary>{name}</summary>")[1].split("</tr>")[0]


def test_page_says_value_range_formula_and_why_not(manager: Client, counted: None) -> None:
    said = words_of(manager, f"{PAGE}?{WEEKS}")
    rate = row_of(said, "Remittance denial rate")
    for part in ("33.3%", "12.1% to 64.6%", "3 of 9", "n = 9", "all first answers that became known in it."):
        assert part in rate
    assert "$1,210 of $1,760" in row_of(said, "Denied dollars, billed")
    assert "36.0% without its largest claim" in row_of(said, "Denied dollars, billed")
    assert "21 days" in row_of(said, "Days to payment, half")
    assert "no contract prices any answer" in row_of(said, "Underpaid lines")
    assert 'href="/portal/data/ledger/?first=2026-01-05&amp;last=2026-02-22&amp;by=month"' in said
    assert said.split("<main")[1].count("<summary>") == len(BY_KEY)


def test_one_payer_alone_and_the_same_as_a_file(manager: Client, practice: Practice, counted: None) -> None:
    with practice.bound():
        civic = Payer.objects.get(name="Civic Care")
    query = f"{WEEKS}&payer={civic.public_id}"
    assert "1 of 2" in row_of(words_of(manager, f"{PAGE}?{query}"), "Remittance denial rate")
    answer = manager.get(f"{PAGE}csv/?{query}")
    rows = {row["measure"]: row for row in csv.DictReader(StringIO(answer.content.decode()))}
    assert answer["Content-Disposition"] == 'attachment; filename="measures-2026-01-05-2026-02-22.csv"'
    assert list(rows) == list(BY_KEY)
    rate = rows["denial_rate_remitted"]
    assert (rate["value"], rate["numerator"], rate["denominator"], rate["payer"]) == ("0.5", "1", "2", "Civic Care")
    assert (rows["take_back_rate"]["denominator"], rows["net_collection"]["value"]) == ("80.00", "")


@pytest.mark.parametrize(
    "wrong", ["first=2026-02-02&last=2026-01-05", "first=soon", "first=2020-01-06&last=2026-03-01"]
)
def test_impossible_weeks_are_refused_in_words(wrong: str, manager: Client) -> None:
    for path in (PAGE, f"{PAGE}csv/"):
        answer = manager.get(f"{path}?{wrong}")
        assert answer.status_code == 422
        assert re.search(r'class="(wrong|error)', answer.content.decode())


def test_other_practices_payers_are_no_choice(manager: Client, stranger: Client, practice: Practice) -> None:
    address = f"{PAGE}?payer={practice.payer.public_id}"
    assert manager.get(address).status_code == 200
    assert stranger.get(address).status_code == 422


def test_cost_of_a_touch_is_said_once_and_stands_beside_the_measure(
    signed_in: SignedIn, practice: Practice, counted: None
) -> None:
    owner = signed_in(Role.OWNER)
    told = {"dollars": "43.84", "valid_from": "2026-01-01", "source": "our own time study"}
    owner.post(f"{PAGE}cost/", told)
    said = row_of(words_of(owner, f"{PAGE}?{WEEKS}"), "Cost of rework")
    assert "$44" in said
    assert "$43.84 a touch: our own time study" in said
    for wrong in ({**told, "dollars": "0"}, {**told, "source": " "}, {**told, "valid_from": ""}):
        owner.post(f"{PAGE}cost/", wrong)
    with practice.bound():
        assert [row.cents for row in ReworkCost.objects.all()] == [4_384]
    assert signed_in(Role.BILLER).post(f"{PAGE}cost/", told).status_code == 403


def test_the_claims_behind_a_measure_add_up_to_it(manager: Client, counted: None) -> None:
    said = words_of(manager, f"{PAGE}?{WEEKS}")
    assert f'href="{PAGE}claims/?measure=denied_dollars&amp;first=2026-01-05&amp;last=2026-02-22"' in said
    behind = words_of(manager, f"{PAGE}claims/?measure=denied_dollars&{WEEKS}")
    for part in (
        "$1,210 of $1,760",
        "Charges of the lines that first answers of the period refuse",
        "All of them</th>",
    ):
        assert part in behind
    assert "$1,210.00</td>" in behind.split("<tfoot>")[1]
    rows = list(
        csv.DictReader(StringIO(manager.get(f"{PAGE}claims/csv/?measure=denied_dollars&{WEEKS}").content.decode()))
    )
    assert sorted(row["counted"] for row in rows) == ["100.00", "150.00", "60.00", "900.00"]
    assert ">Main</th>" in words_of(manager, f"{PAGE}claims/?measure=denial_rate_remitted&{WEEKS}")
    for path in ("claims/", "claims/csv/"):
        assert manager.get(f"{PAGE}{path}?measure=cash_lag").status_code == 422


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for number in range(rows):
            SummedWeek.objects.all().delete()
            claim(practice.payer if number == 0 else Payer.objects.create(name=f"P{number}", name_key=f"P{number}"))
    with tenancy.bind(practice.organization.pk):
        world.sum_up()
    manager.get(PAGE)
    with django_assert_num_queries(52):
        assert manager.get(f"{PAGE}?first=2026-02-23&last=2026-03-08").status_code == 200


def test_a_list_too_long_for_a_page_is_chosen_by_week_and_then_by_payer(
    manager: Client, practice: Practice, counted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_AT_ONCE", 1)
    whole = words_of(manager, f"{PAGE}claims/?measure=first_pass_yield&{WEEKS}")
    assert "more claims than a page can lay out at once. Choose a week" in whole
    assert re.search(r'<a href="(/portal/claims/[^"]+)"', whole) is None
    weeks = [unescape(found) for found in re.findall(r'<a href="([^"]+)">\d+ \w+(?: \d{4})? to ', whole)]
    claims = 0
    for week in weeks:
        said = words_of(manager, f"{PAGE}claims/{week}")
        payers = [unescape(found) for found in re.findall(r'<li><a href="(\?[^"]+payer=[^"]+)">', said)]
        for address in payers or [week]:
            claims += words_of(manager, f"{PAGE}claims/{address}").count('<th scope="row"><a href="/portal/claims/')
    monkeypatch.undo()
    listed = words_of(manager, f"{PAGE}claims/?measure=first_pass_yield&{WEEKS}")
    assert (len(weeks), claims) == (7, listed.count('<th scope="row"><a href="/portal/claims/'))
    assert claims
