#!/usr/bin/env python3
"""Checks the bundle of one incident, with nothing but Python 3.9 or later:  python3 verify.py [FOLDER]

It checks that every file is the one that manifest.json names by its SHA-256, that the cents of the claims add up to
the incident's totals, that the claims behind it are those that its own description picks out of inputs/claims.csv,
and, for denials, that observed, decided, expected and lost come out of those claims again.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NEAR = 1e-6
Row = dict[str, str]
DECIDED, REFUSED, PARTIAL = {"paid", "denied", "partial", "zero_other"}, {"denied", "partial"}, "partial"


def is_same_file(folder: Path, name: str, told: dict[str, Any]) -> bool:
    content = (folder / name).read_bytes()
    return hashlib.sha256(content).hexdigest() == told["sha256"] and len(content) == told["bytes"]


def rows(folder: Path, name: str) -> list[Row]:
    with (folder / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def is_in_place(row: Row, part: dict[str, Any]) -> bool:
    return all(not part[key] or row[key] == part[key] for key in ("procedure_code", "location"))


def began(row: Row, part: dict[str, Any]) -> str:
    return row["decision_week" if part["clock"] == "decision" else "submitted_week"]


def is_inside(row: Row, part: dict[str, Any]) -> bool:
    """Decided in the place since the change began."""
    return row["outcome"] in DECIDED and is_in_place(row, part) and began(row, part) >= part["onset_week"]


def is_bad(row: Row, part: dict[str, Any]) -> bool:
    """Denied for a reason that the incident is about."""
    return row["outcome"] in REFUSED and (not part["denial_reason"] or row["denial_reason"] == part["denial_reason"])


def cost(row: Row) -> int:
    """Cents that the denial costs: one in part leaves what was allowed."""
    price = int(row["price_cents"])
    return max(price - int(row["allowed_cents"]), 0) if row["outcome"] == PARTIAL else price


def denials(claims: list[Row], part: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """Observed, decided, expected, claims' cents and lost cents, and the ids behind, from the claims alone."""
    inside = [row for row in claims if is_inside(row, part)]
    counted = [row for row in inside if row["dear"] == "1"] if part["dear_only"] else inside
    behind = [row for row in counted if is_bad(row, part)]
    lost = float(sum(cost(row) for row in inside if is_bad(row, part)))
    lost -= sum(float(row["chance"]) * int(row["price_cents"]) for row in inside)
    found = {
        "observed": len(behind),
        "decided": len(counted),
        "expected": sum(float(row["chance"]) for row in counted),
        "claims_cents": sum(int(row["price_cents"]) for row in behind),
        "lost_cents": max(round(lost), 0) if part["direction"] == "adverse" else 0,
    }
    return found, {row["claim"] for row in behind}


def checks(folder: Path) -> Iterator[tuple[str, bool]]:
    """(what was checked, whether it holds), one after the other."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, told in sorted(manifest["files"].items()):
        yield f"{name} is the file of the manifest", is_same_file(folder, name, told)
    there = {str(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file()}
    yield "no other file is there", there == {*manifest["files"], "manifest.json"}
    incident = json.loads((folder / "outputs/incident.json").read_text(encoding="utf-8"))
    members, part = rows(folder, "outputs/members.csv"), incident["part"]
    for column, total in (("expected_cents", "claims_cents"), ("lost_cents", "lost_cents")):
        added = sum(int(row[column]) for row in members)
        yield f"{len(members)} claims add up to {total} {incident[total]}: {added}", added == incident[total]
    if part["family"] != "denial":
        return
    found, behind = denials(rows(folder, "inputs/claims.csv"), part)
    yield "the claims behind it are those that it describes", behind == {row["claim"] for row in members}
    for name, value in found.items():
        slack = 1 if name == "lost_cents" else NEAR * max(abs(value), 1)
        yield f"{name} is {incident[name]}, again {value}", abs(value - incident[name]) <= slack


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    wrong = 0
    for words, holds in checks(folder):
        print(("ok     " if holds else "WRONG  ") + words)
        wrong += not holds
    print(f"{wrong} of the checks failed" if wrong else "everything holds")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
