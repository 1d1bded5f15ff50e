"""What the cells of a claims CSV may say; each distinct text is judged once, in bounded memory."""

import re
from collections.abc import Callable
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from upstream.ingestion.formats.values import MAX_REMEMBERED, cents_or_none, day_or_none

MAX_NAME = 200
MAX_NUMBER = 64
MAX_REASONS_TEXT = 200
ODD_BLANKS = re.compile(r"[\u00a0\u2000-\u200b\u202f\u205f\u3000\t]+")
FORMULA_STARTS = ("=", "+", "@")
ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?", re.ASCII)
COMPACT_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]{1,3}", re.IGNORECASE)
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .:/_-]*", re.ASCII)
CODE_WIDTH = 16
REASON = re.compile(r"(?:(CO|PR|OA|PI|CR)[ -]?|-)([A-Z]?[0-9]{1,3})", re.ASCII | re.IGNORECASE)
ADJUDICATED = "adjudicated"  # decided: the outcome is worked out from the amounts and the codes
STATUSES = frozenset({"paid", "denied", "partial", "pending", "reversed", ADJUDICATED})

T = TypeVar("T")


class Reasons(NamedTuple):
    """Denial reasons as (group, CARC) pairs in the order given, and the same in one spelling ("CO-197;PR-1")."""

    pairs: tuple[tuple[str, str], ...]
    text: str


class Remembered(dict[str, T | None], Generic[T]):
    """Text -> what `judge` makes of it (None when it will not do)."""

    def __init__(self, judge: Callable[[str], T | None]) -> None:
        super().__init__()
        self.judge = judge

    def __missing__(self, text: str) -> T | None:
        if len(self) >= MAX_REMEMBERED:
            self.clear()
        found = self[text] = self.judge(text.strip())
        return found


def day_of(text: str) -> date | None:
    """The day of an ISO date, extended or basic, with or without a midnight after it."""
    match = ISO_DAY.fullmatch(text) or COMPACT_DAY.fullmatch(text)
    return day_or_none(*match.groups()) if match else None


def amount_of(text: str) -> int | None:
    """Cents of a plain decimal amount in dollars; None also for a blank."""
    return cents_or_none(text) if any(map(str.isdigit, text)) else None


def name_of(text: str) -> str | None:
    """Free text as it stands (inert: a formula is only text), without control characters and not endless; the blanks
    that web pages and spreadsheets put in for plain ones become plain ones."""
    if not text.isprintable():
        text = ODD_BLANKS.sub(" ", text)
    return text if text.isprintable() and len(text) <= MAX_NAME else None


def number_of(text: str) -> str | None:
    """An identifier, kept as text with its leading zeros; nothing that a spreadsheet would run or has rounded."""
    usable = text.isprintable() and len(text) <= MAX_NUMBER and not text.startswith(FORMULA_STARTS)
    return unrounded(text) if usable else None


def unrounded(text: str) -> str | None:
    """The text, unless it is a long number as spreadsheets show it: others look alike that differ in lost digits."""
    return None if "+" in text and ROUNDED.fullmatch(text) else text


def code_of(text: str) -> str | None:
    """A code of letters, digits and joining marks, in capitals; blank stays blank."""
    return text.upper() if not text or (len(text) <= CODE_WIDTH and CODE.fullmatch(text)) else None


def diagnosis_of(text: str) -> str | None:
    """The first of one or several diagnosis codes."""
    return code_of(re.split(r"[;,|]", text, maxsplit=1)[0].strip())


def status_of(text: str) -> str | None:
    """One of STATUSES."""
    word = text.lower()
    return word if word in STATUSES else None


def reasons_of(text: str) -> Reasons | None:
    """The reasons in "CO-197;PR-1" ("-197" where the group is not known); none for a blank, None when any of them is
    unreadable or they have no end."""
    if len(text) > MAX_REASONS_TEXT:
        return None
    pairs = []
    for part in filter(None, (piece.strip() for piece in re.split(r"[;,|]", text))):
        match = REASON.fullmatch(part)
        if match is None:
            return None
        pairs.append(((match[1] or "").upper(), match[2].upper()))
    return Reasons(tuple(pairs), ";".join("-".join(pair) for pair in pairs))


def several_of(text: str) -> tuple[str, ...] | None:
    """Codes separated by `;`, `,`, `|`, `:` or blanks, in capitals; None when any of them is no code."""
    codes = tuple(filter(None, re.split(r"[;,|:\s]+", text.upper())))
    return codes if all(map(CODE.fullmatch, codes)) else None


AMOUNTS = Remembered(amount_of)
DAYS = Remembered(day_of)
NAMES = Remembered(name_of)
CODES = Remembered(code_of)
DIAGNOSES = Remembered(diagnosis_of)
STATUS_WORDS = Remembered(status_of)
REASONS = Remembered(reasons_of)
SEVERAL = Remembered(several_of)
