"""`ingest`: land, read and load files; a progress bar for people, one JSON object a file for machines."""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from upstream.core.arguments import moment
from upstream.core.db.claiming import exclusive
from upstream.core.errors import DomainError
from upstream.core.money import dollars_of
from upstream.core.stages import wake
from upstream.ingestion import archives, mapping, queries, services
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization
from upstream.tenants.services import tenant_keys

BESIDES = {
    "statuses": "claim statuses",
    "claims_rejected": "claims rejected before adjudication",
    "authorizations": "authorizations",
    "coverages": "coverages",
    "acknowledgements": "acknowledgements",
}
FORMATS = {"auto": "", "csv": "csv", "xlsx": "xlsx", "x12": "x12", "fhir": "fhir"}
NO_FILE = "there is no such file, or it cannot be read"
NOT_DONE = ("rejected", "needs_mapping")


class Command(TenantCommand):
    help = "Load claim and remittance files of one tenant."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--format", choices=[*FORMATS], default="auto")
        parser.add_argument("--profile", default="", metavar="NAME", help="the mapping by which tables are read")
        parser.add_argument("--known-at", type=moment, default=None, metavar="ISO")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        with transaction.atomic():
            profile = mapping.named(options["profile"]).name if options["profile"] else ""
        known_at = options["known_at"]
        if known_at is not None and known_at.tzinfo is None:
            known_at = known_at.astimezone()
        results = []
        for path in files_under(options["paths"]):
            for result in self._ingest(path, FORMATS[options["format"]], known_at, profile, quiet=options["json"]):
                self.answer(words_of(result), result)
                results.append(result)
        wake(organization.pk)
        if any(result["status"] in NOT_DONE for result in results):
            raise SystemExit(1)

    def _ingest(
        self, path: Path, wanted: str, known_at: datetime | None, profile: str, *, quiet: bool
    ) -> Iterator[dict[str, Any]]:
        started = time.monotonic()
        bar = None if quiet or not sys.stderr.isatty() else Bar(path.name)
        try:
            batch, new = services.receive(
                pieces_of(path), name=path.name, received_from="command:ingest", known_at=known_at, profile=profile
            )
            yield from self._results(str(path), batch, new, wanted, bar, started)
        except (DomainError, OSError) as exc:
            yield refused(str(path), getattr(exc, "code", "unreadable_path"), getattr(exc, "message", NO_FILE))
        finally:
            if bar:
                bar.end()

    def _results(
        self, name: str, batch: Batch, new: bool, wanted: str, bar: "Bar | None", started: float
    ) -> Iterator[dict[str, Any]]:
        """What came of a batch: one result, or one for each file of an archive."""
        if batch.state == BatchState.LANDED:
            new, batch = True, load_now(batch, wanted, bar)
        with transaction.atomic():
            keys = tenant_keys()
            members = [(member, member.name(keys)) for member in archives.members_of(batch)]
        for member, inside in members:
            if member.batch is None:
                yield refused(f"{name}!{inside}", member.error_code)
            else:
                first = new and member.new
                yield from self._results(f"{name}!{inside}", member.batch, first, wanted, bar, time.monotonic())
        if not members:
            yield result_of(name, batch, new, time.monotonic() - started)


def refused(name: str, code: str, words: str = "") -> dict[str, Any]:
    """The result of a file that never became a batch."""
    return {"file": name, "sha256": "", "format": "", "status": "rejected", "claims": 0, "lines": 0,
            "adjudications": 0, "rejected": 0, "reasons": {code: 1}, "error": words, "seconds": 0.0}  # fmt: skip


def load_now(batch: Batch, wanted: str, bar: "Bar | None") -> Batch:
    """Load the batch here, or wait for the worker that has it."""
    while True:
        with exclusive("ingestion", batch.pk) as mine:
            if mine:
                services.load(batch.pk, wanted=wanted, progress=bar)
        with transaction.atomic():
            batch = Batch.objects.get(pk=batch.pk)
        if batch.state != BatchState.LANDED:
            return batch
        time.sleep(0.2)


def files_under(paths: list[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named, by name."""
    for path in paths:
        yield from sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def pieces_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece


def result_of(name: str, batch: Batch, new: bool, seconds: float) -> dict[str, Any]:
    with transaction.atomic():
        batch = Batch.objects.select_related("mapping", "repeats").get(pk=batch.pk)
        reasons = Counter(queries.rejections_of(batch).values_list("code", flat=True))
        balance = queries.balance_of(batch)
    if batch.error_code:
        reasons[batch.error_code] += 1
    return {
        "file": name,
        "sha256": batch.sha256,
        "format": batch.format,
        "status": "duplicate" if batch.repeats or not new else batch.status,
        "already_received": (batch.repeats or batch).received_at.isoformat() if batch.repeats or not new else "",
        "claims": batch.claims,
        "lines": batch.lines,
        "adjudications": batch.adjudications,
        "rejected": batch.rejected,
        "reasons": dict(reasons),
        "statuses": batch.statuses,
        "claims_rejected": batch.refusals,
        "authorizations": batch.authorizations,
        "coverages": batch.coverages,
        "acknowledgements": batch.acknowledgements,
        "notices": batch.notices,
        "paid": str(dollars_of(batch.paid_cents)),
        "payments": balance.payments,
        "payment_amount": str(dollars_of(balance.amount_cents)),
        "provider_adjustments": str(dollars_of(balance.provider_adjustments_cents)),
        "out_of_balance": balance.out_of_balance,
        "difference": str(dollars_of(balance.difference_cents)),
        "profile": batch.mapping.name if batch.mapping else "",
        "profile_version": batch.mapping.version if batch.mapping else 0,
        "error": batch.error_message,
        "seconds": round(seconds, 3),
    }


def words_of(result: dict[str, Any]) -> str:
    if result["status"] == "rejected":
        return f"{result['file']}: refused: {result.get('error') or ', '.join(result['reasons'])}"
    if result["status"] == "needs_mapping":
        return f"{result['file']}: kept, not loaded: {result['error']}"
    if result["status"] == "duplicate":
        return f"{result['file']}: already received on {result['already_received'][:10]}; nothing changed"
    reasons = ", ".join(f"{count} x {code}" for code, count in sorted(result["reasons"].items()))
    notes = ", ".join(f"{count} x {code}" for code, count in sorted(result["notices"].items()))
    unbalanced = f"; OUT OF BALANCE by {result['difference']} dollars" if result["out_of_balance"] else ""
    return (
        f"{result['file']}: {result['claims']:,} claims, {result['adjudications']:,} answers, "
        f"{result['rejected']:,} rows set aside{f' ({reasons})' if reasons else ''}"
        f"{besides_of(result)}"
        f"{f'; noticed: {notes}' if notes else ''}"
        f"{unbalanced} in {result['seconds']:.1f} s"
    )


def besides_of(result: dict[str, Any]) -> str:
    """What the file said beside claims and answers, where it did."""
    said = [f"{result[key]:,} {words}" for key, words in BESIDES.items() if result[key]]
    return f"; {', '.join(said)}" if said else ""


class Bar:
    """One line on the terminal that fills as the file is read."""

    WIDTH = 30

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, done: int, total: int, claims: int) -> None:
        full = self.WIDTH * done // max(total, 1)
        sys.stderr.write(f"\r{self.name} [{'#' * full}{' ' * (self.WIDTH - full)}] {claims:,} claims ")
        sys.stderr.flush()

    def end(self) -> None:
        sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()
