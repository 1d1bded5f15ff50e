"""Letters by the API: drafted once, read with the right scope, changed by version, moved, and taken away."""

import base64
import json
from datetime import UTC, datetime
from io import BytesIO

import pytest
from docx import Document
from pytest_django import Settings

from tests import factories
from tests.api.conftest import Caller, asked_of_database, rows_of, told
from tests.factories import findings, letters
from upstream.alerts.models import Incident
from upstream.appeals.models import Letter
from upstream.appeals.word import shipped_layout
from upstream.audit.models import PHIAccess
from upstream.claims.models import Claim
from upstream.core import tenancy
from upstream.pipeline import run_to_end


@pytest.fixture(autouse=True)
def monday(settings: Settings) -> None:
    settings.FIXED_NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture
def claim(us: Caller) -> Claim:
    with tenancy.bind(us.practice.pk):
        return letters.denied(factories.payer("Summit Mutual"))


@pytest.fixture
def incident(us: Caller, claim: Claim) -> Incident:
    with tenancy.bind(us.practice.pk):
        made = findings.incident(claim.payer, findings.run())
        findings.behind(made, claim, cents=36_001)
        return made


def test_a_letter_is_drafted_once_and_told_without_people(us: Caller, claim: Claim) -> None:
    first = us.post("letters/", {"claim": str(claim.public_id)}, Idempotency_Key="a")
    assert first.status_code == 200
    body = json.loads(first.content)
    assert json.loads(us.post("letters/", {"claim": str(claim.public_id)}).content) == body
    assert {name: body[name] for name in ("subject", "kind", "state", "version", "in_dispute", "incident")} == {
        "subject": "AUTH", "kind": "Appeal", "state": "draft", "version": 1, "in_dispute": "980.00", "incident": None,
    }  # fmt: skip
    assert rows_of(us.get(f"letters/?claim={claim.public_id}&state=draft")) == [body]
    assert rows_of(us.get("letters/?subject=DUP")) == []
    assert b"Robin" not in us.get(f"letters/{body['id']}/").content


def test_what_it_says_needs_the_scope_and_is_written_down(us: Caller, claim: Claim, caller_of) -> None:
    made = json.loads(us.post("letters/", {"claim": str(claim.public_id)}).content)["id"]
    reader = caller_of(us.practice, "read", "work")
    for path in (f"letters/{made}/text/", f"letters/{made}.pdf", f"letters/{made}.docx"):
        assert reader.get(path).status_code == 403
    said = json.loads(us.get(f"letters/{made}/text/").content)
    assert said["paragraphs"][0].startswith("We ask you to look again")
    word = us.get(f"letters/{made}.docx")
    assert any("Robin Example" in cell.text for cell in Document(BytesIO(word.content)).tables[0]._cells)
    with tenancy.bind(us.practice.pk):
        actions = list(PHIAccess.objects.filter(outcome="granted").order_by("number").values_list("action", flat=True))
    assert actions == ["letter.draft", "open_letter", "download_letter_docx"]


def test_changes_name_their_version_and_are_taken_back(us: Caller, claim: Claim) -> None:
    path = f"letters/{json.loads(us.post('letters/', {'claim': str(claim.public_id)}).content)['id']}"
    assert us("PUT", f"{path}/text/", {"version": 1, "text": "One.\n\nTwo."}).status_code == 200
    stale = us("PUT", f"{path}/text/", {"version": 1, "text": "Three."})
    assert (stale.status_code, told(stale)["code"]) == (409, "changed_meanwhile")
    moved = us.post(f"{path}/moves/", {"to_state": "ready", "version": 2})
    assert json.loads(moved.content)["state"] == "ready"
    unsaid = us.post(f"{path}/moves/", {"to_state": "sent", "version": 3})
    assert (unsaid.status_code, told(unsaid)["code"]) == (422, "way")
    back = us.post(f"{path}/undo/", {"version": 3})
    assert (json.loads(back.content)["state"], json.loads(back.content)["version"]) == ("draft", 4)


