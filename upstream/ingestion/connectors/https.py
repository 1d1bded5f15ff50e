"""A file at a web address, or the files that a list at a web address names. Redirects are never followed."""

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from upstream.core import clock
from upstream.core.http import Caller, Response, pieces
from upstream.ingestion.connectors.contract import Changed, RemoteObject, Setup, WrongSettings
from upstream.ingestion.connectors.names import wanted
from upstream.ingestion.connectors.web import PLAIN, judge, same_place, version_of

NOT_ASKED = {405, 501}


class Https:
    """Addresses as handles; versions from ETag and Last-Modified, or the time where the server tells neither."""

    def __init__(self, setup: Setup) -> None:
        self.url = setup.settings["url"]
        self.lists = setup.settings.get("what") == "list"
        self.pattern = setup.settings.get("pattern", "")
        self.headers = {**PLAIN, **_proof(setup)}
        self.caller = Caller(ca=setup.settings.get("ca", ""))

    def list(self) -> Iterator[RemoteObject]:
        if self.lists:
            yield from self._listed()
        else:
            yield self._one()

    def _one(self) -> RemoteObject:
        with self.caller.answer("HEAD", self.url, headers=self.headers) as response:
            if response.status in NOT_ASKED:
                return RemoteObject(self.url, _now())
            judge(response.status)
            version, length = version_of(response.headers), response.headers.get("Content-Length", "")
        size = int(length) if version and length.isdecimal() else None
        return RemoteObject(self.url, version or _now(), size)

    def _listed(self) -> Iterator[RemoteObject]:
        status, _, found = self.caller.document("GET", self.url, headers={**self.headers, "Accept": "application/json"})
        judge(status)
        entries = found.get("files") if isinstance(found, dict) else found
        if not isinstance(entries, list):
            raise WrongSettings("no_list", "the address answers with no list of files in JSON")
        for entry in entries:
            each = _entry(self.url, entry)
            if not same_place(self.url, each.handle):
                raise WrongSettings("other_host", "the list names a file on another server: nothing is sent there")
            if wanted(unquote(urlsplit(each.handle).path).rpartition("/")[2], self.pattern):
                yield each

    def fetch(self, found: RemoteObject) -> Iterator[bytes]:
        with self.caller.answer("GET", found.handle, headers=self.headers) as response:
            judge(response.status)
            if not self.lists:
                _check_version(response, found)
            yield from pieces(response)

    def acknowledge(self, found: RemoteObject) -> None:
        """A web address is not told."""

    def checkpoint(self) -> dict[str, Any]:
        return {}

    def close(self) -> None:
        self.caller.__exit__()


def connect(setup: Setup) -> Https:
    """Nothing is asked yet; what is wrong shows at the first listing."""
    return Https(setup)


def _proof(setup: Setup) -> dict[str, str]:
    """The header that says who we are."""
    how, secret = setup.settings.get("proof", "none"), setup.secrets.get("secret", "")
    if how == "none":
        return {}
    if not secret:
        raise WrongSettings("no_credentials", "the password or token is missing")
    if any(not " " <= letter <= "~" for letter in secret + setup.settings.get("user", "")):
        raise WrongSettings("bad_credentials", "the user, password or token holds letters that no header can carry")
    if how == "basic":
        pair = f"{setup.settings.get('user', '')}:{secret}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    return {"Authorization": f"Bearer {secret}"} if how == "bearer" else {"X-API-Key": secret}


def _entry(base: str, entry: Any) -> RemoteObject:
    """One entry of the list: an address, or an object with url or name, and size, etag, modified where known."""
    told = entry if isinstance(entry, dict) else {"url": entry}
    address = told.get("url") or told.get("name")
    if not isinstance(address, str):
        raise WrongSettings("no_list", "an entry of the list names no file")
    marks = [str(told.get(name, "")) for name in ("etag", "modified", "size")]
    size = told.get("size")
    return RemoteObject(urljoin(base, address), version_of(dict(zip(("ETag", "Last-Modified", "Content-Length"),
        marks, strict=True))) or "once", size if isinstance(size, int) and size >= 0 else None)  # fmt: skip


def _check_version(response: Response, found: RemoteObject) -> None:
    version = version_of(response.headers)
    if version and not found.version.startswith("at ") and version != found.version:
        raise Changed("changed", "the file changed between listing and fetching")


def _now() -> str:
    return f"at {clock.now():%Y-%m-%dT%H:%M:%SZ}"
