"""Findings in pages, and the reconciliation with literal sums."""

import json
from datetime import UTC, datetime

from tests import factories
from tests.api.conftest import Caller, asked_of_database, rows_of
from tests.factories import quality
from tests.ingestion.world import DENIED_835, PAID_835, load, x12
from upstream.core import tenancy

FEBRUARY = "reconciliation/?first=2026-02-01&last=2026-02-28&by=month"


def test_findings_say_what_where_and_how_much(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        payer, file = factories.payer("Summit Mutual"), factories.batch()
        found = quality.finding(file, payer)
        quality.finding(None, payer, check_name="payer_silent", state="cleared", cents=0)
    row, second = rows_of(us.get("quality/"))
    assert row == {
        "id": str(found.public_id),
        "check": "unbalanced_payments",
        "severity": "fault",
        "state": "open",
        "upload": str(file.public_id),
        "payer": {"id": str(payer.public_id), "name": "Summit Mutual"},
        "count": 1,
        "of": 2,
        "share": 0.5,
        "limit": 0.0,
        "money": "4.00",
        "first_day": "2026-02-20",
        "last_day": "2026-02-20",
        "found_at": "2026-03-02T12:00:00Z",
        "updated_at": "2026-03-02T12:00:00Z",
    }
    assert (second["upload"], second["check"]) == (None, "payer_silent")
    assert [one["check"] for one in rows_of(us.get("quality/?state=open"))] == ["unbalanced_payments"]
    assert us.get("quality/?state=odd").status_code == 400


def test_reconciliation_ties_to_the_cent(us: Caller) -> None:
    content = x12(PAID_835, DENIED_835, amount="50.5", plb="PLB*1234567893*20261231*WO:ICN9*14*L6*-0.5")
    with tenancy.bind(us.practice.pk):
        load(content.replace(b"20260320~TRN", b"20260220~TRN"), known_at=datetime(2026, 2, 22, tzinfo=UTC))
    body = json.loads(us.get(FEBRUARY).content)
    assert body["rows"] == [{"start": "2026-02-01", "payer": "SUMMIT MUTUAL", **body["total"]}]
    assert body["total"] == {
        "expected": None, "files": 1, "payments": 1, "cut_off": 0, "superseded": 0, "out_of_balance": 0, "matched": 0,
        "unmatched": 2, "reversals": 0, "amount": "50.50", "claims_paid": "64.00", "adjustments": "13.50",
        "difference": "0.00", "loaded": "64.00", "not_loaded": "0.00", "reversed": "0.00",
    }  # fmt: skip
    assert body["claims_total"] == {
        "claims": 2, "answers": 2, "denied": 1, "billed": "1000.00", "allowed": "80.00", "paid": "64.00",
        "patient": "16.00",
    }  # fmt: skip
    assert json.loads(us.get(f"{FEBRUARY}&basis=service").content)["claims_total"] == body["claims_total"]


def test_too_many_days_and_odd_words_are_refused(us: Caller) -> None:
    refused = us.get("reconciliation/?first=2020-01-01&last=2026-02-28&by=day")
    assert (refused.status_code, json.loads(refused.content)["code"]) == (422, "from")
    assert us.get("reconciliation/?by=year").status_code == 400


def test_queries_do_not_grow_with_rows(us: Caller) -> None:
    asked = []
    for _ in range(3):
        with tenancy.bind(us.practice.pk):
            quality.finding(factories.batch(), factories.payer())
        with asked_of_database() as statements:
            rows_of(us.get("quality/"))
        asked.append(len(statements))
    assert asked == [asked[0]] * 3
