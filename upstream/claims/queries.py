"""Claims of the bound practice, what happened to them, and, on purpose, whom they are about."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from upstream.claims.choices import MatchState, Outcome, StatusKind, Withdrawn
from upstream.claims.models import (
    Adjudication,
    Adjustment,
    CarcOverride,
    Claim,
    ClaimIdentity,
    ClaimMatch,
    ClaimRevision,
    ClaimStatus,
    LineAdjudication,
    NewCode,
    Payer,
    Remittance,
    ServiceLine,
    Withdrawal,
)
from upstream.claims.models.identity import IDENTITY_FIELDS, unpacked
from upstream.claims.statuses import words_for_status
from upstream.core.phi.keyring import TenantKeys
from upstream.tenants.services import tenant_keys

# As merge.NEVER: no file of the practice has told of the claim.
NEVER = datetime(1900, 1, 1, tzinfo=UTC)
WITHDRAWN = 0  # the payer order of such a claim: withdrawing.NOBODYS


def claims() -> QuerySet[Claim]:
    """Newest first, with payer and site; without those that were withdrawn, as no file tells of them any more."""
    return _claims().exclude(payer_order=WITHDRAWN)


def claim(public_id: uuid.UUID) -> Claim | None:
    """The claim, also when it was withdrawn: others may point to it."""
    return _claims().filter(public_id=public_id).first()


def _claims() -> QuerySet[Claim]:
    return Claim.objects.select_related("payer", "site").order_by("-submitted_date", "-pk")


def claim_numbered(number: str) -> Claim | None:
    """The claim with exactly this number, found by its blind index."""
    return claims().filter(number_bidx=tenant_keys().index("claim_number", number.strip())).first()


def rejected_claims() -> QuerySet[Claim]:
    """Claims that were turned away before adjudication and not sent again since, the longest served first.

    Such a claim never gets an answer, while the time to file it runs. Each has `rejected_on` and `rejected_for` (the
    category and status codes). It counts as sent again by a later taking in, a later submission of the same number,
    or a claim of its family that was submitted later.
    """
    said = ClaimStatus.objects.filter(claim=OuterRef("pk"), kind=StatusKind.ACKNOWLEDGEMENT)
    last = said.order_by(F("effective_date").desc(nulls_last=True), "-known_at", "-rejected", "-pk")
    later = Claim.objects.filter(submitted_date__gt=OuterRef("rejected_on"))
    again = later.filter(number_bidx=OuterRef("family_key"))
    # In these two parts each is a look-up in an index; in one it would be a walk over all claims.
    replaced = later.filter(~Q(family_key=F("number_bidx")), family_key=OuterRef("family_key"))
    turned_away = ClaimStatus.objects.filter(rejected=True).exclude(claim=None).values("claim_id")
    found = claims().filter(outcome=Outcome.PENDING, pk__in=turned_away)
    found = found.annotate(
        rejected_on=Subquery(last.values("effective_date")[:1]),
        rejected_for=Subquery(last.values(code=Concat("category_code", Value(":"), "status_code"))[:1]),
        still_rejected=Subquery(last.values("rejected")[:1]),
    )
    return found.filter(~Exists(again), ~Exists(replaced), still_rejected=True).order_by(
        F("service_date").asc(nulls_last=True), "pk"
    )


def statuses_of(claim: Claim) -> QuerySet[ClaimStatus]:
    return ClaimStatus.objects.filter(claim=claim).order_by("known_at", "effective_date", "line", "pk")


def withdrawals_of(claim: Claim) -> QuerySet[Withdrawal]:
    """What files were once understood to say of the claim, and do not say, the last first."""
    return Withdrawal.objects.filter(claim=claim).order_by("-withdrawn_at", "pk")


def lines_of(claim: Claim) -> QuerySet[ServiceLine]:
    return ServiceLine.objects.filter(claim=claim).order_by("number")


def payers() -> QuerySet[Payer]:
    return Payer.objects.order_by("name")


def remittances() -> QuerySet[Remittance]:
    return Remittance.objects.select_related("payer").order_by("-known_at", "-pk")


def identities_of(claim_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Opened identifying values by claim id. PHI: the caller records the access and shows it to those who may."""
    keys = tenant_keys()
    rows = ClaimIdentity.objects.filter(claim_id__in=list(claim_ids))
    found = {row.claim_id: row.opened(keys) for row in rows}
    lacking = [claim_id for claim_id, values in found.items() if "payer_control_number" not in values]
    answers = Adjudication.objects.filter(claim_id__in=lacking, sealed_identity__isnull=False)
    for answer in answers.select_related("claim").order_by("known_at", "pk"):
        told = _told_identity(answer, keys)
        if "payer_control_number" in told:
            found[answer.claim_id]["payer_control_number"] = told["payer_control_number"]
    return found


