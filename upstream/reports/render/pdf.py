"""Reports as PDF: tagged (PDF/UA-1), the same bytes for the same input, and nothing is ever fetched."""

import base64
from pathlib import Path
from typing import Literal

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from upstream.reports.render.errors import RenderError
from upstream.reports.render.page import page
from upstream.reports.shapes import WeeklyReport

Paper = Literal["Letter", "A4"]
FONTS = {"regular": "fonts/upstream-sans-regular.woff2", "semibold": "fonts/upstream-sans-semibold.woff2"}


def render_pdf(report: WeeklyReport, paper: Paper = "Letter") -> bytes:
    """The weekly report as PDF bytes; RenderError when it cannot be made."""
    html = render_to_string("reports/weekly.html", page(report))
    fonts = {name: _font(path) for name, path in FONTS.items()}
    css = render_to_string("reports/weekly.css", {"paper": paper, **fonts})
    return write_pdf(html, css)


def write_pdf(html: str, css: str) -> bytes:
    """PDF bytes of a page that carries all it needs; RenderError when it names anything outside itself."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
    fonts = FontConfiguration()
    try:
        sheet = CSS(string=css, font_config=fonts, url_fetcher=fetcher)
        document = HTML(string=html, url_fetcher=fetcher)
        pdf: bytes = document.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as exc:
        raise RenderError("outside_resource", "the page names something outside itself; it was not made") from exc
    return pdf


def _font(path: str) -> str:
    """The font file as a data URL, so that the page looks the same on every machine."""
    found = finders.find(path)
    if not found:
        raise RenderError("font_missing", f"{path} is not among the static files")
    return "data:font/woff2;base64," + base64.b64encode(Path(found).read_bytes()).decode()
