"""Files in: once by content, whole or not at all, and told about without their content."""

import hashlib
import io
import json
from datetime import UTC, datetime

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction

from tests import factories
from tests.api.conftest import Caller, rows_of, told
from tests.ingestion.formats.workbooks import zipped
from tests.ingestion.world import PAID_835, load, x12
from upstream.api.multipart import file_of
from upstream.core import storage, tenancy
from upstream.core.errors import DomainError
from upstream.ingestion import progress, services
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch
from upstream.tenants.services import tenant_keys

CSV = (
    b"claim_id,payer,procedure_code,diagnosis,location,submitted_date,decided_date,status,denial_reason,"
    b"billed,allowed,paid\n"
    b"A1,Summit Mutual,99213,M17.11,Main,2026-01-05,2026-01-20,paid,,120.00,90.00,90.00\n"
    b"A2,Summit Mutual,99213,M17.11,Main,2026-01-06,,pending,,120.00,,\n"
    b"A3,Summit Mutual,99213,M17.11,Main,not a day,,pending,,120.00,,\n"
)
DIGEST = hashlib.sha256(CSV).hexdigest()
NOBODY = "00000000-0000-4000-8000-000000000000"


def form(content: bytes, *, field: str = "file", name: str = "claims.csv", more: bytes = b"") -> bytes:
    head = f'--xyz\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'.encode()
    return head + content + b"\r\n" + more + b"--xyz--\r\n"


MULTIPART = "multipart/form-data; boundary=xyz"


def batches(us: Caller) -> list[Batch]:
    with tenancy.bind(us.practice.pk), transaction.atomic():
        return list(Batch.objects.order_by("pk"))


def test_a_raw_body_is_received(us: Caller) -> None:
    response = us.post(
        "uploads/", CSV, Content_Type="text/csv", Content_Disposition='attachment; filename="week 3.csv"'
    )
    (batch,) = batches(us)
    path = f"/api/v1/uploads/{batch.public_id}/"
    assert (response.status_code, response.headers["Location"]) == (202, path)
    assert json.loads(response.content) == {
        "id": str(batch.public_id),
        "status": "waiting",
        "sha256": DIGEST,
        "duplicate": False,
        "job": path,
    }
    with tenancy.bind(us.practice.pk):
        assert storage.read_whole("landing", DIGEST, tenant_keys()) == CSV
        assert batch.name(tenant_keys()) == "week 3.csv"
    assert batch.received_from == f"api:{us.client.client_id.rpartition('.')[2]}"


def test_a_form_is_received_as_the_same_bytes(us: Caller) -> None:
    response = us.post("uploads/", form(CSV, name="../../etc/pass\x01wd.csv"), Content_Type=MULTIPART)
    (batch,) = batches(us)
    assert (response.status_code, batch.sha256, batch.size) == (202, DIGEST, len(CSV))
    with tenancy.bind(us.practice.pk):
        assert batch.name(tenant_keys()) == "passwd.csv"


def test_a_large_form_crosses_many_chunks_unharmed(us: Caller) -> None:
    content = b"\r\n--xy" * 60_000 + CSV
    us.post("uploads/", form(content), Content_Type=MULTIPART)
    (batch,) = batches(us)
    assert (batch.sha256, batch.size) == (hashlib.sha256(content).hexdigest(), len(content))


def test_nothing_is_laid_down_in_the_clear(us: Caller, own_var: object, tmp_path: object) -> None:
    us.post("uploads/", form(CSV), Content_Type=MULTIPART)
    stored = [path.read_bytes() for path in own_var.rglob("*") if path.is_file()]
    assert len(stored) == 1
    assert b"Summit" not in stored[0]


def test_the_same_bytes_again_are_a_duplicate(us: Caller) -> None:
    first = json.loads(us.post("uploads/", CSV).content)
    again = json.loads(us.post("uploads/", form(CSV), Content_Type=MULTIPART).content)
    assert again == {**first, "status": "duplicate", "duplicate": True}
    assert len(batches(us)) == 1


def test_another_practice_may_send_the_same_bytes(us: Caller, stranger: Caller) -> None:
    ours, theirs = (json.loads(caller.post("uploads/", CSV).content) for caller in (us, stranger))
    assert (ours["duplicate"], theirs["duplicate"]) == (False, False)
    assert ours["id"] != theirs["id"]