def test_an_answer_counts_in_the_outcomes(us: Caller, claim: Claim) -> None:
    path = f"letters/{json.loads(us.post('letters/', {'claim': str(claim.public_id)}).content)['id']}"
    today = json.loads(us.get(f"{path}/").content)["drafted_at"][:10]
    us.post(f"{path}/moves/", {"to_state": "ready", "version": 1})
    us.post(f"{path}/moves/", {"to_state": "sent", "version": 2, "way": "fax", "sent_on": today, "tracking": "F1"})
    answer = {"to_state": "partly", "version": 3, "answered_on": today, "recovered": "12.34"}
    assert us.post(f"{path}/moves/", answer).status_code == 200
    (row,) = json.loads(us.get("letter-outcomes/").content)["results"]
    assert (row["partly"], row["recovered"], row["rate"], row["payer"]) == (1, "12.34", 1.0, "Summit Mutual")


def test_a_batch_of_one_cause(us: Caller, incident: Incident) -> None:
    asked = us.post("letter-batches/", {"incident": str(incident.public_id)})
    assert asked.status_code == 202
    path = f"letter-batches/{json.loads(asked.content)['id']}"
    early = us.get(f"{path}.zip")
    assert (early.status_code, told(early)["code"]) == (409, "not_ready")
    with tenancy.bind(us.practice.pk):
        run_to_end()
    body = json.loads(us.get(f"{path}/").content)
    assert (body["state"], body["made"], len(body["letters"])) == ("done", 1, 1)
    assert us.post(f"{path}/files/", {}).status_code == 202
    assert json.loads(us.post(f"{path}/moves/", {"to_state": "ready"}).content) == {"moved": 1, "left": 0}
    with tenancy.bind(us.practice.pk):
        run_to_end()
    assert us.get(f"{path}.zip").content[:2] == b"PK"
    assert us.get(f"{path}.pdf").content[:4] == b"%PDF"


def test_a_template_with_an_unknown_field_is_refused_by_its_name(us: Caller) -> None:
    refused = us.post("letter-templates/", {"subject": "AUTH", "words": "{{ patient_nmae }}"})
    assert (refused.status_code, told(refused)["code"]) == (422, "unknown_field")
    assert "patient_nmae" in told(refused)["title"] + json.dumps(told(refused))
    layout = base64.b64encode(shipped_layout("Letter")).decode()
    made = us.post("letter-templates/", {"subject": "AUTH", "words": "Pay.", "layout": layout})
    body = json.loads(made.content)
    assert (made.status_code, body["version"], body["own_layout"], body["taken_back"]) == (200, 1, True, False)
    path = f"letter-templates/{body['id']}"
    assert json.loads(us.post(f"{path}/take-back/", {}).content)["taken_back"] is True
    assert json.loads(us.post(f"{path}/put-back/", {}).content)["taken_back"] is False
    assert us.post("letter-templates/", {"subject": "AUTH", "layout": "%%%"}).status_code == 422


def test_the_packets_sum_is_the_incidents(us: Caller, incident: Incident) -> None:
    wanted = {"incident": str(incident.public_id), "state_rate": "NY"}
    made = json.loads(us.post("packets/", wanted).content)
    with tenancy.bind(us.practice.pk):
        run_to_end()
    body = json.loads(us.get(f"packets/{made['id']}/").content)
    assert (
        body["expected"] == json.loads(us.get(f"incidents/{incident.public_id}/").content)["claims_total"] == "360.01"
    )
    assert body["files"] == ["docx", "pdf", "xlsx"]
    assert {kind: us.get(f"packets/{made['id']}.{kind}").status_code for kind in body["files"]} == {
        "docx": 200, "pdf": 200, "xlsx": 200,
    }  # fmt: skip
    assert us.post("packets/", {**wanted, "state_rate": "ZZ"}).status_code == 422
    assert [row["id"] for row in rows_of(us.get(f"packets/?incident={incident.public_id}"))] == [made["id"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_no_more_for_more_rows(rows: int, us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        payer = factories.payer()
        for number in range(rows):
            letters.letter(letters.denied(payer, f"LK-{number}"))
        assert Letter.objects.count() == rows
    with asked_of_database() as asked:
        us.get("letters/")
    assert len(asked) == 2
