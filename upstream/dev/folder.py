"""The folder of the embedded servers: what is remembered there, and who may change it at a time."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class DevError(Exception):
    """The development servers cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Folder:
    """`var/dev` of the checkout, or another folder in tests of the servers themselves."""

    root: Path

    @classmethod
    def default(cls) -> "Folder":
        return cls(Path(__file__).resolve().parents[2] / "var" / "dev")

    def read(self, name: str) -> dict[str, Any]:
        """What `write` left under this name; empty when nothing did."""
        try:
            return dict(json.loads((self.root / f"{name}.json").read_text()))
        except FileNotFoundError:
            return {}
        except (PermissionError, ValueError) as exc:
            raise DevError(
                f"{self.root / name}.json cannot be read ({exc}): remove {self.root} and start again"
            ) from exc

    def write(self, name: str, values: dict[str, Any]) -> None:
        """Replaces the file in one step, readable by its owner only."""
        path = self.root / f"{name}.json"
        new = path.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(values, file, indent=1)
        new.replace(path)

    def remember(self, **values: Any) -> None:
        """Keeps facts about the running servers for the next command."""
        self.write("state", self.read("state") | values)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One command at a time starts or stops servers; the others wait."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            file = (self.root / "lock").open("a")
        except PermissionError as exc:
            raise DevError(
                f"{self.root} belongs to another user of this machine: remove it, or run as that user"
            ) from exc
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
