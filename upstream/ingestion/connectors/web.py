"""What the connectors over HTTPS have in common: what a status means, and which addresses belong together."""

import hashlib
from collections.abc import Mapping
from urllib.parse import urlsplit

from upstream.core.outbound import Unreachable
from upstream.ingestion.connectors.contract import Changed, CredentialsRefused, WrongSettings

# Nothing is packed on the way, so that lengths are those of the file.
PLAIN = {"Accept-Encoding": "identity", "User-Agent": "Upstream"}


def judge(status: int) -> None:
    """Nothing for a status that brings what was asked for; otherwise the fault that it tells."""
    if 200 <= status < 300:
        return
    if status in {401, 403}:
        raise CredentialsRefused("credentials_refused", "the server does not take the user, password or token")
    if status in {404, 410}:
        raise Changed("gone", "there is nothing at this address")
    if 300 <= status < 400:
        raise WrongSettings("redirected", "the server sends us to another address: put that one in if it is right")
    if status == 429 or status >= 500:
        raise Unreachable("busy", f"the server is busy or at fault ({status})")
    raise WrongSettings("refused", f"the server refuses the request ({status})")


def same_place(url: str, other: str) -> bool:
    """Whether what is meant for the one may be sent to the other: scheme, host and port are equal."""
    first, second = urlsplit(url), urlsplit(other)
    return (first.scheme, first.hostname, first.port) == (second.scheme, second.hostname, second.port)


def version_of(headers: Mapping[str, str]) -> str:
    """From what the server says of the content; blank when it says nothing by which a change would show."""
    told = [headers.get(name, "") for name in ("ETag", "Last-Modified")]
    if not any(told):
        return ""
    return hashlib.sha256("\n".join([*told, headers.get("Content-Length", "")]).encode()).hexdigest()[:32]
