"""The claims that a measure counts, one by one: as many as it says, and as many cents."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil, floor
from typing import Any

from django.db import connection
from django.db.models import F, Min, Q, QuerySet

from upstream.claims.choices import DenialCategory, Outcome
from upstream.claims.models import Claim, PayerWeek
from upstream.claims.services import carc_map
from upstream.core import clock, tenancy
from upstream.kpis import definitions as d
from upstream.kpis import lists, sums
from upstream.kpis.acted import ACTED, Acts
from upstream.kpis.answers import PAIRS, PARTLY_OF, named
from upstream.kpis.choices import Unit
from upstream.kpis.definitions import BY_KEY
from upstream.kpis.lists import Entry
from upstream.kpis.sums import Ask
from upstream.worklist.pricing import Prices

REFUSED = (Outcome.DENIED, Outcome.PARTIAL)
# These claims and their own answers, as PAIRS and PARTLY_OF name families and theirs.
THESE = """
family AS (SELECT c.id, c.outcome, c.decision_known_at, c.billed_cents AS billed, c.allowed_cents AS first_allowed
    FROM claims_claim c WHERE c.tenant_id = %(tenant)s AND c.id = ANY(%(claims)s)),
said AS (SELECT a.claim_id AS family, a.claim_id AS claim, a.id, a.outcome, a.known_at, a.paid_cents
    FROM claims_adjudication a WHERE a.tenant_id = %(tenant)s AND a.claim_id = ANY(%(claims)s) AND a.payer_order = 1)
"""
Rows = Callable[[Ask], QuerySet[Claim]]
Entries = Callable[[Ask, int, int | None], list[Entry]]


@dataclass(frozen=True)
class Behind:
    """Which claims, in words, what those of them are that count in the numerator ("": all), and the list of them."""

    words: str
    entries: Entries
    counts: str = ""


@dataclass(frozen=True)
class Counted:
    """One claim behind a measure.

    `counts` says whether it is in the numerator, `cents` are those of it that are counted there: of a partly refused
    one those of its refused lines; `whole` are those that it adds to the denominator, None where the list does not tell
    them. `days` are its own, `is_middle` marks those that the measure's middle is of.
    """

    claim: Claim
    cents: int
    counts: bool = True
    whole: int | None = None
    days: int | None = None
    said: str = ""
    is_middle: bool = False


def counted(
    key: str, ask: Ask, *, skip: int = 0, most: int | None = None, middle: float | None = None
) -> list[Counted]:
    """The claims behind the measure, in the order of its list. KeyError for a measure that is not in BEHIND.

    Days of `middle` mark the claims that it is of. As many queries however many claims.
    """
    found = BEHIND[key].entries(ask, skip, most)
    claims = Claim.objects.select_related("payer", "site").in_bulk({one.claim for one in found})
    prices = sums.prices() if any(one.before is not None for one in found) else None
    marked = _days_of_middle(key, ask, middle)
    return [_counted(one, claims[one.claim], prices, marked) for one in found]


def place_of_middle(key: str, ask: Ask, middle: float | None) -> int | None:
    """At which place of a list by days, from 0 on, the claims stand that its middle is of; None for another list."""
    marked = _days_of_middle(key, ask, middle)
    if not marked:
        return None
    if key in ACTED:
        return sum(one.days is not None and one.days < min(marked) for one in ACTED[key].rows(ask))
    return lists.sooner(key, ask, min(marked)) if key in lists.LISTS else None


def _days_of_middle(key: str, ask: Ask, middle: float | None) -> frozenset[int]:
    """The days of the claims that a middle number of days is of: it may lie between two, however far apart."""
    if middle is None or BY_KEY[key].unit != Unit.DAYS or key == d.DAYS_IN_AR.key:
        return frozenset()
    if key not in ACTED:
        return frozenset({floor(middle), ceil(middle)})
    days = [one.days for one in ACTED[key].rows(ask) if one.days is not None]
    return frozenset({max(day for day in days if day <= middle), min(day for day in days if day >= middle)})


def _counted(one: Entry, claim: Claim, prices: Prices | None, marked: frozenset[int]) -> Counted:
    """What is priced is so as a part of its payer's sum: the parts add up to the price of the sum, to the cent."""
    cents, whole = one.cents, one.whole
    if prices is not None and one.before is not None and whole is not None:
        whole = prices.expected(one.payer, "", one.before + whole) - prices.expected(one.payer, "", one.before)
        cents = cents or (whole if one.counts and one.days is not None else 0)
    return Counted(claim, cents, one.counts, whole, one.days, one.said, one.counts and one.days in marked)


