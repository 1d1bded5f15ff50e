"""The four-page weekly as PDF, warm: seconds of the process's own time, most memory, pages and bytes.

    .venv/bin/python benchmarks/weekly.py [--times 5]

Promised: under 1 s and 150 MB for what renders, under 1 MB written. A process of its own is given the page and writes
it some times over; a worker that holds every stage of the product takes more, which is printed beside it. The page
is that of the tests' sample, as full as a real week. Needs no database.
"""

import argparse
import multiprocessing
import os
import resource
import statistics
import sys
import time
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstream.settings.test")

PROMISED_SECONDS, PROMISED_MB, PROMISED_BYTES = 1.0, 150, 1_000_000


def memory() -> float:
    """Megabytes that this process took at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def written(html: str, css: str, times: int) -> tuple[bytes, list[float], float]:
    """The PDF, seconds of each time but the first, and megabytes."""
    from upstream.core.documents.pdf import write_pdf

    pdf, found = write_pdf(html, css), []
    for _ in range(times):
        began = time.process_time()
        same = write_pdf(html, css) == pdf
        found.append(time.process_time() - began)
        assert same, "the same page gave other bytes"
    return pdf, found, memory()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    import django

    django.setup()
    from tests.reports.render.sample import weekly_report
    from upstream.reports.render.pdf import sources

    page = sources(weekly_report())
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        pdf, found, renderer = pool.apply(written, (*page, times))
    # Only now, as a new process counts the most memory of the one that it came from as its own.
    import upstream.pipeline

    idle = memory()
    _, again, _ = written(*page, times)
    seconds, worker = statistics.median(found), memory()
    from pypdf import PdfReader

    pages = len(PdfReader(BytesIO(pdf)).pages)
    print(f"weekly PDF: {pages} pages, {len(pdf):,} bytes (promised {PROMISED_BYTES:,})")
    print(
        f"renderer {seconds:.2f} s warm (promised {PROMISED_SECONDS:.0f}), {renderer:.0f} MB (promised {PROMISED_MB})"
    )
    stages = len(upstream.pipeline.STAGES)
    print(f"whole worker of {stages} stages {statistics.median(again):.2f} s, {worker:.0f} MB, of them {idle:.0f} idle")
    return 0 if seconds < PROMISED_SECONDS and renderer < PROMISED_MB and len(pdf) < PROMISED_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
