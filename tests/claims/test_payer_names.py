"""What names and identifiers say of one another: a table of fictional variants, each with its verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.claims.choices import Doubt, PayerType, ProductClass, Tie
from upstream.claims.payer_names import best_name, identifier_key, read_name, text_key
from upstream.claims.payer_ties import Raw, blocks, compare, likeness

SURE = [
    ("Summit Mutual", "SUMMIT MUTUAL"),
    ("Summit Mutual", "Summit  Mutual."),
    ("Summit Mutual", "SUMMIT MUTUAL INS CO"),
    ("Summit Mutual", "Summit Mutual Insurance Company, Inc."),
    ("Summit Mutual", "The Summit Mutual Group"),
    ("Summit Mutual", "MUTUAL, SUMMIT"),
    ("Summit Mutual", "SUMMIT MUT"),
    ("Summit Mutual", "Summit Mutual PPO"),
    ("Summit Mutual HMO", "Summit Mutual PPO"),
    ("Summit Mutual", "Summit Mutual Commercial"),
    ("Summit Mutual", "Súmmit Mutual"),
    ("Summit Mutual of Ohio", "SUMMIT MUTUAL OH"),
    ("Summit Mutual of Ohio", "OHIO SUMMIT MUTUAL"),
    ("Summit & Valley", "Summit and Valley"),
    ("Northstar Health Care", "NORTHSTAR HEALTHCARE"),
    ("Northstar HLTH", "Northstar Health"),
    ("Northstar Health Plans", "NORTHSTAR HEALTH PLN"),
    ("Harbor Medicare Advantage", "HARBOR MEDICARE ADV"),
    ("Harbor MAPD", "Harbor Medicare Advantage PPO"),
    ("Harbor Medicare HMO", "Harbor Med Adv"),
    ("Civic Care Medicaid", "CIVIC CARE MANAGED MEDICAID"),
    ("Civic Care Medicaid MCO", "Civic Care Medicaid"),
    ("Medicare", "MEDICARE PART B"),
    ("Medicare Part B of Ohio", "OHIO MEDICARE B"),
    ("BCBS of Ohio", "Blue Cross Blue Shield of Ohio"),
    ("B.C.B.S. of Ohio", "BLUECROSS BLUESHIELD OHIO"),
    ("BCBS", "Blue Cross & Blue Shield"),
    ("Granite Workers' Comp", "GRANITE WORKERS COMPENSATION"),
    ("VA CCN", "Department of Veterans Affairs"),
    ("Tricare East", "TRICARE"),
    ("G. R. T. Benefits", "GRT Benefit"),
]
ALIKE = [
    ("Summit Mutual", "Sumit Mutual"),
    ("Summit Mutual", "Summit Mutal"),
    ("Summit Mutual", "SUMMITMUTUAL"),
    ("Northstar Health", "Norhtstar Health"),
    ("Harbor Advantage", "Harbour Advantage"),
]
ASKED = [
    ("Northstar Health", "Northstar", Doubt.NEAR),
    ("Northstar Health", "Northstar Health Choice", Doubt.NEAR),
    ("Summit Mutual", "Summit Mutual Life", Doubt.NEAR),
    ("Summit Mutual", "Summit Mutual of Ohio", Doubt.STATE),
    ("Summit Mutual of Ohio", "Sumit Mutual", Doubt.STATE),
    ("Summit Mutual", "Summit Mutual Medicare", Doubt.PRODUCT),
    ("Summit Mutual MA", "Summit Mutual Medicare Advantage", Doubt.PRODUCT),
    ("Summit Mutual Medicare", "Summit Mutual Medigap", Doubt.PRODUCT),
    ("BCBS", "BCBS of Ohio", Doubt.BLUES),
    ("Blue Cross of Ohio", "Blue Cross Blue Shield of Ohio", Doubt.BLUES),
    ("Blue Mesa Plan", "Blue Mesas Plan", Doubt.BLUES),
    ("Blue Mesa", "Blue Mesa Plan", Doubt.BLUES),
    ("Anthem Blue Cross", "Anthem BCBS", Doubt.BLUES),
]
APART = [
    ("Summit Mutual", "Northstar Health"),
    ("Summit Mutual", "Summit Mutual Medicare Advantage"),
    ("Summit Mutual PPO", "Summit Mutual MAPD"),
    ("Summit Mutual", "Summit Mutual Medicaid"),
    ("Summit Mutual Medicaid", "Summit Mutual Medicare Advantage"),
    ("Summit Mutual", "Summit Mutual Exchange"),
    ("Summit Mutual", "Summit Mutual Dental"),
    ("Summit Mutual", "Summit Mutual ASO"),
    ("Summit Mutual of Ohio", "Summit Mutual of Texas"),
    ("Summit Mutual of Ohio", "Summit Mutual Life of Texas"),
    ("BCBS of Ohio", "BCBS of Texas"),
    ("Blue Cross of Ohio", "Blue Shield of Ohio"),
    ("Medicare", "Medicaid"),
    ("Medicare", "Railroad Medicaid"),
    ("Payer 1", "Payer 2"),
    ("Payer A", "Payer B"),
    ("Local 101 Welfare Fund", "Local 110 Welfare Fund"),
    ("Beta Community Health Choice", "Delta Community Health Choice"),
    ("North Health", "South Health"),
    ("East Plan", "West Plan"),
    ("Northside Health", "Northridge Health"),
    ("Summit Mutual", "Summit Medical"),
    ("Health Plan", "Health Choice Plan"),
    ("Tricare", "Champva"),
]


def raw(name: str, identifier: str = "", source: str = "x12") -> Raw:
    return Raw(source, read_name(name), identifier_key(identifier))


@pytest.mark.parametrize(("one", "other"), SURE)
def test_spelling_legal_form_and_plan_make_no_other_payer(one: str, other: str) -> None:
    assert compare(raw(one), raw(other)) is Tie.NAME


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_slips_of_the_pen_are_overlooked(one: str, other: str) -> None:
    assert compare(raw(one), raw(other)) is Tie.LIKENESS


@pytest.mark.parametrize(("one", "other", "reason"), ASKED)
def test_what_only_resembles_is_asked(one: str, other: str, reason: Doubt) -> None:
    assert compare(raw(one), raw(other)) is reason


@pytest.mark.parametrize(("one", "other"), APART)
def test_others_are_neither_united_nor_asked(one: str, other: str) -> None:
    assert compare(raw(one), raw(other)) is None


IDENTIFIERS = [
    ("Summit Mutual", "SM Claims", "DSM01", "dsm-01", "x12", Tie.IDENTIFIER),
    ("Summit Mutual of Ohio", "Summit Mutual of Texas", "DSM01", "DSM01", "x12", Tie.IDENTIFIER),
    ("BCBS of Ohio", "Buckeye Blue", "OHB01", "OHB01", "x12", Tie.IDENTIFIER),
    ("Summit Mutual", "SM Claims", "DSM01", "DSM01", "csv", Doubt.IDENTIFIER),
    ("Summit Mutual", "SM Claims", "12", "12", "csv", None),
    ("Summit Mutual", "Summit Mutual Medicare Advantage", "DSM01", "DSM01", "x12", None),
    ("Summit Mutual", "Summit Mutual Medicare", "DSM01", "DSM01", "x12", Doubt.PRODUCT),
    ("Summit Mutual", "Northstar Health", "99999", "99999", "x12", None),
    ("Summit Mutual", "Northstar Health", "UNKNOWN", "unknown", "x12", None),
    ("Summit Mutual", "Northstar Health", "1990000101", "1990000101", "x12", None),
    ("Summit Mutual", "Summit Claims Center", "1990000101", "1990000101", "x12", Tie.IDENTIFIER),
    ("Summit Mutual", "Summit Mutual", "DSM01", "DSM02", "x12", Tie.NAME),
]


@pytest.mark.parametrize(("one", "other", "his", "its", "source", "verdict"), IDENTIFIERS)
def test_identifiers_hold_within_their_source_and_product(
    one: str, other: str, his: str, its: str, source: str, verdict: Tie | Doubt | None
) -> None:
    assert compare(raw(one, his), raw(other, its, source)) is verdict


NAMES = sorted({name for row in [*SURE, *ALIKE, *ASKED, *APART] for name in row[:2]})
raws = st.builds(
    raw, st.sampled_from(NAMES), st.sampled_from(["", "DSM01", "OHB01", "77"]), st.sampled_from(["x12", "csv"])
)


@given(raws, raws)
def test_a_verdict_is_the_same_from_both_sides_and_found_by_its_blocks(one: Raw, other: Raw) -> None:
    verdict = compare(one, other)
    assert verdict is compare(other, one)
    if verdict:
        assert set(blocks(one)) & set(blocks(other))
    if isinstance(verdict, Tie):
        assert one.name.product is other.name.product


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_read_and_compared(one: str, other: str) -> None:
    assert compare(raw(one), raw(other)) is compare(raw(other), raw(one))
    assert text_key(text_key(one)) == text_key(one)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("", "A", 0), ("SUMMIT", "SUMMIT", 1), ("SUMIT", "SUMMIT", 10 / 11), ("BETA", "DELTA", 6 / 9)],
)
def test_likeness_is_twice_the_common_letters_over_all(one: str, other: str, expected: float) -> None:
    assert likeness(one, other) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "state", "product", "plan", "payer_type"),
    [
        ("Summit Mutual", "", ProductClass.COMMERCIAL, "", PayerType.UNKNOWN),
        ("Summit Mutual PPO", "", ProductClass.COMMERCIAL, "PPO", PayerType.COMMERCIAL),
        ("Harbor Medicare Advantage HMO", "", ProductClass.MEDICARE_ADVANTAGE, "HMO", PayerType.MEDICARE_ADVANTAGE),
        ("Medicaid of Ohio", "OH", ProductClass.MEDICAID, "", PayerType.MEDICAID),
        ("Civic Care Medicaid", "", ProductClass.MEDICAID_PLAN, "", PayerType.MEDICAID_PLAN),
        ("Summit of West Virginia", "WV", ProductClass.COMMERCIAL, "", PayerType.UNKNOWN),
        ("Summit of Co", "CO", ProductClass.COMMERCIAL, "", PayerType.UNKNOWN),
        ("Summit Co", "", ProductClass.COMMERCIAL, "", PayerType.UNKNOWN),
        ("BCBS of VA", "VA", ProductClass.COMMERCIAL, "", PayerType.UNKNOWN),
        ("Granite Auto", "", ProductClass.INJURY, "auto", PayerType.INJURY),
        ("", "", ProductClass.COMMERCIAL, "", PayerType.UNKNOWN),
    ],
)
def test_a_name_tells_state_product_plan_and_type(
    name: str, state: str, product: ProductClass, plan: str, payer_type: PayerType
) -> None:
    read = read_name(name)
    assert (read.state, read.product, read.plan, read.payer_type) == (state, product, plan, payer_type)


def test_the_best_name_does_not_depend_on_what_came_first() -> None:
    assert best_name(["SUMMIT MUTUAL", "Summit Mutual Insurance", "Summit Mutual"]) == "Summit Mutual"
