"""Payers over the API: the list, the names, what waits, and decisions."""

import json
import uuid
from typing import Any

import pytest
from django.http import HttpResponse

from tests import factories
from tests.api.conftest import Caller, rows_of
from tests.factories import findings
from upstream import pipeline
from upstream.claims.choices import Doubt
from upstream.claims.models import Claim, Payer, PayerDoubt, RawPayer
from upstream.claims.payers import adopt_payers
from upstream.core import tenancy


@pytest.fixture
def two(us: Caller) -> tuple[Payer, Payer]:
    """Summit, with a claim, that may be Summit Mutual."""
    with tenancy.bind(us.practice.pk):
        small, large = factories.payer("Summit"), factories.payer("Summit Mutual")
        factories.claim(small)
        adopt_payers()
        raws = {raw.raw_name: raw for raw in RawPayer.objects.all()}
        PayerDoubt.objects.create(
            first=raws["Summit"], second=raws["Summit Mutual"], reason=Doubt.NEAR, raised_at=factories.NOON
        )
    return small, large


def told(response: HttpResponse) -> Any:
    return json.loads(response.content)


def claims_of(us: Caller) -> list[str]:
    with tenancy.bind(us.practice.pk):
        return list(Claim.objects.values_list("payer__name", flat=True))


def test_payers_are_listed_and_read_with_their_names(us: Caller, two: tuple[Payer, Payer]) -> None:
    assert [row["name"] for row in rows_of(us.get("payers/"))] == ["Summit", "Summit Mutual"]
    read = told(us.get(f"payers/{two[1].public_id}/"))
    names = read.pop("names")
    assert read == {
        "id": str(two[1].public_id), "name": "Summit Mutual", "company": None, "state": "",
        "product_class": "commercial", "payer_type": "unknown", "counted_with": None,
    }  # fmt: skip
    assert [(n["name"], n["how"], n["confidence"], n["valid_until"]) for n in names] == [
        ("Summit Mutual", "first", 1.0, None)
    ]


def test_what_waits_is_told_with_its_candidates(us: Caller, two: tuple[Payer, Payer]) -> None:
    (question,) = rows_of(us.get("payer-questions/"))
    assert question["payer"] == {"id": str(two[0].public_id), "name": "Summit"}
    mutual = {"id": str(two[1].public_id), "name": "Summit Mutual"}
    assert question["candidates"] == [{"payer": mutual, "reason": "near", "name": "Summit Mutual", "identifier": ""}]
    assert len(question["examples"]) == 1


def test_the_same_payer_and_back(us: Caller, two: tuple[Payer, Payer]) -> None:
    small, large = two
    body = {"decision": "same", "other": str(large.public_id)}
    decided = told(us.post(f"payers/{small.public_id}/decisions/", body))
    assert (decided["decision"], decided["state"], decided["actor"]) == (
        "same",
        "waiting",
        f"client:{us.client.client_id}",
    )
    with tenancy.bind(us.practice.pk):
        pipeline.run_to_end()
    assert claims_of(us) == ["Summit Mutual"]
    assert rows_of(us.get("payer-questions/")) == []
    undone = told(us.post(f"payer-decisions/{decided['id']}/undo/"))
    assert (undone["decision"], undone["target"]["name"]) == ("undone", "Summit")
    with tenancy.bind(us.practice.pk):
        pipeline.run_to_end()
    assert claims_of(us) == ["Summit"]


def test_a_payer_of_its_own_once_and_under_one_key_the_same_answer(us: Caller, two: tuple[Payer, Payer]) -> None:
    path = f"payers/{two[0].public_id}/decisions/"
    first = us.post(path, {"decision": "own"}, Idempotency_Key="k1")
    again = us.post(path, {"decision": "own"}, Idempotency_Key="k1")
    assert (first.status_code, told(first)) == (200, told(again))
    refused = us.post(path, {"decision": "own"})
    assert (refused.status_code, told(refused)["code"]) == (409, "not_asked")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"decision": "same"}, 400),
        ({"decision": "own", "other": str(uuid.uuid4())}, 400),
        ({"decision": "maybe"}, 400),
        ({"decision": "same", "other": str(uuid.uuid4())}, 422),
    ],
)
def test_decisions_that_cannot_be_are_refused(
    us: Caller, two: tuple[Payer, Payer], body: dict[str, str], status: int
) -> None:
    assert us.post(f"payers/{two[0].public_id}/decisions/", body).status_code == status


def test_another_practices_payer_is_not_the_other_one(us: Caller, stranger: Caller, two: tuple[Payer, Payer]) -> None:
    with tenancy.bind(stranger.practice.pk):
        theirs = factories.payer("Summit Mutual")
    refused = us.post(f"payers/{two[0].public_id}/decisions/", {"decision": "same", "other": str(theirs.public_id)})
    assert (refused.status_code, told(refused)["code"]) == (422, "other")


def test_how_a_payer_behaves_is_told_with_what_it_is_made_of(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        summit, civic = factories.payer("Summit Mutual"), factories.payer("Civic Care")
        run = findings.run()
        findings.baseline(run, summit)
        findings.baseline(
            run, civic, maturity=None, lag={}, visible={}, series=[{**findings.series()[0], "paid": None}]
        )
    read = told(us.get(f"payers/{summit.public_id}/behaviour/"))
    assert read["made"] == {
        "basis": "submission_week", "as_of": "2026-03-01", "maturity": 0.712, "method_version": "two-clock 1",
    }  # fmt: skip
    assert (read["rate"], read["usual_rate"]) == ({"low": 0.08, "value": 0.11, "high": 0.14}, 0.1)
    assert (len(read["weeks"]), read["weeks"][-1]["still_filling"]) == (52, True)
    assert read["weeks"][-1]["allowed"] == {
        "so_far": "1200.00", "low": "3100.00", "value": "3420.00", "high": "3710.00",
    }  # fmt: skip
    assert read["until_decision"]["now"]["nine_tenths"] == {"low": 41.0, "value": 45.0, "high": None}
    assert read["until_payment"]["usual"]["half"]["value"] == 18.0
    assert read["horizon"]["payment_delay"] == {"within_2_weeks": 8.2, "within_4_weeks": 5.1, "within_8_weeks": 2.4}
    assert read["horizon"]["false_incidents_per_quarter"] == 1.0
    plain = told(us.get(f"payers/{civic.public_id}/behaviour/"))
    assert (plain["until_decision"], plain["horizon"]["denial_rate"], plain["weeks"][0]["paid"]) == (None, None, None)


def test_a_payer_that_no_look_saw_has_no_behaviour(us: Caller, two: tuple[Payer, Payer]) -> None:
    assert us.get(f"payers/{two[0].public_id}/behaviour/").status_code == 404
