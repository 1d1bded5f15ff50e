"""Dates, amounts and codes as practice systems write them, told in the words of the canonical CSV.

Each function gives the canonical text. What cannot be read stays as it stood, or, where that could be taken for
another amount, becomes UNREADABLE: the reader then says so.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from upstream.ingestion.formats.values import MAX_REMEMBERED, day_or_none

MAX_CELL = 200
EXCEL_START = date(1899, 12, 30)  # serial 1 is 1900-01-01, and Excel counts a 29 February 1900 that never was
FIRST_SERIAL, LAST_SERIAL = 10_000, 73_000  # 1927 to 2099
CENTURY_TURNS = 70  # 69 is 2069, 70 is 1970
MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
TIME = r"(?:[T ,]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|[+-]\d\d:?\d\d)?)?"
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + TIME, re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)" + TIME, re.ASCII)
COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
DAY_AND_NAME = re.compile(r"(\d{1,2})[- /]?([A-Za-z]{3})[A-Za-z]*\.?[-, /]*(\d{4}|\d\d)" + TIME, re.ASCII)
NAME_AND_DAY = re.compile(
    r"([A-Za-z]{3})[A-Za-z]*\.?[- ]*(\d{1,2})(?:st|nd|rd|th)?,?[- ]+(\d{4}|\d\d)" + TIME, re.ASCII
)
SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)

CURRENCY = re.compile(r"USD|EUR|GBP|US\$|[$€£\s\u00a0\u202f'’]")
SIGNED = re.compile(r"(\(?)(-?)(\(?)([0-9.,]+)(\)?)(-?)", re.ASCII)
GROUPED = {
    "us": re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d*)?", re.ASCII),
    "eu": re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d*)(?:,\d*)?", re.ASCII),
}
UNREADABLE = "?"
NO_AMOUNT = frozenset({"-", "--", "–", "—", "n/a", "na", "none", "null", "#n/a"})

NO_REASON = frozenset({"n/a", "na", "none", "null", "nil", "-", "--", "0", "0.00", "#n/a", "no denial", "not denied"})
BETWEEN_REASONS = re.compile(r"[;,|/+&\n]| and ", re.IGNORECASE)
REASON = re.compile(r"(?:(CO|PR|OA|PI|CR)\s*[-:]?\s*)?([ABDPWY]?)0*([1-9][0-9]{0,2}|0)(?:\s*[-:]\s*\S.*|\.0)?", re.I)
REMARK = re.compile(r"(MA?|N)\s*-?\s*([0-9]{1,3})(?:\s*[-:]\s*\S.*)?", re.IGNORECASE)
PAIRED = re.compile(r"\b(?:CO|PR|OA|PI|CR)\s*[-:]?\s*[ABDPWY]?[0-9]{1,3}\b", re.IGNORECASE)


class Told(dict[str, str]):
    """Text -> what `tell` makes of it; each distinct text is worked out once, in bounded memory."""

    def __init__(self, tell: Callable[[str], str]) -> None:
        super().__init__()
        self.tell = tell

    def __missing__(self, text: str) -> str:
        if len(self) >= MAX_REMEMBERED:
            self.clear()
        found = self.tell(text)
        if len(text) <= MAX_CELL:
            self[text] = found
        return found


def read_day(text: str, day_order: str) -> date | None:
    """The day of a date as written, whatever time stands after it: dates of claims know no zone."""
    if match := YEAR_FIRST.fullmatch(text):
        return day_or_none(match[1], match[3], match[4])
    if match := COMPACT.fullmatch(text):
        return day_or_none(*match.groups())
    if match := YEAR_LAST.fullmatch(text):
        month, day = (match[1], match[3]) if day_order == "mdy" else (match[3], match[1])
        return day_or_none(_year(match[4]), month, day)
    if match := SERIAL.fullmatch(text):
        serial = int(match[1])
        return EXCEL_START + timedelta(days=serial) if FIRST_SERIAL <= serial <= LAST_SERIAL else None
    return _named_month(text)


def _named_month(text: str) -> date | None:
    if match := DAY_AND_NAME.fullmatch(text):
        day, name, year = match.groups()
    elif match := NAME_AND_DAY.fullmatch(text):
        name, day, year = match.groups()
    else:
        return None
    return day_or_none(_year(year), str(MONTHS.get(name.lower(), 0)), day)


def _year(digits: str) -> str:
    if len(digits) == 4:
        return digits
    return f"20{digits}" if int(digits) < CENTURY_TURNS else f"19{digits}"


def day_words(day_order: str) -> Callable[[str], str]:
    """Texts of dates -> ISO dates."""

    def tell(text: str) -> str:
        plain = text.strip()
        found = read_day(plain, day_order) if len(plain) <= MAX_CELL else None
        return found.isoformat() if found else plain

    return tell


def birthday_words(day_order: str) -> Callable[[str, str], str]:
    """(text, ISO date of service) -> ISO date of birth: of two centuries the one before the service."""
    tell = day_words(day_order)

    def tell_birthday(text: str, served: str) -> str:
        born = tell(text)
        two_digits = YEAR_LAST.fullmatch(text.strip())
        if two_digits and len(two_digits[4]) == 2 and served and born > served:
            return f"19{born[2:]}"
        return born

    return tell_birthday


def amount_words(decimals: str) -> Callable[[str], str]:
    """Texts of amounts -> plain signed decimals: `$1,234.50`, `(12.00)`, `12.00-`, or `1.234,50` for "eu"."""
    grouped, thousands, point = (GROUPED[decimals], *((",", ".") if decimals == "us" else (".", ",")))

    def tell(text: str) -> str:
        plain = text.strip()
        if plain.lower() in NO_AMOUNT:
            return ""
        match = SIGNED.fullmatch(CURRENCY.sub("", plain)) if len(plain) <= MAX_CELL else None
        if match is None:
            return UNREADABLE if plain else ""
        outer, minus, inner, digits, closing, trailing = match.groups()
        opened = bool(outer) + bool(inner)
        if opened != bool(closing) or opened + bool(minus) + bool(trailing) > 1 or not grouped.fullmatch(digits):
            return UNREADABLE
        value = digits.replace(thousands, "").replace(point, ".")
        return f"-{value}" if opened or minus or trailing else value

    return tell


def reason_words(text: str) -> tuple[str, str]:
    """(denial reasons, remark codes) of a cell such as "CO45, PR1", "CO-197: no approval", "97; N130" or "45".

    A code without a group is told as "-45": who owes is then not known.
    """
    plain = text.strip()
    if not plain or plain.lower() in NO_REASON:
        return "", ""
    reasons, remarks = [], []
    pieces = [piece.strip() for piece in BETWEEN_REASONS.split(plain)]
    if len(pieces) == 1 and len(found := PAIRED.findall(plain)) > 1:
        pieces = found
    for piece in filter(None, pieces):
        if match := REASON.fullmatch(piece):
            reasons.append(f"{(match[1] or '').upper()}-{match[2].upper()}{match[3]}")
        elif match := REMARK.fullmatch(piece):
            remarks.append(f"{match[1].upper()}{match[2]}")
        elif reasons and not any(map(str.isdigit, piece)):
            continue  # the rest of a description that holds a comma
        else:
            return plain, ""
    return ";".join(reasons), ";".join(remarks)
