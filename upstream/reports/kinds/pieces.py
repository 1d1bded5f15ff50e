"""What several kinds share: asking for their subject, the usual tables, and turning a brief into files."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from upstream.alerts.models import Incident
from upstream.claims import payer_queries
from upstream.claims.models import Payer
from upstream.core.documents.pdf import paper_of
from upstream.core.documents.tables import Column
from upstream.core.errors import Invalid
from upstream.detection.queries import latest_run
from upstream.kpis.rules import METHOD, Measure
from upstream.reports import wording
from upstream.reports.briefs import Brief, Grid, Part, sealed
from upstream.reports.incident_lines import incident_line
from upstream.reports.kinds.base import Fact, Format, Made, Maker, Subject, Summary
from upstream.reports.letterhead import logo_address
from upstream.reports.measured import measure_lines_of
from upstream.reports.reading import files_read, rejected_rows
from upstream.reports.render.brief import brief_pdf
from upstream.reports.render.sides import shown
from upstream.reports.shapes import Definition
from upstream.reports.side_lines import MeasureLine
from upstream.tenants.queries import bound_organization

INCIDENTS = (
    Column("Incident", width=48), Column("Since", "date", 14),
    Column("Lost so far", "money", 14, total=True), Column("At stake", "money", 14, total=True),
    Column("Severity", width=12), Column("Deadline", "date", 14), Column("Owner", width=18),
    Column("Payer", width=20), Column("State", width=16), Column("Evidence", width=11), Column("Id", width=14),
)  # fmt: skip
MEASURES = (
    Column("Measure", width=38), Column("Value", width=26), Column("Counted", "count", 11), Column("Basis", width=40),
    Column("Formula", width=90), Column("Complete", "share", 10),
)  # fmt: skip


def payer_asked(subject: Subject) -> Payer:
    """The payer that a report is about; Invalid when there is none."""
    found = payer_queries.payer(id_asked(subject))
    if found is None:
        raise Invalid("unknown_payer", "there is no such payer")
    return found


def id_asked(subject: Subject) -> uuid.UUID:
    """The public id that a report is about; Invalid("about") for what is none."""
    try:
        return uuid.UUID(subject.about)
    except ValueError as exc:
        raise Invalid("about", "say what the report is about") from exc


def freshness() -> str:
    """As of when detection looked last, and how much of what was received is in the figures. Three queries."""
    run = latest_run()
    looked = f"Analysed as of {run.as_of.day} {run.as_of:%B %Y}. " if run else "Nothing has been analysed yet. "
    return looked + wording.completeness(files_read(), rejected_rows())


def incident_grid(incidents: Iterable[Incident], name: str = "Incidents", shown_rows: int = 12) -> Grid:
    """Incidents with their money and dates, in the given order; on paper their titles name the payer."""
    rows = []
    for incident in incidents:
        line = incident_line(incident)
        rows.append(
            (
                *(line.title, line.onset, line.money.mid_cents, line.at_stake_cents, line.severity),
                *(line.deadline, line.owner or "nobody yet", line.payer, line.state, line.evidence, line.id),
            )
        )
    return Grid(name, INCIDENTS, tuple(rows), "No incident.", shown=shown_rows, columns_shown=7)


def measure_part(heading: str, measures: Iterable[Measure], name: str = "Measures") -> Part:
    """Measures with their value in words and their formula: the known ones, and what is not known in one sentence."""
    lines = sorted(measure_lines_of(measures), key=lambda line: line.value is None)
    rows = tuple((line.name, shown(line), line.n, _basis(line), line.formula, line.maturity) for line in lines)
    known = sum(line.value is not None for line in lines)
    grid = Grid(name, MEASURES, rows, "No measure.", shown=known, columns_shown=4, silent=True)
    return Part(heading, grid=grid, note=unknown_words(lines))


def _basis(line: MeasureLine) -> str:
    """By which day claims belong to the weeks, short enough for one line."""
    said = line.basis.removeprefix("By the ")
    return said[:1].upper() + said[1:]


def unknown_words(lines: Iterable[MeasureLine]) -> str:
    """The names of measures that the data do not allow; why stands in the Excel."""
    names = [line.name for line in lines if line.value is None]
    return f"Not known from these files: {'; '.join(names)}. Why stands in the Excel." if names else ""


def picture_grid(name: str, headings: Sequence[str], rows: Iterable[Sequence[str]], shown_rows: int = 13) -> Grid:
    """The table below a chart: the same facts as text."""
    return Grid(name, tuple(Column(h, width=24) for h in headings), tuple(tuple(row) for row in rows), "", shown_rows)


def defined(measures: Iterable[Measure]) -> tuple[Definition, ...]:
    """Names and formulas as the register has them."""
    return tuple(Definition(m.definition.name, f"{m.definition.formula}.") for m in measures)


def _book(brief: Brief) -> bytes:
    from upstream.reports.render.brief_book import brief_xlsx  # its library is 17 MB, of no use to the PDF

    return brief_xlsx(brief)


def made(
    brief: Brief, subject: Subject, facts: Mapping[str, Fact], *, more: Mapping[Format, Maker] | None = None
) -> Made:
    """The brief's files; `more` are further files or ones in place of its own."""
    said = sealed(brief)
    practice = bound_organization()
    files: dict[Format, Maker] = {
        "pdf": partial(brief_pdf, said, paper_of(subject.paper or practice.paper), logo_address()),
        "xlsx": partial(_book, said),
        **(more or {}),
    }
    summary = Summary(
        report_id=said.id,
        period=said.period,
        period_start=said.period_start,
        period_end=said.period_end,
        lines=tuple(f"{name.replace('_', ' ').capitalize()}: {value}" for name, value in facts.items()),
        facts=facts,
        content_hash=said.content_hash,
    )
    return Made(files, summary)


def pdf_alone(found: Made) -> Made:
    """The same without an Excel."""
    return Made({"pdf": found.files["pdf"]}, found.summary)


def method() -> str:
    """The versions of detection and of the measures."""
    run = latest_run()
    return f"{run.method}, {METHOD}" if run else METHOD
