"""Claims as they are sent: the 837 professional, institutional and dental (005010X222, X223, X224), also 4010.

One ClaimRecord per CLM, undecided. One without number or charge, or a line without a claim, becomes a RejectedRow whose
`raw` is a small interchange of its own (envelope, provider, subscriber, patient and claim), so that it can be mended
and read again. Which of the three forms a claim has is told by its lines, as guide names in ST03 and GS08 may lie.
"""

import re

from upstream.ingestion.formats.kept import KEPT_CLAIM, KEPT_CONTEXT, Kept, alone
from upstream.ingestion.formats.loops import ROOT, Row, Take, code, first_day, tables, words
from upstream.ingestion.formats.tokenizer import Delimiters
from upstream.ingestion.formats.transaction import Handler, Table, at
from upstream.ingestion.formats.x12_835_claim import PRODUCTS
from upstream.ingestion.formats.x12_837_claim import (
    CONTROL_WIDTH,
    NPI,
    NPI_WIDTH,
    ClaimInHand,
    ClaimReader,
    hi,
    line_authorization,
    line_control,
    line_day,
    line_rendering,
    open_claim,
    orphan,
    sv1,
    sv2,
    sv3,
)
from upstream.ingestion.records import ClaimRecord, Notice, PatientRecord, Record, RejectedRow

PAYER_ORDERS = {code: order for order, code in enumerate("PSTABCDEFGH", start=1)}  # SBR01
GUIDE = re.compile(r"X([0-9]{3})")
FORMS = {
    **dict.fromkeys(("098", "222", "291", "298"), "SV1"),
    **dict.fromkeys(("096", "223", "292", "299"), "SV2"),
    **dict.fromkeys(("097", "224", "293", "300"), "SV3"),
}
REPLACEMENTS = frozenset({"7", "8"})
PERSON, RENDERING = "1", "82"
ID_WIDTH = 80
CLAIM_LEVEL = 4


class Claims(ClaimReader):
    """One 837 in hand: provider, subscriber and patient as facts of their levels, and the claim being read."""

    closes = frozenset({"CLM", "HL", "SE"})
    unit = depth = CLAIM_LEVEL
    expected = "CLM"

    def __init__(self, out: list[Record], position: int, delimiters: Delimiters) -> None:
        super().__init__(out, position, delimiters)
        self.kept = [Kept(KEPT_CONTEXT) for _ in range(CLAIM_LEVEL)] + [Kept(KEPT_CLAIM)]

    def descend(self, loop: str, level: int) -> None:
        super().descend(loop, level)
        for kept in self.kept[level:]:
            kept.clear()

    def pass_over(self, segment: list[str], number: int) -> None:
        """What stands before a claim is kept in case the claim is refused; so is all of a refused one."""
        super().pass_over(segment, number)
        if self.level < CLAIM_LEVEL or self.hand.fault is not None:
            self.kept[self.level].add(segment)

    def refuse(self, segment: list[str], fault: tuple[str, str]) -> None:
        self.hand.fault = fault
        self.kept[CLAIM_LEVEL].add(segment)
        self.enter("refused")

    def close(self) -> None:
        """The claim in hand is whole and goes to `out`, or to the quarantine."""
        self.in_claim = False
        hand = self.hand
        if hand.fault is not None:
            self.tell(RejectedRow(hand.claim.position, *hand.fault, alone(self.opening, self.kept, self.delimiters)))
        else:
            self.tell(self._finished(hand))

    def _finished(self, hand: ClaimInHand) -> ClaimRecord:
        claim, billing = hand.claim, self.text("billing_name")
        claim.payer_name = self.text("payer_name")
        claim.payer_id = self.text("payer_id")
        claim.product = PRODUCTS.get(self.text("filing"), self.text("filing"))
        claim.payer_order = PAYER_ORDERS.get(self.text("order"), 1)
        claim.location = self.text("facility") or billing
        claim.submitted_date = self.sent_on()
        service_day = self.day_of("service_day")
        claim.service_date = hand.first_day or service_day or self.day_of("statement_day", "admission_day")
        claim.billing_npi = self.text("billing_npi")
        treating = (self.text("rendering_npi"), hand.line_npi, self.text("attending_npi"), self.text("alone_npi"))
        claim.rendering_npi = next(filter(None, treating), "")
        claim.authorization_number = self.text("authorization") or hand.line_authorization
        claim.original_control_number = self.text("original_control")
        claim.lines = hand.lines
        for line in hand.lines:
            line.service_date = line.service_date or service_day
        claim.patient = self._patient(claim.claim_number)
        self._say_what_is_odd(hand)
        return claim

    def _patient(self, account: str) -> PatientRecord:
        """The patient when one is named, else the subscriber; in 4010 patients may have a member id of their own."""
        who = "patient_" if self.text("patient_last") else ""
        return PatientRecord(
            first_name=self.text(who + "first"),
            last_name=self.text(who + "last"),
            birth_date=self.day_of(who + "born"),
            member_id=self.text("patient_id") or self.text("member_id"),
            account=account,
        )

    def _say_what_is_odd(self, hand: ClaimInHand) -> None:
        claim = hand.claim
        named = GUIDE.search(at(self.opening.st, 3) or at(self.opening.gs, 8))
        expected = FORMS.get(named[1], "") if named else ""
        if (hand.form or expected) == "SV2" or hand.bill_type:
            claim.place_of_service = ""  # CLM05-1 is the type of bill there
        odd = {
            ("NM1*PR", "missing_value"): not claim.payer_name and not claim.payer_id,
            ("LX", "missing_segment"): not hand.lines,
            ("CLM02", "charges_differ"): bool(hand.lines) and hand.charges != claim.billed_cents,
            ("ST03", "wrong_guide"): bool(hand.form and expected) and hand.form != expected,
            ("REF*F8", "missing_value"): claim.frequency_code in REPLACEMENTS and not claim.original_control_number,
        }
        self.out += [Notice(claim.position, *what) for what, found in odd.items() if found]


