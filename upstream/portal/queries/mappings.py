"""A file's columns as the page that matches them shows them, and mappings as the pages list them."""

import csv
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField

from upstream.ingestion.formats.columns import FIELDS
from upstream.ingestion.formats.mapping_check import Check
from upstream.ingestion.formats.mapping_table import Table
from upstream.ingestion.formats.profile import Profile
from upstream.ingestion.mapping import Preview
from upstream.portal.mapping_forms import MatchForm

SAMPLES, ROWS = 3, 5
LONGEST_SAMPLE = 40
NEEDED = frozenset({"claim_id", "payer", "billed", "submitted_date", "status", "decided_date"})
SURE, LIKELY = 0.85, 0.6
DOUBTS = {
    "day_order": "Every date here can be read both ways. Look at one that you know before you confirm.",
    "mixed_days": "Some dates here can only be month first, others only day first. Those that do not fit are left out.",
    "decimals": "Every amount here can be read both ways: 1,200 may be 1200.00 or 1.20.",
    "mixed_decimals": "Some amounts are written 1,234.50 and others 1.234,50. Those that do not fit are left out.",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of our columns on the page: its select, whether it is needed, how sure the proposal is, and samples."""

    field: BoundField
    needed: bool
    guess: str
    samples: tuple[str, ...]

    @property
    def matters(self) -> bool:
        return self.needed or bool(self.field.value()) or bool(self.field.errors)


@dataclass(frozen=True, slots=True)
class Section:
    """Our columns under one heading; those that are neither needed nor matched are folded away."""

    title: str
    choices: list[Choice]

    @property
    def shown(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.matters]

    @property
    def folded(self) -> list[Choice]:
        return [choice for choice in self.choices if not choice.matters]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that would be left out: its line, our column, the code, and what stands there ("" where unseen)."""

    position: int
    column: str
    code: str
    text: str


def sections(form: MatchForm, preview: Preview, *, show: bool) -> list[Section]:
    """Every column of ours under its heading; samples only where they may be shown."""
    sure = {guess.column: guess.confidence for guess in preview.proposal.guesses if guess.column}
    found: dict[str, list[Choice]] = {}
    for column, field in FIELDS.items():
        bound = form[f"column-{column}"]
        chosen = str(bound.value() or "")
        proposed = chosen == str(form.fields[f"column-{column}"].initial)
        guess = _words_of(sure.get(column, 0.0)) if chosen and proposed else ""
        samples = samples_of(preview.table, chosen) if show else ()
        found.setdefault(field.group, []).append(Choice(bound, column in NEEDED, guess, samples))
    return [Section(title, choices) for title, choices in found.items()]


def _words_of(confidence: float) -> str:
    if confidence >= SURE:
        return ""
    return "likely" if confidence >= LIKELY else "a guess: please look"


def samples_of(table: Table, place: str) -> tuple[str, ...]:
    """The first different values of a column, cut short."""
    if not place.isdecimal() or int(place) >= len(table.titles):
        return ()
    found: list[str] = []
    for text in (text.strip() for text in table.values(int(place))):
        if text and text[:LONGEST_SAMPLE] not in found:
            found.append(text[:LONGEST_SAMPLE])
        if len(found) == SAMPLES:
            break
    return tuple(found)


def left_out(check: Check, table: Table, profile: Profile, *, show: bool) -> list[LeftOut]:
    """The first rows that would be left out, with what stands in the cell at fault where it may be shown."""
    keys = table.keys
    places = {column: keys.index(key) for key, column in profile.columns.items() if key in keys}
    for column, source in (("submitted_date", profile.submitted_from), ("decided_date", profile.decided_from)):
        if column not in places and source in places:
            places[column] = places[source]
    return [
        LeftOut(
            row.position, row.field, row.code, _cell(row.raw, table.separator, places.get(row.field)) if show else ""
        )
        for row in check.first
    ]


def _cell(raw: bytes, separator: str, place: int | None) -> str:
    if place is None:
        return ""
    try:
        cells: list[str] = next(csv.reader([raw.decode(errors="replace")], delimiter=separator), [])
    except csv.Error:
        return ""
    return cells[place].strip()[:LONGEST_SAMPLE] if place < len(cells) else ""


def told_by(profile: Profile) -> list[tuple[str, str]]:
    """(the file's column, ours) of a mapping in the order of ours."""
    by_column = {column: key for key, column in profile.columns.items()}
    return [(by_column[name], field.label) for name, field in FIELDS.items() if name in by_column]


def first_rows(table: Table) -> list[tuple[int, list[str]]]:
    """The first rows as they stand, cut short."""
    return [(number, [cell.strip()[:LONGEST_SAMPLE] for cell in cells]) for number, cells in table.rows[:ROWS]]


def outcome(check: Check) -> dict[str, Any]:
    """What a check found, in the order in which the page tells it."""
    notices = list(check.notices.items())
    return {
        "check": check,
        "reasons": check.reasons_counted,
        "notices": notices,
        "statuses": sorted(check.statuses.items(), key=lambda item: -item[1]),
    }
