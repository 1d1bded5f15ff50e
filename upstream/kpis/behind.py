"""The claims that a measure counts, one by one: as many as it says, and as many cents."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from upstream.claims.choices import DenialCategory, Outcome, StatusKind
from upstream.claims.models import Claim, ClaimRevision, ClaimStatus, PayerWeek
from upstream.claims.services import carc_map
from upstream.core import clock, tenancy
from upstream.kpis import definitions as d
from upstream.kpis.answers import PAIRS, PARTLY_OF, named
from upstream.kpis.money import OLD_DAYS
from upstream.kpis.sums import Ask

REFUSED = (Outcome.DENIED, Outcome.PARTIAL)
# These claims and their own answers, as PAIRS and PARTLY_OF name families and theirs.
THESE = """
family AS (SELECT c.id, c.outcome, c.decision_known_at, c.billed_cents AS billed, c.allowed_cents AS first_allowed
    FROM claims_claim c WHERE c.tenant_id = %(tenant)s AND c.id = ANY(%(claims)s)),
said AS (SELECT a.claim_id AS family, a.claim_id AS claim, a.id, a.outcome, a.known_at, a.paid_cents
    FROM claims_adjudication a WHERE a.tenant_id = %(tenant)s AND a.claim_id = ANY(%(claims)s) AND a.payer_order = 1)
"""
Rows = Callable[[Ask], QuerySet[Claim]]


@dataclass(frozen=True)
class Behind:
    """Which claims, in words, and the query of them."""

    words: str
    rows: Rows


@dataclass(frozen=True)
class Counted:
    """One claim behind a measure, and the cents of it that are counted: of a partly refused one those of its refused
    lines, of any other its charges."""

    claim: Claim
    cents: int


def counted(key: str, ask: Ask, *, skip: int = 0, most: int | None = None) -> list[Counted]:
    """The claims behind the measure, the newest submission first. KeyError for a measure that is not in BEHIND.

    Two queries, three where partly refused claims are among them.
    """
    rows = BEHIND[key].rows(ask).select_related("payer", "site").order_by("-submitted_date", "-pk")
    claims = list(rows[skip : None if most is None else skip + most])
    partly = partly_refused([claim.pk for claim in claims if claim.outcome == Outcome.PARTIAL], ask.time_zone)
    return [Counted(claim, partly.get(claim.pk, claim.billed_cents)) for claim in claims]


def partly_refused(claims: Iterable[int], time_zone: str) -> dict[int, int]:
    """Cents of the lines that first answers refuse of these partly refused claims, as the weekly sums count them."""
    values: dict[str, Any] = {"tenant": tenancy.required(), "claims": list(claims)}
    if not values["claims"]:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {THESE} {PAIRS}", values)
        values |= named(cursor.fetchall(), carc_map(clock.today(time_zone)))
        cursor.execute(f"WITH {THESE}, {PARTLY_OF}", values)
        return dict(cursor.fetchall())


def _heads(ask: Ask) -> QuerySet[Claim]:
    """First claims of families, with their first payer."""
    rows = Claim.objects.filter(payer_order=1, family_key=F("number_bidx"))
    return rows if ask.payer is None else rows.filter(payer=ask.payer)


def _sent() -> Least:
    """The day of a claim's first submission."""
    earlier = ClaimRevision.objects.filter(claim=OuterRef("pk")).order_by().values("claim")
    return Least(F("submitted_date"), Subquery(earlier.annotate(first=Min("submitted_date")).values("first")))


def _answered(which: Q) -> Rows:
    """By the week in which the first answer became known; weekly sums say how old the oldest such claim is."""

    def rows(ask: Ask) -> QuerySet[Claim]:
        weeks = PayerWeek.objects.filter(known_week__gte=ask.span.first, known_week__lte=ask.span.last)
        oldest = weeks.exclude(outcome=Outcome.PENDING).aggregate(week=Min("submitted_week"))["week"]
        began = clock.start_of(ask.span.first, ask.time_zone)
        until = clock.start_of(ask.span.end + timedelta(days=1), ask.time_zone)
        known = Q(decision_known_at__gte=began, decision_known_at__lt=until)
        return _heads(ask).filter(which & known, submitted_date__gte=oldest or date.max)

    return rows


def _submitted(which: Callable[[], Q]) -> Rows:
    """By the week of the first submission."""

    def rows(ask: Ask) -> QuerySet[Claim]:
        days = (ask.span.first, ask.span.end)
        before = ClaimRevision.objects.filter(submitted_date__range=days).values("claim")
        near = _heads(ask).filter(Q(submitted_date__range=days) | Q(pk__in=before))
        return near.filter(which(), GreaterThanOrEqual(_sent(), days[0]), LessThanOrEqual(_sent(), days[1]))

    return rows


def _waiting(older: int = 0) -> Rows:
    """Open as it stands now."""

    def rows(ask: Ask) -> QuerySet[Claim]:
        last = ask.as_of - timedelta(days=older + 1) if older else ask.as_of
        return _heads(ask).filter(LessThanOrEqual(_sent(), last), outcome=Outcome.PENDING)

    return rows


def _turned_away() -> Q:
    told = ClaimStatus.objects.filter(claim=OuterRef("pk"), kind=StatusKind.ACKNOWLEDGEMENT, rejected=True)
    return Q(Exists(told))


WHOLE = Behind("Claims whose first answer refuses them whole", _answered(Q(outcome=Outcome.DENIED)))
IN_PART = Behind("Claims whose first answer refuses some lines", _answered(Q(outcome=Outcome.PARTIAL)))
EITHER = Behind("Claims that first answers refuse, wholly or in part", _answered(Q(outcome__in=REFUSED)))
WANTING, UNEXPLAINED = (
    Behind(f"Claims refused {why}", _answered(Q(outcome__in=REFUSED, denial_category=category)))
    for why, category in (
        ("for want of an authorization", DenialCategory.AUTH),
        ("without a usable reason", DenialCategory.UNSPEC),
    )
)
FIRST_DENIALS = Behind("First denials of claims submitted then", _submitted(lambda: Q(outcome__in=REFUSED)))
BEHIND: dict[str, Behind] = {
    d.DENIAL_RATE_REMITTED.key: WHOLE,
    d.DENIAL_RATE_SUBMITTED.key: WHOLE,
    d.PARTIAL_RATE.key: IN_PART,
    d.DENIED_DOLLARS.key: EITHER,
    d.DENIED_EXPECTED.key: EITHER,
    d.AUTH_RATE.key: WANTING,
    d.UNSPEC_RATE.key: UNEXPLAINED,
    **{definition.key: FIRST_DENIALS for definition in d.RESOLVED.values()},
    d.CLEAN.key: Behind("Claims that were turned away", _submitted(_turned_away)),
    d.DAYS_IN_AR.key: Behind("Claims without a first answer", _waiting()),
    d.OLD_AR.key: Behind("Claims without a first answer for more than 90 days", _waiting(OLD_DAYS)),
}
