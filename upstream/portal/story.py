"""What happened to a claim and its family, in plain words: sent, taken in, answered, taken back, worked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Claim
from upstream.claims.queries import attempts_of
from upstream.claims.rules import denial_words
from upstream.core.money import show_dollars
from upstream.portal.queries.claims import Step, steps_of
from upstream.portal.queries.people import names_of
from upstream.portal.queries.worklist import event_words
from upstream.tenants.services import tenant_keys
from upstream.worklist.models import Item
from upstream.worklist.queries import events_of, taken_back

SENT = "Submitted"
REPLACED = {"7": "A corrected claim was sent", "8": "A void of the claim was sent"}
ORDER = {2: " as the second payer", 3: " as the third payer"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened; `who` is "" where it was no act of ours. `after` are the item's version, else 0."""

    day: date | None
    at: datetime
    said: str
    who: str = ""
    note: str = ""
    taken_back: bool = False
    after: int = 0


def story_of(item: Item, time_zone: str) -> list[Line]:
    """Everything known of the claim and of the work on it, the newest first."""
    zone = ZoneInfo(time_zone)
    lines = [*_of_claims(item.claim), *_of_acts(item, zone)]
    return sorted(lines, key=lambda line: (line.day or line.at.astimezone(zone).date(), line.at), reverse=True)


def _of_claims(claim: Claim) -> Iterator[Line]:
    """The claim's own steps, and those of claims that replace it."""
    members = {attempt.claim.pk: attempt.claim for attempt in attempts_of(claim)} | {claim.pk: claim}
    for member in members.values():
        for step in steps_of(member):
            yield Line(step.event.day, step.event.known_at, told(step, member))


def told(step: Step, claim: Claim) -> str:
    """One event of a claim's life."""
    event = step.event
    if event.adjudication is not None:
        return _answered(event.adjudication, step)
    if event.words == SENT and claim.family_key != claim.number_bidx and claim.frequency_code in REPLACED:
        return f"{REPLACED[claim.frequency_code]} to {claim.payer.name}, billed {show_dollars(claim.billed_cents)}"
    if event.words == SENT:
        return f"Sent to {claim.payer.name}, billed {show_dollars(claim.billed_cents)}"
    return event.words


def _answered(answer: Adjudication, step: Step) -> str:
    payer = f"{answer.payer.name}{ORDER.get(answer.payer_order, '')}"
    because = f": {denial_words(answer.denial_category)}" if answer.denial_category else ""
    codes = "-".join(part for part in (answer.denial_group, answer.denial_carc) if part)
    because += f" ({codes})" if codes else ""
    if answer.outcome == Outcome.REVERSED:
        return f"{payer} took an earlier answer back, {show_dollars(abs(answer.paid_cents))}"
    if answer.outcome == Outcome.DENIED:
        return f"{payer} denied it{because}"
    if answer.outcome == Outcome.PARTIAL:
        return f"{payer} paid {show_dollars(answer.paid_cents)} and denied the rest{because}"
    if answer.outcome == Outcome.PAID:
        return f"{payer} paid {show_dollars(answer.paid_cents)}"
    reasons = ", ".join(dict.fromkeys(reason.meaning for reason in step.reasons))
    return f"{payer} paid nothing and denied nothing" + (f": {reasons}" if reasons else "")


def _of_acts(item: Item, zone: ZoneInfo) -> Iterator[Line]:
    events = list(events_of(item))
    names, keys, undone = names_of({event.act.actor for event in events}), tenant_keys(), taken_back(events)
    for event in events:
        yield Line(
            event.act.at.astimezone(zone).date(), event.act.at, event_words(event), names[event.act.actor],
            event.note(keys), event.act_id in undone, event.version,
        )  # fmt: skip
