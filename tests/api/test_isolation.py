"""Another practice's things are not there: each path and method of the OpenAPI document is tried with their ids."""

import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.conf import settings as configured
from django.http import HttpResponse

from tests import factories
from tests.api.conftest import Caller, rows_of
from tests.api.everything import one_of_everything
from tests.api.scopes import MATRIX
from tests.factories.pictures import picture
from tests.factories.telling import POLICY
from upstream.core import clock, tenancy
from upstream.tenants.rules import CLIENT_SCOPES

DOCUMENT: dict[str, Any] = yaml.safe_load((configured.BASE_DIR / "docs/api/openapi.yaml").read_text())
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
GHOST = "00000000-0000-4000-8000-00000000abcd"
ASKED_WITH = {"measures/claims/": "?measure=denied_dollars", "panel/": "?npi=1999999984"}
EVERYBODYS = {"report-kinds/", "trouble-limits/"}
TOMORROW = clock.now() + timedelta(days=1)
BODIES: dict[str, Any] = {
    "incidents_move": {"to_state": "working"},
    "search_run": {"q": "mutual"},
    "saved_views_create": {"member": GHOST, "screen": "incidents", "name": "Mine", "query": "state=new"},
    "audit_export": {},
    "explore_run": {"measures": ["claims"], "weeks": 13},
    "explore_sql": {"sql": "SELECT count(*) FROM claims"},
    "own_reports_create": {"name": "Claims", "definition": {"measures": ["claims"], "weeks": 13}},
    "incidents_assign": {"member": None},
    "incidents_comment": {"text": "Asked them."},
    "incidents_raise": {"raised": True},
    "incidents_merge": {"part": GHOST},
    "incidents_snooze": {"until": "2099-01-01"},
    "letters_create": {"claim": GHOST},
    "letter_batches_create": {"incident": GHOST},
    "letter_batches_files": {},
    "letter_templates_create": {"subject": "AUTH"},
    "letter_review_set": {"above": "500.00"},
    "packets_create": {"incident": GHOST},
    "payers_decide": {"decision": "own"},
    "rejections_fix": {"text": "A1,,,"},
    "rejections_discard": {"reason": "elsewhere"},
    "reports_create": {"kind": "weekly", "as_of": "2026-03-01"},
    "reports_move": {"move": "cancel"},
    "report_policy_write": {"version": 1, "kept_days": 90, "may_attach": True},
    "report_definitions_create": {"kind": "weekly", "title": "x"},
    "report_definitions_write": {"version": 1, "title": "x"},
    "report_definitions_move": {"version": 1, "move": "end"},
    "authorizations_batch": [{"payer": "Summit Mutual", "status": "approved"}],
    "authorization_times_set": {"kind": "lead", "value": 30},
    "trouble_limits_write": {"limit": "mail_minutes", "value": 60, "reason": "x"},
    "troubles_move": {"to": "acknowledged", "version": 1},
    "claims_batch": [{"claim_id": "A1", "payer": "Summit Mutual"}],
    "worklist_act": {"kind": "note", "items": [{"id": "00000000-0000-4000-8000-00000000abcd"}], "note": "x"},
    "routing_policy_write": POLICY,
    "routing_preview": {"scope": {}},
    "routing_rules_create": {"name": "x", "scope": {}, "targets": [{"kind": "role", "ref": "owner"}]},
    "routing_rotas_create": {
        "name": "x",
        "members": ["00000000-0000-4000-8000-00000000abcd"],
        "weekday": 0,
        "at": "08:00",
        "since": "2026-03-02",
    },
    "routing_rotas_stand_in": {"version": 1, "week": "2026-03-02", "member": GHOST},
    "routing_rotas_stand_down": {"version": 1, "week": "2026-03-02"},
    "routing_mutes_create": {"scope": {"codes": ["197"]}, "reason": "x", "expires_at": TOMORROW.isoformat()},
    "routing_windows_create": {
        "name": "x",
        "starts_at": TOMORROW.isoformat(),
        "ends_at": (TOMORROW + timedelta(hours=1)).isoformat(),
    },
    "payer_contracts_create": {"name": "x", "effective_from": "2026-01-01"},
    "contracts_change": {"name": "x", "effective_from": "2026-01-01", "version": 1},
    "contracts_take_back": {"version": 1},
    "contracts_put_back": {"version": 1},
    "contract_prices_load": "procedure_code,price\n99213,80\n",
    "contract_modifiers_set": {"code": "50", "percent": "150"},
    "underpaid_move": {"to": "sent", "version": 1},
    "underpaid_undo": {"version": 1},
    "underpaid_tolerance_set": {"tolerance": "1.00", "percent": "1"},
    "uploads_create": "claim_id,payer\nA,B\n",
    "letterhead_write": {"paper": "A4"},
    "logo_write": picture(),
    "letterhead_move": {"move": "undo"},
}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path.removeprefix("/api/v1/"), operation


