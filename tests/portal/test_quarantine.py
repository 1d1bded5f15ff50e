import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.ingestion.world import csv_of, load, paid, pending
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.audit.models import PHIAccess
from upstream.claims.models import Claim
from upstream.core import tenancy
from upstream.ingestion import services
from upstream.ingestion.models import Batch, Rejection
from upstream.tenants.choices import Role

pytestmark = pytest.mark.django_db(transaction=True)
BAD = pending("C2").replace("100.00", "1oo.00")


@pytest.fixture
def row(practice: Practice) -> Rejection:
    """One row of a loaded file that could not be read."""
    with tenancy.bind(practice.organization.pk), transaction.atomic():
        return Rejection.objects.select_related("batch").get(batch=load(csv_of(paid("C1"), BAD)))


def _page(row: Rejection) -> str:
    return f"/portal/data/rows/{row.public_id}/"


def test_a_row_is_shown_without_its_content_until_it_is_opened(manager: Client, row: Rejection) -> None:
    said = words_of(manager, _page(row))
    assert "<b>billed</b> is not an amount in dollars and cents" in said
    assert "1oo.00" not in said
    opened = manager.post(f"{_page(row)}open/").content.decode()
    assert '<label for="cell-9">billed</label><input id="cell-9" name="cell-9" value="1oo.00"' in opened
    with tenancy.bind(row.tenant_id), transaction.atomic():
        looks = list(PHIAccess.objects.values_list("action", "subject"))
    assert looks == [("open_rejected_row", f"rejection:{row.public_id}")]


def test_a_row_put_right_in_its_form_is_loaded_by_the_worker(manager: Client, row: Rejection) -> None:
    cells = {f"cell-{place}": cell for place, cell in enumerate(pending("C2").split(","))}
    said = manager.post(f"{_page(row)}fix/", cells, follow=True).content.decode()
    assert "The row can be read now and is being loaded." in said
    with tenancy.bind(row.tenant_id):
        with transaction.atomic():
            made = Batch.objects.get(corrects=row.batch_id)
        services.load(made.pk)
        with transaction.atomic():
            assert Claim.objects.count() == 2
    assert f'<a href="/portal/data/{made.public_id}/">this file of rows put right</a>' in words_of(manager, _page(row))
    zones = words_of(manager, f"/portal/data/{row.batch.public_id}/")
    assert "0 rows wait, 1 put right" in zones
    assert "These are rows put right of" in words_of(manager, f"/portal/data/{made.public_id}/")


def test_what_still_cannot_be_read_is_said_beside_what_was_typed(manager: Client, row: Rejection) -> None:
    answer = manager.post(f"{_page(row)}fix/", {"text": BAD.replace("1oo.00", "soon")})
    said = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    assert "<b>Still not readable:</b> billed is not an amount" in said
    assert 'value="soon"' in said


def test_a_row_is_left_out_for_good_with_a_reason(manager: Client, row: Rejection) -> None:
    said = manager.post(f"{_page(row)}leave-out/", {"reason": "elsewhere"}, follow=True).content.decode()
    assert "The row is left out for good." in said
    assert "It came in another file" in words_of(manager, _page(row))
    again = manager.post(f"{_page(row)}leave-out/", {"reason": "elsewhere"}, follow=True).content.decode()
    assert "this row waits no more" in again


def test_all_rows_of_a_file_are_read_again(manager: Client, row: Rejection) -> None:
    said = manager.post(f"/portal/data/{row.batch.public_id}/replay/", follow=True).content.decode()
    assert "0 rows can be read now; 1 row wait" in said


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.AUDITOR, Role.STAFF])
def test_rows_are_opened_and_changed_by_those_who_may(role: str, signed_in: SignedIn, row: Rejection) -> None:
    client = signed_in(role)
    for act in ("open", "fix", "leave-out"):
        assert client.post(f"{_page(row)}{act}/", {"text": "x", "reason": "elsewhere"}).status_code == 403
    assert client.get(_page(row)).status_code == 200


def test_a_claim_leads_back_to_what_the_file_says(manager: Client, signed_in: SignedIn, row: Rejection) -> None:
    with tenancy.bind(row.tenant_id), transaction.atomic():
        claim = Claim.objects.get()
    page = f"/portal/claims/{claim.public_id}/"
    assert "from <a" in words_of(manager, page)
    said = " ".join(manager.post(f"{page}source/").content.decode().split())
    assert '<dt>claim id</dt><dd class="mono">C1</dd>' in said
    assert "line 2" in said
    assert signed_in(Role.AUDITOR).post(f"{page}source/").status_code == 403
    with tenancy.bind(row.tenant_id), transaction.atomic():
        assert list(PHIAccess.objects.values_list("action", flat=True)) == ["show_claim_source"]


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with tenancy.bind(practice.organization.pk), transaction.atomic():
        load(csv_of(paid("C1"), *(BAD.replace("C2", f"D{n}") for n in range(rows))))
        some = Rejection.objects.first()
    manager.get(_page(some))
    with django_assert_num_queries(16):
        manager.get(_page(some))
