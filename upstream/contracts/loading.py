"""Fee schedules become prices: good rows are kept, bad ones named by line and field, and a load can be taken back."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from upstream.contracts.fees import Fault, Fee, fees, rows_in
from upstream.contracts.models import Contract, Load, Rate
from upstream.contracts.services import agreed_anew, alone_at
from upstream.core import clock
from upstream.core.errors import Conflict, Invalid, Unreadable

MOST_BYTES, FAULTS_KEPT, ROWS_AT_ONCE = 50_000_000, 500, 2000
Key = tuple[str, str, str]


@dataclass
class _Plan:
    """Prices to add, standing ones to end, rows that change nothing, and rows that are refused."""

    add: list[Rate] = field(default_factory=list)
    end: list[Rate] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)


@transaction.atomic
def load_file(contract: Contract, chunks: Iterable[bytes], *, actor: str) -> Load:
    """Every usable row of a CSV file or workbook is a price of the contract; the same file again changes nothing.

    A row with the code, modifiers, place and first day of a standing price takes its place. Unreadable for a file that
    is no fee schedule or larger than 50 MB.
    """
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > MOST_BYTES:
            raise Unreadable("file_too_large", "a fee schedule is at most 50 MB")
    told = list(fees(rows_in([bytes(data)])))
    return _load(contract, told, actor, sha256=hashlib.sha256(data).hexdigest())


@transaction.atomic
def set_price(contract: Contract, cells: dict[str, str], *, actor: str) -> Load:
    """One price as the columns of a fee schedule say it. Invalid names the column that will not do."""
    columns = list(cells)
    load = _load(contract, list(fees([(1, columns), (2, [cells[name] for name in columns])])), actor, by_hand=True)
    if load.faults:
        raise Invalid(load.faults[0]["field"], load.faults[0]["words"])
    return load


@transaction.atomic
def undo_load(load: Load, *, actor: str) -> Load:
    """The contract's prices stand as before the load. Conflict where it was undone, or a later load stands on it."""
    alone_at(load.contract)
    load = Load.objects.select_related("contract__payer").get(pk=load.pk)
    if load.undone_at:
        raise Conflict("undone", "this was taken back already")
    if Load.objects.filter(contract=load.contract_id, pk__gt=load.pk, undone_at=None).exists():
        raise Conflict("later_load", "prices were loaded after this; take those back first")
    Rate.objects.filter(made_in=load).update(stands=False)
    Rate.objects.filter(contract=load.contract_id, ended_in=load).update(stands=True, ended_in=None)
    load.undone_by, load.undone_at = actor[:80], clock.now()
    load.save()
    agreed_anew(load.contract.payer_id)
    return load


def _load(contract: Contract, told: Sequence[Fee | Fault], actor: str, **about: Any) -> Load:
    alone_at(contract)
    contract = Contract.objects.select_related("payer").get(pk=contract.pk)
    plan = _planned(contract, told)
    load: Load = Load.objects.create(
        contract=contract, added=len(plan.add) - len(plan.end), replaced=len(plan.end), same=plan.same,
        refused=len(plan.faults), faults=[asdict(fault) for fault in plan.faults[:FAULTS_KEPT]],
        made_by=actor[:80], made_at=clock.now(), **about,
    )  # fmt: skip
    Rate.objects.filter(pk__in=[rate.pk for rate in plan.end]).update(stands=False, ended_in=load)
    for rate in plan.add:
        rate.made_in = load
    Rate.objects.bulk_create(plan.add, batch_size=ROWS_AT_ONCE)
    if plan.add:
        agreed_anew(contract.payer_id)
    return load


def _planned(contract: Contract, told: Sequence[Fee | Fault]) -> _Plan:
    plan, standing = _Plan(), defaultdict[Key, dict[date, Rate]](dict)
    codes = {fee.code for fee in told if isinstance(fee, Fee)}
    for rate in Rate.objects.filter(contract=contract, stands=True, procedure_code__in=codes):
        standing[rate.procedure_code, rate.modifiers, rate.place][rate.valid_from] = rate
    for fee in told:
        if isinstance(fee, Fault):
            plan.faults.append(fee)
        else:
            _put(plan, contract, fee, standing[fee.code, fee.modifiers, fee.place])
    return plan


def _put(plan: _Plan, contract: Contract, fee: Fee, beside: dict[date, Rate]) -> None:
    """The row in its place among the prices of its code, modifiers and place."""
    rate = Rate(
        contract=contract, procedure_code=fee.code, modifiers=fee.modifiers, place=fee.place, cents=fee.cents,
        percent=fee.percent, valid_from=fee.valid_from or contract.effective_from, valid_to=fee.valid_to,
    )  # fmt: skip
    before = beside.get(rate.valid_from)
    if before and (before.cents, before.percent, before.valid_to) == (rate.cents, rate.percent, rate.valid_to):
        plan.same += 1
    elif rate.valid_to and rate.valid_to < rate.valid_from:
        plan.faults.append(Fault(fee.line, "effective_to", "ends before it begins"))
    elif before and before.pk is None:
        plan.faults.append(Fault(fee.line, "price", "the file gives another price for the same from the same day"))
    elif other := next(
        (other for day, other in beside.items() if day != rate.valid_from and _overlap(rate, other)), None
    ):
        until = f"to {other.valid_to}" if other.valid_to else "on"
        plan.faults.append(Fault(fee.line, "effective_from", f"overlaps the price from {other.valid_from} {until}"))
    else:
        plan.add.append(rate)
        if before:
            plan.end.append(before)
        beside[rate.valid_from] = rate


def _overlap(one: Rate, other: Rate) -> bool:
    """Whether the earlier one says that it ends when the later one already holds; without an end it makes room."""
    first, second = sorted((one, other), key=lambda rate: rate.valid_from)
    return first.valid_to is not None and first.valid_to >= second.valid_from
