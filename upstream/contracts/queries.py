"""Contracts of the bound practice and their prices."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum

from upstream.claims.models import Payer
from upstream.contracts.choices import Reason, State
from upstream.contracts.fees import COLUMNS, cells_of
from upstream.contracts.models import Contract, Leeway, Load, Modifier, PricedSum, Rate, ShortLine, Step
from upstream.contracts.rules import OPEN, Multiplier, Price, Terms, Tolerance
from upstream.core.errors import Invalid
from upstream.tenants.services import tenant_keys


def contracts_of(payer_id: int) -> QuerySet[Contract]:
    """Those of a payer and of payers that count with it, the newest in force first; taken back ones last."""
    own = Q(payer=payer_id, payer__counted_with=None) | Q(payer__counted_with=payer_id)
    rows: QuerySet[Contract] = Contract.objects.select_related("payer", "product").filter(own)
    return rows.order_by(F("taken_back_at").asc(nulls_first=True), "-effective_from", "pk")


def in_force_at(payer_id: int) -> QuerySet[Contract]:
    """Contracts of a payer, and of payers that count with it, that were not taken back."""
    return contracts_of(payer_id).filter(taken_back_at=None)


def contract(public_id: uuid.UUID) -> Contract | None:
    return Contract.objects.select_related("payer", "product").filter(public_id=public_id).first()


def contract_named(payer: str, name: str = "") -> Contract:
    """The payer's only contract, or the one of this name. Invalid where there is none, or several."""
    found = Payer.objects.filter(name__iexact=payer.strip()).first()
    if found is None:
        raise Invalid("payer", "there is no payer of this name")
    rows = in_force_at(found.pk)
    standing = list(rows.filter(name__iexact=name.strip()) if name else rows)
    if not standing:
        raise Invalid("contract", "this payer has no such contract; add it first")
    if len(standing) > 1:
        names = ", ".join(sorted(row.name for row in standing))
        raise Invalid("contract", f"this payer has several contracts; name one of: {names}")
    return standing[0]


def load(public_id: uuid.UUID) -> Load | None:
    return Load.objects.select_related("contract__payer").filter(public_id=public_id).first()


def loads_of(of: Contract) -> QuerySet[Load]:
    """The newest first."""
    return Load.objects.filter(contract=of).order_by("-pk")


def rates_of(of: Contract, code: str = "") -> QuerySet[Rate]:
    """The prices that stand, by code, place, modifiers and day."""
    rows: QuerySet[Rate] = Rate.objects.filter(contract=of, stands=True)
    rows = rows.filter(procedure_code__startswith=code.strip().upper()) if code.strip() else rows
    return rows.order_by("procedure_code", "modifiers", "place", "valid_from")


def table_of(of: Contract) -> Iterator[list[str]]:
    """The fee schedule as it stands, which a load takes in as it is; its first row names the columns."""
    yield list(COLUMNS)
    for rate in rates_of(of).iterator(chunk_size=5000):
        yield cells_of(
            rate.procedure_code, rate.modifiers, rate.place, rate.cents, rate.percent, rate.valid_from, rate.valid_to
        )


def modifier(public_id: uuid.UUID) -> Modifier | None:
    return Modifier.objects.select_related("contract__payer").filter(public_id=public_id).first()


def modifiers_of(of: Contract) -> list[Modifier]:
    """The word that holds for each modifier and day from which it holds, by modifier; none that were ended."""
    last = {(row.code, row.valid_from): row for row in Modifier.objects.filter(contract=of).order_by("pk")}
    return [last[key] for key in sorted(last)]


def leeway() -> Tolerance:
    """By how much a line may be allowed less, as the practice said last; ours where it said nothing."""
    row = Leeway.objects.order_by("-pk").first()
    return Tolerance(row.cents, row.percent) if row else Tolerance()


