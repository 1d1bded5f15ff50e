"""Contracts and underpaid lines over the API: the same rows and acts as the pages have."""

import json
from datetime import date
from typing import Any

from tests import factories
from tests.api.conftest import Caller, rows_of
from tests.factories import prices
from upstream.contracts.models import PricedSum, Rate
from upstream.core import tenancy

FEES = f"{prices.HEADER}\n99213,,,80.00,,,\n99214,,home,1.00,,,\n"


def body_of(response: Any, status: int) -> Any:
    assert response.status_code == status, response.content
    return json.loads(response.content)


def test_a_contract_is_written_loaded_once_changed_and_taken_back(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        payer = factories.payer("Summit Mutual")
    sent = {"name": "Summit 2026", "effective_from": "2026-01-01", "tolerance": "2.50", "written_in": "exhibit B"}
    made = body_of(us.post(f"payers/{payer.public_id}/contracts/", sent), 201)
    assert (made["tolerance"], made["written_in"], made["version"]) == ("2.50", "exhibit B", 1)
    again = body_of(us.post(f"payers/{payer.public_id}/contracts/", sent), 422)
    assert again["code"] == "effective_from"
    there = f"contracts/{made['id']}/"
    loads = [body_of(us.post(f"{there}prices/", FEES.encode(), Idempotency_Key="fees"), 201) for _ in range(2)]
    assert loads[0] == loads[1]
    assert (loads[0]["added"], loads[0]["faults"][0]["line"]) == (1, 3)
    assert [row["price"] for row in rows_of(us.get(f"{there}prices/"))] == ["80.00"]
    said = body_of(us.post(f"{there}modifiers/", {"code": "50", "percent": "150"}), 201)
    back = body_of(us.post(f"contract-modifiers/{said['id']}/take-back/"), 201)
    assert back["percent"] is None
    body_of(us.post(f"contract-loads/{loads[0]['id']}/undo/"), 201)
    assert rows_of(us.get(f"{there}prices/")) == []
    changed = body_of(us("PUT", there, {**sent, "name": "Summit", "version": 1}), 201)
    assert (changed["name"], changed["version"]) == ("Summit", 2)
    assert body_of(us("PUT", there, {**sent, "version": 1}), 409)["code"] == "changed_meanwhile"
    assert body_of(us.post(f"{there}take-back/", {"version": 2}), 201)["taken_back_at"] is not None
    assert body_of(us.post(f"{there}put-back/", {"version": 3}), 201)["taken_back_at"] is None


def test_lines_are_listed_moved_and_moved_back(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        made = prices.contract(factories.payer())
        prices.fees(made, "99213,,,80.00,,,")
        prices.short_line(made)
        PricedSum.objects.create(
            payer=made.payer, sent_week=date(2026, 1, 5), week=date(2026, 2, 2), procedure_code="73721",
            reason="no_code", lines=4, billed_cents=40_000, allowed_cents=28_000,
        )  # fmt: skip
        assert Rate.objects.count() == 1
    (line,) = rows_of(us.get(f"underpaid/?payer={made.payer.public_id}"))
    assert (line["expected"], line["allowed"], line["short"], line["state"]) == ("80.00", "70.00", "10.00", "detected")
    there = f"underpaid/{line['id']}/"
    body_of(us.post(f"{there}moves/", {"version": 1, "to": "sent", "note": "letter"}), 201)
    moved = body_of(us.post(f"{there}moves/", {"version": 2, "to": "recovered", "recovered": "6.50"}), 201)
    assert (moved["state"], moved["recovered"]) == ("recovered", "6.50")
    assert body_of(us.post(f"{there}undo/", {"version": 3}), 201)["state"] == "sent"
    assert [step["undoes"] for step in body_of(us.get(there), 200)["steps"]] == [False, False, True]
    covered = body_of(us.get(f"payers/{made.payer.public_id}/coverage/?first=2026-01-05"), 200)
    assert (covered["lines"], covered["priced"], covered["unpriced"][0]["reason"]) == (4, 0, "no_code")


def test_the_tolerance_is_the_practices(us: Caller) -> None:
    assert body_of(us.get("underpaid-tolerance/"), 200) == {"tolerance": "1.00", "percent": "1.000"}
    body_of(us("PUT", "underpaid-tolerance/", {"tolerance": "5.00", "percent": "2"}), 201)
    assert body_of(us.get("underpaid-tolerance/"), 200) == {"tolerance": "5.00", "percent": "2.000"}
