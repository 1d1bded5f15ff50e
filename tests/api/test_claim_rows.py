"""Rows in: the same door, idempotency and job as a file; what a row says is judged by the reader of the job."""

import json
from typing import Any

import pytest
from django.db import transaction

from tests.api.conftest import Caller, rows_of, told
from upstream.claims.models import Claim
from upstream.core import storage, tenancy
from upstream.ingestion import services
from upstream.ingestion.formats.csv_header import KNOWN
from upstream.ingestion.formats.readers import READERS
from upstream.ingestion.models import Batch
from upstream.tenants.services import tenant_keys

PAID: dict[str, Any] = {
    "claim_id": "A1", "payer": "Summit Mutual", "procedure_code": "99213", "submitted_date": "2026-01-05",
    "decided_date": "2026-01-20", "status": "paid", "billed": "120.00", "allowed": 90, "paid": 90.5,
}  # fmt: skip
DENIED = {**PAID, "claim_id": "A2", "status": "denied", "denial_reason": ["CO-197", "CO-16"], "paid": None}
NDJSON = "application/x-ndjson"


def landed(us: Caller) -> list[str]:
    with tenancy.bind(us.practice.pk), transaction.atomic():
        keys = tenant_keys()
        return [storage.read_whole("landing", batch.sha256, keys).decode() for batch in Batch.objects.order_by("pk")]


def test_rows_become_a_job_and_then_claims(us: Caller) -> None:
    response = us.post("claims/batch/", [PAID, DENIED])
    sent = json.loads(response.content)
    assert (response.status_code, sent["status"], sent["duplicate"]) == (202, "waiting", False)
    assert response.headers["Location"] == sent["job"]
    assert landed(us) == [
        "claim_id,payer,procedure_code,submitted_date,decided_date,status,denial_reason,billed,allowed,paid\n"
        "A1,Summit Mutual,99213,2026-01-05,2026-01-20,paid,,120.00,90,90.5\n"
        "A2,Summit Mutual,99213,2026-01-05,2026-01-20,denied,CO-197;CO-16,120.00,90,\n"
    ]
    with tenancy.bind(us.practice.pk):
        with transaction.atomic():
            services.load(Batch.objects.get().pk)
        assert list(Claim.objects.order_by("pk").values_list("paid_cents", flat=True)) == [9050, 0]
    job = json.loads(us.browser.get(sent["job"], headers={"Authorization": f"Bearer {us.token}"}).content)
    assert (job["status"], job["counts"]["claims"], job["format"]) == ("loaded", 2, "csv")


def test_lines_of_rows_say_the_same_in_any_order_of_names(us: Caller) -> None:
    first = json.loads(us.post("claims/batch/", [PAID, DENIED]).content)
    turned = [dict(reversed(list(row.items()))) for row in (PAID, DENIED)]
    body = "\r\n\n".join(map(json.dumps, turned)).encode()
    second = json.loads(us.post("claims/batch/", body, Content_Type=NDJSON).content)
    assert (second["status"], second["duplicate"], second["job"]) == ("duplicate", True, first["job"])


def test_a_row_that_cannot_be_loaded_is_a_rejection_of_the_job(us: Caller) -> None:
    us.post("claims/batch/", [PAID, {**DENIED, "submitted_date": "soon\nthen\x00"}, {**PAID, "claim_id": ""}])
    with tenancy.bind(us.practice.pk), transaction.atomic():
        batch = Batch.objects.get()
        services.load(batch.pk)
    found = rows_of(us.get(f"uploads/{batch.public_id}/rejections/"))
    assert [(row["line"], row["field"], row["code"]) for row in found] == [
        (3, "submitted_date", "bad_date"),
        (4, "claim_id", "missing_value"),
    ]


def test_the_same_key_gets_the_same_answer_and_another_body_none(us: Caller) -> None:
    first = us.post("claims/batch/", [PAID], Idempotency_Key="k1")
    again = us.post("claims/batch/", [PAID], Idempotency_Key="k1")
    assert json.loads(again.content) == json.loads(first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert told(us.post("claims/batch/", [DENIED], Idempotency_Key="k1"))["code"] == "key_reused"
    assert len(landed(us)) == 1


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "no_rows", ""),
        ([], "no_rows", ""),
        ([PAID] * 5001, "too_many_rows", ""),
        ([PAID, "A2"], "invalid", "row 2"),
        ([{**PAID, "colour": "red"}], "invalid", "row 1: colour"),
        ([{**PAID, "paid": {"amount": 1}}], "invalid", "row 1: paid"),
        ([{**PAID, "paid": True}], "invalid", "row 1: paid"),
        ([{**PAID, "denial_reason": [["CO-16"]]}], "invalid", "row 1: denial_reason"),
    ],
)
def test_what_are_no_rows_is_refused_and_nothing_is_kept(us: Caller, body: Any, code: str, field: str) -> None:
    refused = told(us.post("claims/batch/", body))
    assert refused["status"] == 400
    assert (refused["errors"][0]["field"], refused["errors"][0]["code"]) == (field, code)
    assert landed(us) == []


@pytest.mark.parametrize("body", [b"[{", b'{"claim_id": NaN}\n', b"\xff", b"[" * 100])
@pytest.mark.parametrize("kind", ["application/json", NDJSON])
def test_what_is_no_json_is_refused(us: Caller, body: bytes, kind: str) -> None:
    assert us.post("claims/batch/", body, Content_Type=kind).status_code == 400


def test_a_body_past_the_limit_and_another_kind_are_refused(us: Caller) -> None:
    assert us.post("claims/batch/", b" " * (5 * 1024 * 1024 + 1)).status_code == 413
    assert us.post("claims/batch/", b"claim_id\nA1\n", Content_Type="text/csv").status_code == 415


def test_every_column_of_the_csv_may_be_told(us: Caller) -> None:
    assert us.post("claims/batch/", [dict.fromkeys(KNOWN, "1")]).status_code == 202
    assert list(READERS["csv"](iter([landed(us)[0].encode()])))
