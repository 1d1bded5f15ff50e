"""Why the demo payers deny: group, CARC and remark codes with the weight each has, and what the office does about it.

The weights follow the category bands of physician groups (data, eligibility, other payer and duplicates 35-55 %,
authorization 8-20 %, medical necessity 4-15 %, not covered and limits 10-25 %, bundling and coding 8-20 %).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

REFILE = "refile"
APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class Reason:
    """One way to deny a claim; `worked` is the share that the office works, by a corrected claim or an appeal."""

    group: str
    carc: str
    category: str
    weight: float
    remarks: tuple[str, ...] = ("",)
    worked: float = 0.92
    route: str = REFILE
    tilt: Mapping[str, float] = field(default_factory=dict)  # weight factor by procedure family

    @property
    def code(self) -> str:
        """Group and CARC as a claims file writes them: "CO-197"."""
        return f"{self.group}-{self.carc}"


AUTH_TILT = {"imaging": 1.7, "surgery": 2.0, "visit": 0.65, "lab": 0.6}
NEED_TILT = {"imaging": 1.3, "injection": 1.6, "surgery": 1.5, "visit": 0.7, "lab": 1.4}

REASONS: tuple[Reason, ...] = (
    Reason("CO", "16", "DATA", 20, ("M76", "M51", "N382", "M53"), worked=0.96),
    Reason("CO", "27", "ELIG", 8, ("N30",), worked=0.85),
    Reason("CO", "31", "ELIG", 5, ("N382",), worked=0.92),
    Reason("CO", "22", "COB", 8, ("MA04",), worked=0.92),
    Reason("OA", "18", "DUP", 4, ("N522",), worked=0.4),
    Reason("CO", "197", "AUTH", 11, ("M62",), route=APPEAL, tilt=AUTH_TILT),
    Reason("CO", "15", "AUTH", 3, ("M62",), tilt=AUTH_TILT),
    Reason("CO", "50", "MEDNEC", 9, ("N115", "N386"), route=APPEAL, tilt=NEED_TILT),
    Reason("CO", "96", "NONCOV", 7, ("N130",), worked=0.88, route=APPEAL),
    Reason("PR", "204", "NONCOV", 3, ("N130",), worked=0.75, route=APPEAL),
    Reason("CO", "119", "LIMIT", 5, ("N362",), worked=0.88, route=APPEAL, tilt={"therapy": 2.5}),
    Reason("CO", "97", "BUNDLE", 6, ("M15",), worked=0.88),
    Reason("CO", "4", "CODING", 4, ("N519",), worked=0.95),
    Reason("CO", "11", "CODING", 3, ("M76",), worked=0.95),
    Reason("CO", "29", "TIMELY", 2, ("N211",), worked=0.7, route=APPEAL),
    Reason("CO", "252", "DOC", 3, ("N706",), worked=0.95),
)

BY_CODE: Mapping[str, Reason] = {reason.code: reason for reason in REASONS}
