"""Incidents: told whole, traced back to claims to the cent, and moved by the rules."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests import factories
from tests.api.conftest import Caller, asked_of_database, rows_of, told
from tests.factories import findings
from upstream.alerts.models import Incident, Transition
from upstream.core import tenancy


def shape_of(incident: Incident) -> dict[str, Any]:
    return {
        "id": str(incident.public_id),
        "state": "new",
        "outcome": "",
        "title": "Summit Mutual started denying knee MRI for missing authorization on 2 February",
        "metric": "denial_rate",
        "direction": "adverse",
        "payer": {"id": str(incident.payer.public_id), "name": "Summit Mutual"},
        "procedure_code": "73721",
        "denial_reason": "CO-197",
        "location": "",
        "severity": "high",
        "strength": "strong",
        "evidence": 5.2,
        "onset_week": "2026-02-02",
        "rates": {"usual": 0.1, "low": 0.31, "now": 0.45, "high": 0.58},
        "decided_claims": 31,
        "observed_claims": 2,
        "expected_claims": 3.1,
        "lost": {"low": "9200.00", "middle": "11900.00", "high": "14800.00"},
        "at_stake": "9200.00",
        "annual": "98000.00",
        "claims_total": "1600.00",
        "caveats": [],
        "deadline": "2026-04-02",
        "deadline_source": "appeal, 60 days, usual for this payer",
        "assigned_to": None,
        "version": 1,
        "for_meeting": False,
        "snoozed_until": None,
        "snooze_money": None,
        "snooze_rate": None,
        "return_by": None,
        "said_recovered": None,
        "first_as_of": "2026-03-01",
        "last_as_of": "2026-03-01",
        "opened_at": "2026-03-02T12:00:00Z",
        "updated_at": "2026-03-02T12:00:00Z",
    }


NOTHING_MORE = {
    "merged_into": None, "split_from": None, "innocent_causes": [], "explained_by": "", "money": None,
}  # fmt: skip


def opened(incident: Incident) -> dict[str, Any]:
    """The first step, as it is told."""
    return {
        "id": str(incident.transitions.order_by("pk")[0].public_id),
        "kind": "opened",
        "version": 1,
        "undoes": None,
        "from_state": "",
        "to_state": "new",
        "outcome": "",
        "actor": "command:detect",
        "note": "",
        "taken_back": False,
        "at": "2026-03-02T12:00:00Z",
    }


def test_the_list_and_the_page_say_the_same(us: Caller, incident: Incident) -> None:
    assert json.loads(us.get("incidents/").content) == {"next": None, "previous": None, "results": [shape_of(incident)]}
    detail = us.get(f"incidents/{incident.public_id}/")
    with tenancy.bind(us.practice.pk):
        first = opened(incident)
    assert json.loads(detail.content) == {
        **shape_of(incident),
        **NOTHING_MORE,
        "transitions": [first],
    }
    assert us.get(f"incidents/{incident.public_id}/", If_None_Match=detail.headers["ETag"]).status_code == 304


def test_the_page_says_where_the_money_stands(us: Caller, incident: Incident) -> None:
    with tenancy.bind(us.practice.pk):
        Incident.objects.filter(pk=incident.pk).update(finding={**findings.FINDING, **findings.MONEY})
    detail = json.loads(us.get(f"incidents/{incident.public_id}/").content)
    assert detail["money"] == {
        "interval": 0.8,
        "next_30_days": {"low": "4100.00", "middle": "6700.00", "high": "9800.00"},
        "held": {"low": "0.00", "middle": "0.00", "high": "0.00"},
        "paid_after_all": "300.00",
        "gone": "299.99",
        "still_open": "300.01",
        "likely_back": "84.00",
        "record": {"claims": 214, "won": 61, "share": 0.28, "low": 0.24, "high": 0.33},
        "expected_allowed_from": "median allowed amount of the payer's paid claims of the same procedure",
    }


def test_the_page_says_what_else_was_asked(us: Caller, incident: Incident) -> None:
    with tenancy.bind(us.practice.pk):
        Incident.objects.filter(pk=incident.pk).update(finding={**findings.FINDING, **findings.VERDICTS})
    detail = json.loads(us.get(f"incidents/{incident.public_id}/").content)
    assert detail["innocent_causes"] == findings.VERDICTS["verdicts"]
    assert detail["explained_by"] == "one_batch"


def test_the_claims_behind_it_add_up_to_its_amount(us: Caller, incident: Incident) -> None:
    path = f"incidents/{incident.public_id}/claims/"
    rows = rows_of(us.get(path))
    assert len(rows) == 2
    assert {row["expected"] for row in rows} == {"800.00"}
    assert {row["lost"] for row in rows} == {"0.00"}
    assert {name: rows[0][name] for name in rows[0] if name not in {"id", "expected", "lost"}} == {
        "payer": {"id": str(incident.payer.public_id), "name": "Summit Mutual"},
        "location": None,
        "procedure_code": "99213",
        "submitted_date": "2026-03-02",
        "outcome": "denied",
        "denial_reason": "CO-197",
    }
    first = json.loads(us.get(f"{path}?page_size=1").content)
    assert len(first["results"]) == 1
    assert first["next"]


def test_the_evidence_names_the_run_that_found_it(us: Caller, incident: Incident) -> None:
    evidence = json.loads(us.get(f"incidents/{incident.public_id}/evidence/").content)
    assert evidence.pop("finding") == incident.finding
    assert evidence == {
        "id": str(incident.public_id),
        "evidence": 5.2,
        "strength": "strong",
        "run": {
            "as_of": "2026-03-01",
            "last_week": "2026-02-23",
            "method": "two-clock 1",
            "series": 61,
            "input_hash": "ab" * 32,
            "false_incidents_per_quarter": "1.00",
        },
        "ruled_out": ["Payments did not slow down", "Volume did not drop", "No file came twice"],
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=new", 1),
        ("state=working", 0),
        ("updated_after=2026-03-02T11:59:59Z", 1),
        ("updated_after=2026-03-02T12:00:00Z", 0),
        ("state=new&updated_after=2026-03-02T11:00:00-06:00", 0),
    ],
)
def test_filters_cut_the_list(us: Caller, incident: Incident, query: str, found: int) -> None:
    assert len(rows_of(us.get(f"incidents/?{query}"))) == found


@pytest.mark.parametrize("query", ["state=lost", "updated_after=x", "tenant=1", "severity=high"])
def test_unknown_filters_are_refused(us: Caller, query: str) -> None:
    assert told(us.get(f"incidents/?{query}"))["code"] == "invalid"


def test_a_move_is_kept_with_who_made_it(us: Caller, incident: Incident, settings: Any) -> None:
    settings.FIXED_NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
    path = f"incidents/{incident.public_id}/"
    response = us.post(f"{path}transitions/", {"to_state": "working", "note": "Called the payer."})
    with tenancy.bind(us.practice.pk):
        first, last = opened(incident), Transition.objects.get(kind="moved")
    step = {
        "id": str(last.public_id),
        "kind": "moved",
        "version": 2,
        "undoes": None,
        "taken_back": False,
        "from_state": "new",
        "to_state": "working",
        "outcome": "",
        "actor": f"client:{us.client.client_id}",
        "note": "Called the payer.",
        "at": "2026-03-04T09:00:00Z",
    }
    moved = {**shape_of(incident), "state": "working", "version": 2, "updated_at": "2026-03-04T09:00:00Z"}
    assert (response.status_code, json.loads(response.content)) == (
        200,
        {**moved, **NOTHING_MORE, "transitions": [first, step]},
    )
    assert json.loads(us.get(path).content) == json.loads(response.content)


def test_closing_needs_an_outcome(us: Caller, incident: Incident) -> None:
    path = f"incidents/{incident.public_id}/transitions/"
    assert told(us.post(path, {"to_state": "resolved"}))["status"] == 422
    closed = json.loads(us.post(path, {"to_state": "resolved", "outcome": "payer_change"}).content)
    assert (closed["state"], closed["outcome"]) == ("resolved", "payer_change")


def test_an_illegal_move_is_a_conflict_and_changes_nothing(us: Caller, incident: Incident) -> None:
    path = f"incidents/{incident.public_id}/transitions/"
    us.post(path, {"to_state": "working"})
    for to_state in ("new", "working", "acknowledged"):
        response = us.post(path, {"to_state": to_state})
        assert (response.status_code, told(response)["code"]) == (409, "not_a_move")
    with tenancy.bind(us.practice.pk):
        assert list(Transition.objects.order_by("pk").values_list("to_state", flat=True)) == ["new", "working"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"to_state": "nowhere"},
        {"to_state": "working", "outcome": "luck"},
        {"to_state": "working", "note": "x" * 1001},
        {"to_state": "working", "note": "\x00"},
        {"to_state": "working", "note": {"a": 1}},
        {"to_state": ["working"]},
        {"to_state": "working", "tenant": 1},
        {"to_state": "working", "actor": "user:somebody"},
        {"to_state": "working", "id": 1},
        {"to_state": "working", "at": "2020-01-01T00:00:00Z"},
        [],
        "working",
        None,
    ],
)
def test_a_body_with_anything_wrong_moves_nothing(us: Caller, incident: Incident, body: Any) -> None:
    response = us.post(f"incidents/{incident.public_id}/transitions/", body)
    assert (response.status_code, told(response)["code"]) == (400, "invalid")
    with tenancy.bind(us.practice.pk):
        assert Transition.objects.count() == 1


def test_a_key_makes_a_move_once(us: Caller, incident: Incident) -> None:
    path = f"incidents/{incident.public_id}/transitions/"
    first = us.post(path, {"to_state": "working"}, Idempotency_Key="k")
    again = us.post(path, {"to_state": "working"}, Idempotency_Key="k")
    other = us.post(path, {"to_state": "waiting"}, Idempotency_Key="k")
    assert (first.status_code, again.status_code) == (200, 200)
    assert json.loads(first.content) == json.loads(again.content)
    assert told(other)["code"] == "key_reused"


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_as_many_queries_for_one_row_as_for_three(us: Caller, incident: Incident, rows: int) -> None:
    with tenancy.bind(us.practice.pk):
        for _ in range(rows - 1):
            findings.incident(incident.payer, incident.last_run)
        findings.behind(incident, *[factories.claim(factories.payer()) for _ in range(rows - 1)])
    with asked_of_database() as asked:
        assert len(rows_of(us.get("incidents/"))) == rows
    assert len(asked) == 2
    with asked_of_database() as asked:
        assert len(rows_of(us.get(f"incidents/{incident.public_id}/claims/"))) == rows + 1
    assert len(asked) == 3
