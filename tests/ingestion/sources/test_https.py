"""A real HTTPS server on loopback: changes are seen, certificates checked, redirects and other hosts refused."""

import hashlib
import json
from collections.abc import Iterator

import pytest

from tests.ingestion.sources.conftest import FILE, OTHER, Desk, names, tally
from tests.ingestion.sources.web_server import Answer, Asked, Authority, WebServer, web_serving
from upstream.core import http, outbound
from upstream.core.outbound import AddressRefused
from upstream.ingestion.models import Batch, Source
from upstream.ingestion.sources import services
from upstream.ingestion.sources.choices import Circuit

AUTHORITY = Authority()


class Site:
    """Files by path, behind a token when there is one."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {"/out/a.835": FILE}
        self.token = ""
        self.tagged = True
        self.instead: Answer | None = None

    def __call__(self, asked: Asked) -> Answer:
        if self.instead:
            return self.instead
        if self.token and asked.headers.get("Authorization") != f"Bearer {self.token}":
            return 401, {}, b""
        content = self.files.get(asked.path)
        if content is None:
            return 404, {}, b""
        tag = {"ETag": f'"{hashlib.sha256(content).hexdigest()}"'} if self.tagged else {}
        return 200, tag, content


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def server(site: Site) -> Iterator[WebServer]:
    with web_serving(WebServer(site), AUTHORITY) as running:
        yield running


def add(desk: Desk, server: WebServer, path: str = "/out/a.835", **values: str) -> Source:
    return desk.add("https", **{"url": server.url + path, "ca": AUTHORITY.pem, **values})


def test_a_file_is_fetched_once_and_again_when_it_changes(desk: Desk, server: WebServer, site: Site) -> None:
    source = add(desk, server)
    assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)
    assert tally(desk.pull(source)) == ("succeeded", 0, 0, 0)
    assert [asked.method for asked in server.asked] == ["HEAD", "GET", "HEAD"]
    site.files["/out/a.835"] = OTHER
    assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)
    assert names() == ["a.835", "a.835"]


def test_a_server_that_tells_no_version_is_fetched_and_known_by_content(
    desk: Desk, server: WebServer, site: Site
) -> None:
    site.tagged = False
    source = add(desk, server)
    desk.pull(source)
    desk.later(hours=1)
    assert tally(desk.pull(source)) == ("succeeded", 0, 1, 0)


def test_a_list_names_the_files(desk: Desk, server: WebServer, site: Site) -> None:
    site.files["/out/b.835"] = OTHER
    entries = [{"name": "a.835", "size": len(FILE), "etag": "1"}, "b.835", "c.txt", {"url": "/out/gone.835"}]
    site.files["/out/"] = json.dumps({"files": entries}).encode()
    source = add(desk, server, "/out/", what="list", pattern="*.835")
    assert tally(desk.pull(source)) == ("succeeded", 2, 0, 1)
    assert sorted(names()) == ["a.835", "b.835"]


def test_a_list_leads_to_no_other_server(desk: Desk, server: WebServer, site: Site) -> None:
    site.files["/out/"] = json.dumps(["https://evil.example/a.835"]).encode()
    tried = services.try_connection(add(desk, server, "/out/", what="list", proof="bearer", secret="t0ken"))
    assert (tried.works, tried.code) == (False, "other_host")


def test_a_broken_off_answer_is_asked_for_again(desk: Desk, server: WebServer, site: Site) -> None:
    site.files["/out/a.835"] = FILE + b"\n" * 500_000
    source, server.cut_after = add(desk, server), 200_000
    assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)
    assert Batch.objects.get().size == len(FILE) + 500_000


def test_the_token_is_sent_and_a_wrong_one_rests(desk: Desk, server: WebServer, site: Site) -> None:
    site.token = "t0ken"
    assert tally(desk.pull(add(desk, server, proof="bearer", secret="t0ken"))) == ("succeeded", 1, 0, 0)
    wrong = add(desk, server, proof="bearer", secret="old")
    assert desk.pull(wrong).error_code == "credentials_refused"
    assert wrong.circuit == Circuit.OPEN


@pytest.mark.parametrize(
    ("instead", "code"),
    [
        ((302, {"Location": "http://169.254.169.254/"}, b""), "redirected"),
        ((503, {}, b""), "busy"),
        ((429, {"Retry-After": "5"}, b""), "busy"),
        ((418, {}, b""), "refused"),
    ],
)
def test_answers_that_bring_nothing_are_named(
    instead: Answer, code: str, desk: Desk, server: WebServer, site: Site
) -> None:
    site.instead = instead
    assert services.try_connection(add(desk, server)).code == code


def test_a_certificate_of_nobody_we_know_is_refused(desk: Desk, server: WebServer) -> None:
    for ca in ("", Authority().pem):
        tried = services.try_connection(add(desk, server, ca=ca, proof="bearer", secret="t0ken"))
        assert (tried.works, tried.code) == (False, "certificate_refused")
    assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.216.34/x", "https://10.0.0.5/x", "https://169.254.169.254/latest/meta-data/", "ftp://x.example/",
        "https://user:pass@127.0.0.1/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://0x7f.1.example",
        "https://[fe80::1]/", "https://", "https://\x00/", "file:///etc/passwd", "https://127.0.0.1:99999/",
    ],
)  # fmt: skip
def test_addresses_inside_or_odd_are_refused(url: str, desk: Desk) -> None:
    with http.Caller() as caller, pytest.raises((AddressRefused, outbound.Unreachable)) as refused:
        caller.begin("GET", url)
    assert refused.value.code in {
        "address_refused",
        "bad_address",
        "not_encrypted",
        "password_in_address",
        "unknown_host",
    }


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("93.184.216.34", True), ("2606:4700::1111", True), ("127.0.0.1", False), ("10.0.0.1", False), ("::1", False),
        ("172.16.5.5", False), ("192.168.1.1", False), ("100.64.0.1", False), ("0.0.0.1", False), ("224.0.0.1", False),
        ("::ffff:127.0.0.1", False), ("2002:7f00:0001::", False), ("64:ff9b::7f00:1", False), ("fd00::1", False),
        ("169.254.169.254", False), ("fd00:ec2::254", False), ("255.255.255.255", False), ("240.0.0.1", False),
    ],
)  # fmt: skip
def test_which_addresses_are_open(address: str, is_open: bool, settings) -> None:
    settings.OUTBOUND_ALLOW = []
    assert outbound.is_open(address) is is_open


def test_the_operator_opens_his_networks_but_never_the_metadata(settings) -> None:
    from ipaddress import ip_network

    settings.OUTBOUND_ALLOW = [ip_network("10.0.0.0/8"), ip_network("169.254.0.0/16")]
    assert outbound.is_open("10.1.2.3")
    assert not outbound.is_open("169.254.169.254")


def test_plain_http_goes_only_inside(desk: Desk, site: Site) -> None:
    with web_serving(WebServer(site), None) as plain:
        source = desk.add("https", url=f"http://127.0.0.1:{plain.port}/out/a.835")
        assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)
