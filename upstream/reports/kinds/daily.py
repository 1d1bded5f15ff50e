"""The daily brief: what is new since yesterday, what is due, whether the data can be trusted."""

from datetime import timedelta

from upstream.alerts.queries import open_incidents
from upstream.authorizations import queries as register
from upstream.core.documents.tables import Column
from upstream.ingestion.quality.queries import caveats
from upstream.reports.briefs import Brief, Cell, Figure, Grid, Part
from upstream.reports.kinds.base import Fact, Kind, Made, Subject
from upstream.reports.kinds.pieces import freshness, incident_grid, made, method
from upstream.reports.render import words
from upstream.reports.rules import SOON_DAYS
from upstream.tenants.queries import bound_organization
from upstream.watchers.queries import standing
from upstream.worklist.queries import DueDay, due_days

CAVEAT_WEEKS = 8
# It is one page: what is more stands in the Excel.
MOST_INCIDENTS, MOST_DAYS, MOST_TROUBLES = 3, 3, 2
DUE = (
    Column("Answer by", "date", 14), Column("Claims", "count", 10, total=True),
    Column("Expected", "money", 14, total=True), Column("Usually comes back", "money", 18, total=True),
)  # fmt: skip
TROUBLES = (Column("What is wrong", width=70), Column("Since", "date", 12), Column("Touches the numbers", width=18))


def make(subject: Subject) -> Made:
    """As of the end of the day."""
    day = subject.as_of
    practice, incidents = bound_organization(), list(open_incidents().filter(first_as_of__lte=day))
    fresh = [incident for incident in incidents if incident.first_as_of > day - timedelta(days=1)]
    due, near = due_days(day), register.near(day)
    expected = sum(one.expected_cents for one in due)
    troubles = tuple(
        (trouble.words.title, trouble.since.date(), "yes" if trouble.affects_numbers else "no")
        for trouble in standing()
    )
    faults = caveats(since=day - timedelta(weeks=CAVEAT_WEEKS))
    brief = Brief(
        id=f"DB-{day:%Y-%m-%d}",
        title="Daily brief",
        practice=practice.name,
        period=words.long_day(day),
        period_start=day,
        period_end=day,
        as_of=day,
        freshness=freshness(),
        caveats=tuple(fault.words for fault in faults[:2]),
        summary=(
            f"{words.count(len(fresh), 'new incident')}, {len(incidents)} open.",
            f"{words.count(sum(one.claims for one in due), 'denial')} must be answered within {SOON_DAYS} days,"
            f" {words.dollars(expected)} expected."
            if due
            else f"No denial must be answered within {SOON_DAYS} days.",
            _authorizations(near),
            *(() if troubles else ("Nothing is wrong with the files.",)),
        ),
        figures=(
            Figure("Open incidents", str(len(incidents)), f"{len(fresh)} new"),
            Figure("At stake", words.dollars(sum(i.at_stake_cents for i in incidents))),
            Figure("Due within 7 days", words.dollars(expected)),
        ),
        parts=(
            Part("Open incidents", grid=incident_grid(incidents, shown_rows=MOST_INCIDENTS)),
            Part("Denials due within 7 days", grid=_due(due)),
            *_troubles(troubles),
        ),
        method=method(),
        link=subject.link,
    )  # fmt: skip
    facts: dict[str, Fact] = {
        "new_incidents": len(fresh),
        "open_incidents": len(incidents),
        "due_in_7_days": words.dollars(expected),
    }
    return made(brief, subject, facts)


def _authorizations(near: register.Near) -> str:
    if not near.ending and not near.risks:
        return "No authorization ends within 30 days, and no claim is known to lack one."
    return (
        f"{words.count(near.ending, 'authorization')} {'ends' if near.ending == 1 else 'end'} within 30 days or"
        f" {'is' if near.ending == 1 else 'are'} nearly used up; {words.count(near.risks, 'undecided claim')},"
        f" {words.dollars(near.risk_cents)} billed, may be denied for want of one."
    )


def _troubles(rows: tuple[tuple[Cell, ...], ...]) -> tuple[Part, ...]:
    return (Part("Is the data whole?", grid=Grid("Troubles", TROUBLES, rows, "", MOST_TROUBLES)),) if rows else ()


def _due(days: list[DueDay]) -> Grid:
    rows = tuple((one.day, one.claims, one.expected_cents, one.recovery_cents) for one in days)
    return Grid("Due", DUE, rows, "None.", MOST_DAYS)


KIND = Kind(
    code="daily",
    title="Daily brief",
    says="What is new since yesterday, what is due within a week, and whether the data can be trusted.",
    formats=("pdf", "xlsx"),
    period="day",
    make=make,
)
