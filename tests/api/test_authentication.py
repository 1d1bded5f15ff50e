"""Tokens that are not ours, not any more, or not for this: each is refused, and nothing is bound afterwards."""

import base64
import json
from typing import Any

import jwt
import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, StreamingHttpResponse
from django.test import RequestFactory
from rest_framework.request import Request

from tests.api.conftest import Caller, told
from upstream.api.authentication import ApiClientAuthentication
from upstream.audit.models import PHIAccess
from upstream.core import tenancy
from upstream.tenants import services
from upstream.tenants.middleware import TenantMiddleware

KEY = settings.SIMPLE_JWT["SIGNING_KEY"]


def claims_of(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def signed(claims: dict[str, Any], key: str = KEY, algorithm: str = "HS256", **headers: Any) -> str:
    return jwt.encode(claims, key, algorithm=algorithm, headers=headers)


def code_for(us: Caller, token: str) -> tuple[int, str]:
    us.token = token
    response = us.get("claims/")
    assert response.status_code == 200 or "WWW-Authenticate" in response.headers
    return response.status_code, "" if response.status_code == 200 else told(response)["code"]


def test_a_token_says_who_for_whom_and_how_long(us: Caller) -> None:
    claims = claims_of(us.token)
    assert claims["exp"] - claims.pop("iat") == 600
    claims.pop("exp")
    assert claims == {
        "token_type": "access",
        "sub": us.client.client_id,
        "tenant": us.practice.pk,
        "scopes": ["audit", "payers", "query", "read", "read_phi", "report", "route", "upload", "work"],
        "aud": "upstream-api",
        "iss": "upstream",
    }


def test_the_token_opens_the_api(us: Caller) -> None:
    assert code_for(us, us.token) == (200, "")


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "another-api"},
        {"iss": "somebody"},
        {"exp": 1},
        {"exp": None},
        {"nbf": 4102444800},
        {"token_type": "refresh"},
        {"token_type": None},
        {"tenant": None},
        {"tenant": "1"},
        {"scopes": "read"},
        {"sub": None},
        {"aud": None},
        {"iss": None},
    ],
)
def test_a_token_signed_by_us_for_something_else_is_refused(us: Caller, change: dict[str, Any]) -> None:
    claims = {name: value for name, value in {**claims_of(us.token), **change}.items() if value is not None}
    assert code_for(us, signed(claims)) == (401, "bad_token")


def test_other_algorithms_keys_and_headers_are_refused(us: Caller) -> None:
    claims = claims_of(us.token)
    head, body, signature = us.token.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    forged = [
        f"{none}.{body}.",
        f"{none}.{body}.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-4]}AAAA",
        signed(claims, algorithm="HS512"),
        signed(claims, key="x" * 64),
        signed(claims, key="x" * 64, kid="../../etc/passwd", jku="http://127.0.0.1:1/keys"),
        "a.b.c",
        "not a token",
        "é.é.é",
        "..",
    ]
    assert {code_for(us, token) for token in forged} == {(401, "bad_token")}


def test_a_header_of_deep_json_is_refused_without_a_fault(us: Caller) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 5000).rstrip(b"=").decode()
    assert code_for(us, f"{deep}.{deep}.AAAA") == (401, "bad_token")


def test_a_token_dies_with_its_time(us: Caller) -> None:
    end = claims_of(us.token)["exp"]
    with time_machine.travel(end - 1, tick=False):
        assert code_for(us, us.token) == (200, "")
    with time_machine.travel(end, tick=False):
        assert code_for(us, us.token) == (401, "bad_token")


def test_a_token_dies_with_its_client(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        services.revoke_api_client(us.client.client_id)
    assert code_for(us, us.token) == (401, "client_ended")


def test_another_tenant_in_the_claim_finds_no_client(us: Caller, stranger: Caller) -> None:
    token = signed({**claims_of(us.token), "tenant": stranger.practice.pk})
    assert code_for(us, token) == (401, "client_ended")


def test_scopes_are_what_token_and_client_both_have(us: Caller) -> None:
    more = signed({**claims_of(us.token), "scopes": ["read", "administer"]})
    us.token = more
    assert us.post("uploads/", b"x").status_code == 403
    with tenancy.bind(us.practice.pk):
        us.client.scopes = ["upload"]
        us.client.save()
    response = us.get("claims/")
    assert (response.status_code, told(response)["code"]) == (403, "missing_scope")


def test_a_refused_scope_is_written_down_and_counted(
    us: Caller, caller_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = caller_of(us.practice, "read")
    monkeypatch.setattr("upstream.api.throttles.ClientThrottle.rate", "2/min", raising=False)
    statuses = [reader.post(path, b"x").status_code for path in ("uploads/", "reports/", "reports/")]
    with tenancy.bind(us.practice.pk):
        entries = [
            (row.actor, row.action, row.subject, row.records, row.outcome) for row in PHIAccess.objects.order_by("pk")
        ]
    actor = f"client:{reader.client.client_id}"
    assert statuses == [403, 403, 429]
    assert entries == [
        (actor, "api.refused", "POST /api/v1/uploads/", 0, "refused"),
        (actor, "api.refused", "POST /api/v1/reports/", 0, "refused"),
    ]
    assert tenancy.is_empty()


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Token x", "Basic eDp5"])
def test_without_a_bearer_token_nothing_opens(us: Caller, header: str) -> None:
    response = us.get("claims/", Authorization=header)
    assert (response.status_code, told(response)["code"]) == (401, "not_authenticated")


def test_a_token_in_the_address_is_not_looked_at(us: Caller) -> None:
    response = us.get(f"claims/?access_token={us.token}", Authorization="")
    assert response.status_code == 401


def test_nothing_is_bound_after_a_request(us: Caller) -> None:
    for path in ("claims/", "claims/00000000-0000-0000-0000-000000000000/", "claims/?page_size=x", "nowhere/"):
        us.get(path)
        assert tenancy.is_empty()


def test_a_streamed_answer_is_sent_after_the_tenant_is_gone(us: Caller, rf: RequestFactory) -> None:
    seen: list[int | None] = []

    def view(request: HttpRequest) -> StreamingHttpResponse:
        ApiClientAuthentication().authenticate(Request(request))
        seen.append(tenancy.current())
        return StreamingHttpResponse(str(tenancy.current()) for _ in range(1))

    request = rf.get("/", headers={"Authorization": f"Bearer {us.token}"})
    request.user = AnonymousUser()
    response = TenantMiddleware(view)(request)
    assert (seen, list(response)) == ([us.practice.pk], [b"None"])


def test_nothing_is_bound_after_a_fault(us: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upstream.api.pagination.StablePagination.page_size", "not a number")
    response = us.get("claims/")
    assert (response.status_code, told(response)["code"]) == (500, "internal")
    assert tenancy.is_empty()
    monkeypatch.undo()
    assert json.loads(us.get("claims/").content)["results"] == []
