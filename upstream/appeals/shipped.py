"""The letters that Upstream ships: what each argues, in our own words, with fields. A practice may put its own first.

They stand in `letters/`, one text a subject, paragraphs parted by blank lines. Nothing there says what a payer's
contract or a law says: that the practice adds, where square brackets ask for it.
"""

from functools import cache
from pathlib import Path

from upstream.appeals.choices import Subject

FOLDER = Path(__file__).with_name("letters")


@cache
def words_of(subject: str) -> str:
    """The shipped paragraphs on a subject, as text with fields."""
    return (FOLDER / f"{Subject(subject).value.lower()}.txt").read_text(encoding="utf-8").strip()
