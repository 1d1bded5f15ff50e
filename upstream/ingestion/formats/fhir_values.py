"""Looking things up in a FHIR resource that may lack anything, hold anything, and come from JSON or XML."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, TypeAlias

from upstream.ingestion.formats.values import LARGEST_CENTS, day_or_none

Node: TypeAlias = dict[str, Any]

MAX_MANY = 10_000
MAX_TEXT = 200
MAX_DIGITS = 20
LARGEST_UNITS = 10**9
THOUSANDTH = Decimal("0.001")
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T.*)?", re.ASCII | re.DOTALL)
NPI = re.compile(r"\d{10}", re.ASCII)
NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
NO_CODE = "data-absent-reason"
NOTHING: Node = {}


class Coded(NamedTuple):
    """One coding: `system` without its trailing slashes, `code` as it stands."""

    system: str
    code: str


def many(node: Node, name: str) -> list[Any]:
    """The values under a name: a list as it is, a single one as a list of it."""
    found = node.get(name)
    if found is None:
        return []
    return found[:MAX_MANY] if isinstance(found, list) else [found]


def nodes(node: Node, *path: str) -> Iterator[Node]:
    """Every element at the end of a path of names, wherever lists stand on the way."""
    if not path:
        yield node
        return
    for found in many(node, path[0]):
        if isinstance(found, dict):
            yield from nodes(found, *path[1:])


def node_at(node: Node, *path: str) -> Node:
    """The first element at the end of a path, an empty one when there is none."""
    return next(nodes(node, *path), NOTHING)


def text_at(node: Node, *path: str, width: int = MAX_TEXT) -> str:
    """The first text at the end of a path, without blanks around it; "" when there is none, or it is over `width`."""
    for holder in nodes(node, *path[:-1]) if len(path) > 1 else (node,):
        found = holder.get(path[-1])
        for value in found[:MAX_MANY] if isinstance(found, list) else (found,):
            text = plain(value)
            if text:
                return text if len(text) <= width else ""
    return ""


def plain(value: object) -> str:
    """Text on one line, without anything unprintable; "" for what is no text or number."""
    if type(value) is str and value.isprintable():
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    text = str(value).strip()
    return text if text.isprintable() else "".join(filter(str.isprintable, text)).strip()


def day_at(node: Node, *path: str) -> date | None:
    """The day of a date or a time; a month or a year alone is no day."""
    match = DAY.fullmatch(text_at(node, *path))
    return day_or_none(*match.groups()) if match else None


def number_of(value: object) -> Decimal | None:
    """A decimal number of a usual size, from JSON or as text."""
    text = plain(value)
    if not text or len(text) > 40:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number:
        return Decimal(0)
    return number if number.is_finite() and abs(number.adjusted()) <= MAX_DIGITS else None


def units_of(value: object) -> Decimal | None:
    """A quantity, to a thousandth; None when it is larger than any real one."""
    number = number_of(value)
    return None if number is None or abs(number) >= LARGEST_UNITS else number.quantize(THOUSANDTH)


def cents_of(money: object) -> int | None:
    """Whole cents of a Money (R4), a Quantity (STU3) or a bare number, halves rounded up; None when it has none."""
    number = number_of(money.get("value") if isinstance(money, dict) else money)
    if number is None or abs(number) * 100 > LARGEST_CENTS:
        return None
    cents = int((abs(number) * 100).quantize(Decimal(1), rounding="ROUND_HALF_UP"))
    return -cents if number < 0 else cents


def codings(concept: object) -> list[Coded]:
    """The codings of a CodeableConcept (or a Coding by itself) that have a code and say that they know it."""
    if not isinstance(concept, dict):
        return []
    found = []
    for each in many(concept, "coding") or ([concept] if "code" in concept else []):
        code = plain(each.get("code")) if isinstance(each, dict) else ""
        if code and len(code) <= MAX_TEXT:
            system = plain(each.get("system")).rstrip("/")
            if not system.endswith(NO_CODE):
                found.append(Coded(system, code))
    return found


def code_of(concept: object) -> str:
    """The first code of a CodeableConcept, or ""."""
    return next((each.code for each in codings(concept)), "")


def has_code(concept: object, *codes: str) -> bool:
    """Whether any coding has one of these codes."""
    return any(each.code in codes for each in codings(concept))


def identifier_of(node: Node, kind: str) -> str:
    """The value of the first identifier whose type has the code `kind`."""
    return next((text_at(each, "value") for each in nodes(node, "identifier") if has_code(each.get("type"), kind)), "")


def npi_of(node: Node) -> str:
    """The ten digits of the first national provider identifier of a reference, a provider or an organization."""
    for each in nodes(node, "identifier"):
        value = text_at(each, "value")
        said = text_at(each, "system") == NPI_SYSTEM or has_code(each.get("type"), "npi", "NPI")
        if said and NPI.fullmatch(value):
            return value
    return ""
