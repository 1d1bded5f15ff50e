"""What open underpaid lines add up to at each payer."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce

from upstream.contracts.models import Contract, ShortLine
from upstream.contracts.rules import OPEN


@dataclass(frozen=True)
class Short:
    """Underpaid lines that nobody has settled: how many, and by how many cents they fell short."""

    lines: int = 0
    cents: int = 0


def short_by_payer(payers: Iterable[int]) -> dict[int, Short]:
    """By payer, of those that have a contract or such a line: without a contract nothing can be called short.

    Two queries.
    """
    wanted = list(payers)
    standing = Contract.objects.filter(taken_back_at=None).annotate(of=Coalesce(F("payer__counted_with"), F("payer")))
    found = dict.fromkeys(standing.filter(of__in=wanted).values_list("of", flat=True), Short())
    rows = ShortLine.objects.filter(payer_id__in=wanted, stands=True, state__in=OPEN).values_list("payer_id")
    sums = rows.annotate(Count("pk"), Sum("short_cents")).order_by()
    return found | {payer: Short(lines, cents) for payer, lines, cents in sums}
