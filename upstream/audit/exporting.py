"""The access log as a file that proves itself: JSON lines, the same as CSV, and a signed manifest."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from django.core.signing import Signer

from upstream.audit.models import PHIAccess
from upstream.audit.queries import Asked, accesses
from upstream.audit.services import record_access, verify_chain
from upstream.core import clock
from upstream.core.csv_text import harmless
from upstream.core.errors import Unreadable
from upstream.tenants.models import Organization

FIELDS = (
    "number", "at", "actor", "action", "subject", "records", "purpose", "outcome", "address", "request_id", "link",
)  # fmt: skip
LINES, TABLE, MANIFEST = "accesses.jsonl", "accesses.csv", "manifest.json"
SIGNER = Signer(salt="audit.export")


def export(asked: Asked, target: IO[bytes], *, actor: str, practice: Organization) -> dict[str, Any]:
    """Writes a ZIP of the entries asked for; its manifest. The open transaction holds an entry of the export, too.

    No entry can come in between: writing the export's own holds the chain until the end.
    """
    record_access(actor=actor, action="export_audit", subject=practice.slug, purpose="audit")
    rows = accesses(asked, practice.time_zone)
    state = verify_chain()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        count, lines = _written(archive, LINES, rows, _as_lines)
        _, table = _written(archive, TABLE, rows, _as_table)
        manifest: dict[str, Any] = {
            "tenant": practice.slug, "asked": asked.said, "entries": count, "files": {LINES: lines, TABLE: table},
            "chain_entries": state.entries, "chain_head": state.head, "chain_ok": not state.broken_at,
            "exported_by": actor, "exported_at": clock.now().isoformat(),
        }  # fmt: skip
        manifest["signature"] = SIGNER.signature(_canonical(manifest))
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return manifest


def verify(source: IO[bytes]) -> dict[str, Any]:
    """The manifest of an export that nobody changed since. Unreadable("not_as_exported") for any other file."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
            found = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in (LINES, TABLE)}
    except (zipfile.BadZipFile, KeyError, ValueError) as exc:
        raise Unreadable("not_as_exported", "this is no export of an access log") from exc
    signature = str(manifest.pop("signature", ""))
    if manifest.get("files") != found or SIGNER.signature(_canonical(manifest)) != signature:
        raise Unreadable("not_as_exported", "the file is not as it was exported")
    return manifest


def _canonical(manifest: dict[str, Any]) -> str:
    return json.dumps(manifest, sort_keys=True)


def _written(
    archive: zipfile.ZipFile,
    name: str,
    rows: Iterable[PHIAccess],
    shape: Callable[[Iterable[PHIAccess]], Iterator[str]],
) -> tuple[int, str]:
    """How many pieces went into the archive's file, and its SHA-256."""
    digest, count = hashlib.sha256(), 0
    with archive.open(name, "w") as file:
        for piece in shape(rows):
            encoded = piece.encode()
            digest.update(encoded)
            file.write(encoded)
            count += 1
    return count, digest.hexdigest()


def _as_lines(rows: Iterable[PHIAccess]) -> Iterator[str]:
    return (f"{json.dumps(_cells(row))}\n" for row in rows)


def _as_table(rows: Iterable[PHIAccess]) -> Iterator[str]:
    yield _csv_line(FIELDS)
    for row in rows:
        yield _csv_line(_safe(cell) for cell in _cells(row).values())


def _cells(row: PHIAccess) -> dict[str, Any]:
    cells = {name: getattr(row, name) for name in FIELDS}
    return {**cells, "at": row.at.isoformat(), "address": row.address or "", "link": bytes(row.link).hex()}


def _safe(cell: object) -> object:
    """Nothing that a spreadsheet would take for a formula."""
    return harmless(cell) if isinstance(cell, str) else cell


def _csv_line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
