"""The sample week, a sample brief and every kind of report, pinned: whoever changes what they say changes these
numbers knowingly."""

import hashlib
from dataclasses import replace
from datetime import date
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from tests.reports.conftest import Practice
from tests.reports.render.sample import weekly_report
from tests.reports.test_kinds import made
from upstream.alerts.models import Incident
from upstream.claims.models import Claim, Payer
from upstream.core.documents.tables import Column
from upstream.explore.models import OwnReport
from upstream.reports.briefs import Brief, Figure, Grid, Part, sealed
from upstream.reports.kinds import KINDS
from upstream.reports.render.brief import brief_pdf, html_of
from upstream.reports.render.brief_book import brief_xlsx
from upstream.reports.render.pdf import render_pdf, sources
from upstream.reports.render.xlsx import render_xlsx

GRID = Grid(
    "Claims",
    (Column("Claim", width=20), Column("Due", "date", 12), Column("Expected", "money", 14, total=True)),
    (("C-1", date(2026, 12, 2), 514_000), ("=C-2", None, 92_500)),
    "None.",
    shown=1,
)
BRIEF = sealed(
    Brief(
        id="DB-2026-11-16",
        title="Daily brief",
        practice="Lakeside Orthopedics & Imaging",
        period="16 November 2026",
        period_start=date(2026, 11, 16),
        period_end=date(2026, 11, 16),
        as_of=date(2026, 11, 16),
        freshness="Analysed as of 16 November 2026. 207 files read.",
        summary=("1 new incident, 3 open.",),
        figures=(Figure("At stake", "$18,100"),),
        parts=(Part("Due", ("Within a week.",), grid=GRID),),
        method="two-clock 1, kpi-1",
    )
)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def parts_of(workbook: bytes) -> bytes:
    """Every part of the archive in its order, without the compression, which differs between machines."""
    with ZipFile(BytesIO(workbook)) as archive:
        return b"".join(name.encode() + archive.read(name) for name in archive.namelist())


def test_the_week_is_what_it_was():
    report = weekly_report()
    html, css = sources(report)
    assert report.content_hash[:16] == "ed65ec1f3bb73b1d"
    assert digest(html.encode()) == "36a001d3a5223343"
    assert digest(css.encode()) == "508e31c6f220cc23"
    assert digest(parts_of(render_xlsx(report, []))) == "9f17b772d49e0306"
    assert render_pdf(report) == render_pdf(weekly_report())


def test_the_brief_is_what_it_was():
    assert BRIEF.content_hash[:16] == "3cf3b0be59d02891"
    assert digest(html_of(BRIEF).encode()) == "86b4fa29f7f21739"
    assert digest(parts_of(brief_xlsx(BRIEF))) == "e0b9ff2e013726b2"
    assert brief_pdf(BRIEF) == brief_pdf(sealed(replace(BRIEF)))


def test_another_word_is_another_report():
    assert sealed(replace(BRIEF, summary=("2 new incidents, 3 open.",))).content_hash != BRIEF.content_hash


# The hash that the report prints, what its PDF says, and every part of its Excel.
GOLDEN: dict[str, tuple[str, ...]] = {
    "clinician": ("ed486d5e87148187", "091244b5d1470e12"),
    "daily": ("768cd1e1701347d8", "a8ce191fe450ec3e", "4208bd13238c24f5"),
    "dossier": ("fd0dcfd8c6c26b01", "3f619ea0b7cf133a", "107c3e1b8423a2ad"),
    "monthend": ("25c14e558305d8a8", "6e40d899c1b20f30", "0a6c5249a8be96c0"),
    "own": ("444f6e43d78cb7df", "456385b35fa9531b", "a298007e3d8b9629"),
    "quality": ("d112205c46b38647", "34d82af5db47d4e2", "f02d2529c2ffa37d"),
    "scorecard": ("6853bb660e2e8dd3", "865d4b1ea6038b3a", "aefa3300651b546e"),
    "underpayment": ("6ba15260d3243144", "2cf57d39d7264b5d", "08fac582a139e2bd"),
    "weekly": ("fcb4ede01d35aa82", "0596cf7e3e3d1b88", "f80941966b8a5f82"),
}


@pytest.fixture
def pinned(practice: Practice) -> Practice:
    """The practice under ids that are the same in every run."""
    for number, model in enumerate((Payer, Incident, Claim, OwnReport), 1):
        for place, pk in enumerate(model.objects.order_by("pk").values_list("pk", flat=True)):
            model.objects.filter(pk=pk).update(public_id=UUID(int=number << 96 | place))
    for thing in (practice.summit, practice.civic, practice.incident, practice.own):
        thing.refresh_from_db()
    return practice


def shown(kind: str, content: bytes) -> str:
    """What a file says, without what differs between machines: compression, and the shapes of letters."""
    if kind == "xlsx":
        return digest(parts_of(content))
    return digest("\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).encode())


@pytest.mark.parametrize("code", sorted(KINDS))
def test_each_kind_is_what_it_was(pinned: Practice, code: str) -> None:
    found = made(code, pinned)
    files = [shown(name, write()) for name, write in found.files.items()]
    assert (found.summary.content_hash[:16], *files) == GOLDEN[code]
