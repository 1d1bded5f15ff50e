"""The statement of one payer's short payments: each claim with what was to be expected, to the cent."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import partial

from upstream.alerts.models import IncidentClaim
from upstream.alerts.rules import CLOSED
from upstream.claims.models import Payer
from upstream.core.documents.tables import Column
from upstream.detection.choices import Metric
from upstream.reports.beside import short_lines
from upstream.reports.beside_lines import OWN_PRICES, contract_row
from upstream.reports.briefs import Brief, Figure, Grid, Part
from upstream.reports.incident_lines import incident_name
from upstream.reports.kinds.base import Fact, Kind, Made, Subject
from upstream.reports.kinds.pieces import freshness, made, method, payer_asked
from upstream.reports.render import words
from upstream.reports.side_lines import UnderpaidRow
from upstream.tenants.queries import bound_organization

YEAR_WEEKS = 52
PROCEDURES = (
    Column("Procedure", width=12), Column("Lines", "count", 10, total=True),
    Column("Expected", "money", 16, total=True), Column("Allowed", "money", 16, total=True),
    Column("Short", "money", 16, total=True), Column("Share", "share", 10),
)  # fmt: skip
CLAIMS = (
    Column("Claim", width=38), Column("Procedure", width=12), Column("Decided", "date", 12),
    Column("Expected", "money", 14, total=True), Column("Allowed", "money", 14, total=True),
    Column("Short", "money", 14, total=True),
)  # fmt: skip


def make(subject: Subject) -> Made:
    """Lines short of the payer's contract in the 52 weeks up to the day, and what open incidents about prices know."""
    payer, day = payer_asked(subject), subject.as_of
    rows = tuple(_rows(payer, subject))
    expected, allowed = sum(r.expected_cents for r in rows), sum(r.allowed_cents for r in rows)
    first = min((r.decided for r in rows if r.decided), default=day)
    brief = Brief(
        id=f"US-{day:%Y-%m-%d}-{payer.public_id.hex[:6].upper()}",
        title=f"Underpayment statement, {payer.name}",
        practice=bound_organization().name,
        period=words.period(first, day) if first < day else words.long_day(day),
        period_start=first,
        period_end=day,
        as_of=day,
        freshness=freshness(),
        summary=tuple(_summary(payer.name, rows)),
        figures=(
            Figure("Expected", words.dollars_and_cents(expected)),
            Figure("Allowed", words.dollars_and_cents(allowed)),
            Figure("Short", words.dollars_and_cents(expected - allowed), words.count(len(rows), "line")),
        ),
        parts=(
            Part("By procedure", grid=_procedures(rows)),
            Part("Line by line", grid=_claims(rows), note="Claims stand under the reference of this system."),
        ),
        method=method(),
        link=subject.link,
    )
    facts: dict[str, Fact] = {"lines": len(rows), "short": words.dollars_and_cents(expected - allowed)}
    about = f"{brief.practice}, {brief.title}, {brief.id}"
    return made(brief, subject, facts, more={"xlsx": partial(_statement, about, rows, day)})


def _statement(about: str, rows: Iterable[UnderpaidRow], day: date) -> bytes:
    from upstream.reports.render.underpaid import statement_xlsx  # its library is 17 MB, of no use to the PDF

    return statement_xlsx(about, rows, day)


def _rows(payer: Payer, subject: Subject) -> list[UnderpaidRow]:
    """Lines allowed less than their price, the oldest decision first; a contract's word on a claim is the only one."""
    since = subject.as_of - timedelta(weeks=YEAR_WEEKS)
    agreed = [contract_row(line) for line in short_lines(since, subject.as_of, payer.public_id)]
    named = {row.claim for row in agreed}
    members = IncidentClaim.objects.filter(
        incident__payer=payer, incident__metric=Metric.UNDERPAYMENT, claim__decided_date__lte=subject.as_of,
        claim__allowed_cents__isnull=False,
    ).exclude(incident__state__in=CLOSED)  # fmt: skip
    own = [
        UnderpaidRow(
            incident_id=incident_name(member.incident), claim=str(member.claim.public_id), payer=payer.name,
            procedure_code=member.claim.procedure_code, decided=member.claim.decided_date, reference=OWN_PRICES,
            billed_cents=member.claim.billed_cents, expected_cents=member.expected_cents,
            allowed_cents=member.claim.allowed_cents or 0,
        )
        for member in members.select_related("incident", "claim").order_by("claim__decided_date", "pk")
    ]  # fmt: skip
    rows = agreed + [row for row in own if row.claim not in named]
    return sorted(rows, key=lambda row: row.decided or date.min)


def _summary(payer: str, rows: tuple[UnderpaidRow, ...]) -> Iterator[str]:
    by_own = [row for row in rows if row.reference == OWN_PRICES]
    by_contract = [row for row in rows if row.reference != OWN_PRICES]
    if not rows:
        yield f"No line at {payer} is known to be allowed less than its price."
    if by_contract:
        names = ", ".join(dict.fromkeys(row.reference for row in by_contract))
        yield f"{payer} allowed {_less(by_contract, 'the contract says')} ({names})."
    if by_own:
        yield f"{payer} allowed {_less(by_own, 'before')}."
        yield (
            "No contract prices these: the price is what the payer itself used to allow, so this is a change of its"
            " pricing, not a breach of a contract."
        )


def _less(rows: list[UnderpaidRow], than: str) -> str:
    """$12.50 less than before on 3 lines."""
    short = sum(row.expected_cents - row.allowed_cents for row in rows)
    return f"{words.dollars_and_cents(short)} less than {than} on {words.count(len(rows), 'line')}"


def _procedures(rows: tuple[UnderpaidRow, ...]) -> Grid:
    grouped: defaultdict[str, list[UnderpaidRow]] = defaultdict(list)
    for row in rows:
        grouped[row.procedure_code].append(row)
    lines = []
    for code, mine in grouped.items():
        expected, allowed = sum(r.expected_cents for r in mine), sum(r.allowed_cents for r in mine)
        share = (expected - allowed) / expected if expected else 0.0
        lines.append((code or "none", len(mine), expected, allowed, expected - allowed, share))
    ordered = tuple(sorted(lines, key=lambda line: (-line[4], line[0])))
    return Grid("Procedures", PROCEDURES, ordered, "Nothing is short.", exact=True)


def _claims(rows: tuple[UnderpaidRow, ...]) -> Grid:
    lines = tuple(
        (
            *(r.claim, r.procedure_code, r.decided, r.expected_cents, r.allowed_cents),
            r.expected_cents - r.allowed_cents,
        )
        for r in rows
    )
    return Grid("Claims", CLAIMS, lines, "No line.", shown=40, exact=True)


KIND = Kind(
    code="underpayment",
    title="Underpayment statement",
    says="What one payer allowed less than its price, claim by claim and to the cent, to be sent to its people.",
    formats=("pdf", "xlsx"),
    period="payer",
    make=make,
)
