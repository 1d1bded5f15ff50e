"""What an invented practice knows of its payers: their types, and a contract by which one procedure is paid short."""

from datetime import date
from decimal import Decimal

from upstream.alerts import payer_clocks as clocks
from upstream.claims.models import Payer
from upstream.claims.services import named_payers
from upstream.contracts import queries, services
from upstream.contracts.fees import COLUMNS
from upstream.contracts.loading import load_file
from upstream.core.money import dollars_of
from upstream.samples.invented.practices import NORTHSTAR, Practice

SINCE = date(2020, 1, 1)
RAISED = {"97110": 1.22}
# Payers pay assistants 85 % of the fee, and a locality somewhat less.
ASSISTANTS = Decimal(17)


def set_types(practice: Practice) -> None:
    """Payers of the bound practice of which it knows the type before the first file comes."""
    pairs = {(payer.name, payer.payer_id): payer.payer_type for payer in practice.payers}
    for pair, named in named_payers(pairs, "csv").items():
        payer = Payer.objects.get(pk=named.payer)
        if payer.payer_type != pairs[pair]:
            clocks.set_type(payer, pairs[pair])


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
