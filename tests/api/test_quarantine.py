"""Rows that could not be loaded, for programs: listed, opened on purpose, put right, left out, read again."""

import json
from collections.abc import Callable

import pytest
from django.db import transaction

from tests.api.conftest import Caller, rows_of, told
from tests.ingestion.world import csv_of, load, paid, pending
from upstream.audit.models import PHIAccess
from upstream.claims.models import Claim
from upstream.core import tenancy
from upstream.ingestion import services
from upstream.ingestion.models import Batch, Rejection

BAD = pending("C2").replace("100.00", "1oo.00")


@pytest.fixture
def row(us: Caller) -> Rejection:
    with tenancy.bind(us.practice.pk):
        return Rejection.objects.select_related("batch").get(batch=load(csv_of(paid("C1"), BAD)))


def test_a_row_tells_its_place_and_itself_only_on_purpose(
    us: Caller, row: Rejection, caller_of: Callable[..., Caller]
) -> None:
    (listed,) = rows_of(us.get(f"uploads/{row.batch.public_id}/rejections/"))
    assert listed == {
        "line": 3, "field": "billed", "code": "bad_amount", "id": str(row.public_id), "state": "open", "reason": "",
        "settled_at": None, "replayed_in": None,
    }  # fmt: skip
    path = f"rejections/{row.public_id}/"
    assert "text" not in json.loads(us.get(path).content)
    assert json.loads(us.get(f"{path}?fields=text").content)["text"] == BAD
    refused = caller_of(us.practice, "read").get(f"{path}?fields=text")
    assert (refused.status_code, told(refused)["code"]) == (403, "missing_scope")
    with tenancy.bind(us.practice.pk):
        looks = list(PHIAccess.objects.order_by("number").values_list("action", "records", "outcome"))
    assert looks == [("open_rejected_row", 1, "granted"), ("open_rejected_row", 0, "refused")]


def test_a_row_put_right_is_loaded_as_a_file_of_its_own(us: Caller, row: Rejection) -> None:
    answer = us.post(f"rejections/{row.public_id}/fix/", {"text": pending("C2")}, Idempotency_Key="one")
    made = json.loads(answer.content)
    assert (answer.status_code, answer.headers["Location"], made["status"]) == (202, made["job"], "waiting")
    again = us.post(f"rejections/{row.public_id}/fix/", {"text": pending("C2")}, Idempotency_Key="one")
    assert json.loads(again.content) == made
    with tenancy.bind(us.practice.pk):
        with transaction.atomic():
            batch = Batch.objects.get(corrects=row.batch)
        services.load(batch.pk)
        assert Claim.objects.count() == 2
    assert json.loads(us.get(f"rejections/{row.public_id}/").content)["replayed_in"] == made["id"]
    zones = json.loads(us.get(f"uploads/{row.batch.public_id}/").content)["zones"]
    assert zones == {"staged": 2, "curated": 1, "open": 0, "fixed": 1, "discarded": 0}


def test_a_row_still_unreadable_is_refused_with_its_reason(us: Caller, row: Rejection) -> None:
    answer = told(us.post(f"rejections/{row.public_id}/fix/", {"text": BAD}))
    assert (answer["status"], answer["code"]) == (422, "still_unreadable")
    assert "billed: bad_amount" in answer["title"]


def test_a_row_is_left_out_for_a_reason_and_once(us: Caller, row: Rejection) -> None:
    path = f"rejections/{row.public_id}/discard/"
    left = json.loads(us.post(path, {"reason": "elsewhere"}).content)
    assert (left["state"], left["reason"]) == ("discarded", "elsewhere")
    assert us.post(path, {"reason": "elsewhere"}).status_code == 409
    assert us.post(path, {"reason": "no"}).status_code == 400


def test_rows_that_wait_are_read_again(us: Caller, row: Rejection) -> None:
    answer = us.post(f"uploads/{row.batch.public_id}/replay/")
    assert json.loads(answer.content) == {"fixed": 0, "still_open": 1}


def test_a_claim_names_the_file_and_place_of_each_event_and_what_stands_there(us: Caller, row: Rejection) -> None:
    with tenancy.bind(us.practice.pk):
        claim = Claim.objects.get()
    upload = str(row.batch.public_id)
    events = json.loads(us.get(f"claims/{claim.public_id}/").content)["events"]
    assert [(event["upload"], event["position"]) for event in events] == [(upload, 2), (upload, 2)]
    (source,) = json.loads(us.get(f"claims/{claim.public_id}/source/").content)
    assert source == {
        "upload": upload, "format": "csv", "position": 2, "why": "", "parts": [paid("C1")], "envelope": {},
    }  # fmt: skip
    with tenancy.bind(us.practice.pk):
        assert PHIAccess.objects.get().action == "show_claim_source"
