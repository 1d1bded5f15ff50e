"""The 835 remittance (005010X221A1, and 4010 as it still arrives): what each claim was paid, and why not.

One ClaimRecord per CLP in file order, a RemittanceRecord at the end of each transaction. An unreadable number or
date becomes 0 or None with a Notice; nothing loses a whole claim. Rules: X12 RFI 2601 (balancing of lines and claims),
758 (of transactions), 507 (allowed amount), 1847 (what names a payment).
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeAlias

from upstream.ingestion.formats.encoding import shown
from upstream.ingestion.formats.envelope import read_transactions
from upstream.ingestion.formats.tokenizer import Delimiters
from upstream.ingestion.formats.transaction import Loop, ReaderType, Table, at
from upstream.ingestion.formats.x12_835_claim import (
    CLAIM_SEGMENTS,
    LINE_SEGMENTS,
    REASON_WIDTH,
    ClaimReader,
    open_claim,
    open_line,
)
from upstream.ingestion.formats.x12_835_usual import Unusual, UsualClaims
from upstream.ingestion.records import ClaimRecord, Notice, ProviderAdjustmentRecord, Record, RemittanceRecord

Stated: TypeAlias = tuple[str, str, str, date | None, date | None, str]
MOST_REMEMBERED = 1 << 17
METHOD_WIDTH, CHECK_WIDTH = 3, 50
PLB_PAIRS = range(3, 15, 2)


def read(chunks: Iterable[bytes]) -> Iterator[Record]:
    """Claims, remittances and Notices of every 835 in the file.

    Raises Unreadable: no_interchange, segment_too_long, claim_too_large. Notice codes besides those of
    `envelope.read_transactions`: bad_amount, bad_date, too_long, implicit_reversal, missing_value, repeated_header,
    outside_claim.
    """
    return read_transactions(chunks, KINDS)


class Remittance(ClaimReader):
    """One 835 in hand: the payment's own facts, the claim being read, and the sums to compare at the end."""

    closes = frozenset({"CLP", "LX", "PLB", "SE", "N1"})

    def __init__(self, out: list[Record], position: int, delimiters: Delimiters) -> None:
        super().__init__(out, position, delimiters)
        self.table = HEADER
        self.party = ""
        self.payer_name = self.payer_id = self.payer_ref = self.originator = ""
        self.payee_id = self.payee_npi = self.facility_npi = ""
        self.check_number = self.method = self.payment_text = ""
        self.amount = self.paid = self.claims = 0
        self.payment_date: date | None = None
        self.production_date: date | None = None
        self.provider_adjustments: list[ProviderAdjustmentRecord] = []
        self.key = ""
        self.seen: dict[str, int] = {}
        self.members: dict[str, str] = {}  # who has an account number; a cut one may be several patients'
        self.claim_set = hashlib.blake2b(digest_size=8)
        self.stated: Stated = ("", "", "", None, None, "")
        self.usual = UsualClaims(delimiters)

    @property
    def payer_identity(self) -> str:
        """The strongest id that names the payer: N1*PR, then REF*2U, then TRN03."""
        return self.payer_id or self.payer_ref or self.originator

    def transaction_key(self) -> str:
        """What names this payment in every delivery of it; fixed at its first claim (X12 RFI 1847)."""
        if not self.key:
            parts = (self.payer_identity, self.check_number, self.payment_text, str(self.amount), self.payee_id)
            self.key = "|".join(parts)
        return self.key

    def at_once(self, text: str, start: int) -> list[Loop]:
        """The claims of the usual shape that stand one after the other from here on."""
        return self.usual.claims(text, start)

    def whole(self, loop: Loop, number: int) -> bool:
        """A claim of the usual shape goes to `out` at once."""
        if self.in_claim or self.table is not CLAIM:
            self.open_claim()
        try:
            claim = self.usual.read(loop, number)
        except Unusual:
            return False
        self._keep(claim)
        return True

    def settle(self) -> None:
        """The claim in hand is whole: it goes to `out` with its key, and into the sums."""
        if self.in_claim:
            self.in_claim = False
            self._keep(self.hand.finished())

    def open_claim(self) -> None:
        """A claim begins: what was read of the payment up to here is what it and those after it say of theirs."""
        self.settle()
        self.table = CLAIM
        self.stated = (
            self.payer_name,
            self.payer_identity,
            self.check_number,
            self.payment_date,
            self.payment_date or self.production_date,
            self.facility_npi or self.payee_npi,
        )

    def _keep(self, claim: ClaimRecord) -> None:
        (
            claim.payer_name, claim.payer_id, claim.check_number, claim.payment_date, claim.decided_date,
            claim.billing_npi,
        ) = self.stated  # fmt: skip
        paid = claim.paid_cents
        patient = claim.patient
        member = patient.member_id if patient else ""
        if member and self.members.setdefault(claim.claim_number, member) != member:
            claim.claim_number = self._number_of(claim, member)
        event = (
            f"{self.key or self.transaction_key()}|{claim.claim_number}|{claim.payer_control_number}"
            f"|{claim.claim_status_code}|{claim.billed_cents}|{paid}"
        )
        self.seen[event] = ordinal = self.seen.get(event, 0) + 1
        claim.event_key = event + "|1" if ordinal == 1 else f"{event}|{ordinal}"
        self.claims += 1
        self.paid += paid
        if len(self.seen) >= MOST_REMEMBERED:
            self._forget_claims()
        self.out.append(claim)

    def _number_of(self, claim: ClaimRecord, member: str) -> str:
        """The claim's own number where another patient has its account number: both numbers, and which patient."""
        both = f"{claim.claim_number}|{claim.payer_control_number}"
        ordinal = 2
        while self.members.setdefault(f"{both}|{ordinal}", member) != member:
            ordinal += 1
        return f"{both}|{ordinal}"

    def _forget_claims(self) -> None:
        """Memory is bounded: an event equal to one so many claims before it in a transaction is taken for that one."""
        self.claim_set.update(repr(self.seen).encode())
        self.seen.clear()
        self.members.clear()

    def finish(self, *, complete: bool) -> None:
        """The RemittanceRecord goes to `out`; its key ends with a digest of its claims, as one TRN02 can be reused.

        None of a transaction cut in its header: the little that was read of the payment could not be known again.
        """
        if self.table is HEADER and not (complete or self.claims):
            return
        self._forget_claims()
        taken = sum(adjustment.cents for adjustment in self.provider_adjustments)
        self.out.append(
            RemittanceRecord(
                position=self.position,
                transaction_key=f"{self.transaction_key()}|{self.claim_set.hexdigest()}",
                payer_name=self.payer_name,
                payer_id=self.payer_identity,
                payee_npi=self.payee_npi,
                check_number=self.check_number,
                method=self.method,
                amount_cents=self.amount,
                payment_date=self.payment_date,
                claims=self.claims,
                claims_paid_cents=self.paid,
                provider_adjustments=self.provider_adjustments,
                difference_cents=self.amount - (self.paid - taken),
                complete=complete,
            )
        )


