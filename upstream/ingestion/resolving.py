"""Drafts meet the database: ids for what is known, new ids for what is not, and the rows to copy.

Within one load no other load of the tenant runs, so an id that is free here stays free until the commit.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from upstream.claims import staging
from upstream.claims.choices import Outcome
from upstream.claims.rules import procedure_group
from upstream.ingestion.building import Chunk, Draft

Rows = dict[str, list[tuple[Any, ...]]]
NO_DECISION = (int(Outcome.PENDING), None, None, "", "", "", 0, 0)


@dataclass
class Ids:
    """Known and newly given ids of one kind of row by its key."""

    known: dict[bytes, int]
    new: dict[bytes, int] = field(default_factory=dict)

    def of(self, key: bytes) -> int:
        return self.known.get(key) or self.new[key]


def ids(cursor: Any, table: str, column: str, tenant: int, keys: Iterable[bytes]) -> Ids:
    """An id for each key, the tenant's own row's where there is one, else new ones in the order of the keys."""
    wanted = list(dict.fromkeys(keys))
    known = staging.known(cursor, table, column, tenant, wanted)
    missing = [key for key in wanted if key not in known]
    return Ids(known, dict(zip(missing, staging.fresh(cursor, table, len(missing)), strict=True)))


def moved_families(cursor: Any, tenant: int, drafts: list[Draft]) -> dict[bytes, bytes]:
    """The family of each claim of the chunk that replaces another: that of the first claim in the chain."""
    replaces = {d.number: d.family for d in drafts if d.family != d.number}
    if not replaces:
        return {}
    standing = staging.families_of(cursor, tenant, set(replaces.values()))
    moved = {}
    for number in replaces:
        root, passed = replaces[number], {number}
        while root in replaces and root not in passed:
            passed.add(root)
            root = replaces[root]
        moved[number] = standing.get(root, root)
    return moved


class Resolver:
    """Rows of one chunk for every staging table. `payer` and `site` turn a record's names into ids."""

    def __init__(
        self,
        cursor: Any,
        tenant: int,
        chunk: Chunk,
        payer: Callable[[tuple[str, str]], int],
        site: Callable[[str], int | None],
    ) -> None:
        self.cursor, self.tenant, self.payer, self.site = cursor, tenant, payer, site
        drafts = chunk.drafts
        self.claims = ids(cursor, "claims_claim", "number_bidx", tenant, (d.number for d in drafts))
        self.events = ids(cursor, "claims_adjudication", "event_bidx", tenant, (d.event for d in drafts if d.event))
        self.patients = ids(cursor, "claims_patient", "key_bidx", tenant, (d.patient.key for d in drafts if d.patient))
        self.moved = moved_families(cursor, tenant, drafts)
        self.had = sorted(self.claims.known.values())
        reversed_here = {self.claims.of(d.number) for d in drafts if d.record.reversal}
        self.reversed = sorted(reversed_here.union(staging.open_reversals(cursor, tenant, self.had)))
        self.rows: Rows = {table: [] for table in staging.TABLES}
        self._stage(drafts)

    def _stage(self, drafts: list[Draft]) -> None:
        facts: dict[bytes, Draft] = {}
        first: dict[bytes, Draft] = {}
        patients: dict[bytes, Draft] = {}
        seen = set(self.events.known)
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
        for number, draft in facts.items():
            self._claim(draft, first.get(number))

    def _patients(self, drafts: dict[bytes, Draft]) -> None:
        """Those that are new or whose values have changed."""
        standing = staging.marks(self.cursor, "claims_patient", "key_bidx", self.tenant, self.patients.known)
        self.rows["staged_patient"] = [
            (self.patients.of(key), key, p.member, p.account, p.sealed, p.fingerprint)
            for key, draft in drafts.items()
            if (p := draft.patient) and standing.get(key) != p.fingerprint
        ]

    def _claim(self, draft: Draft, first: Draft | None) -> None:
        record, claim_id = draft.record, self.claims.of(draft.number)
        billed = abs(record.billed_cents) if record.reversal else record.billed_cents
        decided = self._decision(first) if first else NO_DECISION
        self.rows["staged_claim"].append(
            (
                claim_id,
                draft.number in self.claims.new,
                record.submitted_date is not None,
                draft.number,
                self.moved.get(draft.number, draft.number),
                self.patients.of(draft.patient.key) if draft.patient else None,
                record.position,
                draft.known_at,
                self.payer((record.payer_name, record.payer_id)),
                self.site(record.location) if record.location else None,
                record.procedure_code[:16],
                procedure_group(record.procedure_code),
                record.diagnosis[:16],
                record.place_of_service[:4],
                record.rendering_npi[:10],
                record.frequency_code[:1],
                record.payer_order,
                draft.submitted,
                record.service_date,
                billed,
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
                line.line_control[:50],
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
        record, event_id = draft.record, self.events.of(draft.event)
        self.rows["staged_event"].append(
            (
                event_id,
                self.claims.of(draft.number),
                self.payer((record.payer_name, record.payer_id)),
                draft.event,
                record.position,
                record.payer_order,
                record.claim_status_code[:2],
                record.check_number[:50],
                draft.identity.control,
                record.received_date,
                record.payment_date,
                record.billed_cents,
                record.patient_cents,
                record.balance_cents,
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


def _may_be_first(draft: Draft) -> bool:
    return draft.record.payer_order == 1 and draft.decision.outcome != Outcome.REVERSED


def _earlier(draft: Draft, other: Draft | None) -> bool:
    if other is None:
        return True
    return _order(draft) < _order(other)


def _order(draft: Draft) -> tuple[Any, date, int]:
    return draft.decision_known_at, draft.record.decided_date or date.max, draft.record.position
