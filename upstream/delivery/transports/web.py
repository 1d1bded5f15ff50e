"""One POST to an endpoint, and what its answer means. The answer's body is never read: only its status counts."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from upstream.core.errors import DomainError
from upstream.core.http import Caller
from upstream.core.outbound import BrokenOff
from upstream.delivery.choices import OutboxState
from upstream.delivery.rules import GONE, NotSent

ANSWER_SECONDS = 20.0
TOO_MANY, UNAVAILABLE, NO_LONGER_THERE = 429, 503, 410


@dataclass(frozen=True)
class Post:
    """A request that is ready to be made; `unclear` is how it ends when the answer breaks off."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    unclear: OutboxState

    @contextmanager
    def opened(self) -> Iterator[Callable[[], str]]:
        with Caller(read_seconds=ANSWER_SECONDS) as caller:
            yield lambda: self._make(caller)

    def _make(self, caller: Caller) -> str:
        headers = {"Content-Type": "application/json", "User-Agent": "Upstream", **self.headers}
        try:
            with caller.answer("POST", self.url, headers=headers, body=self.body) as response:
                _judge(response.status, response.headers)
        except BrokenOff as exc:
            raise NotSent(self.unclear, "no_answer") from exc
        except NotSent:
            raise
        except DomainError as exc:
            raise NotSent(OutboxState.QUEUED, exc.code) from exc
        return ""


def _judge(status: int, headers: Mapping[str, str]) -> None:
    """2xx alone is success, 410 the end; a redirect is not followed (Standard Webhooks)."""
    if 200 <= status < 300:
        return
    if status == NO_LONGER_THERE:
        raise NotSent(OutboxState.FAILED, GONE)
    asked = _seconds(headers.get("Retry-After", "")) if status in (TOO_MANY, UNAVAILABLE) else 0.0
    raise NotSent(OutboxState.QUEUED, f"http_{status}", asked_wait=asked)


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() else 0.0
