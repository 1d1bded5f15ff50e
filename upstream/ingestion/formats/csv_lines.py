"""Rows that are lines of one claim, gathered into that claim."""

from dataclasses import dataclass, field

from upstream.ingestion.records import AdjustmentRecord, ClaimRecord, LineRecord

MAX_LINES = 999  # what an institutional 837 can carry


@dataclass(slots=True)
class ClaimOfLines:
    """Line rows that stand together under one claim number, with their text in case one of them spoils the claim."""

    claims: list[ClaimRecord] = field(default_factory=list)
    lines: list[LineRecord] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def number(self) -> str:
        """The claim number that they share."""
        return self.claims[0].claim_number

    @property
    def full(self) -> bool:
        """Whether another line would be more than a claim can have."""
        return len(self.claims) >= MAX_LINES

    def add(self, claim: ClaimRecord, line: LineRecord, text: str) -> None:
        """The row's claim-shaped record and its line belong to this claim."""
        line.number = len(self.lines) + 1
        line.procedure_code = claim.procedure_code
        line.service_date = claim.service_date
        line.billed_cents = claim.billed_cents
        line.allowed_cents = claim.allowed_cents
        line.paid_cents = claim.paid_cents if claim.decision else None
        line.remark_codes = claim.remark_codes
        self.claims.append(claim)
        self.lines.append(line)
        self.texts.append(text)

    def finished(self) -> ClaimRecord:
        """One claim: the first row's facts, summed amounts, the status that the lines' statuses make together."""
        claim = self.claims[0]
        rows = self.claims
        main = max(self.lines, key=lambda line: (bool(line.procedure_code), abs(line.billed_cents)))
        allowed = [row.allowed_cents for row in rows if row.allowed_cents is not None]
        days = [row.service_date for row in rows if row.service_date]
        decided = [row.decided_date for row in rows if row.decided_date]
        reasons = ",".join(row.event_key.rsplit("|", 1)[1] for row in rows)
        adjustments = [
            AdjustmentRecord(line.number, reason.group, reason.carc, reason.cents)
            for row, line in zip(rows, self.lines, strict=True)
            for reason in row.adjustments
        ]
        claim.status = _together({row.status for row in rows})
        claim.decision = claim.status != "pending"
        claim.reversal = claim.status == "reversed"
        claim.decided_date = max(decided, default=None) if claim.decision else None
        claim.service_date = min(days, default=None)
        claim.procedure_code = main.procedure_code
        claim.billed_cents = sum(row.billed_cents for row in rows)
        claim.allowed_cents = sum(allowed) if allowed else None
        claim.paid_cents = sum(row.paid_cents for row in rows)
        claim.patient_cents = sum(row.patient_cents for row in rows)
        claim.adjustments = adjustments
        claim.lines = self.lines
        claim.remark_codes = ()
        claim.event_key = event_key(claim, reasons)
        return claim


def event_key(claim: ClaimRecord, reasons: str) -> str:
    """Names the decision that the record tells: the same in every later snapshot that repeats it."""
    decided = claim.decided_date.isoformat() if claim.decided_date else ""
    return f"{claim.claim_number}|{claim.status}|{decided}|{claim.paid_cents}|{claim.allowed_cents}|{reasons}"


def _together(statuses: set[str]) -> str:
    """The claim's status: undecided while a line is, to be worked out ("") where a line's is, partial when its lines
    were decided differently."""
    if len(statuses) == 1:
        return statuses.pop()
    if "pending" in statuses:
        return "pending"
    if "" in statuses:
        return ""
    decided = statuses - {"reversed"}
    return decided.pop() if len(decided) == 1 else "partial"
