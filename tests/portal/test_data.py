from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import NOON, batch
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.claims.models import ProviderAdjustment, Remittance
from upstream.ingestion import progress
from upstream.ingestion.models import ArchiveMember, Batch, Rejection
from upstream.tenants.choices import Role
from upstream.tenants.services import tenant_keys

HEADER = (
    b"claim_id,payer,procedure_code,diagnosis,location,submitted_date,decided_date,status,denial_reason,"
    b"billed,allowed,paid\n"
)
ROW = b"A1,Summit Mutual,99213,M17.11,Main,2026-02-02,,pending,,100.00,,\n"


def _upload(client: Client, *contents: bytes) -> str:
    files = [SimpleUploadedFile(f"claims-{i}.csv", content) for i, content in enumerate(contents)]
    response = client.post("/portal/data/upload/", {"file": files}, follow=True)
    return " ".join(response.content.decode().split())


@pytest.mark.django_db(transaction=True)
def test_several_files_are_kept_and_the_same_one_once(signed_in: SignedIn, practice: Practice) -> None:
    client = signed_in(Role.BILLER)
    assert "2 files received." in _upload(client, HEADER + ROW, HEADER)
    said = _upload(client, HEADER + ROW)
    assert "1 file came before with the same content" in said
    assert said.count("claims-0.csv") == 1


@pytest.mark.django_db(transaction=True)
def test_an_empty_file_among_others_keeps_none_of_them_out(manager: Client) -> None:
    assert "3 files received." in _upload(manager, HEADER + ROW, b"", HEADER)


def test_no_file_chosen_is_said(manager: Client) -> None:
    response = manager.post("/portal/data/upload/", follow=True)
    assert "Choose at least one file." in response.content.decode()


def test_clinician_may_not_upload_and_sees_no_file_names(signed_in: SignedIn, practice: Practice) -> None:
    with practice.bound():
        made = batch()
    client = signed_in(Role.CLINICIAN)
    assert client.post("/portal/data/upload/").status_code == 403
    said = words_of(client, "/portal/data/")
    assert f"file {made.sha256[:8]}" in said
    assert "claims.csv" not in said


def test_page_polls_only_while_a_file_is_on_the_way(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = batch(state="landed")
    assert 'hx-trigger="every 2s"' in words_of(manager, "/portal/data/")
    with practice.bound():
        Batch.objects.filter(pk=made.pk).update(state="analysed")
    assert "every 2s" not in words_of(manager, "/portal/data/")


def test_asking_again_ends_so_that_a_left_browser_is_signed_out(manager: Client, practice: Practice) -> None:
    with practice.bound():
        batch(state="landed")
    assert "poll=300" in words_of(manager, "/portal/data/?poll=299")
    assert "every 2s" not in words_of(manager, "/portal/data/?poll=300")


def test_page_shows_how_far_a_file_has_been_read(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = batch(state="landed", size=4096)
        progress.tell(made.pk, 1024, 4096, 70)
    said = words_of(manager, f"/portal/data/{made.public_id}/")
    assert '<progress value="1024" max="4096"' in said
    assert "70 claims so far" in said


def test_htmx_gets_the_table_alone(manager: Client, practice: Practice) -> None:
    response = manager.get("/portal/data/", headers={"HX-Request": "true"})
    assert response.content.decode().lstrip().startswith('<div id="batches"')


def _remittance(of_batch: Batch, practice: Practice, number: int, **fields: int) -> Remittance:
    values = {"amount_cents": 90_000, "claims_paid_cents": 100_000, "difference_cents": 0, **fields}
    return Remittance.objects.create(
        batch_id=of_batch.pk, payer=practice.payer, key_bidx=bytes([number]) * 16,
        transaction_bidx=bytes([number]) * 16,
        position=number, check_number=f"CHK{number}", payment_date=date(2026, 2, 27), claims=4, known_at=NOON, **values,
    )  # fmt: skip


def test_batch_says_what_was_left_out_and_whether_money_adds_up(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = batch(rejected=2)
        Rejection.objects.create(batch=made, position=7, field="billed", code="bad_amount", sealed_raw=b"x")
        Rejection.objects.create(batch=made, position=9, field="billed", code="bad_amount", sealed_raw=b"x")
        paid = _remittance(made, practice, 1)
        ProviderAdjustment.objects.create(remittance=paid, ordinal=0, reason="WO", cents=10_000)
        _remittance(made, practice, 2, difference_cents=-37)
        _remittance(made, practice, 3, superseded=True)
    said = words_of(manager, f"/portal/data/{made.public_id}/")
    assert "<b>2 rows</b>: billed is not an amount in dollars and cents (first at line 7)" in said
    assert "$100.00" in said
    assert "-$0.37" in said
    assert "balances" in said
    assert "came whole later" in said
    assert '<th scope="row" colspan="4">Together</th><td class="number">$1,800.00</td>' in said


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        made = [batch() for _ in range(rows)][0]
        for number in range(rows):
            _remittance(made, practice, number)
            Rejection.objects.create(batch=made, position=number, code="bad_amount", sealed_raw=b"x")
    manager.get("/portal/data/")
    with django_assert_num_queries(24):
        manager.get("/portal/data/")
    with django_assert_num_queries(29):
        manager.get(f"/portal/data/{made.public_id}/")


@pytest.mark.parametrize("files", [1, 3])
def test_an_archive_lists_its_files(
    files: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        archive = batch(format="zip", state="analysed")
        parts = [batch(state="landed") for _ in range(files)]
        keys = tenant_keys()
        for ordinal, part in enumerate([*parts, None], start=1):
            member = ArchiveMember(archive=archive, ordinal=ordinal, batch=part, new=ordinal == 1)
            member.error_code = "" if part else "member_damaged"
            member.sealed_name = keys.seal(b"in/claims.csv", ArchiveMember.TABLE, "sealed_name", member.place)
            member.save()
    page = f"/portal/data/{archive.public_id}/"
    said = words_of(manager, page)
    assert said.count("in/claims.csv") == files + 1
    assert said.count("came before with the same content") == files - 1
    assert "This file is damaged inside the archive, and cannot be unpacked" in said
    assert 'hx-trigger="every 2s"' in said
    assert f'Came in</dt><dd><a href="{page}">' in words_of(manager, f"/portal/data/{parts[0].public_id}/")
    with django_assert_num_queries(26):
        manager.get(page)


def test_of_a_large_archive_all_files_are_counted(
    manager: Client, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upstream.portal.queries.data.MEMBERS_SHOWN", 2)
    with practice.bound():
        archive, keys = batch(format="zip", state="analysed"), tenant_keys()
        for ordinal in range(1, 4):
            member = ArchiveMember(archive=archive, ordinal=ordinal, batch=batch(state="loaded"))
            member.sealed_name = keys.seal(b"in/claims.csv", ArchiveMember.TABLE, "sealed_name", member.place)
            member.save()
    said = words_of(manager, f"/portal/data/{archive.public_id}/")
    assert "<dt>Files inside</dt><dd>3</dd>" in said
    assert "The first 2 of 3 in the archive's order." in said


def test_batch_whose_payments_all_came_before_says_when_and_where(manager: Client, practice: Practice) -> None:
    with practice.bound():
        first = batch(received_at=NOON)
        again = batch(repeats=first)
    said = words_of(manager, f"/portal/data/{again.public_id}/")
    assert "Nothing in this file is new: its payments were already received on" in said
    assert f'href="/portal/data/{first.public_id}/"' in said
