"""Checks the bundle of one incident, with nothing but Python 3.9 or later:  python3 verify.py [FOLDER]

Every file is the one that manifest.json names by its SHA-256; the claims behind the incident are those that its own
description picks out of the inputs; its counts, rate and cents come out of the inputs again. What is left is said last.
"""

import csv
import json
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from hashlib import sha256
from itertools import accumulate
from math import exp, log
from pathlib import Path
from statistics import fmean, median
from typing import Any, NamedTuple

NEAR, WEEK, LAGS, YEAR, NEVER = 1e-6, timedelta(days=7), 16, timedelta(weeks=52), date(2900, 1, 1)
INCIDENT, DECIDED, REFUSED = "outputs/incident.json", {"paid", "denied", "partial", "zero_other"}, {"denied", "partial"}
Row = dict[str, str]
Found = tuple[dict[str, Any], set[str]]
UNCHECKED = "evidence, strength, onset and severity; intervals, which are drawn with the seed of run.json"
USUAL = "the usual rate, which rests on other payers, too, and with which expected and lost are worked out"
MORE_UNCHECKED = {
    "delay": "the days to a decision, which rest on the other payers' speed, too; the prices of inputs/claims.csv",
    "down_coding": USUAL,
    "take_backs": f"{USUAL}; which reversals and adjustments tell of one and the same amount",
    "silence": f"{USUAL}; the prices of inputs/claims.csv",
    "underpayment": "the prices of inputs/claims.csv",
    "denial": "the prices and chances of inputs/claims.csv",
}


class Inputs(NamedTuple):
    """Rows of inputs/claims.csv and inputs/events.csv, and the incident as told, with the run's last week."""

    claims: list[Row]
    events: list[Row]
    told: dict[str, Any]


