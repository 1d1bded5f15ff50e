"""Pages as PDF: tagged (PDF/UA-1), the same bytes for the same input, and nothing is ever fetched."""

import base64
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import Context, Engine

from upstream.core.errors import DomainError

Paper = Literal["Letter", "A4"]
FONTS = {"regular": "fonts/upstream-sans-regular.woff2", "semibold": "fonts/upstream-sans-semibold.woff2"}


class RenderError(DomainError):
    """The document was not made; nothing of it is kept."""

    status = 500


def paper_of(said: str) -> Paper:
    """The paper that a practice prints on."""
    return "A4" if said == "A4" else "Letter"


def fonts() -> dict[str, str]:
    """The product's two fonts as data URLs by their weight; RenderError when one is not among the static files."""
    return {name: _font(path) for name, path in FONTS.items()}


def filled(template: str, values: Mapping[str, object]) -> str:
    """A page or style sheet of a document from its template, which knows no tags but Django's own."""
    return str(_templates().get_template(template).render(Context(dict(values))))


@cache
def _templates() -> Engine:
    """The site's own engine would load every app's tags, and with those of the API 12 MB that no document needs."""
    return Engine(dirs=[str(settings.BASE_DIR / "templates")])


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
