"""What a process that makes the weekly PDF does not load."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNUSED = ("numpy", "openpyxl", "redis", "requests", "duckdb", "rest_framework.renderers", "upstream.portal.views")
MAKE = """
import sys, django
django.setup()
import upstream.reports.kinds
from tests.reports.render.sample import weekly_report
from upstream.reports.render.pdf import render_pdf
assert render_pdf(weekly_report()).startswith(b"%PDF")
print(*[name for name in sys.argv[1:] if name in sys.modules])
"""


def test_the_weekly_pdf_is_made_without_what_others_of_the_product_need():
    command = [sys.executable, "-W", "ignore", "-c", MAKE, *UNUSED]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert made.stdout.split() == []
