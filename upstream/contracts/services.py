"""What was agreed with payers is written down, changed, taken back and put back; nothing overwrites somebody's edit."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from upstream.claims.models import Payer, Product
from upstream.contracts import queries
from upstream.contracts.models import Contract, Edition, Leeway, Modifier
from upstream.contracts.rules import INFORMATIVE, MODIFIER, WHOLE
from upstream.core import clock, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.core.errors import Conflict, Invalid
from upstream.core.stages import nudge

ALWAYS, NEVER_ENDS = date(2000, 1, 1), date.max
MOST_CENTS, MOST_PERCENT = 10_000_00, 1000
EDITED = ("product", "name", "source", "effective_from", "effective_to", "lesser_of", "tolerance_cents",
          "tolerance_percent")  # fmt: skip


@transaction.atomic
def add_contract(*, payer: Payer, actor: str, **values: Any) -> Contract:
    """The contract is in force in its dates; modifiers that say only which side or who leave its prices as they are.

    `values` are those of EDITED. Invalid for dates that overlap another contract of the payer's and product, for a
    payer that counts with another one, a product of another payer, or a tolerance out of range.
    """
    _alone(payer)
    if payer.counted_with_id:
        raise Invalid("payer", "this payer counts with another one; write the contract there")
    contract = Contract(payer=payer, made_by=actor[:80], made_at=clock.now())
    _fill(contract, {name: values[name] for name in EDITED if name in values})
    contract.save()
    Modifier.objects.bulk_create(
        Modifier(contract=contract, code=code, percent=WHOLE, valid_from=ALWAYS, said_by="start", at=contract.made_at)
        for code in INFORMATIVE
    )
    agreed_anew(payer.pk)
    return contract


@transaction.atomic
def change_contract(contract: Contract, *, version: int, **values: Any) -> Contract:
    """The contract says this from now on, and its payer's lines are priced anew. As `add_contract`; Conflict where
    somebody else changed it since `version`."""
    kept = _held(contract, version)
    _fill(kept, {name: values[name] for name in EDITED if name in values})
    return _save(kept)


@transaction.atomic
def take_back(contract: Contract, *, version: int) -> Contract:
    """The contract prices nothing any more. Conflict when it was taken back, or changed since `version`."""
    kept = _held(contract, version)
    if kept.taken_back_at:
        raise Conflict("taken_back", "this contract was taken back already")
    kept.taken_back_at = clock.now()
    return _save(kept)


@transaction.atomic
def put_back(contract: Contract, *, version: int) -> Contract:
    """The contract prices lines again. Conflict when it was not taken back; Invalid where another one overlaps now."""
    kept = _held(contract, version)
    if not kept.taken_back_at:
        raise Conflict("in_force", "this contract was not taken back")
    kept.taken_back_at = None
    _refuse_overlap(kept)
    return _save(kept)


@transaction.atomic
def set_modifier(
    contract: Contract, *, code: str, percent: Decimal | None, valid_from: date | None = None, actor: str
) -> Modifier:
    """From a day on (None: always) the modifier takes this percentage of the contract's prices; None: not said.

    Invalid for what is no modifier, or a percentage outside of 0 to 1000.
    """
    _alone(contract.payer)
    said = code.strip().upper()
    if not MODIFIER.fullmatch(said):
        raise Invalid("code", "a modifier is two letters or digits")
    _percent_in_range("percent", percent)
    made: Modifier = Modifier.objects.create(
        contract=contract, code=said, percent=percent, valid_from=valid_from or ALWAYS, said_by=actor[:80],
        at=clock.now(),
    )  # fmt: skip
    agreed_anew(contract.payer_id)
    return made


@transaction.atomic
def take_modifier_back(modifier: Modifier, *, actor: str) -> Modifier:
    """What was said before this holds again from the day on from which this one was said; another row says so."""
    same = Modifier.objects.filter(contract=modifier.contract_id, code=modifier.code)
    before = same.filter(valid_from__lte=modifier.valid_from, pk__lt=modifier.pk).order_by("valid_from", "pk").last()
    return set_modifier(
        modifier.contract, code=modifier.code, percent=before.percent if before else None,
        valid_from=modifier.valid_from, actor=actor,
    )  # fmt: skip


@transaction.atomic
def set_leeway(*, cents: int, percent: Decimal, actor: str) -> Leeway:
    """A line counts from now on where it is allowed less by more than both; every contract without its own tolerance
    is measured anew. Invalid for what is out of range."""
    _tolerance_in_range(cents, percent)
    made: Leeway = Leeway.objects.create(cents=cents, percent=percent, said_by=actor[:80], at=clock.now())
    Edition.objects.update(number=F("number") + 1)
    nudge()
    return made


def agreed_anew(payer_id: int) -> None:
    """Every line of the payer is priced anew. In a transaction."""
    made, new = Edition.objects.get_or_create(payer_id=payer_id)
    if not new:
        Edition.objects.filter(pk=made.pk).update(number=F("number") + 1)
    nudge()


def alone_at(contract: Contract) -> None:
    """Nobody else changes what is agreed with the contract's payer until the open transaction ends."""
    _alone(contract.payer)


def _alone(payer: Payer) -> None:
    one_at_a_time(f"contracts:{tenancy.required()}", payer.pk)


def _held(contract: Contract, version: int) -> Contract:
    alone_at(contract)
    kept: Contract = Contract.objects.select_related("payer", "product").get(pk=contract.pk)
    if kept.version != version:
        raise Conflict("changed_meanwhile", "somebody has changed this contract meanwhile; look again")
    return kept


def _save(contract: Contract) -> Contract:
    contract.version += 1
    contract.save()
    agreed_anew(contract.payer_id)
    return contract


def _fill(contract: Contract, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(contract, name, value)
    contract.name = " ".join((contract.name or "").split())[:120]
    contract.source = " ".join((contract.source or "").split())[:200]
    if not contract.name:
        raise Invalid("name", "call the contract something")
    if not contract.effective_from:
        raise Invalid("effective_from", "say since when it is in force")
    if contract.effective_to and contract.effective_to < contract.effective_from:
        raise Invalid("effective_to", "ends before it begins")
    product: Product | None = contract.product
    if product is not None and product.payer_id != contract.payer_id:
        raise Invalid("product", "this is a product of another payer")
    _tolerance_in_range(contract.tolerance_cents, contract.tolerance_percent)
    if not contract.taken_back_at:
        _refuse_overlap(contract)


def _refuse_overlap(contract: Contract) -> None:
    for other in queries.in_force_at(contract.payer_id).filter(product=contract.product).exclude(pk=contract.pk):
        ends, other_ends = contract.effective_to or NEVER_ENDS, other.effective_to or NEVER_ENDS
        if contract.effective_from <= other_ends and other.effective_from <= ends:
            until = f"to {other.effective_to}" if other.effective_to else "on"
            raise Invalid(
                "effective_from", f"overlaps “{other.name}”, which is in force from {other.effective_from} {until}"
            )


def _tolerance_in_range(cents: int | None, percent: Decimal | None) -> None:
    if cents is not None and not 0 <= cents <= MOST_CENTS:
        raise Invalid("tolerance_cents", "a tolerance is 0 to $10,000")
    _percent_in_range("tolerance_percent", percent)


def _percent_in_range(field: str, percent: Decimal | None) -> None:
    if percent is not None and not (percent.is_finite() and 0 <= percent <= MOST_PERCENT):
        raise Invalid(field, "a percentage is 0 to 1000")