def terms_of(payer_id: int) -> list[Terms]:
    """Everything that is agreed with a payer. Four queries."""
    contracts, usual = list(in_force_at(payer_id)), leeway()
    prices, said = _prices(contracts), _said(contracts)
    return [
        Terms(
            id=row.pk, product=row.product_id, effective_from=row.effective_from, effective_to=row.effective_to,
            lesser_of=row.lesser_of, tolerance=_tolerance(row, usual), prices=prices[row.pk],
            multipliers=said[row.pk],
        )
        for row in contracts
    ]  # fmt: skip


def _tolerance(row: Contract, usual: Tolerance) -> Tolerance:
    cents = usual.cents if row.tolerance_cents is None else row.tolerance_cents
    return Tolerance(cents, usual.percent if row.tolerance_percent is None else row.tolerance_percent)


def _prices(contracts: Iterable[Contract]) -> dict[int, dict[str, list[Price]]]:
    found = defaultdict[int, dict[str, list[Price]]](lambda: defaultdict(list))
    for row in Rate.objects.filter(contract__in=contracts, stands=True).order_by("pk"):
        modifiers = frozenset(row.modifiers.split(":")) if row.modifiers else frozenset()
        found[row.contract_id][row.procedure_code].append(
            Price(
                row.pk, row.procedure_code, modifiers, row.place, row.cents, row.percent, row.valid_from, row.valid_to
            )
        )
    return found


def _said(contracts: Iterable[Contract]) -> dict[int, dict[str, list[Multiplier]]]:
    found = defaultdict[int, dict[str, list[Multiplier]]](lambda: defaultdict(list))
    for row in Modifier.objects.filter(contract__in=contracts).order_by("pk"):
        found[row.contract_id][row.code].append(Multiplier(row.percent, row.valid_from))
    return found


@dataclass(frozen=True)
class Asked:
    """Which underpaid lines: of one payer, in one state ("": found, looked at or sent; "all": every one), of one
    procedure, of answers of these days."""

    payer: uuid.UUID | None = None
    state: str = ""
    code: str = ""
    first: date | None = None
    last: date | None = None


def underpaid(asked: Asked | None = None) -> QuerySet[ShortLine]:
    """Lines that were allowed less than their contract says, past the tolerance: the latest answered first.

    Each with its payer, claim and contract. Lines that a corrected price or claim no longer calls short are left out,
    but with the state "all".
    """
    wanted = asked or Asked()
    rows: QuerySet[ShortLine] = ShortLine.objects.select_related("payer", "claim", "contract")
    if wanted.state != "all":
        rows = rows.filter(stands=True, state__in=[wanted.state] if wanted.state in State.values else OPEN)
    if wanted.payer:
        rows = rows.filter(payer__public_id=wanted.payer)
    if wanted.code:
        rows = rows.filter(procedure_code=wanted.code.strip().upper())
    if wanted.first:
        rows = rows.filter(decided_on__gte=wanted.first)
    if wanted.last:
        rows = rows.filter(decided_on__lte=wanted.last)
    return rows.order_by("-decided_on", "-pk")


@dataclass(frozen=True)
class Totals:
    """Underpaid lines together: how many, of how many claims, and their cents."""

    lines: int
    claims: int
    billed: int
    expected: int
    allowed: int
    short: int
    recovered: int


def totals_of(rows: QuerySet[ShortLine]) -> Totals:
    """One query."""
    found = rows.order_by().aggregate(
        lines=Count("pk"), claims=Count("claim", distinct=True), billed=Sum("billed_cents", default=0),
        expected=Sum("expected_cents", default=0), allowed=Sum("allowed_cents", default=0),
        short=Sum("short_cents", default=0), recovered=Sum("recovered_cents", default=0),
    )  # fmt: skip
    return Totals(**found)


@dataclass(frozen=True)
class Pattern:
    """Open lines of one payer, procedure and modifiers together; `ratio` is allowed of expected."""

    payer: str
    payer_id: uuid.UUID
    procedure_code: str
    modifiers: str
    lines: int
    expected: int
    allowed: int
    short: int

    @property
    def ratio(self) -> float:
        return self.allowed / self.expected if self.expected else 0.0


