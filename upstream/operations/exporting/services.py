"""Writing an export: complete or not there, and with identifying values only for those who may, and on the record."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from django.db import transaction

from upstream.audit.services import record_access
from upstream.core.errors import Invalid, NotAllowed
from upstream.operations.exporting.shapes import Table
from upstream.operations.exporting.writers import WRITERS
from upstream.tenants.choices import Right
from upstream.tenants.queries import active_members


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asked for identifying values, as the access log names them, and why."""

    actor: str
    reason: str


def reader(email: str, reason: str, *, table: str) -> Reader:
    """The bound practice's member who may see identifying values.

    Invalid without a reason; NotAllowed for anybody else, which is written down.
    """
    if not reason.strip():
        raise Invalid("reason_missing", "identifying values are exported for a reason: --reason TEXT")
    with transaction.atomic():
        member = active_members().filter(user__email=email.strip().lower()).first()
        if member is not None and Right.READ_PHI in member.rights:
            return Reader(f"user:{member.user.public_id}", reason.strip())
        actor = f"user:{member.user.public_id}" if member else "command:export"
        record_access(
            actor=actor, action=f"export_{table}", subject=table, records=0, purpose=reason.strip(), outcome="refused"
        )
    raise NotAllowed("may_not_see_phi", "only a member with the right to see identifying values may export them")


def export(table: Table, path: Path, *, form: str, opened_by: Reader | None) -> int:
    """Write the table to `path`; how many rows. The access is on the record before the first value is read."""
    if opened_by is not None:
        with transaction.atomic():
            record_access(
                actor=opened_by.actor,
                action=f"export_{table.name}",
                subject=table.name,
                records=table.count(),
                purpose=opened_by.reason,
            )
    with complete_or_absent(path) as part, transaction.atomic():
        return WRITERS[form](part, table.columns, table.rows())


@contextmanager
def complete_or_absent(path: Path) -> Iterator[Path]:
    """A place in a private folder beside `path`; what was written there takes its place at the end, or goes."""
    try:
        remove_leftovers(path)
        with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.", suffix=f".{os.getpid()}") as private:
            part = Path(private) / "export"
            yield part
            part.chmod(0o600)
            part.replace(path)
    except OSError as exc:
        raise Invalid("cannot_write", f"cannot write {path}: {exc.strerror}") from exc


def remove_leftovers(path: Path) -> None:
    """Private folders of exports to the same path whose process was killed are gone."""
    for folder in path.parent.iterdir():
        pid = folder.suffix[1:]
        if folder.name.startswith(f".{path.name}.") and pid.isdecimal() and not Path(f"/proc/{pid}").exists():
            rmtree(folder)
