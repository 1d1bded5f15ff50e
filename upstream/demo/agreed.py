"""A contract of the demo: what one payer agreed to, and one procedure that it still pays by its old schedule."""

from datetime import date
from decimal import Decimal

from upstream.claims.models import Payer
from upstream.claims.services import named_payers
from upstream.contracts import queries, services
from upstream.contracts.fees import COLUMNS
from upstream.contracts.loading import load_file
from upstream.core.money import dollars_of
from upstream.demo.practices import NORTHSTAR, Practice

SINCE = date(2020, 1, 1)
RAISED = {"97110": 1.22}
# Payers pay assistants 85 % of the fee, and a locality somewhat less.
ASSISTANTS = Decimal(17)


def agree(practice: Practice, actor: str) -> None:
    """The bound practice has its contract with Northstar, once, where it has that payer."""
    if NORTHSTAR not in practice.payers:
        return
    pair = (NORTHSTAR.name, NORTHSTAR.payer_id)
    payer_id = named_payers({pair: NORTHSTAR.payer_type}, "csv")[pair].payer
    if queries.contracts_of(payer_id).exists():
        return
    payer = Payer.objects.get(pk=payer_id)
    contract = services.add_contract(
        payer=payer, name="Northstar fee schedule", effective_from=SINCE, source="exhibit B; assistants at 85%",
        tolerance_percent=ASSISTANTS, actor=actor,
    )  # fmt: skip
    load_file(contract, [_schedule(practice)], actor=actor)


def _schedule(practice: Practice) -> bytes:
    rows = [",".join(COLUMNS)]
    for procedure in practice.procedures:
        cents = round(procedure.fee_cents * NORTHSTAR.fee_factor * RAISED.get(procedure.code, 1.0))
        rows.append(f"{procedure.code},,,{dollars_of(cents)},,,")
    return "\n".join(rows).encode()
