"""From the counts of one file to its failed checks and scores. No database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from upstream.ingestion.quality.checks import BY_NAME, CHECKS
from upstream.ingestion.quality.choices import Level, Severity
from upstream.ingestion.quality.measuring import Count
from upstream.ingestion.quality.rules import Check, Limit, Measured, Verdict, judged, score_of, usual_of

Limits = Mapping[str, float | None]
Shares = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Failed:
    """A check that failed; `payer_id` empty: for the file as a whole."""

    check: Check
    payer_id: int | None
    count: int
    of: int
    verdict: Verdict
    cents: int = 0
    first_day: date | None = None
    last_day: date | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Looked:
    """A file's checks: `measured` is {check: [count, of, limit or None]} for the file as a whole.

    `of_payers` is the same by payer, for checks that compare a payer with itself.
    """

    failed: list[Failed]
    measured: dict[str, list[Any]]
    of_payers: dict[int, dict[str, list[Any]]]

    def score(self, payer_id: int | None) -> int:
        """Of the whole file, or of one payer's rows: what concerns all payers counts for each."""
        mine = {f.check.name: f.check.severity for f in self.failed if payer_id in (None, f.payer_id) or not f.payer_id}
        return score_of(Severity(severity) for severity in mine.values())


def limit_of(check: Check, own: Limits) -> Limit | None:
    """The limit that holds: the practice's own where it has set one, None where it has turned the check off."""
    if check.name not in own:
        return check.limit
    value = own[check.name]
    if value is None:
        return None
    if check.limit.over_usual is not None:
        return replace(check.limit, over_usual=value)
    return replace(check.limit, share=value)


def look(
    counts: Sequence[Count], earlier: Sequence[Shares], own: Limits, of_payers: Mapping[int, Sequence[Shares]]
) -> Looked:
    """Judge every check of files, payer by payer and then all together.

    A payer that fails is named; the file as a whole is named where none of its payers fails by itself.
    `earlier` are the measured shares of earlier files of the same kind, newest first, `of_payers` those of a payer's
    rows in them.
    """
    looked = Looked([], {}, {})
    for check in CHECKS:
        limit = limit_of(check, own) if check.level == Level.FILE else None
        mine = [count for count in counts if count.check == check.name]
        if limit is None or not mine:
            continue
        usual = usual_of(shares_of(check.name, earlier))
        by_payer, comparable = {count.payer_id: usual for count in mine}, mine
        if limit.over_usual is not None and any(by_payer):
            by_payer = {payer: usual_of(shares_of(check.name, of_payers.get(payer, ()))) for payer in by_payer}
            comparable = [count for count in mine if by_payer[count.payer_id] is not None]
            usual = _usual_together(comparable, by_payer)
        verdict = judged(_measured(comparable, usual), limit)
        looked.measured[check.name] = _noted(mine, verdict)
        found = [(count, judged(_measured([count], by_payer[count.payer_id]), limit)) for count in mine]
        if limit.over_usual is not None:
            for count, own_verdict in found:
                looked.of_payers.setdefault(count.payer_id, {})[check.name] = _noted([count], own_verdict)
        failed = [_failed(check, count, one) for count, one in found if one.failed and count.count]
        looked.failed.extend(failed or ([_together(check, comparable, verdict)] if verdict.failed else []))
    return looked


def _measured(counts: Sequence[Count], usual: float | None) -> Measured:
    largest = max((count.one_cause for count in counts), default=0)
    return Measured(sum(c.count for c in counts), sum(c.of for c in counts), usual, largest)


def _usual_together(counts: Sequence[Count], usual: Mapping[int, float | None]) -> float | None:
    """The share that these rows would have if each payer's were as always."""
    rows = sum(count.of for count in counts)
    return sum((usual[count.payer_id] or 0.0) * count.of for count in counts) / rows if rows else None


def _noted(counts: Sequence[Count], verdict: Verdict) -> list[Any]:
    limit = None if verdict.failed is None else round(verdict.limit, 6)
    return [sum(c.count for c in counts), sum(c.of for c in counts), limit]


def to_explain(looked: Looked) -> set[str]:
    """The failed checks that one decision of a payer may explain."""
    return {one.check.name for one in looked.failed if one.check.limit.beside is not None}


def shares_of(name: str, earlier: Iterable[Shares]) -> list[float]:
    """What share a check had in earlier files that held rows for it."""
    counted = [file[name] for file in earlier if name in file]
    return [count / of for count, of, _limit in counted if of]


def _failed(check: Check, count: Count, verdict: Verdict) -> Failed:
    payer = count.payer_id or None
    return Failed(check, payer, count.count, count.of, verdict, count.cents, count.first_day, count.last_day)


def _together(check: Check, counts: Sequence[Count], verdict: Verdict) -> Failed:
    first = min((c.first_day for c in counts if c.first_day), default=None)
    last = max((c.last_day for c in counts if c.last_day), default=None)
    count, of, cents = (sum(getattr(c, name) for c in counts) for name in ("count", "of", "cents"))
    return Failed(check, None, count, of, verdict, cents, first, last)


def severity_of(name: str) -> Severity:
    return Severity(BY_NAME[name].severity)
