"""What every kind of report is: what it is asked with, and what it gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from upstream.core.charts import BarChart

Format = Literal["pdf", "xlsx", "docx"]
Span = Literal["day", "week", "month", "incident", "payer", "own"]
Fact = str | int | bool
Maker = Callable[[], bytes]

ABOUT_ONE: Mapping[str, str] = {"incident": "incident", "payer": "payer", "own": "shared own report"}


@dataclass(frozen=True)
class Subject:
    """A report as of the end of a day in the practice; `about` is the public id of what it is about, if of one thing.

    `link` is where people who sign in find the report; `paper` is "" for the practice's own.
    """

    as_of: date
    about: str = ""
    link: str = ""
    paper: str = ""


@dataclass(frozen=True)
class Summary:
    """A report in a few words for mail and lists: counts and money; no payer, no claim, no person.

    `lines` are read one below the other; `facts` are the same as named values. `chart` names causes,
    months or the like: the mail draws it as a picture, and says it as a table where pictures are not shown.
    """

    report_id: str
    period: str
    period_start: date
    period_end: date
    lines: tuple[str, ...]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    content_hash: str = ""
    chart: BarChart | None = None


@dataclass(frozen=True)
class Made:
    """A report that was read from the database: each file is written when asked for, also outside the transaction.

    The same database gives the same bytes. Writing raises RenderError, or Invalid past what a file holds.
    """

    files: Mapping[Format, Maker]
    summary: Summary


@dataclass(frozen=True)
class Kind:
    """One kind of report. `make` is called with the practice bound, in a transaction; Invalid for what is not there.

    `confidential` says that a file may hold a claim number or an account: such a file is never attached to a mail.
    """

    code: str
    title: str
    says: str
    formats: tuple[Format, ...]
    period: Span
    make: Callable[[Subject], Made]
    confidential: bool = False

    @property
    def about_one(self) -> bool:
        """Whether it has to be told which incident, payer or own report it is about."""
        return self.period in ABOUT_ONE

    @property
    def about_words(self) -> str:
        """What it is about, as a noun; "" for nothing."""
        return ABOUT_ONE.get(self.period, "")
