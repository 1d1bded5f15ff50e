"""What an adjudication means: denied, partly denied, paid, or paid nothing for a reason that is no denial.

A paid amount of zero is not a denial and the claim status code 4 is not needed for one (X12 RFI 1423): a denial is
worked out from the adjustment codes. What each code means is data (CarcMap), not code.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, Protocol

from upstream.claims.choices import AdjustmentClass, DenialCategory, Outcome

SMALLEST_CHARGE = 1  # a line of a cent or less only carries a reporting code
DENIED_STATUS = "4"
NO_PAYMENT_DUE = frozenset({"23", "25"})  # forwarded to another payer, priced only
PACKAGED = ("CO", "97")
STATED = {
    "pending": Outcome.PENDING,
    "paid": Outcome.PAID,
    "denied": Outcome.DENIED,
    "partial": Outcome.PARTIAL,
    "reversed": Outcome.REVERSED,
}
PRIORITY = {category.value: place for place, category in enumerate(DenialCategory)}


class Adjustment(Protocol):
    """One reason for paying less than was billed; `line` is 0 for the whole claim."""

    @property
    def line(self) -> int: ...
    @property
    def group(self) -> str: ...
    @property
    def carc(self) -> str: ...
    @property
    def cents(self) -> int: ...


class Line(Protocol):
    """One service line of an adjudication."""

    @property
    def number(self) -> int: ...
    @property
    def billed_cents(self) -> int: ...
    @property
    def paid_cents(self) -> int | None: ...
    @property
    def remark_codes(self) -> Sequence[str]: ...


class Adjudicated(Protocol):
    """One adjudication; `status` is "" where it must be worked out."""

    @property
    def status(self) -> str: ...
    @property
    def claim_status_code(self) -> str: ...
    @property
    def reversal(self) -> bool: ...
    @property
    def billed_cents(self) -> int: ...
    @property
    def paid_cents(self) -> int: ...
    @property
    def lines(self) -> Sequence[Line]: ...
    @property
    def adjustments(self) -> Sequence[Adjustment]: ...
    @property
    def remark_codes(self) -> Sequence[str]: ...


class Decision(NamedTuple):
    """An outcome and, when something was denied, the reason that counts; "" otherwise."""

    outcome: Outcome
    category: str = ""
    group: str = ""
    carc: str = ""


@dataclass(frozen=True, slots=True)
class CarcMap:
    """What each claim adjustment reason code means, as one version of the shipped or the tenant's table says.

    `finer` are the categories that remark codes give to denials for a reason code that says little by itself.
    """

    meanings: Mapping[str, tuple[str, AdjustmentClass]]
    finer: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, str]], remarks: Iterable[tuple[str, str, str]] = ()) -> "CarcMap":
        """The map of (carc, category, class) and (remark, category, carcs) rows; later rows replace earlier ones."""
        finer: dict[str, dict[str, str]] = {}
        for remark, category, carcs in remarks:
            for carc in carcs.split():
                finer.setdefault(carc, {})[remark] = category
        return cls({carc: (category, AdjustmentClass(kind)) for carc, category, kind in rows}, finer)

    def knows(self, carc: str) -> bool:
        """False for a code that the table has not: worth a visible notice, as a new code is a sign in itself."""
        return carc in self.meanings

    def category(self, carc: str) -> str:
        """The denial category of a code; UNSPEC when the code is unknown or is no denial by itself."""
        category = self.meanings.get(carc, ("",))[0]
        return category if category in PRIORITY else DenialCategory.UNSPEC.value


def classify(group: str, carc: str, carcs: CarcMap) -> AdjustmentClass:
    """What one adjustment does: the code says why, the group only who owes.

    A contractual reduction under PR is a balance bill (X12 RFI 2601); an unknown code is the patient's share under PR
    and a denial without a usable reason otherwise.
    """
    known = carcs.meanings.get(carc)
    if known is None:
        return AdjustmentClass.PATIENT if group == "PR" else AdjustmentClass.DENIAL
    if known[1] is AdjustmentClass.CONTRACT and group == "PR":
        return AdjustmentClass.PATIENT
    return known[1]


def outcome_of(record: Adjudicated, carcs: CarcMap) -> Decision:
    """The decision of one adjudication; a stated status wins, and then only the reason is worked out."""
    if record.status:
        stated = STATED[record.status]
        denied = stated in (Outcome.DENIED, Outcome.PARTIAL)
        return _because(stated, record.adjustments, record, carcs) if denied else Decision(stated)
    if record.reversal:
        return Decision(Outcome.REVERSED)
    unpaid = record.paid_cents <= 0
    if record.claim_status_code in NO_PAYMENT_DUE:
        return Decision(Outcome.ZERO_OTHER)
    if not record.adjustments and unpaid and record.claim_status_code == DENIED_STATUS:
        return Decision(Outcome.DENIED, DenialCategory.UNSPEC.value)
    denials = [reason for reason in record.adjustments if _counts(reason, record, carcs)]
    refused = _refused(record, denials, carcs) if denials else _Refused.NOTHING
    if refused is _Refused.NOTHING:
        return Decision(Outcome.ZERO_OTHER if unpaid else Outcome.PAID)
    return _because(Outcome.DENIED if refused is _Refused.ALL else Outcome.PARTIAL, denials, record, carcs)


class _Refused(Enum):
    NOTHING = 0
    SOME = 1
    ALL = 2


def _counts(reason: Adjustment, record: Adjudicated, carcs: CarcMap) -> bool:
    """Whether this adjustment refuses money: a packaged line of a paid claim (CO 97) does not."""
    if classify(reason.group, reason.carc, carcs) is not AdjustmentClass.DENIAL:
        return False
    packaged = reason.line > 0 and record.paid_cents > 0 and (reason.group, reason.carc) == PACKAGED
    return not packaged


def _refused(record: Adjudicated, denials: Sequence[Adjustment], carcs: CarcMap) -> _Refused:
    """How much of the claim was refused: all when every line that counts was, or when the whole claim's sums say so."""
    if not record.lines or any(reason.line == 0 for reason in denials):
        return _part(record.billed_cents, record.paid_cents, record.adjustments, denials, carcs)
    parts = {
        _part(
            line.billed_cents,
            line.paid_cents or 0,
            [reason for reason in record.adjustments if reason.line == line.number],
            [reason for reason in denials if reason.line == line.number],
            carcs,
        )
        for line in record.lines
        if line.billed_cents > SMALLEST_CHARGE
    }
    if parts == {_Refused.ALL}:
        return _Refused.ALL
    return _Refused.SOME if parts - {_Refused.NOTHING} else _Refused.NOTHING


