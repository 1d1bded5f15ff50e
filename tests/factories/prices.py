"""Contracts with prices, and lines that were allowed less."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.factories import NOON, claim
from upstream.claims.models import Claim, Payer
from upstream.contracts import services
from upstream.contracts.loading import load_file
from upstream.contracts.models import Contract, Load, Modifier, Rate, ShortLine

ACTOR = "command:test"
HEADER = "procedure_code,modifiers,place_of_service,price,percent_of_billed,effective_from,effective_to"


def contract(of_payer: Payer, name: str = "Known to Lakeside alone", **fields: Any) -> Contract:
    """In force since 2026, without prices."""
    values = {"effective_from": date(2026, 1, 1), **fields}
    return services.add_contract(payer=of_payer, name=name, actor=ACTOR, **values)


def fees(into: Contract, *rows: str) -> Load:
    """A fee schedule of these rows."""
    return load_file(into, ["\n".join([HEADER, *rows]).encode()], actor=ACTOR)


def short_line(of: Contract, **fields: Any) -> ShortLine:
    """A line of 99213 that was allowed $70 of the $80 of the contract's price."""
    rate = Rate.objects.filter(contract=of, stands=True).first()
    values: dict[str, Any] = {
        "adjudication_id": 1, "number": 1, "procedure_code": "99213", "units": Decimal(1), "rate": rate,
        "service_date": date(2026, 1, 5), "decided_on": date(2026, 1, 19), "billed_cents": 10_000,
        "allowed_cents": 7_000, "expected_cents": 8_000, "short_cents": 1_000, "found_at": NOON, **fields,
    }  # fmt: skip
    about = values.pop("claim", None) or claim(of.payer)
    return ShortLine.objects.create(claim=about, payer=of.payer, contract=of, **values)


def one_of_each(of_payer: Payer, of_claim: Claim | None = None) -> dict[str, UUID]:
    """Public ids by the first word of the names of their addresses."""
    made = contract(of_payer)
    load = fees(made, "99213,,,80.00,,,")
    said = Modifier.objects.filter(contract=made).order_by("pk")[0]
    return {
        "contract": made.public_id, "load": load.public_id, "modifier": said.public_id,
        "short": short_line(made, claim=of_claim).public_id,
    }  # fmt: skip
