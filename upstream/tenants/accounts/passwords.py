"""Passwords that are long enough and still guessed among the first: NIST SP 800-63B-4, 3.1.1.2 (blocklist).

Django's own validators see to length (15), to its list of 20,000 common ones and to what resembles the person's own
data. No rule asks for kinds of characters, and none for changing a password now and then.
"""

import re
from functools import lru_cache
from pathlib import Path

from django.core.exceptions import ValidationError

from upstream.tenants.models import Organization, User

MOST = 1000
FEWEST_CHARACTERS = 6
OF_THEIR_OWN = 8  # characters that must be left when the words that everybody here knows are taken away
ROWS = ("01234567890123", "abcdefghijklmnopqrstuvwxyzabc", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb")
RUNS = tuple(
    sorted({row[at : at + 4] for way in ROWS for row in (way, way[::-1]) for at in range(len(row) - 3)})
)  # four keys in a row, either way
KNOWN_HERE = ("upstream", "password", "practice", "medical", "clinic", "billing", "claims")
COMMON = Path(__file__).with_name("common_passwords.txt")


class EasyToGuessValidator:
    """Refuses repetitions, rows of keys, the long ones of every leaked list, and names known here with a number."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > MOST:
            raise ValidationError(f"A password has at most {MOST} characters.", code="too_long")
        if is_easy(password, _own_words(user)):
            raise ValidationError("This password is among the first that somebody would try.", code="easy_to_guess")

    def get_help_text(self) -> str:
        return "No repetition, no row of keys, no name that everybody here knows."


def is_easy(password: str, own: tuple[str, ...] = ()) -> bool:
    """Whether it is repeated, a row of keys, on the list, or hardly more than names known to all here."""
    bare = re.sub(r"[^a-z0-9]", "", password.lower())
    return (
        len(set(password.lower())) < FEWEST_CHARACTERS
        or _repeats(bare)
        or bare in common()
        or _leaves_little(bare, own)
    )


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """The long passwords that leaked lists hold most often, in letters and digits alone."""
    return frozenset(COMMON.read_text(encoding="utf-8").split())


def _repeats(bare: str) -> bool:
    """One part of it twice or more, whatever few digits stand behind."""
    return bool(re.fullmatch(r"(.{1,12}?)\1+\d{0,4}", bare)) and len(bare) > 1


def _leaves_little(bare: str, own: tuple[str, ...]) -> bool:
    """Without words known here, rows of keys, and digits, hardly anything of the person's own is left."""
    left = bare
    for word in (*own, *KNOWN_HERE, *RUNS):
        left = left.replace(word, "")
    return left != bare and len(re.sub(r"\d", "", left)) < OF_THEIR_OWN


def _own_words(user: User | None) -> tuple[str, ...]:
    """The practice's name, where one is bound, and what stands before the @ of the address."""
    from_address = re.split(r"[^a-z0-9]+", user.email.partition("@")[0].lower()) if user is not None else []
    names = Organization.objects.values_list("name", flat=True)[:1]  # the bound one alone: see tenancy.directory
    from_name = [word for name in names for word in re.split(r"[^a-z0-9]+", name.lower())]
    return tuple(word for word in (*from_address, *from_name) if len(word) > 3)
