"""What single codes and numbers of an 835 say, apart from where they stand."""

import re
from functools import lru_cache
from typing import NamedTuple

PATIENT_SHARES = frozenset({"1", "2", "3", "66", "100", "142", "187", "241", "247", "248", "293"})
PRIOR_PAYER = "23"
NOBODY = frozenset({
    "", "NA", "NONE", "NULL", "UNKNOWN", "MISSING", "UNAVAILABLE", "NOTAVAILABLE", "NOTPROVIDED", "NOTGIVEN",
    "NOTAPPLICABLE", "NOACCOUNT", "NOACCOUNTNUMBER", "NOPATIENTACCOUNT", "PATIENTACCOUNT", "PATIENTACCOUNTNUMBER",
})  # fmt: skip
LIKELY_COMPONENTS = ":>^|"
CODE_WIDTH, MODIFIER_WIDTH, REVENUE_WIDTH, COMPOSITE_WIDTH = 16, 4, 8, 160


class Procedure(NamedTuple):
    """What a procedure composite names; a revenue code stands in `revenue`, not in `code`."""

    code: str = ""
    modifiers: str = ""
    revenue: str = ""


def procedure_of(composite: str, component: str) -> Procedure:
    """SVC01 or SVC06 taken apart; files that declare one component separator and use another are understood."""
    return _procedure(composite[:COMPOSITE_WIDTH], component)


@lru_cache(maxsize=8192)
def _procedure(composite: str, component: str) -> Procedure:
    parts = composite.split(component) if component else [composite]
    if len(parts) == 1 and composite[2:3] and composite[2:3] in LIKELY_COMPONENTS:
        parts = composite.split(composite[2])
    if len(parts) == 1:
        return Procedure(composite.strip()[:CODE_WIDTH])
    qualifier, code = parts[0].strip(), parts[1].strip()
    if qualifier == "NU":
        return Procedure(revenue=code[:REVENUE_WIDTH])
    modifiers = [part.strip()[:MODIFIER_WIDTH] for part in parts[2:6] if part.strip()]
    return Procedure(code[:CODE_WIDTH], ":".join(modifiers))


def names_nobody(account: str) -> bool:
    """Whether an account number is one of the words or noughts that payers put for any number that they have not."""
    if account[-1:].isdigit():
        return not account.strip("0")
    return re.sub("[^A-Z]", "", account.upper()) in NOBODY and not any(map(str.isdigit, account))


def was_allowed(group: str, reason: str) -> bool:
    """Whether a reduction is part of the allowed amount: what the patient or an earlier payer pays (X12 RFI 507)."""
    return reason == PRIOR_PAYER if group == "OA" else group == "PR" and reason in PATIENT_SHARES


def remarks(segment: list[str], places: tuple[int, ...]) -> tuple[str, ...]:
    """The remark codes at these places of a MOA or MIA, as far as there are any."""
    return tuple([code for place in places if place < len(segment) and (code := segment[place].strip())])
