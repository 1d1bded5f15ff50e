"""What clients do with incidents: each act once, known by its version, and taken back."""

import json
from typing import Any

import pytest
from pytest_django import Settings

from tests import factories
from tests.api.conftest import Caller, rows_of, told
from tests.factories import NOON, findings, member
from upstream.alerts import services
from upstream.alerts.models import Incident
from upstream.core import tenancy
from upstream.delivery.models import Outbox


@pytest.fixture(autouse=True)
def _noon(settings: Settings) -> None:
    settings.FIXED_NOW = NOON


def path(incident: Incident, act: str = "") -> str:
    return f"incidents/{incident.public_id}/{act}"


def body(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(response.content)
    return found


def test_an_act_with_the_etag_at_hand_is_done_and_gives_the_new_one(us: Caller, incident: Incident) -> None:
    tag = us.get(path(incident)).headers["ETag"]
    moved = us.post(path(incident, "transitions/"), {"to_state": "working"}, If_Match=tag)
    assert (moved.status_code, body(moved)["version"]) == (200, 2)
    assert us.get(path(incident)).headers["ETag"] == moved.headers["ETag"] != tag


def test_an_act_on_an_older_version_is_refused_with_what_changed(us: Caller, incident: Incident) -> None:
    tag = us.get(path(incident)).headers["ETag"]
    with tenancy.bind(us.practice.pk):
        services.comment(incident, text="Called them.", actor="user:ben")
    refused = us.post(path(incident, "snooze/"), {"until": "2026-04-01"}, If_Match=tag)
    assert (refused.status_code, told(refused)["code"]) == (412, "changed_meanwhile")
    assert told(refused)["changed"] == [{"kind": "commented", "actor": "user:ben", "at": "2026-03-02T12:00:00Z"}]
    for sent in ('"nonsense"', f"W/{tag}"):
        assert us.post(path(incident, "wake/"), {}, If_Match=sent).status_code == 412
    assert body(us.get(path(incident)))["snoozed_until"] is None


def test_a_comment_stands_in_the_history_and_tells_who_is_named(us: Caller, incident: Incident) -> None:
    with tenancy.bind(us.practice.pk):
        ben = member(email="ben.ito@lakeside.test")
    said = us.post(path(incident, "comments/"), {"text": "@ben.ito: their rule of 1 February"}, Idempotency_Key="c1")
    us.post(path(incident, "comments/"), {"text": "@ben.ito: their rule of 1 February"}, Idempotency_Key="c1")
    assert said.status_code == 200
    opened, commented = rows_of(us.get(path(incident, "history/")))
    assert (opened["kind"], commented["kind"], commented["note"]) == (
        "opened", "commented", "@ben.ito: their rule of 1 February",
    )  # fmt: skip
    with tenancy.bind(us.practice.pk):
        assert Outbox.objects.get().recipient == ben
    taken_back = us.post(path(incident, "undo/"), {"step": commented["id"]})
    assert [(step["kind"], step["note"], step["taken_back"]) for step in body(taken_back)["transitions"]] == [
        ("opened", "", False), ("commented", "", True), ("undone", "", False),
    ]  # fmt: skip


def test_a_member_is_given_the_incident(us: Caller, incident: Incident) -> None:
    with tenancy.bind(us.practice.pk):
        ben = member(email="ben.ito@lakeside.test")
    (row,) = rows_of(us.get("members/"))
    assert row == {
        "id": str(ben.user.public_id), "name": "ben.ito@lakeside.test", "role": "manager", "handle": "ben.ito",
    }  # fmt: skip
    given = us.post(path(incident, "assign/"), {"member": row["id"]})
    assert body(given)["assigned_to"] == {"id": row["id"], "name": row["name"]}
    assert body(us.post(path(incident, "assign/"), {"member": None}))["assigned_to"] is None
    unknown = us.post(path(incident, "assign/"), {"member": str(incident.public_id)})
    assert (unknown.status_code, told(unknown)["code"]) == (422, "member")


def test_a_snooze_says_its_ends_and_is_woken(us: Caller, incident: Incident) -> None:
    asleep = body(us.post(path(incident, "snooze/"), {"until": "2026-04-01", "money": "20000.00", "rate": 0.6}))
    assert (asleep["snoozed_until"], asleep["snooze_money"], asleep["snooze_rate"]) == ("2026-04-01", "20000.00", 0.6)
    awake = body(us.post(path(incident, "wake/"), {"note": "They answered."}))
    assert (awake["snoozed_until"], awake["snooze_money"], awake["snooze_rate"]) == (None, None, None)
    assert told(us.post(path(incident, "snooze/"), {}))["code"] == "until"


def test_a_close_keeps_what_was_said_to_have_come_back_as_said(us: Caller, incident: Incident) -> None:
    close = {"to_state": "resolved", "outcome": "payer_change", "said_recovered": "1234.56"}
    assert body(us.post(path(incident, "transitions/"), close))["said_recovered"] == "1234.56"
    watch = {"to_state": "monitoring", "return_by": "2026-03-05"}
    with tenancy.bind(us.practice.pk):
        services.move(Incident.objects.get(), to_state="working", actor="user:ben")
    assert told(us.post(path(incident, "transitions/"), watch))["code"] == "return_by"


def test_incidents_are_merged_split_and_put_back(us: Caller, incident: Incident) -> None:
    with tenancy.bind(us.practice.pk):
        other = findings.incident(incident.payer, incident.last_run)
        findings.behind(other, factories.claim(incident.payer, procedure_code="73721"))
    whole = body(us.post(path(incident, "merge/"), {"part": str(other.public_id)}))
    assert (whole["claims_total"], whole["observed_claims"]) == ("2400.00", 3)
    assert body(us.get(path(other)))["merged_into"] == str(incident.public_id)
    assert body(us.post(path(incident, "undo/"), {}))["claims_total"] == "1600.00"
    picked = rows_of(us.get(path(incident, "claims/")))[0]["id"]
    split = body(us.post(path(incident, "split/"), {"claims": [picked]}))
    part = next(row for row in rows_of(us.get("incidents/")) if row["title"].endswith("picked by hand."))
    assert (split["claims_total"], part["claims_total"]) == ("800.00", "800.00")
    assert body(us.get(f"incidents/{part['id']}/"))["split_from"] == str(incident.public_id)
    assert us.post(path(incident, "merge/"), {"part": str(incident.public_id)}).status_code == 422
    assert us.post(path(incident, "split/"), {"claims": ["x"]}).status_code == 400


def test_nobody_takes_another_ones_step_back(us: Caller, incident: Incident) -> None:
    with tenancy.bind(us.practice.pk):
        services.move(incident, to_state="working", actor="user:ben")
    assert us.post(path(incident, "undo/"), {}).status_code == 403


def test_an_incident_is_put_on_the_payers_list_once(us: Caller, incident: Incident) -> None:
    path = f"incidents/{incident.public_id}/"
    assert us.post(f"{path}raise/", {"raised": True}).status_code in {200, 201}
    assert json.loads(us.get(path).content)["for_meeting"] is True
    assert told(us.post(f"{path}raise/", {"raised": True}))["code"] == "as_it_is"
