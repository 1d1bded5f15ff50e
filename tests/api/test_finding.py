"""Search, kept choices, a clinician's panel and the access log for machines."""

import json
from datetime import date
from io import BytesIO

import pytest

from tests import factories
from tests.api.conftest import Caller, asked_of_database, rows_of, told
from tests.factories import denials
from upstream.alerts.models import Incident
from upstream.audit.exporting import verify
from upstream.audit.services import record_access
from upstream.claims.choices import Outcome
from upstream.core import tenancy
from upstream.tenants.models import Membership


@pytest.fixture
def member(us: Caller) -> Membership:
    with tenancy.bind(us.practice.pk):
        return factories.member()


def test_things_are_found_by_words_of_their_names(us: Caller, incident: Incident) -> None:
    found = rows_of(us.post("search/", {"q": "summit"}))
    assert [(one["kind"], one["name"]) for one in found] == [
        ("incident", incident.title), ("payer", "Summit Mutual"),
    ]  # fmt: skip
    assert found[0]["id"] == str(incident.public_id)
    assert rows_of(us.post("search/", {"q": "s"})) == []


def test_names_of_files_are_for_those_who_may_read_them(us: Caller, caller_of) -> None:
    with tenancy.bind(us.practice.pk):
        factories.batch()
    assert [one["name"] for one in rows_of(us.post("search/", {"q": "claims.csv"}))] == ["claims.csv"]
    assert rows_of(caller_of(us.practice, "read").post("search/", {"q": "claims.csv"})) == []


def test_a_choice_is_kept_for_a_member_and_forgotten_again(us: Caller, member: Membership) -> None:
    sent = {
        "member": str(member.user.public_id), "screen": "incidents", "name": "New ones", "query": "state=new&x=1",
    }  # fmt: skip
    made = us.post("saved-views/", sent)
    kept = json.loads(made.content)
    assert (made.status_code, kept) == (201, {**sent, "id": kept["id"], "query": "state=new"})
    assert rows_of(us.get(f"saved-views/?member={member.user.public_id}&screen=incidents")) == [kept]
    assert rows_of(us.get("saved-views/?screen=audit")) == []
    assert us.post(f"saved-views/{kept['id']}/forget/").status_code == 204
    assert us.post(f"saved-views/{kept['id']}/forget/").status_code == 404


def test_a_panel_is_of_one_clinician(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        payer = factories.payer("Summit Mutual")
        for npi in ("1999999984", "1888888885"):
            denied = factories.claim(payer, outcome=Outcome.DENIED, rendering_npi=npi)
            denials.item(payer, claim=denied, category="DOC", deadline=date(2099, 1, 2))
    body = json.loads(us.get("panel/?npi=1999999984").content)
    assert [(one["payer"]["name"], one["deadline"]) for one in body["asked"]] == [("Summit Mutual", "2099-01-02")]
    assert (body["authorizations"], body["risks"], body["lessons"]) == ([], [], [])
    assert [error["field"] for error in told(us.get("panel/?npi=12"))["errors"]] == ["npi"]


def test_the_access_log_is_asked_and_exported(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        for action, outcome in (("find_claim", "granted"), ("api.refused", "refused")):
            record_access(actor="client:x", action=action, subject="claim:none", outcome=outcome)
    (only,) = rows_of(us.get("audit/?outcome=refused"))
    assert (only["action"], only["subject"], only["number"]) == ("api.refused", "claim:none", 2)
    answer = us.post("audit/export/", {"outcome": "refused"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert verify(BytesIO(answer.content))["entries"] == 1
    assert rows_of(us.get("audit/?action=export_audit"))[0]["actor"] == f"client:{us.client.client_id}"


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_do_not_grow_with_rows(rows: int, us: Caller, member: Membership) -> None:
    with tenancy.bind(us.practice.pk):
        for number in range(rows):
            factories.payer(f"Mutual {number}")
            record_access(actor="client:x", action="find_claim", subject="claim:none")
    for number in range(rows):
        sent = {"member": str(member.user.public_id), "screen": "audit", "name": f"N{number}", "query": ""}
        assert us.post("saved-views/", sent).status_code == 201
    counted = []
    for ask in (
        lambda: us.post("search/", {"q": "mutual"}), lambda: us.get("saved-views/"), lambda: us.get("audit/"),
        lambda: us.get("panel/?npi=1999999984"),
    ):  # fmt: skip
        with asked_of_database() as asked:
            assert ask().status_code == 200
        counted.append(len(asked))
    assert counted == [5, 2, 3, 6]
