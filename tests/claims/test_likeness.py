import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.claims.likeness import Likeness, Pair, accepted, likeness, rank


@pytest.mark.parametrize(
    ("told", "ours", "alike"),
    [
        ("ACC-1234", "acc1234", Likeness.SAME),
        ("0001234567", "1234567", Likeness.SAME),
        ("ACC1234567", "ACC1234567-01", Likeness.PART),
        ("1234567", "99-1234567", Likeness.PART),
        ("12345", "123456", Likeness.NONE),
        ("NOT AVAILABLE", "ACC1234567", Likeness.NONE),
        ("", "ACC1234567", Likeness.NONE),
        ("000", "000", Likeness.NONE),
    ],
)
def test_a_number_is_alike_but_for_case_marks_zeros_and_a_cut(told: str, ours: str, alike: Likeness) -> None:
    assert likeness(told, (ours,)) is alike
    assert likeness(ours, (told,)) is alike


def test_a_number_may_be_that_of_the_patients_account() -> None:
    assert likeness("ACC1234567", ("CLM-1", "acc1234567")) is Likeness.SAME


def pair(remitted: int, claim: int, number: Likeness = Likeness.NONE, *facts: str) -> Pair:
    return Pair(remitted, claim, number, "member" in facts, "charge" in facts, "npi" in facts)


def test_a_like_number_needs_another_fact_and_another_number_all_of_them() -> None:
    assert rank(pair(1, 2, Likeness.SAME)) == 0
    assert rank(pair(1, 2, Likeness.PART, "charge")) == 2
    assert rank(pair(1, 2, Likeness.SAME, "charge")) == 3
    assert rank(pair(1, 2, Likeness.NONE, "member", "charge")) == 0
    assert rank(pair(1, 2, Likeness.NONE, "member", "charge", "npi")) == 1


def test_only_what_leaves_no_doubt_is_accepted() -> None:
    same = pair(1, 11, Likeness.SAME, "charge")
    assert accepted([same, pair(1, 12, Likeness.PART, "charge")]) == [same]
    assert accepted([same, pair(1, 12, Likeness.SAME, "charge")]) == []
    assert accepted([same, pair(2, 11, Likeness.SAME, "charge")]) == []
    assert accepted([same, pair(2, 12, Likeness.PART, "charge")]) == [same, pair(2, 12, Likeness.PART, "charge")]


PAIRS = st.builds(
    Pair, st.integers(1, 4), st.integers(11, 14), st.sampled_from(Likeness), st.booleans(), st.booleans(), st.booleans()
)


@given(st.lists(PAIRS, unique_by=lambda found: found[:2]), st.randoms())
def test_nobody_is_matched_twice_and_order_does_not_matter(pairs: list[Pair], dice: object) -> None:
    found = accepted(pairs)
    assert len({one.remitted for one in found}) == len({one.claim for one in found}) == len(found)
    dice.shuffle(pairs)
    assert set(accepted(pairs)) == set(found)


def test_what_two_claims_have_in_common_is_said_in_words() -> None:
    assert pair(1, 2, Likeness.PART, "charge", "npi").agreed == "service date, number, charge, provider"
