"""Claims as facts: what a row says, how a list is cut, and that nobody is named unless on purpose."""

import json
import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests import factories
from tests.api.conftest import Caller, asked_of_database, rows_of, told
from upstream.audit.models import PHIAccess
from upstream.claims.choices import Outcome
from upstream.claims.models import Claim, ClaimIdentity
from upstream.claims.models.identity import IDENTITY_FIELDS, packed
from upstream.core import tenancy
from upstream.tenants.services import tenant_keys

NAMED = {
    "claim_number": "CANARY-NUMBER-1",
    "payer_control_number": "CANARY-CONTROL-1",
    "account": "CANARY-ACCOUNT-1",
    "authorization_number": "CANARY-AUTH-1",
}


def named(claim: Claim) -> Claim:
    """The claim with its identifying values sealed beside it."""
    plain = packed(*(NAMED[name] for name in IDENTITY_FIELDS))
    sealed = tenant_keys().seal(plain, ClaimIdentity.TABLE, "sealed", bytes(claim.number_bidx))
    ClaimIdentity.objects.create(claim=claim, number_bidx=claim.number_bidx, sealed=sealed, fingerprint=b"f" * 16)
    return claim


@pytest.fixture
def denied(us: Caller) -> Claim:
    with tenancy.bind(us.practice.pk):
        return named(
            factories.claim(
                factories.payer("Summit Mutual"),
                diagnosis="M17.11",
                outcome=Outcome.DENIED,
                denial_group="CO",
                denial_carc="197",
                denial_category="AUTH",
                allowed_cents=0,
                paid_cents=0,
                decision_known_at=datetime(2026, 3, 17, tzinfo=UTC),
            )
        )


def row_of(claim: Claim) -> dict[str, Any]:
    return {
        "id": str(claim.public_id),
        "payer": {"id": str(claim.payer.public_id), "name": "Summit Mutual"},
        "location": None,
        "procedure_code": "99213",
        "procedure_group": "office",
        "diagnosis": "M17.11",
        "place_of_service": "",
        "frequency_code": "1",
        "submitted_date": "2026-03-02",
        "service_date": "2026-02-27",
        "outcome": "denied",
        "decided_date": "2026-03-16",
        "denial_reason": "CO-197",
        "denial_category": "AUTH",
        "billed": "100.00",
        "allowed": "0.00",
        "paid": "0.00",
        "known_at": "2026-03-02T12:00:00Z",
        "updated_at": "2026-03-17T00:00:00Z",
    }


def accesses(us: Caller) -> list[tuple[str, str, str, int, str]]:
    with tenancy.bind(us.practice.pk):
        rows = PHIAccess.objects.order_by("number")
        return [(row.actor, row.action, row.subject, row.records, row.outcome) for row in rows]


def test_a_row_holds_facts_and_names_nobody(us: Caller, denied: Claim) -> None:
    response = us.get("claims/")
    assert json.loads(response.content) == {"next": None, "previous": None, "results": [row_of(denied)]}
    assert b"CANARY" not in response.content
    assert accesses(us) == []


def test_identifying_values_come_on_purpose_and_are_written_down(us: Caller, denied: Claim) -> None:
    (row,) = rows_of(us.get("claims/?fields=identity"))
    assert row == {**row_of(denied), "identity": NAMED}
    assert accesses(us) == [(f"client:{us.client.client_id}", "claims.list", str(denied.public_id), 1, "granted")]


def test_each_page_of_names_is_one_entry_with_its_count(us: Caller, denied: Claim) -> None:
    with tenancy.bind(us.practice.pk):
        others = [factories.claim(denied.payer) for _ in range(2)]
    rows = rows_of(us.get("claims/?fields=identity&page_size=2"))
    assert [row["identity"] for row in rows] == [NAMED, None]
    subject = f"{denied.public_id} {others[0].public_id}"
    assert accesses(us) == [(f"client:{us.client.client_id}", "claims.list", subject, 2, "granted")]


def test_names_need_a_scope_and_the_refusal_is_written_down(us: Caller, denied: Claim, caller_of: Any) -> None:
    reader = caller_of(us.practice, "read")
    for path, subject in (("claims/", "claims"), (f"claims/{denied.public_id}/", str(denied.public_id))):
        response = reader.get(f"{path}?fields=identity")
        assert (response.status_code, told(response)["code"]) == (403, "missing_scope")
        assert b"CANARY" not in response.content
        assert accesses(us)[-1][2:] == (subject, 0, "refused")
    assert len(accesses(us)) == 2


