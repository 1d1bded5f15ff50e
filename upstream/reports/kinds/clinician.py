"""The clinician's note: what only a clinician can change, in two minutes. No dollars, no ranking, no patient."""

from datetime import date, timedelta

from django.db.models import Count, Sum

from upstream.authorizations import queries as register
from upstream.authorizations.queries import Asked
from upstream.claims.choices import DenialCategory, Outcome
from upstream.claims.models import ReasonWeek
from upstream.core.documents.tables import Column
from upstream.reports import wording
from upstream.reports.briefs import Brief, Grid, Part
from upstream.reports.kinds.base import Kind, Made, Subject
from upstream.reports.kinds.pieces import freshness, made, method, pdf_alone
from upstream.reports.render import words
from upstream.tenants.queries import bound_organization
from upstream.worklist.models import Item

ASKED_AHEAD, MONTH_WEEKS, MOST_REASONS, MOST_ROWS = timedelta(days=30), 4, 3, 8
CLINICAL = (DenialCategory.AUTH, DenialCategory.MEDNEC, DenialCategory.DOC, DenialCategory.LIMIT)
NOTES = (DenialCategory.DOC, DenialCategory.MEDNEC)
BEFORE = (Column("What is missing", width=60), Column("Visits", "count", 10, total=True))
ENDING = (
    Column("Ends", "date", 12), Column("Payer", width=24), Column("Service", width=12),
    Column("Units left", "number", 12),
)  # fmt: skip
AFTER = (
    Column("Do it by", "date", 12), Column("Last day", "date", 12), Column("Payer", width=24),
    Column("Service on", "date", 12), Column("Procedure", width=12), Column("What is wanted", width=60),
)  # fmt: skip
LEARN = (Column("Reason", width=34), Column("Times", "count", 8), Column("What the payer wanted", width=80))


def make(subject: Subject) -> Made:
    """As of the end of the day; the reasons of the last four complete weeks."""
    day = subject.as_of
    first = day - timedelta(days=day.weekday(), weeks=MONTH_WEEKS)
    before, learn = _before(), _learn(first, day)
    ending = _ending("Ending within 30 days, or nearly used up", day)
    after = _after("After the visit: notes and calls that payers wait for", day)
    things = sum(bool(grid.rows) for part in (ending, after) for grid in (part.grid,) if grid)
    things += bool(before.rows) + bool(learn.rows)
    brief = Brief(
        id=f"CN-{day:%Y-%m-%d}",
        title="Note for clinicians",
        practice=bound_organization().name,
        period=words.long_day(day),
        period_start=first,
        period_end=day,
        as_of=day,
        freshness=freshness(),
        summary=(
            f"{words.count(things, 'thing')} that you can change." if things else "Nothing waits for a clinician.",
            "Which patients these are stands in the portal, for those who may see it.",
        ),
        parts=(
            Part("Before the visit: authorizations", grid=before),
            ending,
            after,
            Part("What payers refused most in the last four weeks", grid=learn),
        ),
        method=method(),
        link=subject.link,
    )
    return pdf_alone(made(brief, subject, {"things_to_do": things}))


def _before() -> Grid:
    """Undecided visits by what their authorization lacks; counts alone."""
    rows = tuple((str(reason.label), claims) for reason, claims, _ in register.risk_sums())
    return Grid("Before", BEFORE, rows, "No visit lacks an authorization.")


def _ending(heading: str, day: date) -> Part:
    entries = register.entries(Asked(show="near"), day)
    rows = tuple(
        (
            *(entry.valid_until, entry.payer.name, entry.procedure_code or entry.service),
            None if entry.approved_units is None else float(entry.approved_units - entry.used_units),
        )
        for entry in entries[:MOST_ROWS]
    )
    return Part(heading, grid=Grid("Ending", ENDING, rows, "None."), note=_more(len(entries)))


def _more(number: int) -> str:
    left = number - MOST_ROWS
    return f"{left} more {'stands' if left == 1 else 'stand'} in the portal." if left > 0 else ""


def _after(heading: str, day: date) -> Part:
    """Open denials for want of a note, or for medical necessity, whose date comes within 30 days."""
    rows = Item.objects.filter(
        closed_at=None, category__in=NOTES, deadline__gte=day, internal_due__lte=day + ASKED_AHEAD
    ).select_related("payer")
    wanted: dict[str, str] = {
        DenialCategory.DOC: "the note or record asked for",
        DenialCategory.MEDNEC: "a call between physicians",
    }
    items = rows.order_by("internal_due", "pk")
    found = tuple(
        (
            max(item.internal_due, day),
            item.deadline,
            item.payer.name,
            item.service_date,
            item.procedure_code,
            wanted[DenialCategory(item.category)],
        )
        for item in items[:MOST_ROWS]
    )
    return Part(heading, grid=Grid("After", AFTER, found, "No payer waits for a note."), note=_more(items.count()))


def _learn(first: date, day: date) -> Grid:
    """The one to three reasons that came more than once, and what the payer wanted in our own words."""
    rows = ReasonWeek.objects.filter(
        known_week__gte=first, known_week__lte=day, category__in=CLINICAL,
        outcome__in=(Outcome.DENIED, Outcome.PARTIAL),
    )  # fmt: skip
    sums = rows.values_list("category", "reason").annotate(n=Sum("claims"), _=Count("pk"))
    found = [(category, reason, n) for category, reason, n, _ in sums.order_by("-n", "reason") if n > 1][:MOST_REASONS]
    told = tuple(
        (f"{wording.cause(category)} ({reason})", n, wording.WANTED[category]) for category, reason, n in found
    )
    return Grid("Learn", LEARN, told, "No reason came more than once.")


KIND = Kind(
    code="clinician",
    title="Note for clinicians",
    says="Authorizations before the visit, notes that payers wait for, and the reasons to learn from. No dollars.",
    formats=("pdf",),
    period="week",
    make=make,
)
