"""The world of tests/factories/worlds.py as files: what a practice would have sent by the end of each week."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from tests.factories.worlds import FIRST, PER_WEEK, STEP
from upstream import pipeline
from upstream.alerts.stage import STAGE as ALERTS
from upstream.claims.payer_moves import STAGE as PAYERS
from upstream.detection.stage import STAGE as DETECTION
from upstream.ingestion import services

HEADER = (
    "claim_id", "payer", "procedure_code", "diagnosis", "location", "submitted_date", "decided_date", "status",
    "denial_reason", "billed", "allowed", "paid",
)  # fmt: skip
PAYERS_OF = ("Summit Mutual", "Civic Care")
Row = dict[str, str]


def sunday(week: int) -> date:
    return FIRST + timedelta(days=7 * week + 6)


def evening(week: int) -> datetime:
    """Ten at night on the week's Sunday, in the practice's winter."""
    return datetime.combine(sunday(week) + timedelta(days=1), time(4), tzinfo=UTC)


def claims(week: int, until: date, step: date = STEP) -> list[Row]:
    """The claims submitted in the week, as known at the end of `until`."""
    return [_row(payer, week, i, until, step) for payer in PAYERS_OF for i in range(PER_WEEK)]


def _row(payer: str, week: int, i: int, until: date, step: date) -> Row:
    submitted = FIRST + timedelta(days=7 * week + i % 5)
    decided = submitted + timedelta(days=14)
    knee = i % 2 == 0
    row = {
        "claim_id": f"{payer[:1]}{week:03}-{i:02}", "payer": payer, "procedure_code": "73721" if knee else "99213",
        "location": ("Main Street", "North")[i // 2 % 2], "submitted_date": submitted.isoformat(),
        "billed": "980.00" if knee else "185.00", "status": "pending",
    }  # fmt: skip
    if decided <= until:
        reason = _reason(payer, i, decided >= step)
        fee = "360.00" if knee else "98.00"
        row |= {"decided_date": decided.isoformat(), "status": "denied" if reason else "paid", "denial_reason": reason,
                "allowed": "" if reason else fee, "paid": "0.00" if reason else fee}  # fmt: skip
    return row


def _reason(payer: str, i: int, changed: bool) -> str:
    if payer == "Summit Mutual" and changed and i % 4 == 2:
        return "CO-197"
    return "CO-16" if i % 20 in (3, 8) else "CO-197" if i % 20 == 13 else ""


def as_file(rows: Iterable[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def snapshot(until: int) -> list[Row]:
    """Every claim of the weeks numbered up to `until`, as known at its end."""
    return [row for week in range(until + 1) for row in claims(week, sunday(until))]


def news(week: int) -> list[Row]:
    """What the week brought: new claims, and those that it decided."""
    old = [row for row in claims(week - 2, sunday(week)) if row["status"] != "pending"]
    return [*old, *claims(week, sunday(week))]


def deliver(*files: bytes) -> None:
    """The files go through ingestion; nothing looks at them yet."""
    for number, content in enumerate(files):
        batch, _ = services.receive([content], name=f"claims-{number}.csv", received_from="test")
        services.load(batch.pk)
        batch.refresh_from_db()
        assert (batch.error_code, batch.rejected) == ("", 0)


def look() -> None:
    """What the workers do once files are read: payers settled, detection, incidents."""
    for stage in (PAYERS, DETECTION, ALERTS):
        for row_id in pipeline.ready(stage):
            pipeline.take(stage, row_id)
