"""The money and the reasons of FHIR adjudications, made into what an 835 says with CAS.

Equal meanings: deductible PR 1, coinsurance PR 2, copay PR 3, blood deductible PR 66, prior payer OA 23, and what was
charged over the allowed amount CO 45. Refused money without a reason becomes an adjustment without group and code:
its category stays unknown, and it is never taken for paid.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from upstream.ingestion.formats.fhir_values import Coded, Node, cents_of, codings, has_code, nodes
from upstream.ingestion.records import AdjustmentRecord

# CMS's own names of amounts go before the general category beside them, which is wrong for some.
VARIABLES = {
    "line_sbmtd_chrg_amt": "submitted", "rev_cntr_tot_chrg_amt": "submitted", "clm_tot_chrg_amt": "submitted",
    "line_alowd_chrg_amt": "eligible", "nch_carr_clm_sbmtd_chrg_amt": "submitted",
    "nch_carr_clm_alowd_amt": "eligible", "line_nch_pmt_amt": "benefit", "rev_cntr_pmt_amt_amt": "benefit",
    "clm_pmt_amt": "benefit", "cvrd_d_plan_pd_amt": "benefit", "line_prvdr_pmt_amt": "paidtoprovider",
    "rev_cntr_prvdr_pmt_amt": "paidtoprovider", "line_bene_ptb_ddctbl_amt": "deductible",
    "rev_cntr_cash_ddctbl_amt": "deductible", "rev_cntr_blood_ddctbl_amt": "blood", "line_coinsrnc_amt": "coinsurance",
    "rev_cntr_coinsrnc_wge_adjstd_c": "coinsurance", "rev_cntr_rdcd_coinsrnc_amt": "",
    "line_bene_prmry_pyr_pd_amt": "priorpayerpaid", "rev_cntr_1st_msp_pd_amt": "priorpayerpaid",
    "rev_cntr_ncvrd_chrg_amt": "noncovered", "rev_cntr_rate_amt": "", "tot_rx_cst_amt": "submitted",
    "gdc_blw_oopt_amt": "", "gdc_abv_oopt_amt": "", "rptd_gap_dscnt_num": "", "lics_amt": "", "ptnt_pay_amt": "",
}  # fmt: skip
MEANINGS = frozenset({
    "submitted", "eligible", "benefit", "deductible", "coinsurance", "copay", "noncovered", "discount",
    "priorpayerpaid", "paidtoprovider",
})  # fmt: skip
SHARES = (
    ("deductible", "PR", "1"), ("coinsurance", "PR", "2"), ("copay", "PR", "3"), ("blood", "PR", "66"),
    ("priorpayerpaid", "OA", "23"), ("discount", "CO", "45"),
)  # fmt: skip
GROUP_SYSTEM = re.compile(r"claim-adjustment-group|ANSI-GRP|-cagc\b|/1033$", re.IGNORECASE)
REASON_SYSTEM = re.compile(r"claim-?adjustment-?reason|ANSI-RSN|-carc\b|/1034$", re.IGNORECASE)
REMARK_SYSTEM = re.compile(r"remittance-?advice-?remark|-rarc\b|/411$", re.IGNORECASE)
JOINED_SYSTEM = re.compile(r"_ansi_cd$", re.IGNORECASE)
JOINED = re.compile(r"(CO|PR|OA|PI|CR)[ -]?([A-Z]?\d{1,3})", re.IGNORECASE | re.ASCII)
REASON = re.compile(r"[A-Z]{0,2}\d{1,3}", re.IGNORECASE | re.ASCII)
CONTRACTUAL = frozenset({"45", "253"})
STATUSES = frozenset({"paid", "denied", "partiallypaid"})


@dataclass
class Reason:
    """One adjustment reason; `cents` is None where no amount stands with it."""

    group: str
    carc: str
    cents: int | None = None


@dataclass
class Slices:
    """What the adjudications of one line, or of the whole claim, say. `status` is "" or one of STATUSES."""

    amounts: dict[str, int] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    status: str = ""
    unreadable: bool = False

    @property
    def paid(self) -> int | None:
        return self.amounts.get("benefit", self.amounts.get("paidtoprovider"))


def slices_of(adjudications: Iterable[Node], into: Slices | None = None) -> Slices:
    """Adjudications sorted by what they mean; the first amount of a meaning counts, others are the same told again."""
    found = into or Slices()
    for adjudication in adjudications:
        meaning = _meaning(codings(adjudication.get("category")))
        money = adjudication.get("amount")
        cents = cents_of(money) if money is not None else None
        found.unreadable = found.unreadable or (money is not None and cents is None)
        if meaning and cents is not None:
            found.amounts.setdefault(meaning, cents)
        for reason in nodes(adjudication, "reason"):
            _reason(found, reason, None if meaning else cents)
    return found


def _meaning(categories: list[Coded]) -> str:
    for category in categories:
        name = category.code.rpartition("/")[2]
        if name in VARIABLES:
            return VARIABLES[name]
    return next((category.code for category in categories if category.code in MEANINGS), "")


def _reason(found: Slices, concept: Node, cents: int | None) -> None:
    """One reason: group and code as two codings, as one joined one ("CO120"), or a remark, or a payment status."""
    group = carc = ""
    for system, code in codings(concept):
        joined = JOINED.fullmatch(code)
        if joined and (JOINED_SYSTEM.search(system) or REASON_SYSTEM.search(system) or not system):
            group, carc = joined[1].upper(), joined[2].upper()
        elif GROUP_SYSTEM.search(system):
            group = group or code.upper()[:2]
        elif REASON_SYSTEM.search(system) and REASON.fullmatch(code):
            carc = carc or code.upper()
        elif REMARK_SYSTEM.search(system) and code.upper() not in found.remarks:
            found.remarks.append(code.upper()[:8])
    if carc:
        found.reasons.append(Reason(group, carc, cents))
    if not found.status:
        found.status = next((status for status in STATUSES if has_code(concept, status)), "")


def adjustments_of(line: int, slices: Slices, *, billed: int, paid: int | None) -> list[AdjustmentRecord]:
    """The adjustments of one line (0: of the claim) in the order told, and what the amounts say besides.

    A reason without an amount takes the amount of its meaning, else what was not covered, else what is unexplained.
    """
    amounts = dict(slices.amounts)
    told = {reason.carc for reason in slices.reasons}
    for reason in slices.reasons:
        if reason.cents is None:
            meaning = next((name for name, _, carc in SHARES if carc == reason.carc), "")
            reason.cents = amounts.pop(meaning, None) if meaning else None
    adjusted = [AdjustmentRecord(line, r.group, r.carc, r.cents) for r in slices.reasons if r.cents is not None]
    adjusted += [
        AdjustmentRecord(line, group, carc, amounts[name])
        for name, group, carc in SHARES
        if amounts.get(name) and carc not in told
    ]
    open_reasons = [reason for reason in slices.reasons if reason.cents is None]
    rest = billed - (paid or 0) - sum(each.cents for each in adjusted)
    refused = min(max(amounts.get("noncovered", 0), 0), max(rest, 0))
    over = min(_over_allowed(amounts, billed, refused), rest - refused)
    if over > 0 and not told & CONTRACTUAL and "discount" not in amounts:
        adjusted.append(AdjustmentRecord(line, "CO", "45", over))
        rest -= over
    for reason in open_reasons:
        taken = refused or max(rest, 0)
        adjusted.append(AdjustmentRecord(line, reason.group, reason.carc, taken))
        rest, refused = rest - taken, 0
    unexplained = paid == 0 and not amounts.get("eligible") and not adjusted
    if not refused and (unexplained or (slices.status == "denied" and not paid)):
        refused = rest
    if refused > 0:
        adjusted.append(AdjustmentRecord(line, "", "", refused))
    return adjusted


def _over_allowed(amounts: dict[str, int], billed: int, refused: int) -> int:
    """What was charged over a positive allowed amount: a reduction by contract, no refusal."""
    eligible = amounts.get("eligible", 0)
    return billed - eligible - refused if eligible > 0 else 0
