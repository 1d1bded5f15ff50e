"""What a contract says that a line is allowed. Pure: the same line and terms give the same answer in any order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from upstream.contracts.choices import Place, Reason, State
from upstream.core.errors import Invalid

# Places of service in which a payer pays the physician the lower, "facility" price (CMS place of service code set).
FACILITIES = frozenset(
    ["02", "19", "21", "22", "23", "24", "26", "31", "34", "41", "42", "51", "52", "53", "56", "61"]
)  # fmt: skip
# What says which side, who or why, and leaves the price as it is; a contract starts with these and may change each.
INFORMATIVE = (
    "24", "25", "27", "57", "58", "59", "76", "77", "79", "91", "93", "95", "E1", "E2", "E3", "E4", "F1", "F2", "F3",
    "F4", "F5", "F6", "F7", "F8", "F9", "FA", "GA", "GN", "GO", "GP", "GQ", "GT", "GY", "GZ", "KX", "LC", "LD", "LT",
    "RC", "RT", "T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "TA", "XE", "XP", "XS", "XU",
)  # fmt: skip
MODIFIER, PLACE_CODE = re.compile(r"[A-Z0-9]{2}", re.ASCII), re.compile(r"\d{2}", re.ASCII)
MOST_MODIFIERS = 4
WHOLE = Decimal(100)
MOVES: Mapping[State, frozenset[State]] = {
    State.DETECTED: frozenset({State.REVIEWED, State.SENT, State.REJECTED, State.INVALID}),
    State.REVIEWED: frozenset({State.SENT, State.REJECTED, State.INVALID}),
    State.SENT: frozenset({State.RECOVERED, State.REJECTED, State.INVALID}),
    State.RECOVERED: frozenset(),
    State.REJECTED: frozenset({State.REVIEWED}),
    State.INVALID: frozenset({State.REVIEWED}),
}
OPEN = (State.DETECTED, State.REVIEWED, State.SENT)


@dataclass(frozen=True)
class Price:
    """One row of a fee schedule: cents a unit, or a percentage of the charge; open where `valid_to` is None.

    A price without an end holds until the next one of the same code, modifiers and place begins.
    """

    id: int
    code: str
    modifiers: frozenset[str]
    place: str
    cents: int | None
    percent: Decimal | None
    valid_from: date
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Multiplier:
    """From a day on a modifier takes this percentage of the price; None: from then on it is not said."""

    percent: Decimal | None
    valid_from: date


@dataclass(frozen=True)
class Tolerance:
    """By how much a line may be allowed less: the larger of cents and of a percentage of what is expected."""

    cents: int = 100
    percent: Decimal = Decimal(1)

    def of(self, expected: int) -> int:
        return max(self.cents, _cents(expected * self.percent / WHOLE))


@dataclass(frozen=True)
class Terms:
    """One contract, for one product or (None) for every one: prices by code and multipliers by modifier."""

    id: int
    product: int | None
    effective_from: date
    effective_to: date | None
    lesser_of: bool
    tolerance: Tolerance
    prices: Mapping[str, Sequence[Price]]
    multipliers: Mapping[str, Sequence[Multiplier]]

    def in_force(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True)
class Line:
    """A billed line: its charge in cents is that of all its units."""

    code: str
    modifiers: tuple[str, ...]
    place: str
    units: Decimal
    service_date: date | None
    billed_cents: int
    product: int | None = None


@dataclass(frozen=True)
class Expected:
    """What the contract allows, by which price; `tolerance` is in cents."""

    cents: int
    price: int
    contract: int
    tolerance: int


def normalised(text: str) -> str:
    """Modifiers as one text: each once, in order, joined by ":". Invalid("modifiers") for what is none, or too many."""
    codes = sorted({code for code in re.split(r"[\s:;,/]+", text.strip().upper()) if code})
    if len(codes) > MOST_MODIFIERS or not all(MODIFIER.fullmatch(code) for code in codes):
        raise Invalid("modifiers", "up to four modifiers of two letters or digits")
    return ":".join(codes)


def place_of(text: str) -> str:
    """ "", "facility", "nonfacility" or a two-digit code. Invalid("place_of_service") for anything else."""
    said = text.strip().lower().replace("-", "").replace(" ", "").replace("_", "")
    said = f"0{said}" if said.isdigit() and len(said) == 1 else said
    if said in {"any", "all", "*"}:
        return Place.ANY
    if said not in Place.values and not PLACE_CODE.fullmatch(said):
        raise Invalid("place_of_service", "a two-digit code, facility, nonfacility, or blank for any")
    return said


def expected(line: Line, contracts: Sequence[Terms]) -> Expected | Reason:
    """What the contract in force on the day of service allows for the line, or why that cannot be said."""
    day = line.service_date
    if day is None:
        return Reason.NO_DATE
    terms = _in_force(line, day, contracts)
    if isinstance(terms, Reason):
        return terms
    price = _price(line, day, terms.prices.get(line.code, ()))
    if isinstance(price, Reason):
        return price
    cents = _amount(line, day, price, terms)
    if cents is None:
        return Reason.MODIFIER
    if terms.lesser_of:
        cents = min(cents, max(line.billed_cents, 0))
    return Expected(cents, price.id, terms.id, terms.tolerance.of(cents))


def _in_force(line: Line, day: date, contracts: Sequence[Terms]) -> Terms | Reason:
    """The product's own contract, else that for every product."""
    there = [terms for terms in contracts if terms.in_force(day) and terms.product in {None, line.product}]
    own = [terms for terms in there if terms.product is not None] or there
    if not own:
        return Reason.NO_CONTRACT
    return own[0] if len(own) == 1 else Reason.CONTRACTS