def rows(folder: Path, name: str) -> list[Row]:
    with (folder / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read(folder: Path) -> Inputs:
    run, told = (json.loads((folder / name).read_text(encoding="utf-8")) for name in ("inputs/run.json", INCIDENT))
    claims, events = (rows(folder, f"inputs/{name}.csv") for name in ("claims", "events"))
    return Inputs(claims, events, {**told, "last_week": run["last_week"]})


def monday(text: str) -> date:
    return date.fromisoformat(text) if text else NEVER


def is_in_place(row: Row, part: Mapping[str, Any]) -> bool:
    return all(not part[key] or row[key] == part[key] for key in ("procedure_code", "location"))


def since(of: Inputs) -> list[Row]:
    """Claims of the place since the change began, on the clock that it is told by."""
    part = of.told["part"]
    clock = "decision_week" if part["clock"] == "decision" else "submitted_week"
    return [row for row in of.claims if is_in_place(row, part) and row[clock] >= part["onset_week"]]


def beyond(chosen: Mapping[str, int], decided: int, told: Mapping[str, Any], alone: int = 0) -> Found:
    """Claims, each with its cents, among so many, against as many as the usual rate that is told lets expect."""
    number, cents = len(chosen), sum(chosen.values())
    expected = told["usual_rate"] * decided
    lost = cents + alone - expected * (cents / number if number else 0.0)
    return {
        "observed": number, "decided": decided, "expected": expected, "claims_cents": cents,
        "rate": min(number / max(decided, 1), 1.0), "lost_cents": lost,
    }, set(chosen)  # fmt: skip


def denial_cost(row: Row) -> int:
    """Cents that the denial costs: one in part leaves what was allowed."""
    return max(int(row["price_cents"]) - (row["outcome"] == "partial") * int(row["allowed_cents"]), 0)


def denial(of: Inputs) -> Found:
    """Decided in the place since the change began, and of those the ones denied for a reason that it is about."""
    part = of.told["part"]
    inside = [row for row in since(of) if row["outcome"] in DECIDED]
    bad = [row for row in inside if row["outcome"] in REFUSED and part["denial_reason"] in ("", row["denial_reason"])]
    counted, behind = ([r for r in some if r["dear"] == "1" or not part["dear_only"]] for some in (inside, bad))
    lost = sum(map(denial_cost, bad)) - sum(float(row["chance"]) * int(row["price_cents"]) for row in inside)
    expected = sum(float(row["chance"]) for row in counted)
    return {
        "observed": len(behind), "decided": len(counted), "expected": expected,
        "claims_cents": sum(int(row["price_cents"]) for row in behind), "lost_cents": lost,
        "usual_rate": expected / max(len(counted), 1), "rate": len(behind) / max(len(counted), 1),
    }, {row["claim"] for row in behind}  # fmt: skip


def still_waiting(inside: list[Row], onset: date) -> list[float]:
    """By weeks since submission, the share of the usual claims that were undecided by then."""
    end = onset - LAGS * WEEK
    usual = [row for row in inside if end - YEAR <= monday(row["submitted_week"]) < end]
    if len({row["submitted_week"] for row in usual}) < 4:
        usual = [row for row in inside if monday(row["submitted_week"]) < onset]
    lags = [(monday(row["decision_week"]) - monday(row["submitted_week"])) // WEEK for row in usual]
    return [1.0 - sum(lag <= age for lag in lags) / max(len(lags), 1) for age in range(LAGS)]


def delay(of: Inputs) -> Found:
    """Claims that wait longer than half of the usual ones did, and what the cash that came late has cost."""
    last, onset = monday(of.told["last_week"]), monday(of.told["part"]["onset_week"])
    inside = [row for row in of.claims if is_in_place(row, of.told["part"])]
    usually = still_waiting(inside, onset)
    slow = next((age for age, share in enumerate(usually) if share < 0.5), 0)
    sent = [row for row in inside if monday(row["submitted_week"]) >= onset - LAGS * WEEK]
    aged = [(row, min((last - monday(row["submitted_week"])) // WEEK, LAGS - 1)) for row in sent]
    asked = [(row, age) for row, age in aged if age >= slow]
    behind = {row["claim"]: int(row["price_cents"]) for row, _ in asked if row["outcome"] == "pending"}
    return {
        "observed": len(behind), "decided": len(asked), "expected": sum(usually[age] for _, age in asked),
        "claims_cents": sum(behind.values()), "lost_cents": late_cash(of, inside, usually),
    }, set(behind)  # fmt: skip


def late_cash(of: Inputs, inside: list[Row], usually: list[float]) -> float:
    """Cents that waited beyond the usual in each week since the onset, at the price of money of a week."""
    onset, last = monday(of.told["part"]["onset_week"]), monday(of.told["last_week"])
    weeks = max((last - onset) // WEEK + 1, 1)
    oldest = min((monday(row["submitted_week"]) for row in inside), default=last) + LAGS * WEEK
    first = max(last - (weeks + 51) * WEEK, min(oldest, last - weeks * WEEK + WEEK))
    seen, expected = waited(inside, usually, [first + n * WEEK for n in range((last - first) // WEEK + 1)])
    before = max(len(seen) - weeks, 0)
    usual = before - 4 if before > 8 else before
    size = max(1, min(len(seen) - before, usual // 2))
    runs = [(sum(seen[n : n + size]), sum(expected[n : n + size])) for n in range(usual - size + 1)]
    ratios = [came / max(due, 1.0) for came, due in runs if due > 0] or [1.0]
    extra = sum(seen[before:]) - sum(expected[before:]) * median(ratios)
    decided = [row for row in of.claims if row["decision_week"]]
    whole = sum(int(row["price_cents"]) for row in decided)
    paid = sum(int(row["price_cents"]) for row in decided if row["outcome"] == "paid") / whole if whole else 1.0
    return float(of.told["finding"]["money"]["capital"] * 7 / 365 * (1.0 + paid) / 2.0 * extra)


def waited(inside: list[Row], usually: list[float], weeks: list[date]) -> tuple[list[float], list[float]]:
    """Cents that were undecided at the end of each week, and those that usually would have been."""
    seen: dict[date, float] = defaultdict(float)
    expected: dict[date, float] = defaultdict(float)
    for row in inside:
        sent, answered, cents = monday(row["submitted_week"]), monday(row["decision_week"]), int(row["price_cents"])
        for age in range(LAGS):
            seen[sent + age * WEEK] += cents * (answered > sent + age * WEEK)
            expected[sent + age * WEEK] += cents * usually[age]
    return [seen[week] for week in weeks], [expected[week] for week in weeks]


def underpayment(of: Inputs) -> Found:
    """Paid claims since the onset, and the share of the usual amount that they were allowed."""
    onset = monday(of.told["part"]["onset_week"])
    behind, paid = (
        [r for r in some if r["outcome"] == "paid" and r["allowed_cents"] != "0"] for some in (since(of), of.claims)
    )
    usual = [row for row in paid if onset - YEAR <= monday(row["decision_week"]) < onset]
    share = level(behind, usual) if behind and usual else 1.0
    allowed = sum(int(row["allowed_cents"]) for row in behind)
    lost = round(allowed * (1.0 / share - 1.0))
    worth = allowed + lost if lost > 0 else sum(round(int(row["allowed_cents"]) / share) for row in behind)
    return {
        "observed": len(behind), "decided": len(behind), "rate": share, "lost_cents": lost, "claims_cents": worth,
    }, {row["claim"] for row in behind}  # fmt: skip


def level(behind: list[Row], usual: list[Row]) -> float:
    """Amounts as a share of their prices against the usual year: by code, one step of Huber's from their median."""
    centre = {code: median(every) for code, every in by_code(usual, off).items()}
    spread = by_code(usual, lambda row: abs(off(row) - centre[row["procedure_code"]]))
    scale = defaultdict(lambda: 0.01, {code: max(1.4826 * median(every), 0.01) for code, every in spread.items()})
    past = by_code(usual, lambda row: clipped((off(row) - centre[(code := row["procedure_code"])]) / scale[code]))
    slack = max(fmean(abs(value) < 2.5 for every in past.values() for value in every), 0.5)
    moved = sorted((off(r) - centre.get(r["procedure_code"], 0.0), r["procedure_code"]) for r in behind)
    below = list(accumulate(scale[code] ** -2 for _, code in moved))
    middle = moved[bisect_left(below, below[-1] / 2)][0]
    skew = defaultdict(float, {code: fmean(every) for code, every in past.items()})
    steps = ((clipped((apart - middle) / scale[code]) - skew[code]) / scale[code] for apart, code in moved)
    return exp(middle + sum(steps) / below[-1] / slack)


def clipped(deviations: float) -> float:
    return min(max(deviations, -2.5), 2.5)


def off(row: Row) -> float:
    return log(int(row["allowed_cents"]) / max(int(row["price_cents"]), 1))


def by_code(of: list[Row], value: Callable[[Row], float]) -> dict[str, list[float]]:
    found = defaultdict(list)
    for row in of:
        found[row["procedure_code"]].append(value(row))
    return dict(found)


def down_coding(of: Inputs) -> Found:
    """Paid claims since the onset, and those answered with another code, with what that brought less."""
    part, lines = of.told["part"], defaultdict(list)
    for line in of.events:
        lines[line["claim"]].append(line)
    paid = [row for row in of.claims if row["outcome"] in ("paid", "partial") and int(row["allowed_cents"]) > 0]
    usual = usual_shares([row for row in paid if row["claim"] not in lines and int(row["billed_cents"]) > 0])
    behind, asked = {}, 0
    for row in paid:
        short = sorted(one for line in lines.get(row["claim"], ()) if (one := shorter(line, usual))[0] < 0)
        code = short[0][1] if short else row["procedure_code"]
        if row["decision_week"] < part["onset_week"] or not is_in_place({**row, "procedure_code": code}, part):
            continue
        asked += 1
        if short and (not part["detail"] or short[0][1:] == (part["procedure_code"], part["detail"])):
            behind[row["claim"]] = -sum(one[0] for one in short)
    return beyond(behind, asked, of.told)


def usual_shares(plain: list[Row]) -> defaultdict[str, float]:
    """The median share of charges that is allowed, by code where five claims were paid as billed, else over all."""
    shares = by_code(plain, lambda row: int(row["allowed_cents"]) / int(row["billed_cents"]))
    whole = median([share for every in shares.values() for share in every] or [0.0])
    return defaultdict(lambda: whole, {code: median(every) for code, every in shares.items() if len(every) >= 5})


def shorter(line: Row, usual: Mapping[str, float]) -> tuple[int, str, str]:
    """Minus the cents that it brought less than the billed code usually does, 0 where that is near; both codes."""
    charged = int(line["charged_cents"])
    cents = round(charged * usual[line["billed_code"]] - int(line["allowed_cents"]))
    return -cents * (cents > 0.02 * max(charged, 1)), line["billed_code"], line["answered_code"]


def take_backs(of: Inputs) -> Found:
    """Claims of which money was taken back since the onset, among those paid in as many weeks of the last twelve."""
    part, last = of.told["part"], monday(of.told["last_week"])
    inside = [row for row in of.claims if is_in_place(row, part)]
    mine = {row["claim"] for row in inside}
    taken: defaultdict[str, int] = defaultdict(int)
    for row in of.events:
        if row["week"] >= part["onset_week"] and (not part["procedure_code"] or row["claim"] in mine):
            taken[row["claim"]] += int(row["cents"])
    alone = taken.pop("", 0)
    recent = [r for r in inside if int(r["paid_cents"]) > 0 and last - 12 * WEEK < monday(r["decision_week"]) < NEVER]
    weeks = (last - monday(part["onset_week"])) // WEEK + 1
    return beyond(taken, max(round(len(recent) / 12 * weeks), len(taken)), of.told, alone)


def silence(of: Inputs) -> Found:
    """Claims since the onset that are old enough to have an answer, and those without one."""
    part = of.told["part"]
    newest = (monday(of.told["last_week"]) - int(part["detail"]) * WEEK).isoformat()
    old = [row for row in of.claims if is_in_place(row, part) and part["onset_week"] <= row["submitted_week"] <= newest]
    asked = [row for row in old if row["turned_away"] != "1" or row["outcome"] != "pending"]
    open_ = {row["claim"]: int(row["price_cents"]) for row in asked if row["outcome"] == "pending"}
    return beyond(open_, len(asked), of.told)


AGAIN = {one.__name__: one for one in (denial, delay, underpayment, down_coding, take_backs, silence)}


def checks(folder: Path) -> Iterator[tuple[str, bool]]:
    """(what was checked, whether it holds), one after the other."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, told in sorted(manifest["files"].items()):
        yield f"{name} is the file of the manifest", sha256((folder / name).read_bytes()).hexdigest() == told["sha256"]
    there = {str(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file()}
    yield "no other file is there", there == {*manifest["files"], "manifest.json"}
    inputs = read(folder)
    incident, members = inputs.told, rows(folder, "outputs/members.csv")
    for column, total in (("expected_cents", "claims_cents"), ("lost_cents", "lost_cents")):
        added = sum(int(row[column]) for row in members)
        if members or total == "claims_cents":
            yield f"{len(members)} claims add up to {total} {incident[total]}: {added}", added == incident[total]
    found, behind = AGAIN[incident["part"]["family"]](inputs)
    yield "the claims behind it are those that it describes", behind == {row["claim"] for row in members}
    adverse = incident["part"]["direction"] == "adverse"
    for name, value in found.items():
        again_now = max(round(value), 0) * adverse if name == "lost_cents" else value
        slack = 1 if name.endswith("cents") else NEAR * max(abs(again_now), 1)
        yield f"{name} is {incident[name]}, again {again_now}", abs(again_now - incident[name]) <= slack


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    wrong = 0
    for words, holds in checks(folder):
        print(("ok     " if holds else "WRONG  ") + words)
        wrong += not holds
    print(f"left   {UNCHECKED}; {MORE_UNCHECKED[read(folder).told['part']['family']]}")
    print(f"{wrong} of the checks failed" if wrong else "everything holds")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
