"""The files of a demo practice, week by week in the order in which they would have arrived."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

import numpy as np

from upstream.samples.invented.courses import Courses, Event
from upstream.samples.invented.exports import claims_csv
from upstream.samples.invented.practices import DatedChange, Practice
from upstream.samples.invented.reasons import REASONS
from upstream.samples.invented.remittances import Remitter
from upstream.samples.invented.submissions import Claim, draw_columns, write_claims
from upstream.samples.invented.verdicts import decide
from upstream.samples.invented.weeks import Window

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class InventedFile:
    """One file with the day on which its content became known; `kind` is "csv" or "x12"."""

    name: str
    known_on: date
    kind: str
    content: bytes


def generate(practice: Practice, last_week: date, weeks: int = 104) -> Iterator[InventedFile]:
    """All files up to the Sunday of the week that begins on `last_week`, oldest first, the same bytes every time.

    Each week has a CSV of the claims submitted in it and, where a payer decided anything, one 835. Invalid unless
    `last_week` is a Monday and `weeks` is at least 1.
    """
    window = Window.ending(last_week, weeks)
    claims, events = _play(practice, window)
    remitter = Remitter(practice, window, Random(practice.seed + 2))
    for week in range(weeks):
        known = window.sunday(week)
        yield InventedFile(f"{practice.slug}-claims-{known}.csv", known, "csv", claims_csv(practice, claims[week]))
        if events[week]:
            content = remitter.week_file(week, events[week])
            yield InventedFile(f"{practice.slug}-remittances-{known}.835", known, "x12", content)


def _play(practice: Practice, window: Window) -> tuple[list[list[Claim]], list[list[Event]]]:
    """Claims by the week they are sent in and decisions by the week they are paid in; the future is dropped."""
    rng, draw = np.random.default_rng(practice.seed), Random(practice.seed + 1)
    columns = draw_columns(rng, practice, window)
    verdicts = decide(rng, practice, window, columns)
    sent: list[list[Claim]] = [[] for _ in range(window.weeks)]
    decided: list[list[Event]] = [[] for _ in range(window.weeks)]
    courses = Courses(practice, window, draw)
    rows = zip(
        write_claims(draw, practice, window, columns),
        verdicts.week.tolist(),
        verdicts.reason.tolist(),
        verdicts.remark,
        strict=True,
    )
    for claim, week, reason, remark in rows:
        sent[window.week_of(claim.submitted)].append(claim)
        if week >= window.weeks:
            continue
        for thing in courses.of(claim, week, REASONS[reason] if reason >= 0 else None, remark):
            if isinstance(thing, Event):
                _keep(decided, thing.week, thing)
            else:
                _keep(sent, window.week_of(thing.submitted), thing)
    return sent, decided


def _keep(weeks: list[list[Thing]], week: int, thing: Thing) -> None:
    if week < len(weeks):
        weeks[week].append(thing)


def truth(practice: Practice, last_week: date) -> list[DatedChange]:
    """The planted changes with their first day, oldest first: for tests and benchmarks, never for the product."""
    dated = [
        DatedChange(**asdict(change), onset=last_week - timedelta(days=7 * change.weeks_back))
        for change in practice.changes
    ]
    return sorted(dated, key=lambda change: change.onset)