def patterns(rows: QuerySet[ShortLine], most: int = 20) -> list[Pattern]:
    """What single lines add up to, the dearest first. One query."""
    groups = rows.order_by().values_list("payer__name", "payer__public_id", "procedure_code", "modifiers")
    sums = groups.annotate(
        lines=Count("pk"), expected=Sum("expected_cents"), allowed=Sum("allowed_cents"), short=Sum("short_cents")
    )
    return [Pattern(*row) for row in sums.order_by("-short", "procedure_code", "modifiers")[:most]]


def short_line(public_id: uuid.UUID) -> ShortLine | None:
    """With its payer, claim, contract and price."""
    rows = ShortLine.objects.select_related("payer", "claim", "contract", "rate")
    return rows.filter(public_id=public_id).first()


def beside(line: ShortLine) -> QuerySet[ShortLine]:
    """The other underpaid lines of its claim."""
    rows = ShortLine.objects.filter(claim=line.claim_id, stands=True).exclude(pk=line.pk)
    return rows.order_by("number")


def steps_of(line: ShortLine) -> list[tuple[Step, str]]:
    """What happened to it with the notes, oldest first."""
    keys = tenant_keys()
    return [(step, step.note(keys)) for step in Step.objects.filter(line=line).order_by("pk")]


def doubted(of: Contract) -> list[tuple[str, str, int, int]]:
    """Prices that people called wrong on lines: code, modifiers, lines and cents, the most lines first. One query."""
    rows = ShortLine.objects.filter(contract=of, state=State.INVALID, stands=True)
    sums = rows.values_list("procedure_code", "modifiers").annotate(lines=Count("pk"), short=Sum("short_cents"))
    return list(sums.order_by("-lines", "procedure_code", "modifiers"))


@dataclass(frozen=True)
class Coverage:
    """Answered lines of a period, those of them that a contract prices, and what was allowed less and more; cents."""

    lines: int = 0
    priced: int = 0
    billed: int = 0
    priced_billed: int = 0
    expected: int = 0
    short_lines: int = 0
    short: int = 0
    over_lines: int = 0
    over: int = 0

    @property
    def share(self) -> float | None:
        """Of the lines, those that are priced; None of nothing."""
        return self.priced / self.lines if self.lines else None


def coverage(
    payer_id: int | None = None, first: date | None = None, last: date | None = None, codes: Iterable[str] = ()
) -> Coverage:
    """Of answers that became known in these weeks, by their Mondays. One query on weekly sums."""
    rows = _sums(payer_id, first, last)
    wanted = list(codes)
    if wanted:
        rows = rows.filter(procedure_code__in=wanted)
    found = {reason: sums for reason, *sums in rows.values_list("reason").annotate(
        Sum("lines"), Sum("billed_cents"), Sum("expected_cents"), Sum("short_lines"), Sum("short_cents"),
        Sum("over_lines"), Sum("over_cents"),
    ).order_by()}  # fmt: skip
    priced = found.get(Reason.PRICED.value, [0] * 7)
    lines, billed = (sum(sums[place] for sums in found.values()) for place in (0, 1))
    return Coverage(lines, priced[0], billed, *priced[1:])


def unpriced(payer_id: int, first: date | None = None, most: int = 50) -> list[tuple[str, Reason, int, int, int]]:
    """Procedures of lines that no contract prices: why, lines, billed and allowed cents; the dearest first."""
    rows = _sums(payer_id, first, None).exclude(reason=Reason.PRICED)
    sums = rows.values_list("procedure_code", "reason").annotate(
        lines=Sum("lines"), billed=Sum("billed_cents"), allowed=Sum("allowed_cents")
    )
    found = sums.order_by("-allowed", "procedure_code", "reason")[:most]
    return [(code, Reason(reason), lines, billed, allowed) for code, reason, lines, billed, allowed in found]


def _sums(payer_id: int | None, first: date | None, last: date | None) -> QuerySet[PricedSum]:
    rows: QuerySet[PricedSum] = PricedSum.objects.all()
    if payer_id is not None:
        rows = rows.filter(payer=payer_id)
    if first:
        rows = rows.filter(week__gte=first)
    return rows.filter(week__lte=last) if last else rows