def _bpr(reader: Remittance, segment: list[str], number: int) -> None:
    reader.amount = reader.cents(at(segment, 2), number, "BPR02")
    reader.method = reader.fits(at(segment, 4), METHOD_WIDTH, number, "BPR04")
    reader.payment_text = at(segment, 16)
    reader.payment_date = reader.day(reader.payment_text, number, "BPR16")


def _trn(reader: Remittance, segment: list[str], number: int) -> None:
    reader.check_number = reader.check_number or reader.fits(at(segment, 2), CHECK_WIDTH, number, "TRN02")
    reader.originator = reader.originator or at(segment, 3)


def _header_dtm(reader: Remittance, segment: list[str], number: int) -> None:
    if at(segment, 1) == "405":
        reader.production_date = reader.day(at(segment, 2), number, "DTM*405")


def _n1(reader: Remittance, segment: list[str], _number: int) -> None:
    reader.party = at(segment, 1)
    if reader.party == "PR":
        reader.payer_name = shown(at(segment, 2))
        reader.payer_id = at(segment, 4)
        reader.payer_ref = ""
    elif reader.party == "PE":
        reader.payee_id = at(segment, 4)
        reader.payee_npi = reader.payee_id if at(segment, 3) == "XX" else ""


def _header_ref(reader: Remittance, segment: list[str], _number: int) -> None:
    if reader.party == "PR" and at(segment, 1) == "2U":
        reader.payer_ref = at(segment, 2)


def _n1_again(reader: Remittance, segment: list[str], number: int) -> None:
    """Some joined files repeat the payer between claims: what follows belongs to the payer named last."""
    reader.settle()
    reader.out.append(Notice(number, "N1", "repeated_header"))
    reader.table = HEADER
    _n1(reader, segment, number)


def _lx(reader: Remittance, _segment: list[str], _number: int) -> None:
    reader.settle()
    reader.facility_npi = ""
    reader.table = DETAIL


def _ts3(reader: Remittance, segment: list[str], _number: int) -> None:
    identity = at(segment, 1)
    reader.facility_npi = identity if len(identity) == 10 and identity.isdecimal() else ""


def _clp(reader: Remittance, segment: list[str], number: int) -> None:
    reader.open_claim()
    open_claim(reader, segment, number)


def _svc(reader: Remittance, segment: list[str], number: int) -> None:
    reader.table = LINE
    open_line(reader, segment, number)


def _plb(reader: Remittance, segment: list[str], number: int) -> None:
    """Up to six (reason and reference, amount) pairs; positive takes money away from the provider (X12 RFI 758)."""
    reader.settle()
    reader.table = SUMMARY
    for index in PLB_PAIRS:
        composite, amount = at(segment, index), at(segment, index + 1)
        if composite or amount:
            reason, _, reference = composite.partition(reader.delimiters.component or ":")
            reason = reader.fits(reason, REASON_WIDTH, number, "PLB")
            cents = reader.cents(amount, number, "PLB")
            reader.provider_adjustments.append(ProviderAdjustmentRecord(reason, reference, cents))


def _outside(reader: Remittance, segment: list[str], number: int) -> None:
    reader.out.append(Notice(number, segment[0], "outside_claim"))


BETWEEN_CLAIMS: Table = {"LX": _lx, "CLP": _clp, "PLB": _plb}
NO_CLAIM: Table = {"SVC": _outside, "CAS": _outside, **BETWEEN_CLAIMS}
HEADER: Table = {
    "BPR": _bpr, "TRN": _trn, "DTM": _header_dtm, "N1": _n1, "REF": _header_ref, "TS3": _ts3, **NO_CLAIM,
}  # fmt: skip
DETAIL: Table = {"TS3": _ts3, "N1": _n1_again, **NO_CLAIM}
CLAIM: Table = {**CLAIM_SEGMENTS, "SVC": _svc, "N1": _n1_again, **BETWEEN_CLAIMS}
LINE: Table = {**LINE_SEGMENTS, "SVC": _svc, "N1": _n1_again, **BETWEEN_CLAIMS}
SUMMARY: Table = NO_CLAIM
KINDS: dict[str, ReaderType] = {"835": Remittance}
