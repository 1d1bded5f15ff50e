"""Payers as people look at them: who waits for a decision and why, the names each goes by, and what was decided."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Window
from django.db.models.functions import Coalesce, RowNumber

from upstream.claims.choices import Doubt, MoveState, Outcome
from upstream.claims.models import Claim, Payer, PayerAlias, PayerDoubt, PayerMove, PayerWeek, RawPayer

EXAMPLES = 3
NTH = Window(RowNumber(), partition_by=F("payer_id"), order_by=(F("submitted_date").desc(), F("pk").desc()))


@dataclass(frozen=True)
class Volume:
    """Claims that rates count, and what they billed."""

    claims: int = 0
    billed_cents: int = 0


NOTHING = Volume()


@dataclass(frozen=True)
class Pair:
    """Two payers that may be one: `unmapped` is the smaller one, whose claims wait; the names in question, and why."""

    unmapped: Payer
    other: Payer
    unmapped_name: RawPayer
    other_name: RawPayer
    reason: Doubt


def open_pairs() -> tuple[list[Pair], dict[int, Volume]]:
    """Every open question, and the volumes of the payers in question. One query without questions, else three.

    Of two payers the one with fewer claims waits, by the alphabet where they have as many: no order of files matters.
    """
    doubts = list(PayerDoubt.objects.filter(answer="").select_related("first", "second").order_by("pk"))
    if not doubts:
        return [], {}
    raws = {number for doubt in doubts for number in (doubt.first_id, doubt.second_id)}
    rows = PayerAlias.objects.filter(raw_id__in=raws, valid_until=None).select_related("payer")
    payers: dict[int, Payer] = {row.raw_id: row.payer for row in rows}
    volumes = volumes_of({payer.pk for payer in payers.values()})
    pairs: dict[frozenset[int], Pair] = {}
    for doubt in doubts:
        one, other = payers[doubt.first_id], payers[doubt.second_id]
        if one.pk == other.pk:
            continue
        sides = sorted(((one, doubt.first), (other, doubt.second)), key=lambda side: _weight(side[0], volumes))
        (unmapped, name), (larger, its_name) = sides
        pair = Pair(unmapped, larger, name, its_name, Doubt(doubt.reason))
        pairs.setdefault(frozenset((one.pk, other.pk)), pair)
    return list(pairs.values()), volumes


def _weight(payer: Payer, volumes: Mapping[int, Volume]) -> tuple[int, list[int]]:
    return volumes.get(payer.pk, NOTHING).claims, [-ord(letter) for letter in payer.name]


def volumes_of(payers: Iterable[int] | None = None) -> dict[int, Volume]:
    """Claims and billed cents by payer, of these or of all."""
    rows = PayerWeek.objects.filter(outcome=Outcome.PENDING)
    if payers is not None:
        rows = rows.filter(payer_id__in=list(payers))
    sums = rows.values_list("payer_id").annotate(Sum("claims"), Sum("billed_cents"))
    return {payer: Volume(claims, cents) for payer, claims, cents in sums}


@dataclass(frozen=True)
class Unmapped:
    """Payers whose names wait for a person, and how many claims that keeps from being watched."""

    payers: frozenset[int]
    claims: int


def unmapped() -> Unmapped:
    """At most three queries, one where nothing waits."""
    pairs, volumes = open_pairs()
    waiting = frozenset(pair.unmapped.pk for pair in pairs)
    return Unmapped(waiting, sum(volumes.get(payer, NOTHING).claims for payer in waiting))


@dataclass(frozen=True)
class Question:
    """One payer that waits, its claims with a few to look at, and the payers that it may be, the largest first."""

    payer: Payer
    volume: Volume
    examples: list[Claim]
    candidates: list[Pair]
    volumes: Mapping[int, Volume]

    @property
    def others(self) -> list[tuple[Pair, Volume]]:
        return [(pair, self.volumes.get(pair.other.pk, NOTHING)) for pair in self.candidates]


def questions() -> list[Question]:
    """What waits for a person, the most claims first. At most four queries."""
    pairs, volumes = open_pairs()
    waiting: dict[int, list[Pair]] = {}
    for pair in pairs:
        waiting.setdefault(pair.unmapped.pk, []).append(pair)
    examples = _examples(waiting)
    found = [
        Question(
            payer=mine[0].unmapped,
            volume=volumes.get(payer, NOTHING),
            examples=examples.get(payer, []),
            candidates=sorted(mine, key=lambda pair: _weight(pair.other, volumes), reverse=True),
            volumes=volumes,
        )
        for payer, mine in waiting.items()
    ]
    return sorted(found, key=lambda question: (-question.volume.claims, question.payer.name))


def _examples(payers: Iterable[int]) -> dict[int, list[Claim]]:
    """A few newest claims of each payer."""
    wanted = list(payers)
    found: dict[int, list[Claim]] = {}
    if wanted:
        newest = Claim.objects.filter(payer_id__in=wanted).annotate(n=NTH).filter(n__lte=EXAMPLES)
        for claim in newest.order_by("payer_id", "n"):
            found.setdefault(claim.payer_id, []).append(claim)
    return found


def payers() -> QuerySet[Payer]:
    """Those that are counted, by name, each with `names`: how many raw names lead to it."""
    standing = PayerAlias.objects.filter(payer=OuterRef("pk"), valid_until=None).order_by()
    names = Subquery(standing.values("payer").annotate(n=Count("pk")).values("n"))
    rows: QuerySet[Payer] = Payer.objects.filter(counted_with=None).select_related("org")
    return rows.annotate(names=Coalesce(names, 0)).order_by("name", "pk")


def payer(public_id: uuid.UUID) -> Payer | None:
    """The payer with this id, also one that is counted with another by now."""
    found: Payer | None = Payer.objects.select_related("org", "counted_with").filter(public_id=public_id).first()
    return found


def raw_payer(public_id: uuid.UUID) -> RawPayer | None:
    found: RawPayer | None = RawPayer.objects.filter(public_id=public_id).first()
    return found


def aliases_of(payer: Payer) -> QuerySet[PayerAlias]:
    """Every mapping that led to the payer, those that stand first, then by name."""
    rows = PayerAlias.objects.filter(payer=payer).select_related("raw", "product")
    ordered: QuerySet[PayerAlias] = rows.order_by(F("valid_until").desc(nulls_first=True), "raw__name_key", "pk")
    return ordered


def moves(payer: Payer | None = None) -> QuerySet[PayerMove]:
    """Decisions on names, of one payer or all, the newest first."""
    rows = PayerMove.objects.select_related("source", "target")
    if payer is not None:
        rows = rows.filter(Q(source=payer) | Q(target=payer))
    ordered: QuerySet[PayerMove] = rows.order_by("-pk")
    return ordered


def taken_back(among: Iterable[PayerMove]) -> set[int]:
    """Ids of those decisions that a later one took back."""
    undone = PayerMove.objects.filter(undoes__in=[move.pk for move in among])
    return {number for number in undone.values_list("undoes_id", flat=True) if number}


def move(public_id: uuid.UUID) -> PayerMove | None:
    found: PayerMove | None = PayerMove.objects.filter(public_id=public_id).first()
    return found


def moving() -> bool:
    """Whether claims are still on their way to the payer that was decided."""
    return PayerMove.objects.filter(state=MoveState.WAITING).exists()


def decided_since(moment: datetime) -> bool:
    """Whether a decision on names took effect after this."""
    return PayerMove.objects.filter(done_at__gt=moment).exists()
