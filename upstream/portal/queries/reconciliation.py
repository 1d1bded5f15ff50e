"""The reconciliation as the pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from upstream.claims.models import Payer
from upstream.ingestion.reconciliation import ledger as ledgers
from upstream.ingestion.reconciliation import queries
from upstream.ingestion.reconciliation.choices import Basis
from upstream.ingestion.reconciliation.ledger import LedgerRow, MonthOfTakeBacks
from upstream.ingestion.reconciliation.payments import Payment, payments
from upstream.ingestion.reconciliation.queries import ClaimSums, Row
from upstream.ingestion.reconciliation.rules import Match, Range
from upstream.kpis import answer_sums


@dataclass(frozen=True)
class Asked:
    """What an address asks for, with the form that says so."""

    form: Any
    wanted: Range
    basis: Basis
    payer: UUID | None
    reason: str


@dataclass(frozen=True)
class PageRow:
    """A row with the days of its period and its payer's address."""

    row: Row
    first: Any
    last: Any
    payer: UUID | None


@dataclass(frozen=True)
class Page:
    """Everything of the page: rows and their sums, claims by the basis chosen, deposits where there are any."""

    rows: list[PageRow]
    total: Row
    sums: list[ClaimSums]
    sum_total: ClaimSums
    matches: list[Match] | None
    paid: dict[int, Payment]

    @property
    def states(self) -> dict[str, int]:
        """How many payments and deposits stand in each state."""
        found: dict[str, int] = dict.fromkeys(("matched", "differs", "no_deposit", "no_payment"), 0)
        for match in self.matches or []:
            found[match.state] += 1
        return found

    @property
    def differences(self) -> list[Match]:
        """What the bank and the payers do not agree on."""
        return [match for match in self.matches or [] if match.state != "matched"]

    @property
    def not_deposited_cents(self) -> int:
        """Deposited less paid, over everything."""
        return sum(match.difference_cents for match in self.matches or [])

    def sheets(self) -> tuple[list[Row], list[ClaimSums], list[Payment], list[Match]]:
        """What the workbook holds."""
        return [row.row for row in self.rows], self.sums, list(self.paid.values()), self.matches or []


def reconciled(asked: Asked) -> Page:
    """A fixed number of queries, however many rows there are."""
    paid = payments(asked.wanted, payer=asked.payer)
    rows = queries.reconciliation(asked.wanted, paid)
    ids = dict(Payer.objects.values_list("pk", "public_id"))
    if asked.payer is not None:
        rows = [row for row in rows if row.payer_id is not None and ids[row.payer_id] == asked.payer]
    sums = answer_sums.claim_sums(asked.wanted, asked.basis)
    return Page(
        rows=[_page_row(asked.wanted, row, ids) for row in rows],
        total=queries.total(rows),
        sums=sums,
        sum_total=queries.claim_total(sums),
        matches=queries.deposits_against(asked.wanted, paid) if queries.has_deposits() else None,
        paid={one.id: one for one in paid},
    )


def _page_row(wanted: Range, row: Row, ids: dict[int, UUID]) -> PageRow:
    first, last = wanted.days_of(row.start) if row.start else (wanted.first, wanted.last)
    return PageRow(row, first, last, ids.get(row.payer_id) if row.payer_id else None)


def listed(asked: Asked) -> list[Payment]:
    return payments(asked.wanted, payer=asked.payer, reason=asked.reason)


def sums_of(found: Sequence[Payment]) -> dict[str, int]:
    """Of the payments listed: what came whole in another delivery counts with its answers alone."""
    counting = [one for one in found if not one.superseded]
    return {
        **{name: sum(getattr(one, name) for one in counting) for name in ("amount", "claims_paid", "adjustments")},
        "difference": sum(one.difference for one in counting),
        "loaded": sum(one.loaded.paid for one in found),
        "payments": len(counting),
    }


@dataclass(frozen=True)
class LedgerPage:
    """Adjustments, their sum, and take-backs by month."""

    rows: list[LedgerRow]
    cents: int
    months: list[MonthOfTakeBacks]


def ledger_page(asked: Asked) -> LedgerPage:
    rows = ledgers.ledger(asked.wanted, asked.payer)
    twice = ledgers.told_twice(asked.wanted, asked.payer)
    months = ledgers.take_backs(rows, payments(asked.wanted, payer=asked.payer), twice)
    return LedgerPage(rows, sum(row.cents for row in rows), months)
