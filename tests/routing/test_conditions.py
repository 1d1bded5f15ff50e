"""Conditions that people write: what holds, and words with a place for what cannot be read."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.routing.test_rules import FACTS
from upstream.core.errors import Invalid
from upstream.routing.conditions import LONGEST, VOCABULARY, checked, holds, values_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("lost >= 9200.0", True),
        ("lost > 9200.0", False),
        ("lost >= 5000 && payer == 'Summit Mutual'", True),
        ('severity in ["critical", "high"] && !(strength == "watch")', True),
        ('payer.startsWith("Civic") || reason.endsWith("-50")', False),
        ('location.contains("orth") && size(procedure) == 5', True),
        ("claims > 20 ? true : annual > 90000.0", True),
        ("evidence >= 6.0", False),
        ('payer == "all(x)"', False),
    ],
)
def test_conditions_on_what_is_known(text: str, expected: bool) -> None:
    assert holds(checked(text), FACTS) is expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lost >= 5000 &&", "line 1, character 16: the condition ends where something more must follow"),
        ("lost >=\n  5000 5", "line 2, character 8: it cannot be read from here on: '5'"),
        ("paier == 'x'", "line 1, character 1: there is no word 'paier' here"),
        ("lost > 1.0 &&\n paier == 'x'", "line 2, character 2: there is no word 'paier' here"),
        ("payer.matches('(a+)+')", "line 1, character 7: there is no function 'matches' here"),
        ("[1, 2].all(payer, payer > 0)", "line 1, character 8: there is no function 'all' here"),
        ("[1].map(claims, claims) == [1]", "line 1, character 5: there is no function 'map' here"),
        ("__import__('os')", "line 1, character 1: there is no function '__import__' here"),
        ("payer > 3", "compares or adds a text and a number"),
        ("lost", "the condition must be true or false; this one is 9200.0"),
        ("1 / 0 == 1", "divides by zero"),
        ("a" * (LONGEST + 1), f"a condition has at most {LONGEST} letters"),
    ],
)
def test_what_cannot_be_worked_out_says_where(text: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(text)
    assert refused.value.code == "condition"
    assert said in refused.value.message


def test_the_vocabulary_is_what_is_told() -> None:
    assert set(values_of(FACTS)) == set(VOCABULARY)


@given(st.text(max_size=LONGEST) | st.text("()[]!&|<>= 0123456789.'\"paylostmsz+-*/%?:,", max_size=LONGEST))
def test_whatever_people_write_is_answered_or_refused(text: str) -> None:
    began = time.monotonic()
    answer: object
    try:
        answer = holds(checked(text), FACTS)
    except Invalid as refused:
        answer = refused.code if refused.message else ""
    assert answer in (True, False, "condition")
    assert time.monotonic() - began < 2