def test_known_at_says_when_the_content_became_known(us: Caller) -> None:
    us.post("uploads/?known_at=2026-01-31T12:00:00Z", CSV)
    assert batches(us)[0].known_at == datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"", "text/csv", 411, "length_required"),
        (form(b""), MULTIPART, 422, "empty_file"),
        (form(CSV, field="document"), MULTIPART, 422, "unknown_field"),
        (form(CSV, more=form(b"x")[:-9] + b"\r\n"), MULTIPART, 422, "one_file"),
        (
            b'--xyz\r\nContent-Disposition: form-data; name="tenant"\r\n\r\n1\r\n--xyz--\r\n',
            MULTIPART,
            422,
            "unknown_field",
        ),
        (b"no form at all", MULTIPART, 422, "no_file"),
        (b"--xyz--\r\n", MULTIPART, 422, "no_file"),
        (form(CSV), "multipart/form-data", 422, "bad_form"),
        (form(CSV), "multipart/form-data; boundary=\x01", 422, "bad_form"),
        (b"--xyz\r\n" + b"A: " + b"x" * 20_000, MULTIPART, 422, "bad_form"),
    ],
)
def test_what_is_not_one_file_is_refused_and_nothing_stays(
    us: Caller, body: bytes, content_type: str, status: int, code: str
) -> None:
    response = us.post("uploads/", body, Content_Type=content_type)
    assert (response.status_code, told(response)["code"]) == (status, code)
    assert batches(us) == []


@pytest.mark.parametrize(
    "query", ["known_at=yesterday", "tenant=1", "format=csv", "known_at=9999-12-31T23:59:59-23:00"]
)
def test_an_unknown_or_wrong_parameter_is_refused(us: Caller, query: str) -> None:
    response = us.post(f"uploads/?{query}", CSV)
    assert (response.status_code, told(response)["code"]) == (400, "invalid")


def request_of(body: bytes, length: str, content_type: str = "text/csv") -> WSGIRequest:
    environ = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": content_type, "wsgi.input": io.BytesIO(body)}
    return WSGIRequest({**environ, **({"CONTENT_LENGTH": length} if length else {})})


