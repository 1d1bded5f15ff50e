"""The sample week and a sample brief, pinned: whoever changes what they say changes these numbers knowingly."""

import hashlib
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

from tests.reports.render.sample import weekly_report
from upstream.core.documents.sheets import Column
from upstream.reports.briefs import Brief, Figure, Grid, Part, sealed
from upstream.reports.render.brief import brief_pdf, brief_xlsx, html_of
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
    assert report.content_hash[:16] == "c9e9aa7848a379d6"
    assert digest(html.encode()) == "f911411802251d01"
    assert digest(css.encode()) == "12712ff1568ea5d5"
    assert digest(parts_of(render_xlsx(report, []))) == "62914a405047243f"
    assert render_pdf(report) == render_pdf(weekly_report())


def test_the_brief_is_what_it_was():
    assert BRIEF.content_hash[:16] == "bc0045503528feb8"
    assert digest(html_of(BRIEF).encode()) == "dc77766ee0569e7d"
    assert digest(parts_of(brief_xlsx(BRIEF))) == "bf557c7d0beec885"
    assert brief_pdf(BRIEF) == brief_pdf(sealed(replace(BRIEF)))


def test_another_word_is_another_report():
    assert sealed(replace(BRIEF, summary=("2 new incidents, 3 open.",))).content_hash != BRIEF.content_hash
