"""The claims behind a measure as their page, and its file, show them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from upstream.claims.choices import Outcome
from upstream.core.money import dollars_of
from upstream.kpis.behind import BEHIND, Counted
from upstream.kpis.definitions import BY_KEY

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