@pytest.mark.parametrize("content_type", ["text/csv", MULTIPART])
def test_a_body_that_ends_before_its_length_is_refused(content_type: str) -> None:
    whole = form(CSV) if content_type == MULTIPART else CSV
    for cut in (len(whole) // 2, len(whole) - 1):
        with pytest.raises(DomainError) as refused:
            list(file_of(request_of(whole[:cut], str(len(whole)), content_type))[1])
        assert refused.value.code == "body_cut"


def test_a_body_without_length_is_refused() -> None:
    with pytest.raises(DomainError) as refused:
        file_of(request_of(CSV, ""))
    assert (refused.value.status, refused.value.code) == (411, "length_required")


def test_a_body_beyond_the_limit_is_refused_by_its_header(us: Caller, settings: object) -> None:
    settings.MAX_UPLOAD_BYTES = 10
    assert us.post("uploads/", CSV).status_code == 413


def test_the_job_tells_how_it_went(us: Caller) -> None:
    job = json.loads(us.post("uploads/", CSV).content)["job"]
    with tenancy.bind(us.practice.pk):
        batch = Batch.objects.get()
        progress.tell(batch.pk, 100, 400, 1)
        waiting = json.loads(us.get(job.removeprefix("/api/v1/")).content)
        services.load(batch.pk)
    batch = batches(us)[0]
    assert (waiting["status"], waiting["progress"]) == ("waiting", {"bytes_done": 100, "bytes_total": 400, "claims": 1})
    answer = json.loads(us.get(job.removeprefix("/api/v1/")).content)
    assert answer == {
        "id": str(batch.public_id),
        "status": "partly_loaded",
        "sha256": DIGEST,
        "size": len(CSV),
        "format": "csv",
        "received_at": iso(batch.received_at),
        "received_from": batch.received_from,
        "loaded_at": iso(batch.loaded_at),
        "known_at": None,
        "counts": {"claims": 2, "lines": 0, "adjudications": 1, "rejected": 1},
        "besides": {"statuses": 0, "claims_rejected": 0, "authorizations": 0, "coverages": 0, "acknowledgements": 0},
        "error_code": "",
        "error_message": "",
        "repeats": None,
        "already_received": None,
        "members": [],
        "zones": {"staged": 3, "curated": 2, "open": 1, "fixed": 0, "discarded": 0},
        "progress": None,
        "rejections": [{"line": 4, "field": "submitted_date", "code": "bad_date"}],
    }
    every = json.loads(us.get(f"uploads/{batch.public_id}/rejections/").content)
    (row,) = every["results"]
    assert {name: row[name] for name in ("line", "field", "code")} == answer["rejections"][0]
    assert (every["next"], every["previous"]) == (None, None)


def iso(moment: datetime | None) -> str:
    assert moment is not None
    return moment.isoformat().replace("+00:00", "Z")


def test_an_archive_names_the_uploads_of_its_files(us: Caller) -> None:
    us.post("uploads/", CSV)
    job = json.loads(us.post("uploads/", zipped({"a.csv": CSV, "b.csv": CSV + b"\n", "c.csv": b""})).content)["job"]
    with tenancy.bind(us.practice.pk):
        for _ in range(3):
            services.load(Batch.objects.filter(state="landed").order_by("-pk").values_list("pk", flat=True)[0])
        first, made = Batch.objects.order_by("pk")[0], Batch.objects.order_by("pk")[2]
    answer = json.loads(us.get(job.removeprefix("/api/v1/")).content)
    assert (answer["format"], answer["status"]) == ("zip", "partly_loaded")
    assert answer["members"] == [
        {"upload": str(first.public_id), "status": "partly_loaded", "duplicate": True, "error_code": ""},
        {"upload": str(made.public_id), "status": "partly_loaded", "duplicate": False, "error_code": ""},
        {"upload": None, "status": "rejected", "duplicate": False, "error_code": "empty_file"},
    ]


def test_a_refused_file_says_why(us: Caller) -> None:
    job = json.loads(us.post("uploads/", b"nothing that anybody reads").content)["job"]
    with tenancy.bind(us.practice.pk):
        services.load(Batch.objects.get().pk)
    answer = json.loads(us.get(job.removeprefix("/api/v1/")).content)
    assert answer["status"] == "rejected"
    assert answer["error_code"]


def test_files_are_listed_without_their_names(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        made = [factories.batch(), factories.batch(state=BatchState.REJECTED)]
    rows = json.loads(us.get("uploads/").content)["results"]
    assert [(row["id"], row["status"]) for row in rows] == [
        (str(made[0].public_id), "loaded"),
        (str(made[1].public_id), "rejected"),
    ]
    assert "name" not in rows[0]


def test_a_key_repeats_the_answer_for_the_same_body(us: Caller) -> None:
    first = us.post("uploads/", CSV, Idempotency_Key="k1")
    again = us.post("uploads/", form(CSV), Content_Type=MULTIPART, Idempotency_Key="k1")
    assert again.status_code == 202
    assert json.loads(again.content) == json.loads(first.content)
    assert again.headers["Location"] == first.headers["Location"]
    assert (again.headers["Idempotency-Replayed"], first.headers.get("Idempotency-Replayed")) == ("true", None)
    assert json.loads(again.content)["duplicate"] is False


@pytest.mark.parametrize(("path", "body"), [("uploads/", CSV + b"x"), ("uploads/?known_at=2026-01-31T12:00:00Z", CSV)])
def test_a_key_is_refused_for_another_body(us: Caller, path: str, body: bytes) -> None:
    us.post("uploads/", CSV, Idempotency_Key="k1")
    refused = us.post(path, body, Idempotency_Key="k1")
    assert (refused.status_code, told(refused)["code"]) == (422, "key_reused")
    assert len(batches(us)) == 1


def test_keys_belong_to_a_client(us: Caller, stranger: Caller) -> None:
    us.post("uploads/", CSV, Idempotency_Key="k1")
    theirs = stranger.post("uploads/", CSV + b"x", Idempotency_Key="k1")
    assert theirs.status_code == 202


def test_a_key_is_forgotten_after_a_day(us: Caller, settings: object) -> None:
    settings.FIXED_NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
    us.post("uploads/", CSV, Idempotency_Key="k1")
    settings.FIXED_NOW = datetime(2026, 1, 6, 12, 1, tzinfo=UTC)
    assert us.post("uploads/", CSV + b"x", Idempotency_Key="k1").status_code == 202


def test_a_refused_request_leaves_its_key_free(us: Caller) -> None:
    assert us.post("uploads/", form(b""), Content_Type=MULTIPART, Idempotency_Key="k1").status_code == 422
    assert us.post("uploads/", CSV, Idempotency_Key="k1").status_code == 202


def test_a_key_has_a_limit(us: Caller) -> None:
    refused = us.post("uploads/", CSV, Idempotency_Key="k" * 201)
    assert (refused.status_code, told(refused)["code"]) == (422, "idempotency_key")


def test_a_payment_in_another_envelope_says_when_it_came_first(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        first = load(x12(PAID_835, amount="64"))
        again = load(x12(PAID_835, amount="64", control="000000002"))
    seen = json.loads(us.get(f"uploads/{again.public_id}/").content)
    assert (seen["repeats"], seen["already_received"][:19]) == (
        str(first.public_id), first.received_at.isoformat()[:19],
    )  # fmt: skip
    assert [row["repeats"] for row in rows_of(us.get("uploads/"))] == [None, str(first.public_id)]