def _part(
    billed: int, paid: int, reasons: Sequence[Adjustment], denials: Sequence[Adjustment], carcs: CarcMap
) -> _Refused:
    """How much of one line (or of a claim without lines) was refused; what the patient owes was not."""
    denied = sum(reason.cents for reason in denials)
    if denied <= 0:
        return _Refused.NOTHING
    sums = dict.fromkeys(AdjustmentClass, 0)
    for reason in reasons:
        sums[classify(reason.group, reason.carc, carcs)] += reason.cents
    settled = sums[AdjustmentClass.CONTRACT] + sums[AdjustmentClass.COBADJ]
    if paid > 0 or sums[AdjustmentClass.PATIENT] > 0 or denied < billed - settled:
        return _Refused.SOME
    return _Refused.ALL


def _because(outcome: Outcome, reasons: Sequence[Adjustment], record: Adjudicated, carcs: CarcMap) -> Decision:
    """The outcome with the denial reason that comes first in priority, then in the order given."""
    best: tuple[str, Adjustment] | None = None
    rank = len(PRIORITY)
    for reason in reasons:
        if classify(reason.group, reason.carc, carcs) is AdjustmentClass.DENIAL:
            category = carcs.category(reason.carc)
            if reason.carc in carcs.finer:
                category = _finer(reason, record, carcs.finer[reason.carc]) or category
            place = PRIORITY[category]
            if place < rank:
                best, rank = (category, reason), place
    if best is None:
        first = reasons[0] if reasons else None
        return Decision(outcome, DenialCategory.UNSPEC.value, first.group if first else "", first.carc if first else "")
    return Decision(outcome, best[0], best[1].group, best[1].carc)


def _finer(reason: Adjustment, record: Adjudicated, by_remark: Mapping[str, str]) -> str:
    """The category that the remarks of the reason's line, else of the claim, give it; "" where they give none."""
    of_line = [line.remark_codes for line in record.lines if line.number == reason.line]
    for remarks in (*of_line, record.remark_codes):
        found = [by_remark[remark] for remark in remarks if remark in by_remark]
        if found:
            return min(found, key=PRIORITY.__getitem__)
    return ""


def denial_words(category: str) -> str:
    """Our own plain words for a denial category key, "reason not given" for one that we do not have."""
    known = category if category in PRIORITY else DenialCategory.UNSPEC.value
    return str(DenialCategory(known).label)


