"""The weekly report as PDF."""

from django.template.loader import render_to_string

from upstream.core.documents.pdf import Paper, fonts, write_pdf
from upstream.reports.render.page import page
from upstream.reports.shapes import WeeklyReport


def render_pdf(report: WeeklyReport, paper: Paper = "Letter") -> bytes:
    """The weekly report as PDF bytes; RenderError when it cannot be made."""
    html = render_to_string("reports/weekly.html", page(report))
    css = render_to_string("reports/weekly.css", {"paper": paper, **fonts()})
    return write_pdf(html, css)