GUARDED = [(m, p, o) for m, p, o in operations() if o["security"] != [{}]]
WITH_ID = sorted({path for _, path, _ in GUARDED if "{id}" in path})


def offered(path: str) -> set[str]:
    return {method for method, known, _ in GUARDED if known == path}


@pytest.fixture
def theirs(stranger: Caller) -> dict[str, str]:
    """One of everything, of another practice, by the first part of its path."""
    with tenancy.bind(stranger.practice.pk):
        return one_of_everything()


def answer(response: HttpResponse) -> tuple[int, Any, dict[str, str]]:
    """Everything that a caller could tell apart, without the request's own id."""
    body = json.loads(response.content) if response.content else None
    if isinstance(body, dict):
        body.pop("trace_id", None)
    return response.status_code, body, dict(response.headers)


def test_the_document_has_ids_to_try() -> None:
    assert len(WITH_ID) == 88
    assert len(GUARDED) == 174


@pytest.mark.parametrize("path", WITH_ID)
def test_their_id_is_answered_as_no_id(us: Caller, theirs: dict[str, str], path: str) -> None:
    ids = (theirs[path.partition("/")[0]], GHOST, str(uuid.uuid4()))
    for method in METHODS:
        body = {"to_state": "working"} if method == "POST" else None
        tried = [answer(us(method, path.replace("{id}", public_id), body)) for public_id in ids]
        assert tried[0] == tried[1] == tried[2]
        assert tried[0][0] == (404 if method.replace("HEAD", "GET") in offered(path) else 405), method


def address(path: str, public_id: str) -> str:
    """The path with that id, and with what it cannot be asked without."""
    return path.replace("{id}", public_id) + ASKED_WITH.get(path, "")


def listed(response: HttpResponse) -> list[Any]:
    """The rows of a list, or of an answer that is one whole: what is not everybody's, measures of something."""
    body = json.loads(response.content)
    if "events" in body:
        return [event for event in body["events"] if event["id"]]
    if "measures" in body:
        return [one for one in body["measures"] if one["n"]]
    rows: list[Any] = body["results"] if "results" in body else body.get("rows", []) + body.get("claims", [])
    return rows


def test_their_things_are_as_they_were(us: Caller, stranger: Caller, theirs: dict[str, str]) -> None:
    before = answer(stranger.get(f"incidents/{theirs['incidents']}/"))
    us.post(f"incidents/{theirs['incidents']}/transitions/", {"to_state": "working"})
    assert answer(stranger.get(f"incidents/{theirs['incidents']}/")) == before


