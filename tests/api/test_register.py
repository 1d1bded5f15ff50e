"""The register and troubles over the API: the same rows and the same acts as the pages have."""

import json
from datetime import date, timedelta
from typing import Any

from tests import factories
from tests.api.conftest import Caller, rows_of
from tests.factories import NOON
from upstream.authorizations import services
from upstream.authorizations.models import Entry, Risk
from upstream.core import tenancy
from upstream.ingestion.models import Batch
from upstream.ingestion.services import load
from upstream.watchers.models import Step

ROW = {
    "payer": "Summit Mutual", "status": "approved", "authorization_number": "AU1", "procedure_code": "97110",
    "approved_units": "12", "valid_from": "2026-03-01", "valid_until": "2026-05-31", "requested_at": "2026-02-20",
}  # fmt: skip


def body_of(response: Any, status: int) -> Any:
    assert response.status_code == status, response.content
    return json.loads(response.content)


def test_rows_become_the_register_once(us: Caller, settings: Any) -> None:
    settings.FIXED_NOW = NOON
    for _ in range(2):
        answer = body_of(us.post("authorizations/batch/", [ROW], Idempotency_Key="monday"), 202)
    again = body_of(us.post("authorizations/batch/", [dict(reversed(ROW.items()))]), 202)
    assert (again["duplicate"], again["id"]) == (True, answer["id"])
    with tenancy.bind(us.practice.pk):
        load(Batch.objects.get().pk)
        services.take_files(0)
    (row,) = rows_of(us.get("authorizations/register/?show=valid"))
    assert {name: row[name] for name in ("status", "approved_units", "used_units", "valid_until")} == {
        "status": "A1", "approved_units": "12.000", "used_units": "0.000", "valid_until": "2026-05-31",
    }  # fmt: skip
    detail = body_of(us.get(f"authorizations/register/{row['id']}/"), 200)
    assert (detail["weeks"], detail["marks"], detail["id"]) == ([], [], row["id"])


def test_rows_that_are_no_authorizations_are_refused_by_name(us: Caller) -> None:
    answer = body_of(us.post("authorizations/batch/", [{**ROW, "patient": "Ada"}]), 400)
    assert answer["errors"][0]["field"] == "row 1: patient"


def test_late_decisions_and_times(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        payer = factories.payer()
        factories.entry(payer, requested_at=NOON, answered_at=NOON + timedelta(days=4))
    assert rows_of(us.get("authorizations/late/")) == []
    sent = {"kind": "standard", "value": 72, "payer": str(payer.public_id), "written_in": "contract 4.2"}
    said = body_of(us.post("authorizations/times/", sent), 201)
    with tenancy.bind(us.practice.pk):
        Entry.objects.update(decided_at=NOON + timedelta(days=4))
        services.set_time(kind="expedited", value=24, payer=payer, actor="command:x")
    (late,) = rows_of(us.get("authorizations/late/"))
    assert late["due_source"] == "contract 4.2"
    back = body_of(us.post(f"authorizations/times/{said['id']}/take-back/", None), 201)
    assert (back["value"], rows_of(us.get("authorizations/late/"))) == (None, [])
    assert us.post("authorizations/times/", {**sent, "value": 0}).status_code == 422


def test_claims_at_risk(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        payer = factories.payer()
        claim = factories.claim(payer, procedure_code="97110", service_date=date(2026, 6, 1))
        Risk.objects.create(claim=claim, reason="none", found_on=NOON.date(), service_date=claim.service_date)
    (row,) = rows_of(us.get("authorizations/risks/?reason=none"))
    assert (row["claim"], row["authorization"], row["billed"]) == (str(claim.public_id), None, "100.00")
    assert rows_of(us.get("authorizations/risks/?reason=dates")) == []


def test_limits_of_troubles_are_read_set_and_given_back_by_what_was_read(us: Caller) -> None:
    standing = {row["limit"]: row for row in rows_of(us.get("trouble-limits/"))}
    assert (standing["mail_minutes"]["value"], standing["mail_minutes"]["own"]) == (30, None)
    body = {"limit": "mail_minutes", "value": 90, "reason": "Our server rests at night"}
    own = {row["limit"]: row for row in rows_of(us.post("trouble-limits/", body))}["mail_minutes"]
    assert (own["value"], own["why"]) == (90, "Our server rests at night")
    assert us.post("trouble-limits/", body).status_code == 409
    back = {**body, "value": None, "replaces": own["own"]}
    again = {row["limit"]: row for row in rows_of(us.post("trouble-limits/", back))}["mail_minutes"]
    assert (again["value"], again["own"]) == (30, None)
    assert us.post("trouble-limits/", {**body, "value": 1, "replaces": None}).status_code == 422


def test_troubles_are_listed_taken_up_and_handed_back(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        factories.trouble(state="over", over_at=NOON)
        factories.trouble()
    (row,) = rows_of(us.get("troubles/?state=open"))
    assert (row["title"], row["version"]) == ("2 files wait to be read for more than 2 hours", 1)
    path = f"troubles/{row['id']}/moves/"
    moved = body_of(us.post(path, {"to": "acknowledged", "version": 1}), 200)
    assert (moved["state"], moved["steps"][0]["actor"]) == ("acknowledged", f"client:{us.client.client_id}")
    assert us.post(path, {"to": "open", "version": 1}).status_code == 409
    assert body_of(us.post(path, {"to": "open", "version": 2}), 200)["state"] == "open"
    assert body_of(us.get(f"troubles/{row['id']}/"), 200)["version"] == 3
    with tenancy.bind(us.practice.pk):
        assert Step.objects.count() == 2
