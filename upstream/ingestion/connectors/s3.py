"""A bucket of S3 or of a server that speaks it: objects are whole when they are listed, and known by their ETag.

Signing is boto3's; every request goes through our own door, to judged addresses alone, by its `before-send` event.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from upstream.core.http import PIECE, Caller
from upstream.core.outbound import Unreachable
from upstream.ingestion.connectors.contract import Changed, CredentialsRefused, RemoteObject, Setup, WrongSettings
from upstream.ingestion.connectors.names import wanted

REFUSED = {
    "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "403", "401",
    "InvalidClientTokenId", "AuthorizationHeaderMalformed", "Forbidden",
}  # fmt: skip
GONE = {"NoSuchKey", "404", "PreconditionFailed", "412"}
PASSING = {"SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "500", "502", "503", "504"}


class Door:
    """Sends what boto3 has signed."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller

    def __call__(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        headers = {
            name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()
        }
        response = self.caller.begin(request.method, request.url, headers=headers, body=request.body or None)
        return AWSResponse(request.url, response.status, response.headers, response)


class S3:
    """One bucket, below a prefix."""

    def __init__(self, setup: Setup) -> None:
        settings = setup.settings
        self.bucket, self.prefix = settings["bucket"], settings.get("prefix", "")
        self.pattern = settings.get("pattern", "")
        self.afterwards = settings.get("afterwards", "leave")
        self.caller = Caller(ca=settings.get("ca", ""))
        with _faults_in_words():
            self.client = boto3.session.Session(
                aws_access_key_id=settings["access_key"],
                aws_secret_access_key=setup.secrets.get("secret_key", ""),
                region_name=settings.get("region") or "us-east-1",
            ).client(
                "s3",
                endpoint_url=settings.get("endpoint") or None,
                config=Config(
                    signature_version="s3v4",
                    retries={"total_max_attempts": 1},
                    s3={"addressing_style": "path" if settings.get("endpoint") else "auto"},
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )
        self.client.meta.events.register("before-send.s3", Door(self.caller))

    def list(self) -> Iterator[RemoteObject]:
        with _faults_in_words():
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix):
                for entry in page.get("Contents", []):
                    key = entry["Key"]
                    beside = key[len(self.prefix) :].lstrip("/")
                    if "/" not in beside and beside and wanted(beside, self.pattern):
                        yield RemoteObject(key, entry["ETag"].strip('"'), entry["Size"])

    def fetch(self, found: RemoteObject) -> Iterator[bytes]:
        with _faults_in_words():
            answer = self.client.get_object(Bucket=self.bucket, Key=found.handle, IfMatch=f'"{found.version}"')
            yield from answer["Body"].iter_chunks(PIECE)

    def acknowledge(self, found: RemoteObject) -> None:
        if self.afterwards == "leave" or not self._is_still(found):
            return
        with _faults_in_words():
            if self.afterwards == "move":
                folder, _, name = found.handle.rpartition("/")
                target = "/".join(part for part in (folder, "done", f"{found.version[:8]}-{name}") if part)
                self.client.copy_object(
                    Bucket=self.bucket, Key=target, CopySource={"Bucket": self.bucket, "Key": found.handle}
                )
            self.client.delete_object(Bucket=self.bucket, Key=found.handle)

    def _is_still(self, found: RemoteObject) -> bool:
        try:
            with _faults_in_words():
                return bool(
                    self.client.head_object(Bucket=self.bucket, Key=found.handle)["ETag"].strip('"') == found.version
                )
        except Changed:
            return False

    def checkpoint(self) -> dict[str, Any]:
        return {}

    def close(self) -> None:
        self.caller.__exit__()


def connect(setup: Setup) -> S3:
    """The bucket; what is wrong with it shows at the first listing."""
    if not setup.secrets.get("secret_key"):
        raise WrongSettings("no_credentials", "the secret key is missing")
    return S3(setup)


@contextmanager
def _faults_in_words() -> Iterator[None]:
    try:
        yield
    except ClientError as exc:
        raise _fault(str(exc.response.get("Error", {}).get("Code", ""))) from exc
    except (BotoCoreError, ValueError) as exc:
        raise WrongSettings("bad_bucket", "the bucket's address or region cannot be right") from exc


def _fault(code: str) -> Exception:
    if code in REFUSED:
        return CredentialsRefused("credentials_refused", "the server does not take the access key or its secret")
    if code == "NoSuchBucket":
        return WrongSettings("no_bucket", "there is no such bucket")
    if code in GONE:
        return Changed("gone", "the object changed or went before it was read")
    if code in PASSING:
        return Unreachable("busy", "the server is busy or at fault")
    return WrongSettings("refused", "the server refuses the request")
