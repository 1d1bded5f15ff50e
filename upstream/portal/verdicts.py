"""Verdicts on innocent causes as the incident page shows them. Pure: a finding in, rows out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from upstream.detection.causes.verdict import Cause, Ruling

NAMES: dict[str, str] = {
    Cause.LATE: "Late posting",
    Cause.FILES: "Missing or double files",
    Cause.BATCH: "One bad file or payment",
    Cause.NAMES: "Payer names",
    Cause.PROCEDURES: "Other procedures",
    Cause.PLACES: "Other places of service",
    Cause.PROVIDERS: "New provider",
    Cause.SITES: "New site",
    Cause.CALENDAR: "Holidays and other events",
    Cause.SCHEDULE: "New fee schedule",
    Cause.RELEASE: "Our own software",
    Cause.CODES: "New meaning of a code",
}
RULINGS: dict[str, tuple[str, str]] = {
    Ruling.RULED_OUT: ("✓", "ruled out"),
    Ruling.POSSIBLE: ("?", "possible"),
    Ruling.EXPLAINS: ("!", "explains it"),
    Ruling.UNKNOWN: ("–", "cannot tell"),
}


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One cause with its verdict as a sign and a word."""

    cause: str
    key: str
    sign: str
    ruling: str
    numbers: str
    words: str


def verdicts_of(finding: Mapping[str, Any]) -> list[VerdictRow]:
    """In the order in which they were looked at, those that are not ruled out first."""
    rows = [_row(kept) for kept in finding.get("verdicts", ())]
    return sorted(rows, key=lambda row: (row.key == Ruling.RULED_OUT, row.key != Ruling.EXPLAINS))


def explained_by(finding: Mapping[str, Any]) -> str:
    """Why people are sent to look at their own side first; "" where nothing innocent explains it."""
    kept = next((v for v in finding.get("verdicts", ()) if v["cause"] == finding.get("innocent")), None)
    return f"{NAMES[kept['cause']]}. {kept['words']}" if kept else ""


def _row(kept: Mapping[str, Any]) -> VerdictRow:
    sign, word = RULINGS[kept["verdict"]]
    return VerdictRow(NAMES[kept["cause"]], kept["verdict"], sign, word, kept["numbers"], kept["words"])
