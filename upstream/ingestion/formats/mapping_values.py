"""What the values of a column look like: the share of them that fits each kind of fact."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

from upstream.ingestion.formats.csv_vocabulary import amount_words, read_day, reason_words
from upstream.ingestion.formats.values import PLAIN_AMOUNT

PROCEDURE = re.compile(r"(?:[0-9]{5}|[A-CEGHJ-MP-V][0-9]{4}|[0-9]{4}[FTUM]|D[0-9]{4})", re.ASCII)
ICD10 = re.compile(r"[A-TV-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?", re.ASCII | re.IGNORECASE)
ICD9 = re.compile(r"(?:[0-9]{3}|V[0-9]{2})(?:\.?[0-9]{1,2})?|E[0-9]{3}\.?[0-9]?", re.ASCII)
MODIFIERS = re.compile(r"[A-Z0-9]{2}(?:[ ,;:|-]+[A-Z0-9]{2}){0,3}", re.ASCII | re.IGNORECASE)
GROUP = re.compile(r"CO|PR|OA|PI|CR", re.IGNORECASE)
REMARKS = re.compile(r"(?:MA?|N)[0-9]{1,3}(?:[ ,;|]+(?:MA?|N)[0-9]{1,3})*", re.ASCII | re.IGNORECASE)
REVENUE = re.compile(r"0?[0-9]{3}(?:\.0)?", re.ASCII)
PLACE = re.compile(r"[0-9]{1,2}(?:\.0)?", re.ASCII)
SMALL = re.compile(r"[0-9]{1,5}(?:[.,][0-9]{1,3})?", re.ASCII)
LINE = re.compile(r"[A-Za-z0-9-]{1,30}", re.ASCII)
FREQUENCY = re.compile(r"[1-9A-Z]", re.ASCII)
ORDER = re.compile(r"[1-3]|[pst]|prim(ary)?|sec(ondary)?|tert(iary)?", re.ASCII | re.IGNORECASE)
NUMBER = re.compile(r"[^=+@\s](?:[\x21-\x7e ]{0,63})", re.ASCII)
LETTERS = re.compile(r"[^\W\d_]{2}")
DATE_MARKS = re.compile(r"[0-9][-/.][0-9]|[A-Za-z]{3}")
PLAIN_AMOUNTS = (amount_words("us"), amount_words("eu"))
STATUS_HINTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (status, re.compile(pattern, re.IGNORECASE))
    for status, pattern in (
        ("partial", r"partial|part[- ]paid|paid in part|short[- ]?paid|under[- ]?paid"),
        ("reversed", r"revers|void|recoup|taken? back|take-?back|refund|cancel|^22$"),
        ("pending", r"un-?paid|not paid|to be paid|awaiting|in denial review"),
        ("denied", r"den(ied|ial|y)|reject|refus|disallow|not covered|non-?covered|^4$"),
        ("paid", r"\bpaid\b|\bpmt\b|payment|approved|settled|^pd$"),
        (
            "pending",
            r"pend|open|submit|in process|in-process|processing|progress|wait|hold|billed|outstanding|\bnew\b|sent|"
            r"received|accepted|ready|filed|transmit|no response|ongoing|working|appeal",
        ),
        ("adjudicated", r"clos|process|finali|adjudicat|complet|done|posted|remit|^(1|2|3|19|20|21)$"),
    )
)
JUDGED = 300  # values of a column that are looked at
NPI_WEIGHTS = (2, 1) * 5
NPI_PREFIX = 24  # what 80840 before it adds to the sum (the Luhn check of an NPI)


def status_hint(word: str) -> str:
    """The status that a source's word means, "" when it says nothing to us; a blank one is not decided yet."""
    if not word:
        return "pending"
    return next((status for status, pattern in STATUS_HINTS if pattern.search(word)), "")


def is_npi(text: str) -> bool:
    """Ten digits whose check digit is right."""
    if len(text) != 10 or not (text.isascii() and text.isdecimal()):
        return False
    doubled = (int(digit) * weight for digit, weight in zip(text, NPI_WEIGHTS, strict=True))
    return (NPI_PREFIX + sum(value - 9 if value > 9 else value for value in doubled)) % 10 == 0


def is_day(text: str) -> bool:
    return read_day(text, "mdy") is not None or read_day(text, "dmy") is not None


def is_amount(text: str) -> bool:
    return any(PLAIN_AMOUNT.fullmatch(tell(text)) for tell in PLAIN_AMOUNTS)


def _name(text: str) -> bool:
    return bool(LETTERS.search(text)) and not is_day(text)


def _number(text: str) -> bool:
    has_digit = any(map(str.isdigit, text))
    return has_digit and bool(NUMBER.fullmatch(text)) and not (DATE_MARKS.search(text) and is_day(text))


def _reason(text: str) -> bool:
    reasons, remarks = reason_words(text)
    return reasons != text or bool(remarks) or bool(re.fullmatch("(CO|PR|OA|PI|CR)-.*", text))


def _status(text: str) -> bool:
    return len(text) <= 40 and bool(status_hint(text)) and not is_day(text)


def _person(text: str) -> bool:
    return bool(LETTERS.search(text)) and not any(map(str.isdigit, text))


def _npi(text: str) -> float:
    if is_npi(text):
        return 1.0
    return 0.6 if re.fullmatch("[12][0-9]{9}", text) else 0.0


KINDS: Mapping[str, Callable[[str], object]] = {
    "number": _number,
    "name": _name,
    "person": _person,
    "day": is_day,
    "birthday": is_day,
    "money": is_amount,
    "status": _status,
    "reason": _reason,
    "group": GROUP.fullmatch,
    "remark": REMARKS.fullmatch,
    "procedure": lambda text: PROCEDURE.fullmatch(text.upper()),
    "modifier": MODIFIERS.fullmatch,
    "count": SMALL.fullmatch,
    "diagnosis": lambda text: ICD10.fullmatch(text) or ICD9.fullmatch(text),
    "revenue": REVENUE.fullmatch,
    "place": PLACE.fullmatch,
    "npi": _npi,
    "line": LINE.fullmatch,
    "frequency": FREQUENCY.fullmatch,
    "order": ORDER.fullmatch,
}


def fits(values: Sequence[str]) -> dict[str, float]:
    """How well the values that are no blanks fit each kind, from 0 to 1; nothing where all are blank."""
    filled = [text.strip() for text in islice((text for text in values if text.strip()), JUDGED)]
    if not filled:
        return {}
    counted = Counter(filled)
    return {
        kind: sum(times * _share(judge(text)) for text, times in counted.items()) / len(filled)
        for kind, judge in KINDS.items()
    }


def _share(judged: object) -> float:
    return judged if isinstance(judged, float) else float(bool(judged))


def gives_away(kind: str, values: Sequence[str]) -> bool:
    """Whether values say what they are without a title: words of status, or codes with their group (CO-197)."""
    filled = {text.strip() for text in islice((text for text in values if text.strip()), JUDGED)}
    pattern = {"status": LETTERS, "reason": GROUP}.get(kind)
    return pattern is not None and bool(filled) and all(pattern.match(t) and KINDS[kind](t) for t in filled)