def _of_claims(rows: Rows) -> Entries:
    """Claims of a query, the newest submission first; of partly refused ones the cents of their refused lines."""

    def entries(ask: Ask, skip: int, most: int | None) -> list[Entry]:
        found = rows(ask).order_by("-submitted_date", "-pk").only("outcome", "billed_cents", "payer_id")
        claims = list(found[skip : None if most is None else skip + most])
        partly = partly_refused([claim.pk for claim in claims if claim.outcome == Outcome.PARTIAL], ask.time_zone)
        return [
            Entry(one.pk, None, "", True, partly.get(one.pk, one.billed_cents), None, one.payer_id, None)
            for one in claims
        ]

    return entries


def _expected(rows: Rows) -> Entries:
    """The same at what they should have been allowed: each as a part of its payer's and procedure's sum."""
    whole = _of_claims(rows)

    def entries(ask: Ask, skip: int, most: int | None) -> list[Entry]:
        found, prices = whole(ask, 0, None), sums.prices()
        places = dict(rows(ask).values_list("pk", "procedure_code"))
        partly = set(rows(ask).filter(outcome=Outcome.PARTIAL).values_list("pk", flat=True))
        so_far: Counter[tuple[int, str, bool]] = Counter()
        priced = []
        for one in found:
            of = (one.payer, places[one.claim], one.claim in partly)
            before, so_far[of] = so_far[of], so_far[of] + one.cents
            cents = prices.expected(*of[:2], so_far[of]) - prices.expected(*of[:2], before)
            priced.append(replace(one, cents=cents))
        return priced[skip : None if most is None else skip + most]

    return entries


def _of_list(key: str) -> Entries:
    return lambda ask, skip, most: lists.entries(key, ask, skip=skip, most=most)


def _of_acts(acts: Acts) -> Entries:
    return lambda ask, skip, most: acts.rows(ask)[skip : None if most is None else skip + most]


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


def _claims(words: str, rows: Rows) -> Behind:
    return Behind(words, _of_claims(rows))


WHOLE = _claims("Claims whose first answer refuses them whole", _answered(Q(outcome=Outcome.DENIED)))
EITHER = _answered(Q(outcome__in=REFUSED))
EITHER_WORDS = "Claims that first answers refuse, wholly or in part"
WANTING, UNEXPLAINED = (
    _claims(f"Claims refused {why}", _answered(Q(outcome__in=REFUSED, denial_category=category)))
    for why, category in (
        ("for want of an authorization", DenialCategory.AUTH),
        ("without a usable reason", DenialCategory.UNSPEC),
    )
)
BEHIND: dict[str, Behind] = {
    d.DENIAL_RATE_REMITTED.key: WHOLE,
    d.DENIAL_RATE_SUBMITTED.key: WHOLE,
    d.PARTIAL_RATE.key: _claims("Claims whose first answer refuses some lines", _answered(Q(outcome=Outcome.PARTIAL))),
    d.DENIED_DOLLARS.key: _claims(EITHER_WORDS, EITHER),
    d.DENIED_EXPECTED.key: Behind(EITHER_WORDS, _expected(EITHER)),
    d.AUTH_RATE.key: WANTING,
    d.UNSPEC_RATE.key: UNEXPLAINED,
    **{key: Behind(one.words, _of_list(key), one.counts) for key, one in lists.LISTS.items()},
    **{key: Behind(one.words, _of_acts(one), one.counts) for key, one in ACTED.items()},
}