def _told_identity(answer: Adjudication, keys: TenantKeys) -> dict[str, str]:
    """Those of IDENTITY_FIELDS that the payer told in its answer."""
    place = bytes(answer.claim.number_bidx)
    return unpacked(IDENTITY_FIELDS, keys.unseal(answer.sealed_identity, ClaimIdentity.TABLE, "sealed", place))


@dataclass(frozen=True)
class Event:
    """One step in a claim's life: `day` it happened, `known_at` when we learned of it."""

    day: date | None
    known_at: datetime
    words: str
    batch_id: int
    position: int
    adjudication: Adjudication | None = None
    status: ClaimStatus | None = None
    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[LineAdjudication, ...] = ()


def timeline(claim: Claim) -> list[Event]:
    """Everything known of a claim, oldest first: submission, corrections, answers, reversals."""
    answers = list(adjudications_of(claim))
    adjustments = _by_parent(Adjustment.objects.filter(adjudication__in=answers).order_by("ordinal"))
    lines = _by_parent(LineAdjudication.objects.filter(adjudication__in=answers).order_by("number"))
    events = list(_told(claim))
    events += [
        Event(status.effective_date, status.known_at, words_of(status), status.batch_id, status.position, None, status)
        for status in statuses_of(claim)
    ]
    events += [
        Event(row.withdrawn_at.date(), row.withdrawn_at, words_of_withdrawal(row), row.batch_id, 0)
        for row in withdrawals_of(claim)
    ]
    for answer in answers:
        events.append(
            Event(
                answer.decided_date,
                answer.known_at,
                words_for(answer),
                answer.batch_id,
                answer.position,
                answer,
                None,
                tuple(adjustments.get(answer.pk, ())),
                tuple(lines.get(answer.pk, ())),
            )
        )
    return sorted(events, key=lambda event: (event.known_at, event.day or date.min))


def _told(claim: Claim) -> Iterator[Event]:
    """The claim as it was first told, and each change of what was told, where the file says so."""
    earlier = list(ClaimRevision.objects.filter(claim=claim).order_by("known_from", "pk"))
    first, *later = [*earlier, claim]
    yield Event(first.submitted_date, claim.known_at, "Submitted", first.batch_id, first.position)
    for before, told in zip(earlier, later, strict=True):
        known = before.known_until
        yield Event(known.date(), known, "Corrected by a later file", told.batch_id, told.position)


def words_of(status: ClaimStatus) -> str:
    """What the status says of the claim, or of one of its lines."""
    said = words_for_status(status.category_code, rejected=status.rejected)
    return f"Line {status.line}: {said}" if status.line else said


def words_of_withdrawal(row: Withdrawal) -> str:
    """What no longer stands, since the file that was thought to say it was read again."""
    said = Outcome(row.said["outcome"]).label.lower() if row.kind == Withdrawn.ANSWER else "what was billed"
    return f"Withdrawn, as its file was read again: {said}"


def words_for(answer: Adjudication) -> str:
    """What the answer was, in plain words."""
    if answer.outcome == Outcome.REVERSED:
        return "Earlier answer taken back"
    order = {1: "", 2: " by the second payer", 3: " by the third payer"}[min(max(answer.payer_order, 1), 3)]
    return f"{Outcome(answer.outcome).label}{order}"


