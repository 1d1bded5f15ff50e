"""Claims that wait for an answer longer than nearly all others of their payer did: worth a call, or a 276."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import F, Q, QuerySet, Sum

from upstream.claims.choices import Outcome
from upstream.claims.models import Claim, Payer, PayerWeek
from upstream.core.clock import monday_of
from upstream.detection.models import Baseline, DetectionRun

ANSWERED = 0.95
LOOKED_BACK = timedelta(weeks=52)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Silence:
    """Claims of one payer that were submitted in the whole weeks from `first` to the week of `last`, both Mondays, and
    that nobody has answered; 19 of 20 of its claims were answered within `days`. Charges in cents."""

    payer: Payer
    days: int
    first: date
    last: date
    claims: int
    billed_cents: int


def silences(run: DetectionRun | None) -> list[Silence]:
    """Payers with such claims, the most dollars first, as of the day up to which the last look had data. Two queries.

    Claims of more than a year ago are no news and left out, and so are payers that answer too few for a twentieth to be
    told apart. The weekly sums say how many there are, so that no claim is read.
    """
    if run is None:
        return []
    spans = {base.payer: span for base in _baselines(run) if (span := _span(base, run.as_of))}
    if not spans:
        return []
    rows = PayerWeek.objects.filter(reduce(or_, (_weeks(payer, *span[1:]) for payer, span in spans.items())))
    sums = {payer: rest for payer, *rest in _sums(rows)}
    found = [
        Silence(payer, *span, sums[payer.pk][0], sums[payer.pk][1])
        for payer, span in spans.items()
        if payer.pk in sums and sums[payer.pk][0] > 0
    ]
    return sorted(found, key=lambda one: (-one.billed_cents, one.payer.name))


def waiting_claims(found: list[Silence]) -> QuerySet[Claim]:
    """The claims that these silences count, the oldest first, with payer and place."""
    which = (
        Q(payer=one.payer, submitted_date__gte=one.first, submitted_date__lt=one.last + WEEK) for one in found
    )  # fmt: skip
    rows = Claim.objects.filter(outcome=Outcome.PENDING, payer_order=1, family_key=F("number_bidx"))
    asked = rows.filter(reduce(or_, which)) if found else rows.none()
    return asked.select_related("payer", "site").order_by("submitted_date", "pk")


def _baselines(run: DetectionRun) -> QuerySet[Baseline]:
    return Baseline.objects.filter(run=run).select_related("payer").only("lag", "payer", "run")


def _span(base: Baseline, as_of: date) -> tuple[int, date, date] | None:
    """Days, and the first and last Monday; None where its curve does not reach so far."""
    shares = base.lag.get("decision", {}).get("usual", {}).get("share", ())
    days = next((day for day, share in enumerate(shares) if share >= ANSWERED), None)
    if days is None:
        return None
    last = monday_of(as_of - timedelta(days=days - 1)) - WEEK
    return days, last - LOOKED_BACK + WEEK, last


def _weeks(payer: Payer, first: date, last: date) -> Q:
    return Q(payer=payer, submitted_week__gte=first, submitted_week__lte=last)


def _sums(rows: QuerySet[PayerWeek]) -> QuerySet[PayerWeek, tuple[int, int, int]]:
    """By payer: claims that were sent less those that were answered, and the same of their charges."""
    sent, told = Q(outcome=Outcome.PENDING), ~Q(outcome=Outcome.PENDING)
    claims = Sum("claims", filter=sent, default=0) - Sum("claims", filter=told, default=0)
    cents = Sum("billed_cents", filter=sent, default=0) - Sum("billed_cents", filter=told, default=0)
    return rows.order_by().values_list("payer").annotate(waiting=claims, cents=cents)
