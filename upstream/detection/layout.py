"""How a column of claims is read from the database, sorted, hashed and kept; `claimrows.Claims` has one a line.

An expression speaks of `v`, one version of a claim's billed facts, of `c`, the claim itself with its first decision
and the file and payment that brought it, and of `since` and `until`, between which that version was what was known.
"""

from dataclasses import dataclass
from enum import StrEnum

NEVER = 200_000
UNNAMED = NOBODY = -1


class Kind(StrEnum):
    """What a column holds: whole numbers; days and the Mondays of moments since 1970; or places in a list of names."""

    NUMBER = "number"
    DAY = "day"
    WEEK = "week"
    NAME = "name"


@dataclass(frozen=True)
class Column:
    """`undecided`: its value until the first decision is known, None where it does not depend on that.

    `labels`: the field of Labels that its places point into. `told`: judging reads it, so that the fingerprint has it.
    """

    sql: str
    kind: Kind = Kind.NUMBER
    undecided: int | None = None
    labels: str = ""
    told: bool = True

    @property
    def missing(self) -> int:
        """What stands for no value."""
        return {Kind.NUMBER: 0, Kind.NAME: UNNAMED}.get(self.kind, NEVER)


def number(sql: str, *, undecided: int | None = None, told: bool = True) -> Column:
    return Column(sql, Kind.NUMBER, undecided, told=told)


def day(sql: str, *, undecided: int | None = None) -> Column:
    """Of a date."""
    return Column(sql, Kind.DAY, undecided)


def week(sql: str, *, undecided: int | None = None, told: bool = True) -> Column:
    """Of a moment: the Monday of its week in the practice's time zone."""
    return Column(sql, Kind.WEEK, undecided, told=told)


def name(sql: str, labels: str, *, undecided: int | None = None, told: bool = True) -> Column:
    """Of a text; "" is a name of its own, for none, and NULL is UNNAMED."""
    return Column(sql, Kind.NAME, undecided, labels, told)
