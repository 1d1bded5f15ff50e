"""One claim, with the files that told of it and its reasons in plain words."""

from dataclasses import dataclass
from datetime import date, datetime

from upstream.claims.choices import Outcome, StatusKind
from upstream.claims.lines import matched_lines
from upstream.claims.models import Adjustment, CarcRule, Claim, ClaimStatus, LineAdjudication, ServiceLine
from upstream.claims.queries import Event, lines_of, timeline
from upstream.ingestion.lineage import Source, sources_at
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


def sources_of(steps: list[Step]) -> list[tuple[str, Source]]:
    """Each step's words and what stands at its place, each place once. PHI: only after the access was written down."""
    words_at: dict[tuple[int, int], str] = {}
    for step in steps:
        if step.event.position:
            words_at.setdefault((step.event.batch_id, step.event.position), step.event.words)
    return [(words_at[(found.batch.pk, found.position)], found) for found in sources_at(words_at)]


@dataclass(frozen=True, slots=True)
class LineRow:
    """A billed line with how it was answered last: one answered line, or the parts into which the payer split it."""

    line: ServiceLine
    answers: list[LineAdjudication]

    @property
    def paid_cents(self) -> int | None:
        return sum(answer.paid_cents or 0 for answer in self.answers) if self.answers else None

    @property
    def other_codes(self) -> str:
        """Codes that the payer answered in place of the one billed."""
        return ", ".join(dict.fromkeys(answer.procedure_code for answer in self.answers if answer.billed_code))


def lines_with_answers(claim: Claim, steps: list[Step]) -> list[LineRow]:
    """The claim's lines, each with what the last answer that stands says of it, where that is beyond doubt."""
    lines = list(lines_of(claim))
    answers = [step.event for step in steps if step.event.adjudication]
    undone = {event.adjudication.reverses_id for event in answers if event.adjudication}
    valid = [e for e in answers if (a := e.adjudication) and a.outcome != Outcome.REVERSED and a.pk not in undone]
    answered = list(valid[-1].lines) if valid else []
    by_number = {answer.number: answer for answer in answered}
    found = matched_lines(lines, answered)
    return [LineRow(line, [by_number[m.answered] for m in found if m.billed == line.number]) for line in lines]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a claim stands after everything known: the last answer that was not taken back, and all that was paid.

    `rejected`: turned away before adjudication, so that no answer will come.
    """

    outcome: Outcome
    paid_cents: int
    rejected: bool = False


def standing_of(steps: list[Step]) -> Standing:
    """Of all payers together; an answer taken back counts no more, also where its own answer is not here."""
    answers = [step.event.adjudication for step in steps if step.event.adjudication]
    undone = {answer.reverses_id for answer in answers}
    valid = [a for a in answers if a.outcome != Outcome.REVERSED and a.pk not in undone]
    loose = sum(abs(a.paid_cents) for a in answers if a.outcome == Outcome.REVERSED and a.reverses_id is None)
    outcome = Outcome(valid[-1].outcome) if valid else Outcome.PENDING
    return Standing(
        outcome, sum(a.paid_cents for a in valid) - loose, outcome == Outcome.PENDING and _turned_away(steps)
    )


def _turned_away(steps: list[Step]) -> bool:
    """Whether the last thing said of the claim, by who took it in, was that it is rejected."""
    said = [s.event.status for s in steps if s.event.status and s.event.status.kind == StatusKind.ACKNOWLEDGEMENT]
    return bool(said) and max(said, key=_moment).rejected


def _moment(status: ClaimStatus) -> tuple[date, datetime, bool]:
    return status.effective_date or date.min, status.known_at, status.rejected


def _meaning(rule: CarcRule | None) -> str:
    if rule is None:
        return "a code that is not on our map yet"
    return words.category(rule.category)
