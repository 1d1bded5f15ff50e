"""Letters, templates, batches and packets of the bound practice."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from upstream.alerts.scoring import Rate, share
from upstream.appeals.choices import LetterState, Subject, WorkState
from upstream.appeals.models import (
    Letter,
    LetterBatch,
    LetterEvent,
    LetterTemplate,
    Packet,
    PromptPayRate,
    ReviewLimit,
    on_or_before,
)
from upstream.appeals.rules import ANSWERED, SYSTEM, WON
from upstream.claims.choices import MatchState
from upstream.claims.models import Adjudication, Claim, ClaimMatch
from upstream.tenants.models import Membership

MACHINES = {"command": "Upstream", "system": "Upstream", "stage": "Upstream"}
# After so long without an answer nobody looks any more.
AWAITED = timedelta(days=730)


def letters() -> QuerySet[Letter]:
    """Newest change first, with payer and claim."""
    return Letter.objects.select_related("payer", "claim", "incident").order_by("-changed_at", "-pk")


def letter(public_id: uuid.UUID) -> Letter | None:
    return letters().select_related("template", "batch").filter(public_id=public_id).first()


def events_of(letter: Letter) -> QuerySet[LetterEvent]:
    """Steps, oldest first."""
    return LetterEvent.objects.filter(letter=letter).order_by("number")


def templates() -> QuerySet[LetterTemplate]:
    """Every version that was ever put in, by subject and payer, the newest first."""
    rows = LetterTemplate.objects.select_related("payer")
    return rows.order_by("subject", F("payer__name").asc(nulls_first=True), "-version")


def template(public_id: uuid.UUID) -> LetterTemplate | None:
    return templates().filter(public_id=public_id).first()


def standing_templates(day: date) -> dict[tuple[str, int | None], LetterTemplate]:
    """The practice's own template in force on the day, by subject and payer (None: all payers). One query."""
    rows = LetterTemplate.objects.filter(on_or_before(day)).order_by("valid_from", "version")
    return {(row.subject, row.payer_id): row for row in rows}


def review_limit() -> int | None:
    """Cents above which a second person reads a letter; None for never."""
    row = ReviewLimit.objects.order_by("-pk").first()
    return row.amount_cents if row else None


def batches() -> QuerySet[LetterBatch]:
    return LetterBatch.objects.select_related("incident").order_by("-requested_at", "-pk")


def batch(public_id: uuid.UUID) -> LetterBatch | None:
    return batches().filter(public_id=public_id).first()


def letters_of(batch: LetterBatch) -> QuerySet[Letter]:
    """What came of the batch, in the order of the claims."""
    return letters().filter(pk__in=batch.letters).order_by("pk")


def packets() -> QuerySet[Packet]:
    return Packet.objects.select_related("incident__payer").order_by("-requested_at", "-pk")


def packet(public_id: uuid.UUID) -> Packet | None:
    return packets().filter(public_id=public_id).first()


def rates_on(day: date) -> list[PromptPayRate]:
    """What lists say of each state's late payment on the day, by state."""
    newest = {row.place: row for row in PromptPayRate.objects.filter(valid_from__lte=day).order_by("valid_from")}
    return [newest[place] for place in sorted(newest)]


def batches_due() -> QuerySet[LetterBatch]:
    return LetterBatch.objects.filter(state=WorkState.DUE).order_by("pk")


def batch_files_due() -> QuerySet[LetterBatch]:
    return LetterBatch.objects.filter(files_state=WorkState.DUE).order_by("pk")


def packets_due() -> QuerySet[Packet]:
    return Packet.objects.filter(state=WorkState.DUE).order_by("pk")


def sent_without_files() -> QuerySet[Letter]:
    """Letters that went out and whose files are not kept yet."""
    return Letter.objects.filter(sent_on__isnull=False, pdf_sha256="").order_by("pk")


def answered_since(now: datetime) -> QuerySet[Letter]:
    """Sent letters, and those judged by their remits, on whose claim an answer came that was not looked at."""
    open_now = Q(state=LetterState.SENT) | Q(state__in=ANSWERED, answered_by=SYSTEM)
    newer = Adjudication.objects.filter(known_at__gt=OuterRef("looked_at"))
    family = Claim.objects.filter(~Q(family_key=F("number_bidx")), family_key=OuterRef(OuterRef("claim__family_key")))
    matched = ClaimMatch.objects.filter(claim=OuterRef(OuterRef("claim")), state=MatchState.MATCHED)
    came = (
        Exists(newer.filter(claim=OuterRef("claim")))
        | Exists(newer.filter(claim__in=family.values("pk")))
        | Exists(newer.filter(claim__in=matched.values("remitted_id")))
    )
    rows = Letter.objects.filter(open_now, sent_on__gt=(now - AWAITED).date())
    return rows.filter(came).order_by("pk")


@dataclass(frozen=True)
class Record:
    """Letters to one payer on one subject: how many went out, how the answered ones ended, cents recovered."""

    payer_id: int
    payer: str
    subject: str
    sent: int
    waiting: int
    overturned: int
    partly: int
    upheld: int
    recovered_cents: int

    @property
    def subject_label(self) -> str:
        return str(Subject(self.subject).label)

    @property
    def answered(self) -> int:
        return self.overturned + self.partly + self.upheld

    @property
    def rate(self) -> Rate | None:
        """Share of the answered that were overturned in full or in part, with Wilson's interval; None of nothing."""
        return share(self.overturned + self.partly, self.answered)


def records() -> list[Record]:
    """By payer and subject, the most answered first. One query."""
    counted = {state.value: Count("pk", filter=Q(state=state)) for state in (LetterState.SENT, *ANSWERED)}
    rows = (
        Letter.objects.filter(sent_on__isnull=False)
        .values("payer_id", "payer__name", "subject")
        .annotate(**counted, recovered=Sum("recovered_cents", filter=Q(state__in=WON), default=0))
    )
    found = [
        Record(
            row["payer_id"], row["payer__name"], row["subject"],
            sum(row[state] for state in counted), row["sent"], row["overturned"], row["partly"], row["upheld"],
            row["recovered"],
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda record: (-record.answered, -record.sent, record.payer, record.subject))


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """People by their name as `user:<public id>`, machines by their kind."""
    wanted = set(actors)
    people = {actor: uuid.UUID(actor.partition(":")[2]) for actor in wanted if actor.startswith("user:")}
    found = Membership.objects.filter(user__public_id__in=people.values()).select_related("user")
    by_id = {member.user.public_id: member.user.get_full_name() or member.user.email for member in found}
    named = {actor: by_id.get(public_id, "a former member") for actor, public_id in people.items()}
    return {actor: named.get(actor) or MACHINES.get(actor.partition(":")[0], actor) for actor in wanted}
