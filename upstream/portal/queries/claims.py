"""One claim, with the files that told of it and its reasons in plain words."""

from dataclasses import dataclass

from upstream.claims.models import Adjustment, CarcRule, Claim
from upstream.claims.queries import Event, timeline
from upstream.ingestion.models import Batch
from upstream.portal import words


@dataclass(frozen=True, slots=True)
class Reason:
    """One adjustment: its code, amount in cents, and meaning."""

    adjustment: Adjustment
    meaning: str

    @property
    def code(self) -> str:
        return "-".join(part for part in (self.adjustment.group_code, self.adjustment.carc) if part)


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a claim's life with the file it came in."""

    event: Event
    batch: Batch | None
    reasons: list[Reason]


def steps_of(claim: Claim) -> list[Step]:
    """The timeline, oldest first, in a fixed number of queries."""
    events = timeline(claim)
    files = {b.pk: b for b in Batch.objects.filter(pk__in={event.batch_id for event in events})}
    codes = {a.carc for event in events for a in event.adjustments}
    rules = {r.carc: r for r in CarcRule.objects.filter(carc__in=codes).order_by("valid_from")}
    return [
        Step(event, files.get(event.batch_id), [Reason(a, _meaning(rules.get(a.carc))) for a in event.adjustments])
        for event in events
    ]


def _meaning(rule: CarcRule | None) -> str:
    if rule is None:
        return "a code that is not on our map yet"
    return words.category(rule.category)