def _billing(reader: Claims, segment: list[str], number: int) -> None:
    """The billing provider; one who bills alone is the one who treats, where no other is named."""
    person = at(segment, 2) == PERSON
    names = [at(segment, 4), at(segment, 3)] if person else [at(segment, 3)]
    reader.facts.setdefault("billing_name", words(reader, " ".join(filter(None, names)), number, "NM103"))
    if at(segment, 8) == NPI:
        npi = reader.fits(at(segment, 9), NPI_WIDTH, number, "NM109")
        reader.facts.setdefault("billing_npi", npi)
        if person:
            reader.facts.setdefault("alone_npi", npi)


def _treating(reader: Claims, segment: list[str], number: int) -> None:
    """Who rendered the service; a hospital names who attends instead."""
    if at(segment, 8) == NPI:
        npi = reader.fits(at(segment, 9), NPI_WIDTH, number, "NM109")
        reader.facts.setdefault("rendering_npi" if at(segment, 1) == RENDERING else "attending_npi", npi)


def _keep(reader: Claims, segment: list[str], number: int) -> None:
    reader.pass_over(segment, number)


def _keeping(handler: Handler) -> Handler:
    """The handler, and the segment is kept while the reader still stands before a claim."""

    def handle(reader: Claims, segment: list[str], number: int) -> None:
        handler(reader, segment, number)
        if reader.level < CLAIM_LEVEL:
            reader.kept[reader.level].add(segment)

    return handle


LEVELS = {"2000A": 1, "2000B": 2, "2000C": 3, "2300": CLAIM_LEVEL}
CONTEXT = f"{ROOT} 2000A 2000B 2000C"
WITHIN = "2300 2320 2400 2430"  # 2320: what another payer did; 2430: with this line
NAME_AND_ID = (Take(3, "last", words), Take(4, "first", words), Take(9, "member_id", words))
LINE_SEGMENTS: dict[str, Handler] = {"SV1": sv1, "SV2": sv2, "SV3": sv3}
ROWS = (
    Row(ROOT, "BHT", takes=(Take(4, "made_on", first_day),)),
    Row("", "HL", "20", "2000A", then=_keep),
    Row("", "HL", "22", "2000B", then=_keep),
    Row("", "HL", "", "2000C", then=_keep),
    Row(f"{ROOT} 2000A", "NM1", "85", then=_billing),
    Row("2000B", "SBR", takes=(Take(1, "order", code(1)), Take(9, "filing", code(2)))),
    Row("2000B", "NM1", "IL", takes=NAME_AND_ID),
    Row("2000B", "DMG", takes=(Take(2, "born", first_day),)),
    Row("2000B", "NM1", "PR", takes=(Take(3, "payer_name", words), Take(9, "payer_id", code(ID_WIDTH)))),
    Row("2000C", "NM1", "QC", takes=(
        Take(3, "patient_last", words), Take(4, "patient_first", words), Take(9, "patient_id", words))),
    Row("2000C", "DMG", takes=(Take(2, "patient_born", first_day),)),
    *(Row(CONTEXT, segment) for segment in ("N3", "N4", "REF", "PER", "PRV")),
    Row("", "CLM", opens="2300", then=open_claim),
    *(Row(CONTEXT, segment, opens="2300", then=orphan) for segment in ("LX", *LINE_SEGMENTS)),
    Row("2300", "DTP", "472", takes=(Take(3, "service_day", first_day),)),
    Row("2300", "DTP", "434", takes=(Take(3, "statement_day", first_day),)),
    Row("2300", "DTP", "435", takes=(Take(3, "admission_day", first_day),)),
    Row("2300", "REF", "F8", takes=(Take(2, "original_control", code(CONTROL_WIDTH)),)),
    Row("2300", "REF", "G1", takes=(Take(2, "authorization", code(CONTROL_WIDTH)),)),
    Row("2300", "HI", then=hi),
    Row("2300", "NM1", "82 71", then=_treating),
    Row("2300", "NM1", "77 FA", takes=(Take(3, "facility", words),)),
    Row(WITHIN, "SBR", opens="2320"),
    Row(WITHIN, "LX", opens="2400"),
    *(Row(WITHIN, segment, opens="2400", then=handler) for segment, handler in LINE_SEGMENTS.items()),
    Row("2400", "DTP", "472", then=line_day),
    Row("2400", "REF", "6R", then=line_control),
    Row("2400", "REF", "G1", then=line_authorization),
    Row("2400", "NM1", "82", then=line_rendering),
    Row("2400", "SVD", opens="2430"),
)  # fmt: skip


def _loops() -> dict[str, Table]:
    """The tables, those of the loops before a claim keeping what they are given."""
    found = dict(tables(ROWS, LEVELS, "refused"))
    for loop in CONTEXT.split():
        found[loop] = {name: row if name == "HL" else _keeping(row) for name, row in found[loop].items()}
    return found


Claims.loops = _loops()
KINDS = {"837": Claims}
