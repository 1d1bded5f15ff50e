"""Whatever is wrong, the answer is problem+json with a code, and nothing of ours shows."""

import json
import uuid
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from redis.exceptions import ConnectionError as RedisAway

from tests.api.conftest import Caller, told
from upstream.core.observability import request_id

FORM = "application/x-www-form-urlencoded"
MOVE = "incidents/00000000-0000-4000-8000-000000000000/transitions/"


NOWHERE = ["", "v1/", "v1/nowhere/", "v2/claims/", "v1/claims", "v1/claims/1/", "v1/%00/", "v1/../../etc/"]
NO_PATH = {
    "type": "urn:upstream:problem:not_found",
    "title": "there is no such path",
    "status": 404,
    "code": "not_found",
    "hint": "Paths end with a slash; /api/v1/docs/ lists them.",
}


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS", "BREW"])
def test_an_unknown_path_is_404_for_everybody(db: None, method: str) -> None:
    for path in NOWHERE:
        assert told(Client().generic(method, f"/api/{path}")) == NO_PATH


def test_a_method_that_a_path_does_not_have_is_405(us: Caller) -> None:
    for method, path in (
        ("DELETE", "claims/"),
        ("PATCH", MOVE),
        ("OPTIONS", "claims/"),
        ("BREW", "claims/"),
        ("GET", MOVE),
    ):
        response = us(method, path)
        assert (response.status_code, told(response)["code"]) == (405, "method_not_allowed")
        assert response.headers["Allow"]


def test_head_is_get_without_a_body(us: Caller) -> None:
    response = us("HEAD", "claims/")
    assert (response.status_code, response.content) == (200, b"")


def test_a_body_of_another_type_is_415(us: Caller) -> None:
    for content_type in ("text/plain", "application/xml", "multipart/form-data; boundary=x", "", FORM):
        response = us.post("reports/", b"a=b", Content_Type=content_type)
        assert (response.status_code, told(response)["code"]) == (415, "unsupported_media_type")


def test_json_is_answered_whatever_is_accepted(us: Caller) -> None:
    for accept in ("text/html", "application/xml", "nonsense", "*/*;q=0"):
        response = us.get("claims/", Accept=accept)
        assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")


BROKEN: list[tuple[bytes, str]] = [
    (b"{", "bad_json"),
    (b"", "invalid"),
    (b"\xff\xfe", "bad_json"),
    (b'{"kind": NaN}', "bad_json"),
    (b'{"kind": "\\ud800"}', "bad_json"),
    (b'{"\\udfff": 1}', "bad_json"),
    (b"[" * 50_000, "too_deep"),
    (b'{"a":' * 9 + b"1" + b"}" * 9, "too_deep"),
    (b'{"kind": ' + b"9" * 5000 + b"}", "bad_json"),
    (b'{"kind": "weekly", "as_of": 1e999}', "invalid"),
    (b'"' + b"[" * 1000 + b'"', "invalid"),
    (b'{"as_of": "\\"[[[[[[[[[[[[["}', "invalid"),
    (b"[]", "invalid"),
    (b"null", "invalid"),
    (b"true", "invalid"),
]


def test_broken_and_deep_json_is_refused_without_a_fault(us: Caller) -> None:
    answers = []
    for body, _ in BROKEN:
        response = us.post("reports/", body)
        answers.append((body, told(response)["code"]))
        assert response.status_code == 400
    assert answers == BROKEN


def test_a_body_that_is_too_large_is_not_read(us: Caller) -> None:
    response = us.post("reports/", b'{"kind": "' + b"x" * 70_000 + b'"}')
    assert (response.status_code, told(response)["code"]) == (413, "too_large")


def test_wrong_fields_are_named_with_a_code_each(us: Caller) -> None:
    problem = told(us.post("reports/", {"kind": "weekly", "as_of": "soon", "about": "x" * 41}))
    assert [(row["field"], row["code"]) for row in problem["errors"]] == [
        ("about", "max_length"),
        ("as_of", "invalid"),
    ]
    problem = told(us.post("reports/", {"kind": "weekly", "role": "owner", "tenant": 1}))
    assert problem["errors"] == [
        {"field": "role", "code": "unknown_field", "message": "no such field"},
        {"field": "tenant", "code": "unknown_field", "message": "no such field"},
    ]


def test_a_problem_carries_the_id_of_its_log_lines(us: Caller, caplog: Any) -> None:
    trace_id = json.loads(us.get("nowhere/", X_Request_ID="of their own making").content)["trace_id"]
    assert str(uuid.UUID(trace_id)) == trace_id
    assert trace_id in caplog.text
    assert "of their own making" not in caplog.text
    assert request_id() is None


def failing(error: Exception) -> Any:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RuntimeError("CANARY"), 500, "internal"),
        (OperationalError("CANARY"), 503, "unavailable"),
        (RedisAway("CANARY"), 503, "unavailable"),
    ],
)
def test_a_fault_of_ours_says_nothing_of_itself(
    us: Caller, monkeypatch: pytest.MonkeyPatch, caplog: Any, error: Exception, status: int, code: str
) -> None:
    monkeypatch.setattr("upstream.claims.queries.claims", failing(error))
    response = us.get("claims/")
    assert (response.status_code, told(response)["code"]) == (status, code)
    assert b"CANARY" not in response.content
    assert "api_fault" in caplog.text


def test_without_a_throttle_store_nobody_gets_in(us: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCacheClient.get", failing(RedisAway("gone")))
    assert us.get("claims/").status_code == 503
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCacheClient.add", failing(RedisAway("gone")))
    body = {"client_id": us.client.client_id, "client_secret": us.secret}
    assert us.browser.post("/api/v1/auth/token/", body, content_type="application/json").status_code == 503


def test_too_many_requests_are_told_when_to_come_back(us: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upstream.api.throttles.ClientThrottle.rate", "2/min", raising=False)
    statuses = [us.get("claims/").status_code for _ in range(3)]
    response = us.get("claims/")
    assert statuses == [200, 200, 429]
    assert told(response)["code"] == "throttled"
    assert 0 < int(response.headers["Retry-After"]) <= 60


def test_errors_before_a_view_are_problems_too(db: None, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["upstream.example"]
    response = Client().get("/api/v1/claims/", headers={"Host": "elsewhere"})
    assert (response.status_code, told(response)["code"]) == (400, "bad_request")


def test_every_answer_is_private(us: Caller) -> None:
    for path in ("claims/", "nowhere/", "schema/", "docs/"):
        assert us.get(path).headers["Cache-Control"] == "no-store"


def test_more_form_fields_than_django_takes_are_refused(db: None) -> None:
    body = "&".join(f"a{n}=1" for n in range(2000))
    response = Client().post("/api/v1/auth/token/", body, content_type="application/x-www-form-urlencoded")
    assert (response.status_code, told(response)["code"]) == (400, "bad_request")
