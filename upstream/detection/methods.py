"""The versions of the method of detection. One stays as it is once it was in force; a change is a new one beside it.

Faults of the engine that are mended hold for every version: what a version fixes is what is judged, by which evidence.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from upstream.core.errors import Invalid
from upstream.detection.rules import DELAY, DENIAL, PRESENT, UNDERPAYMENT, Fit, Parameters


@dataclass(frozen=True)
class Method:
    """One version: its name as runs keep it, since when it exists, and what it changed, in words."""

    name: str
    since: date
    changes: str
    parameters: Parameters

    def kept(self) -> dict[str, Any]:
        """As it is written into a bundle and shown beside its name."""
        return {"name": self.name, "since": self.since.isoformat(), **asdict(self.parameters)}


METHODS = (
    Method(
        "two-clock 1",
        date(2026, 11, 19),
        "Denials, payment delay and underpayment. Denials per submitted and per decided claim, the weaker of the two; "
        "delay against the payer's own hazards; underpayment against its own past.",
        Parameters(
            {DENIAL: 0.7, DELAY: 0.15, UNDERPAYMENT: 0.15},
            {DENIAL: Fit(2.2, 1.28), DELAY: Fit(1.95, 1.2), UNDERPAYMENT: Fit(2.15, 1.0)},
        ),
    ),
    Method(
        "two-clock 2",
        date(2026, 11, 20),
        "Also down-coding, money taken back, claims without an answer, and denials for a reason never given before. "
        "All share the budget of false incidents, so that the older ones need a little more evidence.",
        PRESENT,
    ),
)
NEWEST = METHODS[-1]
BY_NAME = {method.name: method for method in METHODS}


def named(name: str) -> Method:
    """Invalid for a name that no version has."""
    if name not in BY_NAME:
        raise Invalid("unknown_method", f"there is no method {name!r}")
    return BY_NAME[name]
