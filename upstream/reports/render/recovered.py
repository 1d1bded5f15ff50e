"""The value ledger as an Excel file: months, incidents and the lines behind both, with totals that tie."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from upstream.alerts.ledger_queries import IncidentValue, MonthValue, Payment
from upstream.alerts.models import ValueLine
from upstream.core.documents.sheets import packed, streaming_book, write_table
from upstream.core.documents.tables import Column, Table, Value

Rows = Iterator[Sequence[Value]]
MONEY = (
    Column("Paid since", "money", 16, total=True), Column("Recovered", "money", 16, total=True),
    Column("Avoided", "money", 16, total=True),
)  # fmt: skip
MONTHS = Table("Months", (Column("Month", "date", 13), *MONEY), "One row for each month would stand here.")
INCIDENTS = Table(
    "Incidents", (Column("Incident", width=70), Column("Id", width=38), Column("State", width=18), *MONEY),
    "One row for each incident that brought anything would stand here.",
)  # fmt: skip
LINES = Table(
    "Lines",
    (
        Column("Known on", "date", 13), Column("Kind", width=12), Column("Incident id", width=38),
        Column("Claim id", width=38), Column("Payer", width=28), Column("Check or trace", width=20),
        Column("Paid on", "date", 13), Column("Paid", "money", 16),
        Column("Counted", "money", 16, total=True),
    ),
    "One row for each answer of a payer would stand here.",
)  # fmt: skip


def render_recovered(
    about: str, months: Iterable[MonthValue], incidents: Iterable[IncidentValue],
    lines: tuple[Iterable[ValueLine], Mapping[int, Payment]], *, made_on: date,
) -> bytes:  # fmt: skip
    """The workbook's bytes; the same rows give the same bytes."""
    with streaming_book(title=f"{about}: recovered", made_on=made_on) as book:
        write_table(book, MONTHS, f"Recovered and avoided by month. {about}", _months(months))
        write_table(book, INCIDENTS, f"Recovered and avoided by incident. {about}", _incidents(incidents))
        write_table(book, LINES, f"Answers of payers behind each figure. {about}", _lines(*lines))
        return packed(book)


def _months(months: Iterable[MonthValue]) -> Rows:
    for one in months:
        yield one.month, one.paid, one.recovered, one.avoided


def _incidents(incidents: Iterable[IncidentValue]) -> Rows:
    for one in incidents:
        if one.incident is not None:
            named = one.incident
            yield (
                named.title, str(named.public_id), named.get_state_display(), one.paid, one.recovered, one.avoided
            )  # fmt: skip


def _lines(lines: Iterable[ValueLine], payments: Mapping[int, Payment]) -> Rows:
    for line in lines:
        payment = payments.get(line.adjudication_id)
        paid = (payment.check_number, payment.payment_date) if payment else ("", None)
        yield (
            *(line.day, line.get_kind_display(), str(line.incident.public_id), str(line.claim.public_id)),
            *(line.claim.payer.name, *paid, line.paid_cents, line.counted_cents),
        )
