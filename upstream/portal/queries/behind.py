"""The claims behind a measure as their page, and its file, show them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from upstream.claims import payer_queries
from upstream.claims.choices import Outcome
from upstream.claims.models import Payer
from upstream.core.money import dollars_of
from upstream.kpis.behind import BEHIND, Counted
from upstream.kpis.definitions import BY_KEY
from upstream.kpis.lists import OF_ANY_WEEK, is_long
from upstream.kpis.measures import Measures
from upstream.kpis.rules import WEEK, Span

BEHIND_COLUMNS = (
    "claim", "payer", "site", "procedure_code", "submitted_date", "decided_date", "outcome", "billed", "days",
    "became", "in_numerator", "counted", "of", "is_middle",
)  # fmt: skip


@dataclass(frozen=True)
class ShownList:
    """One page of a list: its words, which columns it has ("" for none), its rows and their sums.

    `counts` heads the column that says which claims are in the numerator, `money` that of the dollars.
    """

    words: str
    counts: str
    money: str
    has_days: bool
    has_said: bool
    has_whole: bool
    rows: Sequence[Counted]

    @property
    def lead(self) -> int:
        """Columns before the sums."""
        return 7 + self.has_days + self.has_said + bool(self.counts)

    @property
    def cents(self) -> int:
        return sum(one.cents for one in self.rows)

    @property
    def whole(self) -> int:
        return sum(one.whole or 0 for one in self.rows)


def shown_list(key: str, rows: Sequence[Counted]) -> ShownList:
    """The rows of one page with the columns that this measure needs."""
    behind = BEHIND[key]
    return ShownList(
        behind.words, behind.counts.capitalize(), "Counted" if BY_KEY[key].of_money else "Charges",
        any(one.days is not None for one in rows), any(one.said for one in rows),
        any(one.whole is not None for one in rows), rows,
    )  # fmt: skip


@dataclass(frozen=True)
class Narrower:
    """Parts of a list that is too long for one page: its weeks, or of one week, or of any time, its payers."""

    weeks: Sequence[Span] = ()
    payers: Sequence[Payer] = ()


def narrower_of(key: str, found: Measures) -> Narrower | None:
    """What to choose from where a list is too long; None where it is not, or has no smaller parts."""
    if not is_long(key, found.ask):
        return None
    if found.span.weeks > 1 and key not in OF_ANY_WEEK:
        starts = (found.span.first + number * WEEK for number in range(found.span.weeks))
        return Narrower(weeks=[Span(start, start) for start in starts])
    return None if found.payer else Narrower(payers=list(payer_queries.payers().order_by("name")))


def behind_rows(counted: Iterable[Counted]) -> Iterator[tuple[object, ...]]:
    """One row a claim, in the order of BEHIND_COLUMNS, dollars as decimals."""
    for one in counted:
        claim = one.claim
        yield (
            claim.public_id, claim.payer.name, claim.site.name if claim.site else "", claim.procedure_code,
            claim.submitted_date, claim.decided_date, Outcome(claim.outcome).label, dollars_of(claim.billed_cents),
            one.days, one.said, "yes" if one.counts else "no", dollars_of(one.cents),
            None if one.whole is None else dollars_of(one.whole), "yes" if one.is_middle else "no",
        )  # fmt: skip