def test_names_are_not_shown_when_the_access_cannot_be_written(
    us: Caller, denied: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PHIAccess, "save", lambda *_args, **_kwargs: (_ for _ in ()).throw(OSError("disk full")))
    for path in ("claims/", f"claims/{denied.public_id}/"):
        response = us.get(f"{path}?fields=identity")
        assert response.status_code == 500
        assert b"CANARY" not in response.content


def test_the_etag_saves_an_unchanged_answer(us: Caller, denied: Claim) -> None:
    path = f"claims/{denied.public_id}/"
    tag = us.get(path).headers["ETag"]
    unchanged = us.get(path, If_None_Match=f'"other", W/{tag}')
    assert (unchanged.status_code, unchanged.content, unchanged.headers["ETag"]) == (304, b"", tag)
    with tenancy.bind(us.practice.pk):
        Claim.objects.filter(pk=denied.pk).update(paid_cents=1)
    assert us.get(path, If_None_Match=tag).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("outcome=denied", [0]),
        ("outcome=paid", [1]),
        ("submitted_from=2026-03-03", [2]),
        ("submitted_to=2026-03-02", [0, 1]),
        ("submitted_from=2026-03-02&submitted_to=2026-03-02&outcome=pending", []),
        ("updated_after=2026-03-02T12:00:00Z", [0, 2]),
        ("updated_after=2026-03-17T00:00:00Z", [2]),
    ],
)
def test_filters_cut_the_list(us: Caller, denied: Claim, query: str, found: list[int]) -> None:
    with tenancy.bind(us.practice.pk):
        later = datetime(2026, 3, 20, tzinfo=UTC)
        claims = [
            denied,
            factories.claim(factories.payer()),
            factories.claim(
                factories.payer(),
                submitted_date=date(2026, 3, 9),
                facts_known_at=later,
                outcome=Outcome.PENDING,
                decided_date=None,
                decision_known_at=None,
            ),  # fmt: skip
        ]
    rows = rows_of(us.get(f"claims/?{query}"))
    assert [row["id"] for row in rows] == [str(claims[n].public_id) for n in found]


def test_the_payer_filter_knows_payers_by_id(us: Caller, denied: Claim) -> None:
    with tenancy.bind(us.practice.pk):
        factories.claim(factories.payer())
    assert len(rows_of(us.get(f"claims/?payer={denied.payer.public_id}"))) == 1
    assert rows_of(us.get(f"claims/?payer={uuid.uuid4()}")) == []


@pytest.mark.parametrize(
    "query",
    [
        "outcome=lost", "submitted_from=soon", "updated_after=1", "payer=1", "fields=everything", "tenant=1",
        "payer__name=Summit", "ordering=-pk", "page_size=0", "page_size=-1", "page_size=x", "page_size=501",
        "page_size=99999999999",
        "cursor=x", "cursor=cD1hYmM%3D", "cursor=cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk%3D", "q=%27%20OR%201",
    ],
)  # fmt: skip
def test_what_the_list_does_not_know_is_refused(us: Caller, query: str) -> None:
    response = us.get(f"claims/?{query}")
    assert (response.status_code, told(response)["code"]) == (400, "invalid")


def test_pages_hold_every_row_once_while_rows_are_added(us: Caller, denied: Claim) -> None:
    with tenancy.bind(us.practice.pk):
        ids = [str(denied.public_id)] + [str(factories.claim(denied.payer).public_id) for _ in range(4)]
    first = json.loads(us.get("claims/?page_size=2").content)
    with tenancy.bind(us.practice.pk):
        ids.append(str(factories.claim(denied.payer).public_id))
    seen, page = [row["id"] for row in first["results"]], first
    while page["next"]:
        page = json.loads(us.browser.get(page["next"], headers={"Authorization": f"Bearer {us.token}"}).content)
        seen += [row["id"] for row in page["results"]]
    assert seen == ids


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_takes_two_queries_and_three_more_with_names(us: Caller, denied: Claim, rows: int) -> None:
    with tenancy.bind(us.practice.pk):
        for _ in range(rows - 1):
            named(factories.claim(denied.payer))
    with asked_of_database() as asked:
        assert len(rows_of(us.get("claims/"))) == rows
    assert len(asked) == 2
    with asked_of_database() as asked:
        us.get("claims/?fields=identity")
    assert len(asked) == 7


def test_no_list_reads_the_sealed_tables(us: Caller, denied: Claim) -> None:
    with asked_of_database() as asked:
        us.get("claims/")
        us.get("uploads/")
    assert not [sql for sql in asked if "sealed" in sql and "batch" not in sql]
