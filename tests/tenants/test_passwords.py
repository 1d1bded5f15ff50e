"""What is guessed first is refused; what a person puts together is taken, whatever signs it has."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import organization
from upstream.core import tenancy
from upstream.tenants.accounts.passwords import common, is_easy
from upstream.tenants.models import User


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword", "Password123456789", "123456789012345", "qwertyuiopasdfgh", "1qaz2wsx3edc4rfv",
        "aaaaaaaaaaaaaaaa", "abcabcabcabcabc", "letmeinletmein1", "upstream12345678", "UpstreamUpstream!",
        "correcthorsebatterystaple", "I love you forever", "Welcome123456789", "billing2026billing",
        "zyxwvutsrqponmlk",
    ],
)  # fmt: skip
def test_what_is_guessed_first_is_easy(password: str) -> None:
    assert is_easy(password)


@pytest.mark.parametrize(
    "password",
    [
        "a wholly other long sentence", "kettle umbrella seventeen moss", "ßüÖ çédille straße lang genug",
        "x7#Rq!vB2m$Lp9@wT", "my password is a crooked willow", "demo-9f3c2b71e04d8a66",
    ],
)  # fmt: skip
def test_what_a_person_puts_together_is_not(password: str) -> None:
    assert not is_easy(password)


@given(st.text(max_size=200))
def test_any_text_is_judged(password: str) -> None:
    assert is_easy(password) in {True, False}


def test_the_list_holds_long_ones_in_the_form_they_are_compared_in() -> None:
    assert len(common()) > 150
    assert all(word.isalnum() and word == word.lower() for word in common())


def test_names_known_in_the_practice_are_not_enough(db: None) -> None:
    practice = organization(name="Lakeside Orthopedics")
    person = User(email="wilhelmina@lakeside.example")
    with tenancy.bind(practice.pk):
        for password in ("Lakeside Orthopedics 2026", "wilhelmina-2026-2027"):
            with pytest.raises(ValidationError):
                validate_password(password, person)
        validate_password("wilhelmina dislikes cold porridge", person)


def test_length_is_counted_and_nothing_is_cut(db: None) -> None:
    with pytest.raises(ValidationError, match="at least 15"):
        validate_password("fourteen chars")
    validate_password("ninety " * 20 + "and one more")
    with pytest.raises(ValidationError, match="at most 1000"):
        validate_password("a b c d e f g " * 80)
