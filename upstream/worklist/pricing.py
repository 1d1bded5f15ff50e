"""What a denied claim should bring when it is paid, and what of such denials usually comes back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from upstream.alerts.rules import PRIOR_CLAIMS, PRIOR_WON
from upstream.claims.choices import Outcome
from upstream.claims.models import ProcedureWeek
from upstream.worklist.models import Recovery

PAST_WEEKS, LEAST_PAID = 52, 10


@dataclass(frozen=True)
class Paid:
    """Claims paid and what they were billed and allowed, in cents."""

    claims: int = 0
    billed: int = 0
    allowed: int = 0

    def __add__(self, other: "Paid") -> "Paid":
        return Paid(self.claims + other.claims, self.billed + other.billed, self.allowed + other.allowed)


@dataclass(frozen=True)
class Prices:
    """What payers allowed of charges in the last year: by payer and procedure, by payer, and together."""

    by_procedure: dict[tuple[int, str], Paid]
    by_payer: dict[int, Paid]
    whole: Paid

    def expected(self, payer: int, procedure: str, billed: int) -> int:
        """Cents: the charge times the share that the payer allows of this procedure's, else of all its charges, else
        that all payers do; the charge itself where nothing was ever paid."""
        found = (self.by_procedure.get((payer, procedure)), self.by_payer.get(payer), self.whole)
        for paid in found:
            if paid and paid.claims >= LEAST_PAID and paid.billed > 0:
                return min(round(billed * paid.allowed / paid.billed), billed)
        return billed


def prices_on(day: date, payers: Iterable[int]) -> Prices:
    """As the claims submitted in the 52 weeks before the day say. One query, on the weekly counts."""
    rows = ProcedureWeek.objects.filter(outcome=Outcome.PAID, submitted_week__gte=day - timedelta(weeks=PAST_WEEKS))
    sums = rows.values_list("payer", "procedure_code").annotate(
        Sum("claims"), Sum("billed_cents"), Sum("allowed_cents")
    )
    wanted, by_procedure = set(payers), {}
    by_payer: dict[int, Paid] = defaultdict(Paid)
    for payer, procedure, *amounts in sums.order_by():
        paid = Paid(*amounts)
        by_payer[payer] += paid
        if payer in wanted:
            by_procedure[payer, procedure] = paid
    return Prices(by_procedure, dict(by_payer), sum(by_payer.values(), Paid()))


@dataclass(frozen=True)
class Usual:
    """What usually comes back, from the narrowest circle that has a history: payer and category, category, all."""

    rows: dict[tuple[int | None, str], Recovery]

    def of(self, payer: int, category: str) -> Recovery | None:
        """None where nothing at all is known yet."""
        rows = self.rows
        return rows.get((payer, category)) or rows.get((None, category)) or rows.get((None, ""))

    def share(self, payer: int, category: str) -> float:
        found = self.of(payer, category)
        return found.share if found else PRIOR_WON / PRIOR_CLAIMS


def usual_recoveries() -> Usual:
    """As the last look has found them. One query."""
    return Usual({(row.payer_id, row.category): row for row in Recovery.objects.all()})
