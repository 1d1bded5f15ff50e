"""Answered lines of a payer's claims, each beside what was billed for it: read in three queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from upstream.claims.choices import Outcome
from upstream.claims.lines import By, matched_lines
from upstream.claims.models import LineAdjudication, ServiceLine
from upstream.contracts.choices import Reason
from upstream.contracts.rules import Line

ONE = Decimal(1)
# The first payer's newest answer to each claim that was neither taken back nor replaced, where it allows anything.
ANSWERS = f"""
SELECT c.id, a.id, date_trunc('week', c.submitted_date)::date,
    date_trunc('week', a.known_at AT TIME ZONE %(zone)s)::date,
    coalesce(a.decided_date, a.payment_date, (a.known_at AT TIME ZONE %(zone)s)::date), c.procedure_code, c.modifiers,
    c.place_of_service, c.service_date, c.billed_cents, a.allowed_cents, a.outcome, n.product_id
FROM unnest(%(weeks)s::date[]) AS w (week)
JOIN claims_claim c ON c.tenant_id = %(tenant)s AND c.payer_id = %(payer)s AND c.submitted_date >= w.week
    AND c.submitted_date < w.week + 7
JOIN LATERAL (SELECT x.* FROM claims_adjudication x WHERE x.tenant_id = c.tenant_id AND x.claim_id = c.id
        AND x.payer_order = 1 AND x.outcome <> {Outcome.REVERSED}
        AND NOT EXISTS (SELECT FROM claims_adjudication r WHERE r.tenant_id = x.tenant_id AND r.claim_id = x.claim_id
            AND r.outcome = {Outcome.REVERSED}
            AND (r.reverses_id = x.id OR r.reverses_id IS NULL AND (r.known_at, r.id) > (x.known_at, x.id)))
    ORDER BY x.known_at DESC, x.id DESC LIMIT 1) a ON a.outcome IN ({Outcome.PAID}, {Outcome.PARTIAL})
LEFT JOIN claims_payeralias n ON n.tenant_id = c.tenant_id AND n.raw_id = c.raw_payer_id AND n.valid_until IS NULL
WHERE c.payer_order = 1 AND c.frequency_code <> '8' AND NOT EXISTS (
    SELECT FROM claims_claim v WHERE v.tenant_id = c.tenant_id AND v.family_key = c.family_key
        AND v.family_key <> v.number_bidx AND v.payer_order <> 0 AND v.id > c.id)
"""
AT_ONCE = 20_000


class Answer(NamedTuple):
    """A row of ANSWERS."""

    claim: int
    adjudication: int
    sent_week: date
    week: date
    decided_on: date
    code: str
    modifiers: str
    place: str
    service_date: date | None
    billed_cents: int
    allowed_cents: int | None
    outcome: int
    product: int | None


@dataclass(frozen=True)
class Answered:
    """One line of an answer; `line` is None where `reason` says why it cannot be priced. Number 0 is a whole claim."""

    answer: Answer
    number: int
    code: str
    billed_cents: int
    allowed_cents: int
    line: Line | None
    reason: Reason = Reason.PRICED


def answered_lines(cursor: Any, values: dict[str, Any]) -> Iterator[Answered]:
    """Every allowed line of the payer's claims of these weeks. Refused lines are no underpayments and left out."""
    cursor.execute(ANSWERS, values)
    answers = [Answer(*row) for row in cursor.fetchall()]
    for first in range(0, len(answers), AT_ONCE):
        some = answers[first : first + AT_ONCE]
        billed, told = _billed(some), _told(some)
        for answer in some:
            yield from _lines_of(answer, billed.get(answer.claim, ()), told.get(answer.adjudication, ()))


def _billed(answers: Iterable[Answer]) -> dict[int, list[ServiceLine]]:
    found = defaultdict[int, list[ServiceLine]](list)
    for line in ServiceLine.objects.filter(claim_id__in=[answer.claim for answer in answers]).order_by("number"):
        found[line.claim_id].append(line)
    return found


def _told(answers: Iterable[Answer]) -> dict[int, list[LineAdjudication]]:
    found = defaultdict[int, list[LineAdjudication]](list)
    asked = [answer.adjudication for answer in answers]
    for line in LineAdjudication.objects.filter(adjudication_id__in=asked).order_by("number"):
        found[line.adjudication_id].append(line)
    return found


def _lines_of(answer: Answer, billed: Sequence[ServiceLine], told: Sequence[LineAdjudication]) -> Iterator[Answered]:
    if not told:
        if (one := _whole(answer, billed)).allowed_cents or one.reason:
            yield one
        return
    place = {match.answered: match for match in matched_lines(billed, told)}
    by_number = {line.number: line for line in billed}
    for line in told:
        match = place.get(line.number)
        ours = by_number[match.billed] if match and match.by != By.SPLIT else None
        if line.allowed_cents is None or line.allowed_cents > 0:
            yield _line(answer, line, ours)


def _line(answer: Answer, told: LineAdjudication, ours: ServiceLine | None) -> Answered:
    code = told.billed_code or told.procedure_code
    if told.billed_code and told.billed_code != told.procedure_code:
        reason = Reason.DOWN_CODED
    elif told.allowed_cents is None:
        reason = Reason.NO_ALLOWED
    else:
        reason = Reason.PRICED if ours else Reason.UNMATCHED
    line = _terms_of(answer, ours) if ours and not reason else None
    number = ours.number if ours else -told.number
    return Answered(answer, number, code, told.billed_cents, told.allowed_cents or 0, line, reason)


def _whole(answer: Answer, billed: Sequence[ServiceLine]) -> Answered:
    """A claim that is answered as one: it is its only line."""
    reason = Reason.PRICED if len(billed) <= 1 and answer.outcome == Outcome.PAID else Reason.NO_LINES
    if not reason and answer.allowed_cents is None:
        reason = Reason.NO_ALLOWED
    line = None
    if not reason:
        line = _terms_of(answer, billed[0]) if billed else _line_of(answer, answer.code, answer.modifiers, None)
    return Answered(answer, 0, answer.code, answer.billed_cents, answer.allowed_cents or 0, line, reason)


def _terms_of(answer: Answer, line: ServiceLine) -> Line:
    made = _line_of(answer, line.procedure_code or answer.code, line.modifiers, line.units)
    day = line.service_date or answer.service_date
    return Line(made.code, made.modifiers, made.place, made.units, day, line.billed_cents, answer.product)


def _line_of(answer: Answer, code: str, modifiers: str, units: Decimal | None) -> Line:
    """One unit where the claim says no number of them."""
    said = tuple(modifiers.upper().split(":")) if modifiers else ()
    place = answer.place.zfill(2) if answer.place else ""
    return Line(code, said, place, units or ONE, answer.service_date, answer.billed_cents, answer.product)
