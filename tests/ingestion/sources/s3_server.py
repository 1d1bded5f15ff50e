"""A moto server in a process of its own that checks signatures, with one user who has one key."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import urllib3
from botocore.config import Config

ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


@dataclass
class Bucket:
    """A bucket of the running server."""

    url: str
    access_key: str
    secret_key: str
    name: str = "remits"

    def client(self, kind: str = "s3", **proof: str) -> Any:
        told = {"aws_access_key_id": self.access_key, "aws_secret_access_key": self.secret_key, **proof}
        config = Config(s3={"addressing_style": "path"}, proxies={})
        return boto3.client(kind, endpoint_url=self.url, region_name="us-east-1", config=config, **told)

    def put(self, key: str, content: bytes) -> None:
        self.client().put_object(Bucket=self.name, Key=key, Body=content)

    def held(self) -> list[str]:
        return [entry["Key"] for entry in self.client().list_objects_v2(Bucket=self.name).get("Contents", [])]


@contextmanager
def s3_serving() -> Iterator[Bucket]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url)
        yield _with_a_user(Bucket(url, "nobody", "nothing"))
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            urllib3.request("GET", f"{url}/moto-api/", timeout=5, retries=False)
            return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.2)
    raise TimeoutError("the S3 server did not start")


def _with_a_user(bucket: Bucket) -> Bucket:
    """The bucket with a user's key; from here on every request must be signed with it."""
    iam = bucket.client("iam")
    iam.create_user(UserName="lakeside")
    iam.put_user_policy(UserName="lakeside", PolicyName="all", PolicyDocument=ALL)
    key = iam.create_access_key(UserName="lakeside")["AccessKey"]
    bucket.client().create_bucket(Bucket=bucket.name)
    url, kind = f"{bucket.url}/moto-api/reset-auth", {"Content-Type": "text/plain"}
    assert urllib3.request("POST", url, body=b"0", headers=kind).status == 200
    return Bucket(bucket.url, key["AccessKeyId"], key["SecretAccessKey"])
