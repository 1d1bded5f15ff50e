"""A folder of this server, below the one that the operator has opened for the practice.

Only plain files that stand in the folder itself: a link is never followed, so that nothing else of the server, and
nothing of another practice, can be read by putting one there.
"""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from upstream.core.outbound import Unreachable
from upstream.ingestion.connectors.contract import Changed, RemoteObject, Setup, WrongSettings
from upstream.ingestion.connectors.names import MARKER, wanted, whole

PIECE = 1 << 20
DONE = "done"


class Folder:
    """Files known by their name, size, time and number on the disk."""

    def __init__(self, folder: Path, setup: Setup) -> None:
        self.folder = folder
        self.pattern = setup.settings.get("pattern", "")
        self.complete = setup.settings.get("complete", "stable")
        self.afterwards = setup.settings.get("afterwards", "leave")

    def list(self) -> Iterator[RemoteObject]:
        try:
            entries = sorted(os.scandir(self.folder), key=lambda entry: entry.name)
            plain = [entry for entry in entries if entry.is_file(follow_symlinks=False)]
            found = [(entry.stat(follow_symlinks=False), entry) for entry in plain if wanted(entry.name, self.pattern)]
        except OSError as exc:
            raise Unreachable("unreachable", "the folder cannot be read") from exc
        found.sort(key=lambda pair: (pair[0].st_mtime_ns, pair[1].name))
        objects = (RemoteObject(entry.name, _version(state), state.st_size) for state, entry in found)
        yield from whole(objects, {entry.name for entry in plain}, self.complete)

    def fetch(self, found: RemoteObject) -> Iterator[bytes]:
        try:
            handle = os.open(self.folder / found.handle, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with open(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise Changed("changed", "the file is no plain file any more")
                while piece := file.read(PIECE):
                    yield piece
                state = os.fstat(handle)
        except FileNotFoundError as exc:
            raise Changed("gone", "the file went before it was read") from exc
        except OSError as exc:
            if exc.errno == errno.ELOOP:
                raise Changed("changed", "the file is a link now") from exc
            raise Unreachable("unreachable", "the file cannot be read") from exc
        if _version(state) != found.version:
            raise Changed("changed", "the file was still being written")

    def acknowledge(self, found: RemoteObject) -> None:
        try:
            if self.afterwards == "leave" or not self._is_still(found):
                return
            if self.afterwards == "delete":
                (self.folder / found.handle).unlink()
            else:
                (self.folder / DONE).mkdir(exist_ok=True)
                os.replace(self.folder / found.handle, _free(self.folder / DONE / found.handle))
            (self.folder / f"{found.handle}{MARKER}").unlink(missing_ok=True)
        except OSError as exc:
            raise WrongSettings("may_not_settle", "the file may not be moved or deleted there") from exc

    def _is_still(self, found: RemoteObject) -> bool:
        """What was read, and not another file that came under the same name."""
        try:
            return _version((self.folder / found.handle).lstat()) == found.version
        except FileNotFoundError:
            return False

    def checkpoint(self) -> dict[str, Any]:
        return {}

    def close(self) -> None:
        """Nothing is held open."""


def connect(setup: Setup) -> Folder:
    """The folder; WrongSettings when the operator has not opened it, Unreachable when it is not there now."""
    name = setup.settings.get("folder", "")
    roots = [Path(root) / setup.tenant for root in settings.WATCHED_FOLDERS]
    if not roots or not setup.tenant:
        raise WrongSettings("no_folders", "the operator has opened no folder on this server (WATCHED_FOLDERS)")
    for root in roots:
        folder = (root / name).resolve()
        if not folder.is_relative_to(root.resolve()):
            raise WrongSettings("outside", "the folder is outside of what the operator has opened")
        if folder.is_dir():
            return Folder(folder, setup)
    raise Unreachable("no_folder", "there is no such folder in what the operator has opened for this practice")


def _version(state: os.stat_result) -> str:
    return f"{state.st_size}:{state.st_mtime_ns}:{state.st_ino}"


def _free(path: Path) -> Path:
    """The path, or one with a number before its ending when it is taken."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
