"""The weekly report as PDF."""

from upstream.core.documents.pdf import Paper, filled, fonts, write_pdf
from upstream.reports.render.page import page
from upstream.reports.shapes import WeeklyReport


def render_pdf(report: WeeklyReport, paper: Paper = "Letter", logo: str = "") -> bytes:
    """The weekly report as PDF bytes, with a logo that is a data URL; RenderError when it cannot be made."""
    return write_pdf(*sources(report, paper, logo))


def sources(report: WeeklyReport, paper: Paper = "Letter", logo: str = "") -> tuple[str, str]:
    """The page and its style sheet, which carry all they need."""
    html = filled("reports/weekly.html", {**page(report), "logo": logo})
    return html, filled("reports/report.css", {"paper": paper, **fonts()})
