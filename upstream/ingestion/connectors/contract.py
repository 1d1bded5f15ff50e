"""What every connector does. It knows its place and nothing of tenants, tables or schedules.

`list` says what lies there, `fetch` brings one thing in pieces, `acknowledge` settles it at the sender's side once it
is safe with us, and `checkpoint` is what the next listing begins from. All four may be repeated after a crash.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from upstream.core.errors import DomainError
from upstream.core.outbound import Unreachable


@dataclass(frozen=True)
class RemoteObject:
    """One thing at the place. `handle` finds it again and may name a person; `version` changes with its content."""

    handle: str
    version: str
    size: int | None = None

    @property
    def name(self) -> str:
        """The last part of the handle, as its file name."""
        return self.handle.rstrip("/").rpartition("/")[2] or self.handle


@dataclass(frozen=True)
class Setup:
    """What a connector is opened with. `remember` keeps a checkpoint at once, before the pull has ended; `trying`:
    somebody only wants to know whether it works, so that nothing may be begun there."""

    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    checkpoint: Mapping[str, Any] = field(default_factory=dict)
    tenant: str = ""
    trying: bool = False
    remember: Callable[[dict[str, Any]], None] = lambda _checkpoint: None


class Connector(Protocol):
    """An open connection to one place."""

    def list(self) -> Iterator[RemoteObject]:
        """What lies there, oldest first where the place can tell."""

    def fetch(self, found: RemoteObject) -> Iterator[bytes]:
        """Its bytes; Changed when they are not, to the end, those of the version that was listed."""

    def acknowledge(self, found: RemoteObject) -> None:
        """Settle it there as the source says; nothing happens to what is gone already."""

    def checkpoint(self) -> dict[str, Any]:
        """How far the place was read, once everything listed has landed."""

    def close(self) -> None:
        """Let go of the connection."""


class Changed(DomainError):
    """The thing changed or went while it was read: it is looked at again later."""

    status = 409


class NotYet(DomainError):
    """The place is still preparing what was asked for; ask again in `seconds`."""

    status = 503

    def __init__(self, seconds: int) -> None:
        super().__init__("not_yet", "the other side is still preparing the files")
        self.seconds = seconds


class CredentialsRefused(DomainError):
    """The place does not take the user, password or key."""

    status = 422


class IdentityChanged(DomainError):
    """The server does not show the key that it is known by."""

    status = 422


class WrongSettings(DomainError):
    """The settings cannot work: the words say which."""

    status = 422


# Worth another try soon; everything else needs somebody to look.
PASSING = (Unreachable, Changed)
