"""What one clinician can change: before the visit, after it, and what to learn. No dollars, nobody else's."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet

from upstream.authorizations.models import Entry, Risk
from upstream.authorizations.queries import Asked, entries, risks
from upstream.claims.choices import DenialCategory
from upstream.claims.models import CarcRule
from upstream.claims.rules import denial_words
from upstream.worklist.choices import ActKind
from upstream.worklist.models import Event, Item
from upstream.worklist.queries import items

SHOWN, MOST_REASONS, REPEATED = 10, 3, 2
LEARN_FROM = timedelta(days=30)
LEARNABLE = (DenialCategory.AUTH, DenialCategory.MEDNEC, DenialCategory.DOC, DenialCategory.LIMIT)
# What a clinician's words can answer: records asked for, and whether the service was necessary.
ANSWERABLE = (DenialCategory.DOC, DenialCategory.MEDNEC)


@dataclass(frozen=True, slots=True)
class Asking:
    """A denied claim that wants something from the clinician; `said_on` when they answered."""

    item: Item
    wants: str
    said_on: date | None


@dataclass(frozen=True, slots=True)
class Lesson:
    """A reason that came back this month: in words, how often, and what payers wanted."""

    reason: str
    claims: int
    wants: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The page: `open` is what it asks for."""

    entries: list[Entry]
    risks: list[Risk]
    asked: list[Asking]
    answered: list[Asking]
    lessons: list[Lesson]

    @property
    def open(self) -> int:
        return len(self.entries) + len(self.risks) + len(self.asked)


def panel_of(npi: str, actor: str, today: date) -> Panel:
    """Seven queries, each for the claims and authorizations of this provider number alone."""
    near = entries(Asked(show="near"), today).filter(provider_npi=npi)[:SHOWN]
    lessons, asked = _repeated(npi, today), list(_asked(npi, today)[:SHOWN])
    wants = _wants({item.denial_carc for item in asked} | {carc for _, _, carc in lessons})
    said = dict(
        Event.objects.filter(item__in=asked, act__kind=ActKind.NOTE, act__actor=actor)
        .values_list("item").annotate(at=Max("act__at"))
    )  # fmt: skip
    rows = [Asking(item, wants.get(item.denial_carc, ""), _day(said.get(item.pk))) for item in asked]
    return Panel(
        entries=list(near),
        risks=list(risks().filter(claim__rendering_npi=npi, service_date__gte=today)[:SHOWN]),
        asked=[row for row in rows if row.said_on is None],
        answered=[row for row in rows if row.said_on],
        lessons=[Lesson(denial_words(category), claims, wants.get(carc, "")) for category, claims, carc in lessons],
    )


def asked_of(npi: str, public_id: UUID) -> Item | None:
    """The denied claim, where it is one of this provider's."""
    return items().filter(public_id=public_id, claim__rendering_npi=npi).first() if npi else None


def _asked(npi: str, today: date) -> QuerySet[Item]:
    rows = items().filter(closed_at=None, deadline__gte=today, category__in=ANSWERABLE, claim__rendering_npi=npi)
    return rows.order_by("deadline", "pk")


def _repeated(npi: str, today: date) -> list[tuple[str, int, str]]:
    """Reasons of the last thirty days that came more than once, the commonest first, each with a code of it."""
    rows = Item.objects.filter(decided_date__gt=today - LEARN_FROM, category__in=LEARNABLE, claim__rendering_npi=npi)
    counted = rows.values("category").annotate(claims=Count("pk"), carc=Max("denial_carc", filter=~Q(denial_carc="")))
    found = counted.filter(claims__gte=REPEATED).order_by("-claims", "category")[:MOST_REASONS]
    return [(row["category"], row["claims"], row["carc"] or "") for row in found]


def _wants(carcs: set[str]) -> dict[str, str]:
    rows = CarcRule.objects.filter(carc__in=carcs).order_by(F("valid_from"))
    return {row.carc: row.first_action for row in rows}


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
