"""Lists behind what people did: letters, denials that nobody worked in time, and touches of claims."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from upstream.appeals.choices import LetterState
from upstream.appeals.models import Letter
from upstream.appeals.rules import WON
from upstream.kpis import definitions as d
from upstream.kpis import work
from upstream.kpis.lists import Entry, again
from upstream.kpis.sums import Ask
from upstream.worklist.models import Item


@dataclass(frozen=True)
class Acts:
    """The list of one measure: in words, what its marked rows are ("" where all count), and its rows."""

    words: str
    rows: Callable[[Ask], list[Entry]]
    counts: str = ""


def _appealed(ask: Ask) -> list[Entry]:
    return [_letter(row, None) for row in work.began(work.sent(ask))]


def _answered(ask: Ask) -> list[Entry]:
    return [_letter(row, None, counts=row.state in WON) for row in work.answered(ask)]


def _to_appeal(ask: Ask) -> list[Entry]:
    return _by_days([_letter(row, days) for row, days in work.to_appeal(work.began(work.sent(ask)))])


def _to_verdict(ask: Ask) -> list[Entry]:
    return _by_days([_letter(row, days) for row, days in work.to_verdict(work.answered(ask))])


def _by_days(rows: list[Entry]) -> list[Entry]:
    return sorted(rows, key=lambda row: (row.days or 0, row.claim))


def _letter(row: Letter, days: int | None, *, counts: bool = True) -> Entry:
    said = str(LetterState(row.state).label).lower()
    return Entry(row.claim_id, days, said, counts, row.amount_cents, None, row.payer_id, None)


def _missed(ask: Ask) -> list[Entry]:
    rows: QuerySet[Item] = work.missed(ask).order_by("deadline", "pk")
    return [
        Entry(row.claim_id, None, "nobody has begun", True, row.expected_cents, None, row.payer_id, None)
        for row in rows
    ]


def _touched(ask: Ask) -> list[Entry]:
    """Claims by how often they were touched; a claim sent again was touched once for each time."""
    touches: Counter[tuple[int, int]] = Counter()
    counted = work.touches(ask).order_by().values_list("item__claim", "item__payer").annotate(Count("pk"))
    for claim, payer, number in counted:
        touches[claim, payer] += number
    for claim, payer, number in again(ask):
        touches[claim, payer] += number
    cents, _ = work.cost_of_touch(ask)
    return [
        Entry(claim, None, f"{number} touch{'' if number == 1 else 'es'}", True, number * cents, None, payer, None)
        for (claim, payer), number in sorted(touches.items(), key=lambda one: (-one[1], one[0]))
    ]


ACTED: Mapping[str, Acts] = {
    d.APPEAL_RATE.key: Acts("Claims with a letter that was first sent then", _appealed),
    d.OVERTURN.key: Acts("Claims with a letter that was answered then", _answered, "won"),
    d.TO_APPEAL.key: Acts("Claims with a letter, by the days from the denial until it was sent", _to_appeal),
    d.TO_VERDICT.key: Acts("Claims with a letter, by the days until it was answered", _to_verdict),
    d.MISSED.key: Acts("Denied claims that nobody worked before their last day", _missed),
    d.REWORK.key: Acts("Claims by how often they were touched", _touched),
}