def new_codes() -> QuerySet[NewCode]:
    """Codes on no map, the newest first, each with the `meaning` that the practice gave it since."""
    given = CarcOverride.objects.filter(carc=OuterRef("carc")).order_by("-valid_from", "-made_at")
    rows = NewCode.objects.select_related("payer").annotate(meaning=Subquery(given.values("category")[:1]))
    return rows.order_by("-first_seen_at", "pk")


def codes_without_meaning() -> int:
    """How many codes payers used that no map and no word of the practice explains."""
    given = CarcOverride.objects.values("carc")
    return NewCode.objects.exclude(carc__in=given).values("carc").distinct().count()


def own_meanings() -> QuerySet[CarcOverride]:
    """What the practice said that codes mean, the latest word first."""
    return CarcOverride.objects.order_by("-made_at", "-pk")


def adjudications_of(claim: Claim) -> QuerySet[Adjudication]:
    """Answers to the claim, also those that came under another number and were matched to it."""
    return answers_to(claim).select_related("payer")


def answers_to(claim: Claim, *others: QuerySet[Claim]) -> QuerySet[Adjudication]:
    """Answers on the claim, on those matched to it, and on the others that are named, as they became known.

    One subquery names the claims: with two conditions joined by "or" the server would read every answer there is.
    """
    matched = ClaimMatch.objects.filter(claim=claim, state=MatchState.MATCHED).values("remitted_id")
    named = Claim.objects.filter(pk=claim.pk).values("pk").union(matched, *(claims.values("pk") for claims in others))
    rows: QuerySet[Adjudication] = Adjudication.objects.filter(claim_id__in=named).order_by("known_at", "pk")
    return rows


def matches_of(claim: Claim) -> list[ClaimMatch]:
    """Matches in which the claim stands on either side, those that a person took apart last."""
    found = ClaimMatch.objects.filter(Q(claim=claim) | Q(remitted=claim)).select_related("claim", "remitted")
    return list(found.order_by("state", "pk"))


@dataclass(frozen=True)
class Attempt:
    """One time that the practice sent a claim, or a claim of its family."""

    claim: Claim
    number: int
    submitted_date: date
    frequency_code: str
    now: bool


def attempts_of(claim: Claim) -> list[Attempt]:
    """Every time that the claim's family was sent, oldest first; `now` marks the last time of each claim.

    A replacement is a claim of its own; the same number sent anew has left a revision with its earlier day.
    """
    replacing = ~Q(family_key=F("number_bidx"))
    family = Q(number_bidx=claim.family_key) | (Q(family_key=claim.family_key) & replacing)
    members = list(Claim.objects.filter(family).exclude(facts_known_at=NEVER))
    sent = {(member.pk, member.submitted_date): (member, member.frequency_code, True) for member in members}
    earlier = ClaimRevision.objects.filter(claim__in=members).select_related("claim").order_by("known_from")
    for revision in earlier:
        sent.setdefault((revision.claim_id, revision.submitted_date), (revision.claim, revision.frequency_code, False))
    in_turn = sorted(sent.items(), key=lambda item: (item[0][1], item[0][0]))
    return [
        Attempt(member, number, day, frequency, now)
        for number, ((_, day), (member, frequency, now)) in enumerate(in_turn, 1)
    ]


def unmatched_claims() -> QuerySet[Claim]:
    """Claims known from remittances alone that none of the practice's claims fits, the newest served first.

    Nothing where the practice has sent no claims of its own, as then all are.
    """
    matched = ClaimMatch.objects.filter(state=MatchState.MATCHED).values("remitted_id")
    alone = claims().filter(facts_known_at=NEVER).exclude(pk__in=matched)
    told = Exists(Claim.objects.filter(facts_known_at__gt=NEVER))
    return alone.filter(told).order_by(F("service_date").desc(nulls_last=True), "pk")


Part = TypeVar("Part", Adjustment, LineAdjudication)


def _by_parent(rows: Iterable[Part]) -> dict[int, list[Part]]:
    grouped: dict[int, list[Part]] = {}
    for row in rows:
        grouped.setdefault(row.adjudication_id, []).append(row)
    return grouped
