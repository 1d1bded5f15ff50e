"""A bulk export server of the tests' own: no real one can be had. It checks the client's signed statement."""

import json
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.ingestion.sources.conftest import NOW, Desk, names, tally
from tests.ingestion.sources.web_server import Answer, Asked, Authority, WebServer, web_serving
from upstream.ingestion.models import Batch, Source
from upstream.ingestion.sources import services
from upstream.ingestion.sources.choices import Circuit
from upstream.tenants.services import tenant_keys

AUTHORITY = Authority()
RSA = rsa.generate_private_key(65537, 2048)
P384 = ec.generate_private_key(ec.SECP384R1())
EOB = b'{"resourceType":"ExplanationOfBenefit","id":"1"}\n'


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    kind = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()


class Payer:
    """The payer's server: a job is ready once `ready` is set, and is dropped by DELETE."""

    def __init__(self) -> None:
        self.url, self.key, self.ready = "", RSA.public_key(), True
        self.files = {"/files/eob.ndjson": EOB}
        self.jobs: list[str] = []
        self.kickoffs: list[dict[str, list[str]]] = []
        self.statements: set[str] = set()
        self.elsewhere = ""

    def __call__(self, asked: Asked) -> Answer:
        path = urlsplit(asked.path).path
        if path == "/fhir/.well-known/smart-configuration":
            return self._json({"token_endpoint": f"{self.url}/token"})
        if path == "/token":
            return self._token(asked)
        if asked.headers.get("Authorization") != "Bearer good":
            return 401, {}, b""
        if path.endswith("$export"):
            return self._begin(asked)
        if path in self.jobs:
            return self._job(asked, path)
        return (200, {}, self.files[path]) if path in self.files else (404, {}, b"")

    def _token(self, asked: Asked) -> Answer:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        try:
            claims = jwt.decode(
                form["client_assertion"], self.key, algorithms=["RS384", "ES384"], audience=f"{self.url}/token",
                options={"verify_exp": False, "verify_iat": False, "require": ["exp", "jti", "iss", "sub", "aud"]},
            )  # fmt: skip
        except jwt.PyJWTError:
            return 400, {}, b'{"error": "invalid_client"}'
        known = claims["iss"] == claims["sub"] == "upstream-lakeside" and claims["jti"] not in self.statements
        self.statements.add(claims["jti"])
        assert claims["exp"] - claims["iat"] <= 300
        return self._json({"access_token": "good", "expires_in": 300}) if known else (401, {}, b"{}")

    def _begin(self, asked: Asked) -> Answer:
        assert asked.headers["Prefer"] == "respond-async"
        self.kickoffs.append({"path": [urlsplit(asked.path).path], **parse_qs(urlsplit(asked.path).query)})
        self.jobs.append(f"/jobs/{len(self.kickoffs)}")
        return 202, {"Content-Location": self.url + self.jobs[-1]}, b""

    def _job(self, asked: Asked, path: str) -> Answer:
        if asked.method == "DELETE":
            self.jobs.remove(path)
            return 202, {}, b""
        if not self.ready:
            return 202, {"Retry-After": "120"}, b""
        output = [{"type": "ExplanationOfBenefit", "url": (self.elsewhere or self.url) + name} for name in self.files]
        time = f"2026-03-0{len(self.kickoffs)}T00:00:00Z"
        return self._json({"transactionTime": time, "requiresAccessToken": True, "output": output, "error": []})

    def _json(self, body: object) -> Answer:
        return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


@pytest.fixture
def payer() -> Iterator[Payer]:
    payer = Payer()
    with web_serving(WebServer(payer), AUTHORITY) as server:
        payer.url = server.url
        yield payer


def add(desk: Desk, payer: Payer, **values: str) -> Source:
    told = {
        "base": f"{payer.url}/fhir/",
        "client_id": "upstream-lakeside",
        "private_key": pem(RSA),
        "ca": AUTHORITY.pem,
    }
    return desk.add("fhir_bulk", **{**told, **values})


def test_an_export_is_waited_for_fetched_and_dropped(desk: Desk, payer: Payer) -> None:
    payer.ready = False
    source = add(desk, payer)
    assert tally(desk.pull(source)) == ("succeeded", 0, 0, 0)
    assert source.next_run_at == NOW + timedelta(seconds=120)
    payer.ready = True
    assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)
    assert (names(), payer.jobs) == (["eob.ndjson"], [])
    assert payer.kickoffs == [
        {"path": ["/fhir/$export"], "_outputFormat": ["application/fhir+ndjson"],
         "_type": ["ExplanationOfBenefit,ClaimResponse,Claim"]}
    ]  # fmt: skip


def test_the_next_export_begins_where_the_last_one_ended(desk: Desk, payer: Payer) -> None:
    source = add(desk, payer, group="g 1/2")
    desk.pull(source)
    payer.files = {"/files/eob.ndjson": EOB * 2}
    assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)
    assert payer.kickoffs[1]["_since"] == ["2026-03-01T00:00:00Z"]
    assert payer.kickoffs[1]["path"] == ["/fhir/Group/g%201%2F2/$export"]


def test_a_pull_that_was_killed_asks_for_no_second_export(desk: Desk, payer: Payer) -> None:
    source = add(desk, payer)
    desk.pull(source)
    source.seal_checkpoint({"since": "", "job": f"{payer.url}/jobs/1"}, tenant_keys())
    source.save()
    payer.jobs.append("/jobs/1")
    assert tally(desk.pull(source)) == ("succeeded", 0, 0, 0)
    assert (len(payer.kickoffs), Batch.objects.count()) == (1, 1)


def test_an_export_that_the_server_dropped_is_asked_for_again(desk: Desk, payer: Payer) -> None:
    payer.ready = False
    source = add(desk, payer)
    desk.pull(source)
    payer.jobs, payer.ready = [], True
    assert desk.pull(source).error_code == "export_gone"
    assert source.circuit == Circuit.CLOSED
    assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)


def test_a_curve_key_signs_too(desk: Desk, payer: Payer) -> None:
    payer.key = P384.public_key()
    assert tally(desk.pull(add(desk, payer, private_key=pem(P384), key_id="k1"))) == ("succeeded", 1, 0, 0)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"client_id": "somebody"}, "credentials_refused"),
        ({"private_key": pem(rsa.generate_private_key(65537, 2048))}, "credentials_refused"),
        ({"private_key": "no key"}, "bad_key"),
        ({"private_key": pem(ec.generate_private_key(ec.SECP256R1()))}, "bad_key"),
        ({"base": "https://169.254.169.254/fhir"}, "address_refused"),
    ],
)
def test_what_cannot_work_is_said(values: dict[str, str], code: str, desk: Desk, payer: Payer) -> None:
    assert services.try_connection(add(desk, payer, **values)).code == code


def test_the_token_goes_to_no_other_server(desk: Desk, payer: Payer) -> None:
    payer.elsewhere = "https://evil.example"
    assert desk.pull(add(desk, payer)).error_code == "other_host"


def test_trying_a_connection_begins_no_export(desk: Desk, payer: Payer) -> None:
    assert services.try_connection(add(desk, payer)).words == "It works: no file lies there now."
    assert payer.kickoffs == []
