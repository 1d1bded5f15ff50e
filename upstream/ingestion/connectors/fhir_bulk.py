"""FHIR Bulk Data `$export` with SMART Backend Services: ask, wait, fetch files of one resource a line.

The address of a running export is kept as soon as the server has told it, so that a killed process waits for that one
and starts no second. Source: HL7 FHIR Bulk Data Access 2.0 and SMART App Launch 2.2, "Backend Services".
"""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from upstream.core import clock
from upstream.core.http import Caller, pieces
from upstream.core.outbound import Unreachable
from upstream.ingestion.connectors.contract import (
    Changed,
    CredentialsRefused,
    NotYet,
    RemoteObject,
    Setup,
    WrongSettings,
)
from upstream.ingestion.connectors.web import judge, same_place

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LIVES = timedelta(minutes=4)
WAIT_AT_LEAST, WAIT_USUALLY, WAIT_AT_MOST = 5, 60, 3600
TYPES = "ExplanationOfBenefit,ClaimResponse,Claim"


class FhirBulk:
    """One export at a time, from the last one's time on."""

    def __init__(self, setup: Setup) -> None:
        self.settings, self.remember, self.trying = setup.settings, setup.remember, setup.trying
        self.base = setup.settings["base"].rstrip("/")
        self.since = str(setup.checkpoint.get("since", ""))
        self.job = str(setup.checkpoint.get("job", ""))
        self.taken_at = ""
        self.key = _key(setup.secrets.get("private_key", ""))
        self.caller = Caller(ca=setup.settings.get("ca", ""))
        self._token, self._token_ends = "", clock.now()

    def list(self) -> Iterator[RemoteObject]:
        if self.trying and not self.job:
            self._access_token()
            return
        if not self.job:
            self.job = self._begin()
            self.remember({"since": self.since, "job": self.job})
        manifest = self._manifest()
        self.taken_at = str(manifest.get("transactionTime", ""))
        version = hashlib.sha256(f"{self.job} {self.taken_at}".encode()).hexdigest()[:32]
        for entry in manifest["output"]:
            url = str(entry.get("url", ""))
            if manifest.get("requiresAccessToken") and not same_place(self.base, url):
                raise WrongSettings("other_host", "a file of the export is on another server: no token is sent there")
            yield RemoteObject(url, version)

    def _begin(self) -> str:
        """Ask for an export; the address at which it is waited for."""
        asked = {"_outputFormat": "application/fhir+ndjson", "_type": self.settings.get("types") or TYPES}
        if self.since:
            asked["_since"] = self.since
        group = self.settings.get("group", "")
        whom = (
            f"/Group/{quote(group, safe='')}"
            if group
            else ("/Patient" if self.settings.get("level") == "patient" else "")
        )
        headers = self._headers("application/fhir+json") | {"Prefer": "respond-async"}
        status, answered, _ = self.caller.document(
            "GET", f"{self.base}{whom}/$export?{urlencode(asked)}", headers=headers
        )
        judge(status)
        job = answered.get("Content-Location", "")
        if status != 202 or not same_place(self.base, job):
            raise WrongSettings("no_export", "the server starts no export that can be waited for")
        return job

    def _manifest(self) -> dict[str, Any]:
        """What the export holds; NotYet while it is being prepared."""
        status, answered, found = self.caller.document("GET", self.job, headers=self._headers("application/json"))
        if status == 202:
            raise NotYet(_seconds(answered.get("Retry-After", "")))
        if status in {404, 410}:
            self.remember({"since": self.since})
            raise Changed("export_gone", "the export was dropped by the server; another one is asked for")
        judge(status)
        if not isinstance(found, dict) or not isinstance(found.get("output"), list):
            raise WrongSettings("no_manifest", "the server does not say which files the export holds")
        return found

    def fetch(self, found: RemoteObject) -> Iterator[bytes]:
        headers = {"Accept": "application/fhir+ndjson"}
        if same_place(self.base, found.handle):
            headers = self._headers("application/fhir+ndjson")
        with self.caller.answer("GET", found.handle, headers=headers) as response:
            judge(response.status)
            yield from pieces(response)

    def acknowledge(self, found: RemoteObject) -> None:
        """The export is settled as a whole."""

    def checkpoint(self) -> dict[str, Any]:
        """The export's own time; the server may forget the export, and is told so."""
        if not self.taken_at:
            return {"since": self.since}
        with suppress(Unreachable):
            self.caller.document("DELETE", self.job, headers=self._headers("application/json"))
        return {"since": self.taken_at}

    def close(self) -> None:
        self.caller.__exit__()

    def _headers(self, accept: str) -> dict[str, str]:
        return {"Accept": accept, "Authorization": f"Bearer {self._access_token()}"}

    def _access_token(self) -> str:
        if not self._token or clock.now() >= self._token_ends:
            url = self._token_address()
            sent = {
                "grant_type": "client_credentials",
                "scope": self.settings.get("scope") or "system/*.read",
                "client_assertion_type": ASSERTION,
                "client_assertion": self._assertion(url),
            }
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
            status, _, found = self.caller.document("POST", url, headers=headers, body=urlencode(sent).encode())
            if status in {400, 401, 403} or (status == 200 and not isinstance(found, dict)):
                raise CredentialsRefused("credentials_refused", "the server does not take the client or its key")
            judge(status)
            lives = found.get("expires_in")
            self._token = str(found.get("access_token", ""))
            self._token_ends = clock.now() + timedelta(
                seconds=max(int(lives) - 30, 0) if isinstance(lives, int) else 240
            )
        return self._token

    def _token_address(self) -> str:
        if self.settings.get("token_url"):
            return self.settings["token_url"]
        status, _, found = self.caller.document("GET", f"{self.base}/.well-known/smart-configuration")
        judge(status)
        address = found.get("token_endpoint") if isinstance(found, dict) else None
        if not isinstance(address, str) or urlsplit(address).scheme != urlsplit(self.base).scheme:
            raise WrongSettings(
                "no_token_address", "the server does not say where tokens are given: put the address in"
            )
        return address

    def _assertion(self, audience: str) -> str:
        """We are the client: a short statement, signed with its key."""
        client, now = self.settings["client_id"], clock.now()
        claims = {
            "iss": client, "sub": client, "aud": audience, "jti": uuid.uuid4().hex, "iat": now,
            "exp": now + ASSERTION_LIVES,
        }  # fmt: skip
        algorithm = "RS384" if isinstance(self.key, rsa.RSAPrivateKey) else "ES384"
        headers = {"kid": self.settings["key_id"]} if self.settings.get("key_id") else None
        return jwt.encode(claims, self.key, algorithm=algorithm, headers=headers)


def connect(setup: Setup) -> FhirBulk:
    """Nothing is asked yet; what is wrong shows at the first listing."""
    return FhirBulk(setup)


def _key(text: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(text.encode(), None)
    except (ValueError, TypeError) as exc:
        raise WrongSettings(
            "bad_key", "the private key cannot be read: PEM text without a passphrase is needed"
        ) from exc
    if isinstance(key, rsa.RSAPrivateKey) or (isinstance(key, ec.EllipticCurvePrivateKey) and key.key_size == 384):
        return key
    raise WrongSettings("bad_key", "the private key must be RSA (RS384) or of the curve P-384 (ES384)")


def _seconds(told: str) -> int:
    wanted = int(told) if told.isdecimal() and len(told) < 6 else WAIT_USUALLY
    return min(max(wanted, WAIT_AT_LEAST), WAIT_AT_MOST)
