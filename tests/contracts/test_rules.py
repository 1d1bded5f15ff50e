"""What a contract says that a line is allowed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upstream.contracts.choices import Reason
from upstream.contracts.rules import Line, Multiplier, Price, Terms, Tolerance, expected, normalised, place_of
from upstream.core.errors import Invalid

START, END = date(2026, 1, 1), date(2026, 12, 31)
LINE = Line("29881", (), "24", Decimal(1), date(2026, 6, 1), 500_000)


def price(number: int = 1, code: str = "29881", modifiers: str = "", place: str = "", cents: int | None = 80_000,
          percent: Decimal | None = None, start: date = START, end: date | None = None) -> Price:  # fmt: skip
    return Price(number, code, frozenset(modifiers.split()), place, cents, percent, start, end)


def terms(*prices: Price, number: int = 7, product: int | None = None, lesser_of: bool = True,
          **parts: str) -> Terms:  # fmt: skip
    said = {code[1:]: [Multiplier(Decimal(part), START)] for code, part in parts.items()}
    by_code: dict[str, list[Price]] = {}
    for one in prices:
        by_code.setdefault(one.code, []).append(one)
    return Terms(number, product, START, END, lesser_of, Tolerance(), by_code, said)


def cents(line: Line, *contracts: Terms) -> int | Reason:
    found = expected(line, contracts)
    return found if isinstance(found, Reason) else found.cents


@pytest.mark.parametrize(
    ("line", "contracts", "answer"),
    [
        (LINE, [terms(price())], 80_000),
        (replace(LINE, units=Decimal("2.5")), [terms(price())], 200_000),
        (replace(LINE, modifiers=("50",)), [terms(price(), m50="150")], 120_000),
        (replace(LINE, modifiers=("50", "RT")), [terms(price(), m50="150", mRT="100")], 120_000),
        (replace(LINE, modifiers=("50", "80")), [terms(price(), m50="150")], Reason.MODIFIER),
        (replace(LINE, modifiers=("26",)), [terms(price(), price(2, modifiers="26", cents=9_000))], 9_000),
        (LINE, [terms(price(), price(2, place="facility", cents=60_000))], 60_000),
        (replace(LINE, place="11"), [terms(price(2, place="facility")), ], Reason.NO_PLACE),
        (replace(LINE, place=""), [terms(price(2, place="facility"))], Reason.NO_PLACE),
        (LINE, [terms(price(2, place="facility"), price(3, place="24", cents=55_500))], 55_500),
        (replace(LINE, billed_cents=70_000), [terms(price())], 70_000),
        (replace(LINE, billed_cents=70_000), [terms(price(), lesser_of=False)], 80_000),
        (LINE, [terms(price(cents=None, percent=Decimal("62.5")))], 312_500),
        (replace(LINE, code="29999"), [terms(price())], Reason.NO_CODE),
        (replace(LINE, service_date=None), [terms(price())], Reason.NO_DATE),
        (replace(LINE, service_date=date(2027, 1, 1)), [terms(price())], Reason.NO_CONTRACT),
        (LINE, [], Reason.NO_CONTRACT),
        (LINE, [terms(price()), terms(price(), number=8)], Reason.CONTRACTS),
        (replace(LINE, product=3), [terms(price()), terms(price(cents=90_000), number=8, product=3)], 90_000),
        (LINE, [terms(price()), terms(price(cents=90_000), number=8, product=3)], 80_000),
        (LINE, [terms(price(), price(2, cents=85_000, start=date(2026, 5, 1)))], 85_000),
        (LINE, [terms(price(end=date(2026, 5, 31)))], Reason.NO_CODE),
        (
            replace(LINE, modifiers=("26", "RT")),
            [terms(price(2, modifiers="26"), price(3, modifiers="RT"), m26="40", mRT="100")],
            Reason.PRICES,
        ),
    ],
)  # fmt: skip
def test_what_is_expected_of_a_line(line: Line, contracts: list[Terms], answer: int | Reason) -> None:
    assert cents(line, *contracts) == answer


def test_a_modifier_counts_from_its_day_and_no_longer_once_it_is_unsaid() -> None:
    said = [
        Multiplier(Decimal(50), START),
        Multiplier(None, date(2026, 6, 1)),
        Multiplier(Decimal(40), date(2026, 7, 1)),
    ]
    contract = replace(terms(price()), multipliers={"51": said})
    line = replace(LINE, modifiers=("51",))
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 7, 1)]
    assert [cents(replace(line, service_date=day), contract) for day in days] == [40_000, Reason.MODIFIER, 32_000]


DAYS = st.dates(START - timedelta(days=60), END + timedelta(days=60))
PRICES = st.lists(
    st.builds(
        price,
        st.integers(1, 99), modifiers=st.sampled_from(["", "26", "RT", "26 RT"]),
        place=st.sampled_from(["", "facility", "nonfacility", "24"]), cents=st.integers(0, 10**6),
        start=DAYS, end=st.none(),
    ),
    max_size=6, unique_by=lambda one: (one.modifiers, one.place, one.valid_from),
)  # fmt: skip
LINES = st.builds(
    Line, st.just("29881"), st.sampled_from([(), ("26",), ("RT", "26"), ("50",)]), st.sampled_from(["", "11", "24"]),
    st.integers(1, 20).map(Decimal), DAYS, st.integers(0, 10**8),
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINES, PRICES, st.randoms(use_true_random=False))
def test_the_order_of_prices_and_of_modifiers_changes_nothing(line: Line, prices: list[Price], random) -> None:
    mixed, turned = list(prices), replace(line, modifiers=line.modifiers[::-1])
    random.shuffle(mixed)
    parts = {"m26": "40", "mRT": "100", "m50": "150"}
    assert expected(turned, [terms(*mixed, **parts)]) == expected(line, [terms(*prices, **parts)])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINES, PRICES)
def test_no_price_holds_before_its_day_or_outside_of_the_contract(line: Line, prices: list[Price]) -> None:
    found = expected(line, [terms(*prices, m26="40", mRT="100", m50="150")])
    if not isinstance(found, Reason):
        used = next(one for one in prices if one.id == found.price and one.holds(line.service_date))
        assert max(used.valid_from, START) <= line.service_date <= END


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINES, PRICES, st.integers(2, 9))
def test_units_multiply_and_the_charge_caps(line: Line, prices: list[Price], times: int) -> None:
    free = terms(*prices, lesser_of=False, m26="40", mRT="100", m50="150")
    one, many = cents(replace(line, units=Decimal(1)), free), cents(replace(line, units=Decimal(times)), free)
    assert many == (one if isinstance(one, Reason) else one * times)
    capped = cents(line, replace(free, lesser_of=True))
    whole = cents(line, free)
    assert capped == (whole if isinstance(whole, Reason) else min(whole, line.billed_cents))


@pytest.mark.parametrize(
    ("expects", "beyond"), [(5_000, 100), (100_000, 1_000), (10_000, 100), (0, 100)]
)  # fmt: skip
def test_the_tolerance_is_the_larger_of_a_dollar_and_a_percent(expects: int, beyond: int) -> None:
    assert Tolerance().of(expects) == beyond


def test_modifiers_and_places_have_one_spelling() -> None:
    assert [normalised(text) for text in ("", "rt 50", "50:RT", "50,rt;50")] == ["", "50:RT", "50:RT", "50:RT"]
    assert [place_of(text) for text in ("", "any", "Non-Facility", "11", "2")] == ["", "", "nonfacility", "11", "02"]
    for wrong in ("5", "50 51 52 53 54", "R-"):
        with pytest.raises(Invalid):
            normalised(wrong)
    with pytest.raises(Invalid):
        place_of("home")
