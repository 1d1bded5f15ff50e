"""What the head of a file looks like: its columns, or who sends it. Names that we do not know are kept as marks."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from upstream.ingestion.formats.csv_header import DELIMITERS, KNOWN, LINES_LOOKED_AT
from upstream.ingestion.formats.encoding import decoded

FEWEST_CELLS = 3
Layout = dict[str, list[str]]


def layout_of(head: bytes, kind: str, marked: Callable[[str], str]) -> Layout:
    """Column names of a CSV, or sender and version of an X12 file, from its first bytes; {} for others.

    A column that is none of ours may be named after anything: `marked` turns its name into a mark without meaning.
    """
    if kind == "csv":
        return {"columns": _columns(decoded(head).splitlines()[:LINES_LOOKED_AT], marked)}
    if kind == "x12":
        return _envelope(decoded(head))
    return {}


def _columns(lines: Sequence[str], marked: Callable[[str], str]) -> list[str]:
    """Those of the row with the most names that we know, else of the first row with three cells."""
    best: list[str] = []
    most = -1
    for line in lines:
        for delimiter in DELIMITERS:
            cells = [_named(cell) for cell in _cells(line, delimiter)]
            known = sum(cell in KNOWN for cell in cells)
            if len(cells) >= FEWEST_CELLS and known > most:
                best, most = cells, known
    return sorted({cell if cell in KNOWN else marked(cell) for cell in best if cell})


def _named(cell: str) -> str:
    return "_".join(cell.strip().strip("\ufeff").lower().replace("-", " ").split())


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _envelope(text: str) -> Layout:
    """Who sends the first interchange (ISA06), and the version of its first group (GS08)."""
    start = text.find("ISA")
    separator = re.escape(text[start + 3 : start + 4])
    if start < 0 or not separator:
        return {}
    sender = re.compile(rf"ISA{separator}(?:[^{separator}]*{separator}){{5}}([^{separator}]{{1,20}}){separator}").match(
        text, start
    )
    version = re.compile(rf"GS{separator}(?:[^{separator}]*{separator}){{7}}([A-Z0-9]+)").search(text, start)
    return {
        part: [found[1].strip()] for part, found in (("senders", sender), ("versions", version)) if found is not None
    }


def unseen(now: Mapping[str, Any], earlier: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """What was in no earlier layout ("new"), and what was in all of them and is gone ("gone"); {} when alike."""
    before = [layout for layout in earlier if layout]
    found: dict[str, list[str]] = {}
    if not before:
        return found
    for part, values in now.items():
        known = [set(layout.get(part, [])) for layout in before]
        new = sorted(set(values) - set().union(*known))
        gone = sorted(set.intersection(*known) - set(values)) if part == "columns" else []
        found |= {f"{word}_{part}": names for word, names in (("new", new), ("gone", gone)) if names}
    return found