def _price(line: Line, day: date, prices: Sequence[Price]) -> Price | Reason:
    """The one with the most of the line's modifiers, then for the narrowest place, then the newest."""
    modifiers = set(line.modifiers)
    fitting = [price for price in prices if price.modifiers <= modifiers and price.holds(day)]
    if not fitting:
        return Reason.NO_CODE
    here = [
        (len(price.modifiers), narrow, price) for price in fitting if (narrow := _narrowness(price.place, line.place))
    ]
    if not here:
        return Reason.NO_PLACE
    best = max(rank[:2] for rank in here)
    last = [price for *rank, price in here if tuple(rank) == best]
    newest = max(price.valid_from for price in last)
    found = [price for price in last if price.valid_from == newest]
    same = len({price.modifiers for price in last}) == 1
    return found[0] if same and len(found) == 1 else Reason.PRICES


def _narrowness(of_price: str, of_line: str) -> int:
    """0 where the price does not hold there."""
    if of_price == Place.ANY:
        return 1
    if not of_line:
        return 0
    if of_price == of_line:
        return 3
    return 2 if of_price == (Place.FACILITY if of_line in FACILITIES else Place.OFFICE) else 0


def _amount(line: Line, day: date, price: Price, terms: Terms) -> int | None:
    """Cents before any comparison with the charge; None where a modifier's part is not said.

    A percentage of the charge takes the charge as it stands, which already says units and modifiers.
    """
    if price.percent is not None:
        return _cents(line.billed_cents * price.percent / WHOLE)
    unit = Decimal(price.cents or 0)
    for modifier in sorted(set(line.modifiers) - price.modifiers):
        part = _part(terms.multipliers.get(modifier, ()), day)
        if part is None:
            return None
        unit = unit * part / WHOLE
    return _cents(_cents(unit) * line.units)


def _part(said: Sequence[Multiplier], day: date) -> Decimal | None:
    """The newest word that holds on the day; of several of one day the last."""
    holding = [one for one in said if one.valid_from <= day]
    return max(enumerate(holding), key=lambda pair: (pair[1].valid_from, pair[0]))[1].percent if holding else None


def _cents(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