# First code of each range and our own name for it; codes of letters compare after digits. Ranges, not descriptors.
OTHER = "other medical services"
PROCEDURE_RANGES: tuple[tuple[str, str], ...] = (
    ("00100", "anesthesia"), ("02000", ""), ("10004", "surgery: skin"), ("20005", "surgery: bones and joints"),
    ("30000", "surgery: lungs and nose"), ("33016", "surgery: heart and vessels"),
    ("38100", "surgery: blood and lymph"), ("40490", "surgery: digestive"), ("50010", "surgery: urinary"),
    ("54000", "surgery: reproductive"), ("60000", "surgery: glands"), ("61000", "surgery: nerves and spine"),
    ("65091", "surgery: eye and ear"), ("70010", "imaging: plain"), ("70450", "imaging: CT"),
    ("70500", "imaging: plain"), ("70540", "imaging: MR"), ("70560", "imaging: plain"), ("71250", "imaging: CT"),
    ("71276", "imaging: plain"), ("71550", "imaging: MR"), ("71556", "imaging: plain"), ("72125", "imaging: CT"),
    ("72141", "imaging: MR"), ("72160", "imaging: plain"), ("72191", "imaging: CT"), ("72195", "imaging: MR"),
    ("72199", "imaging: plain"), ("73200", "imaging: CT"), ("73218", "imaging: MR"), ("73226", "imaging: plain"),
    ("73700", "imaging: CT"), ("73718", "imaging: MR"), ("73726", "imaging: plain"), ("74150", "imaging: CT"),
    ("74181", "imaging: MR"), ("74186", "imaging: plain"), ("75557", "imaging: MR"), ("75566", "imaging: CT"),
    ("75600", "imaging: plain"), ("76380", "imaging: CT"), ("76390", "imaging: MR"), ("76392", "imaging: plain"),
    ("76506", "imaging: ultrasound"), ("77001", "imaging: plain"), ("77046", "imaging: MR"),
    ("77050", "imaging: mammography"), ("77068", "imaging: plain"), ("77261", "radiation treatment"),
    ("78012", "imaging: nuclear"), ("78429", "imaging: PET"), ("78435", "imaging: nuclear"),
    ("78459", "imaging: PET"), ("78460", "imaging: nuclear"), ("78491", "imaging: PET"),
    ("78493", "imaging: nuclear"), ("78608", "imaging: PET"), ("78610", "imaging: nuclear"),
    ("78811", "imaging: PET"), ("78817", "imaging: nuclear"), ("80047", "laboratory"), ("90281", "vaccines"),
    ("90785", "psychotherapy"), ("90900", OTHER), ("90935", "dialysis"), ("91000", OTHER),
    ("92920", "heart tests and procedures"), ("93800", OTHER), ("95700", "nerve and sleep tests"), ("96040", OTHER),
    ("96360", "infusions"), ("96570", OTHER), ("97010", "therapy: untimed"), ("97032", "therapy: timed"),
    ("97150", "therapy: untimed"), ("97151", "behavior analysis"), ("97159", OTHER), ("97161", "therapy: untimed"),
    ("97530", "therapy: timed"), ("97597", OTHER), ("98000", "telehealth"), ("98017", OTHER),
    ("99202", "office visit, new"), ("99206", OTHER), ("99211", "office visit, established"),
    ("99217", "hospital visit"), ("99242", "consultation"), ("99256", OTHER), ("99281", "emergency visit"),
    ("99289", OTHER), ("99291", "hospital visit"), ("99293", OTHER), ("99304", "nursing facility or home visit"),
    ("99351", OTHER), ("99381", "preventive visit"), ("99430", OTHER), ("99441", "telehealth"), ("99444", OTHER),
    ("A0021", "ambulance"), ("A1000", "supplies"), ("B4000", "supplies"), ("C1000", "hospital outpatient items"),
    ("D0100", "dental"), ("E0100", "equipment"), ("G0008", "Medicare services"), ("H0001", "behavioral health"),
    ("J0100", "drugs"), ("K0001", "equipment"), ("L0100", "equipment"), ("M0000", OTHER), ("P2000", "laboratory"),
    ("Q0000", OTHER), ("S0000", OTHER), ("T1000", "Medicaid services"), ("V2020", "vision and hearing"),
    ("W0000", ""),
)  # fmt: skip
RANGE_STARTS = [start for start, _ in PROCEDURE_RANGES]
CODE_LENGTH = 5


@lru_cache(maxsize=8192)
def procedure_group(code: str) -> str:
    """Our own name for the range that a CPT or HCPCS code lies in; "" for a code that is neither."""
    if len(code) != CODE_LENGTH or not code.isalnum() or not code[1:4].isdigit():
        return ""
    place = bisect_right(RANGE_STARTS, code) - 1
    return PROCEDURE_RANGES[place][1] if place >= 0 else ""
