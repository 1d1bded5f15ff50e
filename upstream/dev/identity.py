"""Which user of the machine the PostgreSQL server runs as: it refuses to run as root."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from upstream.dev.folder import DevError


@dataclass(frozen=True)
class Identity:
    """The user to run server programs as; `uid` None means the one who runs this command."""

    uid: int | None = None
    gid: int | None = None

    def run(self, command: Sequence[str | Path], output: int | IO[bytes]) -> int:
        """Runs the command without our PG* variables; returns its exit code, 126 when this user may not start it."""
        clean = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        groups: list[int] | None = [] if self.uid is not None else None
        try:
            return subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=clean,
                cwd="/",
                user=self.uid,
                group=self.gid,
                extra_groups=groups,
                check=False,
            ).returncode
        except PermissionError:
            return 126

    def allows(self, command: Sequence[str | Path]) -> bool:
        return self.run(command, subprocess.DEVNULL) == 0

    def give(self, path: Path) -> None:
        """Makes the user the owner of the path and of all below it."""
        if self.uid is None or self.gid is None:
            return
        for each in (path, *path.rglob("*")):
            os.chown(each, self.uid, self.gid, follow_symlinks=False)


def server_identity() -> Identity:
    """Root lends the server process to `nobody`; everyone else runs it as themselves."""
    if os.geteuid() != 0:
        return Identity()
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise DevError(
            "PostgreSQL does not run as root and there is no user `nobody`: run this as an ordinary user"
        ) from None
    return Identity(nobody.pw_uid, nobody.pw_gid)
