"""What a file would come to if it were read with a profile: counts, sums and the first rows that would be left out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from upstream.core.errors import Unreadable
from upstream.ingestion.records import ClaimRecord, Notice, Record, RejectedRow

SHOWN = 20
MOST = 250_000  # records that a person waits for


@dataclass(slots=True)
class Check:
    """`reasons` counts (our column, code) of the rows left out, `first` are the first of them; `statuses` counts claims
    by stated status ("" where it is worked out). `problem` says why nothing can be read at all; `whole` is False when
    the file goes on after what was counted."""

    claims: int = 0
    lines: int = 0
    rejected: int = 0
    billed_cents: int = 0
    paid_cents: int = 0
    first_day: date | None = None
    last_day: date | None = None
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    notices: Counter[str] = field(default_factory=Counter)
    first: list[RejectedRow] = field(default_factory=list)
    problem: str = ""
    whole: bool = True

    @property
    def reasons_counted(self) -> list[dict[str, str | int]]:
        """The reasons as rows of field, code and rows, commonest first."""
        return [{"field": field, "code": code, "rows": rows} for (field, code), rows in self.reasons.most_common()]

    def add(self, record: Record) -> None:
        """Count one record of the file."""
        if isinstance(record, ClaimRecord):
            self._claim(record)
        elif isinstance(record, RejectedRow):
            self.rejected += 1
            self.reasons[record.field, record.code] += 1
            if len(self.first) < SHOWN:
                self.first.append(record)
        elif isinstance(record, Notice):
            self.notices[record.code] += 1

    def _claim(self, claim: ClaimRecord) -> None:
        self.claims += 1
        self.lines += len(claim.lines)
        self.billed_cents += claim.billed_cents
        self.paid_cents += claim.paid_cents
        self.statuses[claim.status] += 1
        day = claim.submitted_date
        if day is not None:
            self.first_day = min(self.first_day or day, day)
            self.last_day = max(self.last_day or day, day)


def check(records: Iterable[Record], most: int = MOST) -> Check:
    """The records counted; a file that cannot be read so far has a `problem`, and what was counted before it."""
    found = Check()
    try:
        for count, record in enumerate(records):
            if count >= most:
                found.whole = False
                break
            found.add(record)
    except Unreadable as exc:
        found.problem = exc.message
    return found
