"""Facts of a practice with a long history, and what own reports and questions in SQL take of them.

    .venv/bin/python benchmarks/own_reports.py [--claims 1000000] [--weeks 100]

Uses the practice of benchmarks/nightly.py. Prints seconds of the first writing of all months, of one month written
anew, and of each question from its start to its answer, with the size of the files.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.practice import build, the_practice  # isort: skip

from django.db import transaction

from upstream.core import tenancy
from upstream.explore.answering import answer
from upstream.explore.facts.writing import is_waiting, take_month
from upstream.explore.models import FactPart
from upstream.explore.question import question_of
from upstream.explore.services import ask_sql

QUESTIONS: dict[str, dict[str, Any]] = {
    "13 weeks by payer": {"measures": ["claims", "denied_dollars"], "by": ["payer"], "basis": "answer", "weeks": 13},
    "all weeks by payer and month": {"measures": ["claims", "billed"], "by": ["payer", "month"], "weeks": 104},
    "all weeks by site and reason": {"measures": ["claims", "refused"], "by": ["site", "carc"], "weeks": 104},
}
SQL = "SELECT payer, procedure_code, count(*), sum(refused_cents) FROM claims GROUP BY ALL ORDER BY 4 DESC LIMIT 100"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--weeks", type=int, default=100)
    options = parser.parse_args()
    with tenancy.bind(the_practice(options.claims, fresh=False).pk):
        build(options.claims, options.weeks)
        measure()


def measure() -> None:
    """Of the bound practice."""
    _timed("all months that wait", _write)
    with transaction.atomic():
        parts = list(FactPart.objects.order_by("month"))
        FactPart.objects.filter(pk=parts[-2].pk).update(stale=True)
    print(f"{len(parts)} files, {sum(part.rows for part in parts):,} rows, {sum(p.size for p in parts) / 1e6:.1f} MB")
    _timed("one month anew", _write)
    _timed("whether anything waits", _waits)
    for name, definition in QUESTIONS.items():
        _timed(name, lambda definition=definition: _answered(definition))
    _timed("SQL over everything", lambda: ask_sql(SQL, actor="command:benchmark"))
    _timed("SELECT * LIMIT 10", lambda: ask_sql("SELECT * FROM claims LIMIT 10", actor="command:benchmark"))


def _write() -> None:
    while take_month(0):
        pass


def _waits() -> None:
    with transaction.atomic():
        is_waiting()


def _answered(definition: dict[str, Any]) -> None:
    with transaction.atomic():
        answer(question_of(definition))


def _timed(name: str, act: Callable[[], object]) -> None:
    began = time.perf_counter()
    act()
    print(f"{name:32} {time.perf_counter() - began:8.2f} s", flush=True)


if __name__ == "__main__":
    main()
