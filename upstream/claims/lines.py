"""Which billed line each answered line belongs to. Pure.

A payer sends the practice's own line number back, but not always; it drops modifiers, splits a line in two or bundles
two into one, and may answer another code than was billed (X12 RFI 1917, 223, 2224). Nothing is forced: a line that fits
none, or several, stands apart.
"""

from collections.abc import Callable, Hashable, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol


class Billed(Protocol):
    """A line as the practice billed it; `control_bidx` is the blind index of its own number for it."""

    @property
    def number(self) -> int: ...
    @property
    def procedure_code(self) -> str: ...
    @property
    def billed_cents(self) -> int: ...
    @property
    def control_bidx(self) -> bytes | memoryview | None: ...


class Answered(Protocol):
    """A line as the payer answered it: `billed_code` is the code that was billed, where another one was answered."""

    @property
    def number(self) -> int: ...
    @property
    def procedure_code(self) -> str: ...
    @property
    def billed_code(self) -> str: ...
    @property
    def billed_cents(self) -> int: ...
    @property
    def control_bidx(self) -> bytes | memoryview | None: ...


class By(StrEnum):
    """How two lines were known for one; each is weaker than the one before."""

    CONTROL = "its own number"
    CODE_AND_CHARGE = "code and charge"
    SPLIT = "code, split in parts"


class LineMatch(NamedTuple):
    """`billed` and `answered` are numbers of lines."""

    billed: int
    answered: int
    by: By


def matched_lines(billed: Sequence[Billed], answered: Sequence[Answered]) -> list[LineMatch]:
    """Every answered line that belongs to one billed line without doubt, in the order of the answer."""
    found: dict[int, LineMatch] = {}
    _pair(found, billed, answered, By.CONTROL, lambda b: _bytes(b.control_bidx), lambda a: _bytes(a.control_bidx))
    _pair(
        found,
        billed,
        answered,
        By.CODE_AND_CHARGE,
        lambda b: (b.procedure_code, b.billed_cents),
        lambda a: (_code(a), a.billed_cents),
    )
    for line in billed:
        parts = [a for a in answered if a.number not in found and _code(a) == line.procedure_code]
        alone = sum(other.procedure_code == line.procedure_code for other in billed) == 1
        if alone and len(parts) > 1 and sum(part.billed_cents for part in parts) == line.billed_cents:
            found.update({part.number: LineMatch(line.number, part.number, By.SPLIT) for part in parts})
    return [found[a.number] for a in answered if a.number in found]


def _pair(
    found: dict[int, LineMatch],
    billed: Sequence[Billed],
    answered: Sequence[Answered],
    by: By,
    of_billed: Callable[[Billed], Hashable],
    of_answered: Callable[[Answered], Hashable],
) -> None:
    """Lines that share a key with exactly one of the other side, or with as many as there are on either side."""
    taken = {match.billed for match in found.values()}
    keys = {of_billed(line): None for line in billed if line.number not in taken}
    for key in keys:
        ours = [line.number for line in billed if line.number not in taken and of_billed(line) == key]
        theirs = [line.number for line in answered if line.number not in found and of_answered(line) == key]
        if key is not None and len(ours) == len(theirs):
            found.update({answer: LineMatch(line, answer, by) for line, answer in zip(ours, theirs, strict=True)})


def _code(line: Answered) -> str:
    return line.billed_code or line.procedure_code


def _bytes(value: bytes | memoryview | None) -> bytes | None:
    return None if value is None else bytes(value)
