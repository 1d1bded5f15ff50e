"""Drafts become rows for every staging table, in the reader's thread while the chunk before is merged."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from upstream.claims import staging
from upstream.claims.choices import Outcome
from upstream.claims.rules import procedure_group
from upstream.core.ids import public_ids
from upstream.core.phi.keyring import TenantKeys
from upstream.ingestion.building import Chunk, Draft
from upstream.ingestion.records import ClaimRecord
from upstream.ingestion.registry import Answer

Rows = dict[str, list[tuple[Any, ...]]]
NO_DECISION = (int(Outcome.PENDING), None, None, "", "", "", 0, 0)


@dataclass(frozen=True)
class Staged:
    """The rows of one chunk, ready to be sent to the staging tables, and what the merge and the batch must know."""

    copies: dict[str, bytes]
    had: list[int]
    new_claim: int
    new_patient: int
    reversed: set[int]
    moved: dict[bytes, bytes]
    claims: int
    lines: int
    answers: int
    new_answers: int
    paid_cents: int


class Clerk:
    """Builds the rows of chunks, in file order. `now` stamps the public ids; `keys` index the numbers of lines."""

    def __init__(self, now: datetime, keys: TenantKeys) -> None:
        self.now, self.index = now, keys.index
        self.fingerprints: dict[bytes, bytes] = {}

    def rows_of(self, chunk: Chunk, answer: Answer) -> Staged:
        """All rows of the chunk; patients that stand as they are, also by the chunk before, are left out."""
        self.answer = answer
        self.rows: Rows = {table: [] for table in staging.TABLES}
        drafts = chunk.drafts
        self._stage(drafts)
        decided = [draft.record for draft in drafts if draft.event]
        return Staged(
            staging.streams(self.rows),
            sorted(answer.claims.known.values()),
            answer.claims.first_new,
            answer.patients.first_new,
            {answer.claims.of(d.number) for d in drafts if d.record.reversal},
            answer.moved,
            len(drafts),
            sum(len(draft.record.lines) for draft in drafts),
            len(decided),
            len(self.rows["staged_event"]),
            sum(record.paid_cents for record in decided),
        )

    def _stage(self, drafts: list[Draft]) -> None:
        facts: dict[bytes, Draft] = {}
        first: dict[bytes, Draft] = {}
        patients: dict[bytes, Draft] = {}
        seen = set(self.answer.events.known)
        for draft in drafts:
            standing = facts.get(draft.number)
            if standing is None or draft.record.submitted_date or not standing.record.submitted_date:
                facts[draft.number] = draft
            if draft.patient:
                patients[draft.patient.key] = draft
            if draft.event and draft.event not in seen:
                seen.add(draft.event)
                self._event(draft)
                if _may_be_first(draft) and _earlier(draft, first.get(draft.number)):
                    first[draft.number] = draft
        self._patients(patients)
        for (number, draft), public_id in zip(facts.items(), public_ids(len(facts), self.now), strict=True):
            self._claim(draft, first.get(number), public_id)

    def _patients(self, drafts: dict[bytes, Draft]) -> None:
        """Those that are new or whose values have changed."""
        standing = self.answer.fingerprints | self.fingerprints
        self.rows["staged_patient"] = [
            (self.answer.patients.of(key), key, p.member, p.account, p.sealed, p.fingerprint)
            for key, draft in drafts.items()
            if (p := draft.patient) and standing.get(key) != p.fingerprint
        ]
        self.fingerprints = {key: p.fingerprint for key, draft in drafts.items() if (p := draft.patient)}

    def _claim(self, draft: Draft, first: Draft | None, public_id: bytes) -> None:
        record, answer = draft.record, self.answer
        claim_id = answer.claims.of(draft.number)
        billed = abs(record.billed_cents) if record.reversal else record.billed_cents
        decided = self._decision(first) if first else NO_DECISION
        self.rows["staged_claim"].append(
            (
                claim_id,
                public_id,
                draft.number in answer.claims.new,
                record.submitted_date is not None,
                draft.number,
                answer.moved.get(draft.number, draft.number),
                answer.patients.of(draft.patient.key) if draft.patient else None,
                record.position,
                draft.known_at,
                *answer.payers[(record.payer_name, record.payer_id)],
                answer.sites.get(record.location),
                record.procedure_code[:16],
                procedure_group(record.procedure_code),
                record.diagnosis[:16],
                record.place_of_service[:4],
                _modifiers(record),
                record.rendering_npi[:10],
                record.frequency_code[:1] if _says(record, "frequency_code") else None,
                record.payer_order if _says(record, "payer_order") else None,
                draft.submitted,
                record.service_date,
                billed if _says(record, "billed_cents") else None,
                *decided,
            )
        )
        identity = draft.identity
        self.rows["staged_identity"].append(
            (claim_id, draft.number, identity.account, identity.control, identity.sealed, identity.fingerprint)
        )
        if record.lines and not record.reversal:
            self._lines(draft, claim_id)

    def _lines(self, draft: Draft, claim_id: int) -> None:
        lines = {line.number: line for line in draft.record.lines}
        self.rows["staged_line"] += [
            (
                claim_id,
                number,
                self.index("line_control", line.line_control) if line.line_control else None,
                line.procedure_code[:16],
                line.modifiers[:20],
                line.revenue_code[:8],
                line.units,
                line.service_date,
                line.billed_cents,
                draft.known_at,
            )
            for number, line in lines.items()
        ]

    def _event(self, draft: Draft) -> None:
        record, answer = draft.record, self.answer
        event_id = answer.events.of(draft.event)
        self.rows["staged_event"].append(
            (
                event_id,
                answer.claims.of(draft.number),
                *answer.payers[(record.payer_name, record.payer_id)],
                draft.event,
                record.position,
                record.payer_order,
                record.claim_status_code[:2],
                record.check_number[:50],
                draft.identity.control,
                draft.identity.told,
                record.received_date,
                record.payment_date,
                record.billed_cents,
                record.patient_cents,
                record.balance_cents,
                record.interest_cents,
                *self._decision(draft),
            )
        )
        remarks = {line.number: ":".join(line.remark_codes)[:60] for line in record.lines if line.remark_codes}
        whole = ":".join(record.remark_codes)[:60]
        self.rows["staged_answer"] += [
            (
                event_id,
                line.number,
                (line.adjudicated_procedure_code or line.procedure_code)[:16],
                line.procedure_code[:16] if line.adjudicated_procedure_code not in ("", line.procedure_code) else "",
                self.index("line_control", line.line_control) if line.line_control else None,
                line.billed_cents,
                line.allowed_cents,
                line.paid_cents,
            )
            for line in {line.number: line for line in record.lines}.values()
        ]
        self.rows["staged_adjustment"] += [
            (event_id, place, a.line, a.group[:2], a.carc[:8], remarks.get(a.line) or whole, a.cents)
            for place, a in enumerate(record.adjustments)
        ]

    def _decision(self, draft: Draft) -> tuple[Any, ...]:
        decision, record = draft.decision, draft.record
        return (
            int(decision.outcome),
            record.decided_date,
            draft.decision_known_at,
            decision.group[:2],
            decision.carc[:8],
            decision.category,
            record.allowed_cents or 0,
            record.paid_cents,
        )


def _modifiers(record: ClaimRecord) -> str:
    """Those of the lines of the claim's procedure, the first in the alphabet where they differ."""
    return min((line.modifiers for line in record.lines if line.procedure_code == record.procedure_code), default="")[
        :20
    ]


def _says(record: ClaimRecord, fact: str) -> bool:
    """False where the file has no column for the fact, so that the record's value is only the usual one."""
    return record.stated is None or fact in record.stated


def _may_be_first(draft: Draft) -> bool:
    return draft.record.payer_order == 1 and draft.decision.outcome != Outcome.REVERSED


def _earlier(draft: Draft, other: Draft | None) -> bool:
    if other is None:
        return True
    return _order(draft) < _order(other)


def _order(draft: Draft) -> tuple[Any, date, int]:
    return draft.decision_known_at, draft.record.decided_date or date.max, draft.record.position