def test_their_rows_are_in_no_list_filter_or_page(us: Caller, stranger: Caller, theirs: dict[str, str]) -> None:
    payer = rows_of(stranger.get("claims/"))[0]["payer"]["id"]
    lists = [
        "claims/",
        "incidents/",
        "reports/",
        "uploads/",
        f"claims/?payer={payer}",
        "incidents/?state=new",
        "quality/",
        "worklist/",
    ]
    assert [rows_of(us.get(path)) for path in lists] == [[]] * len(lists)
    assert [len(rows_of(stranger.get(path))) for path in lists] == [3, 1, 1, 7, 3, 1, 1, 1]
    reconciled = "reconciliation/?first=2026-02-01&last=2026-02-28"
    assert (listed(us.get(reconciled)), len(listed(stranger.get(reconciled)))) == ([], 1)


def test_the_database_alone_keeps_them_apart(us: Caller, theirs: dict[str, str], settings: Any) -> None:
    settings.DISABLE_WALL = "orm"
    paths = [path for method, path, _ in GUARDED if method == "GET" and path not in EVERYBODYS]
    for path in paths:
        response = us.get(address(path, theirs.get(path.partition("/")[0], "")))
        assert response.status_code == 404 if "{id}" in path else listed(response) == [], path


def test_their_cursor_opens_nothing(us: Caller, stranger: Caller, theirs: dict[str, str]) -> None:
    with tenancy.bind(stranger.practice.pk):
        factories.claim(factories.payer())
    following = json.loads(stranger.get("claims/?page_size=1").content)["next"]
    assert rows_of(us.browser.get(following, headers={"Authorization": f"Bearer {us.token}"})) == []


def test_headers_and_cookies_switch_no_tenant(us: Caller, stranger: Caller, theirs: dict[str, str]) -> None:
    us.browser.cookies["tenant_id"] = str(stranger.practice.pk)
    for header in ("X-Tenant", "X-Tenant-Id", "X-Organization", "Tenant", "X-Forwarded-User"):
        assert rows_of(us.get("claims/", **{header: str(stranger.practice.pk)})) == []


def test_without_a_token_nothing_is_looked_up(us: Caller, theirs: dict[str, str]) -> None:
    us.token = "none"
    for method, path, _ in GUARDED:
        ids = (theirs.get(path.partition("/")[0], GHOST), GHOST)
        tried = [answer(us(method, path.replace("{id}", public_id), b"{broken")) for public_id in ids]
        assert tried[0] == tried[1]
        assert (tried[0][0], tried[0][1]["code"]) == (401, "bad_token")


def test_each_operation_opens_to_its_scope_alone(us: Caller, caller_of: Any) -> None:
    rights = {right.value for right in CLIENT_SCOPES}
    with_one = {right: caller_of(us.practice, right) for right in rights}
    without = {right: caller_of(us.practice, *(rights - {right})) for right in rights}
    with tenancy.bind(us.practice.pk):
        turns = {**BODIES["routing_rotas_create"], "members": [str(factories.member().user.public_id)]}
    bodies = {**BODIES, "routing_rotas_create": turns}
    for method, path, operation in GUARDED:
        ((_, [needed]),) = operation["security"][0].items()
        body = bodies.get(operation["operationId"])
        sent = body.encode() if isinstance(body, str) else body
        refused = without[needed](method, address(path, GHOST), sent)
        assert (refused.status_code, json.loads(refused.content)["code"]) == (403, "missing_scope")
        assert with_one[needed](method, address(path, GHOST), sent).status_code in {200, 201, 202, 404}
        assert with_one[needed](method, address(path, GHOST), sent).status_code in {200, 201, 202, 404, 409, 422}


def test_the_scopes_of_the_document_are_the_matrix() -> None:
    matrix = {f"{m} {p}": o["security"][0]["clientCredentials"] for m, p, o in GUARDED}
    assert matrix == MATRIX


def test_every_address_of_ours_is_in_the_document() -> None:
    from upstream.api.v1.urls import urlpatterns

    ours = {str(pattern.pattern).replace("<uuid:id>", "{id}") for pattern in urlpatterns} - {"schema/", "docs/"}
    assert {path for _, path, _ in operations()} == ours
