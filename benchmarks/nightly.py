"""A nightly run after one new file, in a practice with a long history; and a weekly replay of all of it.

    .venv/bin/python benchmarks/nightly.py [--claims 1000000] [--weeks 100] [--file 500] [--replay] [--parts]

Keeps the practice in a database of its own (nightly_bench_<claims>) on the development server, so that the next call
finds it there; `--fresh` builds it anew. Prints seconds of the file's load, of the detection and the incidents stage,
and the peak memory of this process; with `--parts` also of the functions within, with `--replay` of `manage.py replay`.
"""

import argparse
import functools
import resource
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.practice import SLUG, build, columns, csv_of, last_sunday, load, the_practice  # isort: skip

import numpy as np
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from upstream.alerts import intake, upkeep
from upstream.alerts import queries as alert_queries
from upstream.core import tenancy
from upstream.detection import blocks, event_queries, services, world
from upstream.detection.claimrows import Claims
from upstream.detection.models import Signal
from upstream.detection.world import View
from upstream.ingestion.quality import services as quality


def main() -> None:
    options = _options()
    with tenancy.bind(the_practice(options.claims, fresh=options.fresh).pk):
        build(options.claims, options.weeks)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if options.file:
            nightly(options.file, parts=options.parts)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{'peak memory':28} {peak / 1024:8,.0f} MB ({before / 1024:,.0f} MB before)")
    if options.replay:
        replay()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--weeks", type=int, default=100)
    parser.add_argument("--file", type=int, default=500, help="claims in the new file; 0 for no nightly run")
    parser.add_argument("--fresh", action="store_true", help="build the practice anew")
    parser.add_argument("--parts", action="store_true", help="print what the parts of each stage take")
    parser.add_argument("--replay", action="store_true", help="also replay the whole history week by week")
    return parser.parse_args()


def nightly(size: int, *, parts: bool) -> None:
    """One new file: half of it new claims of the last day, half answers to claims that were pending."""
    spent: dict[str, list[float]] = timed_parts() if parts else {}
    content = new_file(size)

    def incidents() -> list[int]:
        with transaction.atomic():
            runs = list(alert_queries.runs_waiting().values_list("pk", flat=True))
        for run in runs:
            intake.take_signals(run)
        return runs

    batch = _timed(load, "load of the new file", spent)(content, f"night-{time.time()}")
    _timed(services.analyse, "detection", spent)(batch)
    runs = _timed(incidents, "incidents", spent)()
    with transaction.atomic():
        found = Signal.objects.filter(run__in=runs).count()
    spent["nightly run"] = [sum(spent[stage][i] for stage in ("detection", "incidents")) for i in (0, 1)]
    for name, (wall, own) in spent.items():
        print(f"{name:28} {wall:8.2f} s {own:8.2f} s of this process")
    print(f"{found} signals")


def new_file(size: int) -> bytes:
    """New claims of the last Sunday, and answers of that day to pending ones, drawn anew at each call."""
    rng = np.random.default_rng(int(time.time()))
    facts = columns(2 * size, 4)
    facts["day"][:] = 27
    facts["lag"][:] = 90
    out = csv_of(facts, np.arange(size), last_sunday() - timedelta(days=27), 27).decode()
    out = out.replace("\nN", f"\nN{rng.integers(1 << 40)}-")
    return (out + answers(size, rng)).encode()


def answers(size: int, rng: np.random.Generator) -> str:
    """Denials and payments of claims that the history left undecided, by their numbers."""
    options = _options()
    facts = columns(options.claims, options.weeks)
    open_ones = np.flatnonzero(facts["day"] + facts["lag"] > options.weeks * 7 - 1)
    rows = np.sort(rng.choice(open_ones, min(size, len(open_ones)), replace=False))
    facts["lag"][rows] = np.minimum(facts["lag"][rows], options.weeks * 7 - 1 - facts["day"][rows])
    text = csv_of(facts, rows, last_sunday() - timedelta(days=options.weeks * 7 - 1), options.weeks * 7 - 1).decode()
    return text.partition("\n")[2]


def timed_parts() -> dict[str, list[float]]:
    """Seconds of the functions within the stages, added up while they run."""
    seconds: dict[str, list[float]] = {}
    for owner, name in (
        (quality, "measure_new"), (blocks, "_states"), (blocks, "_read"), (blocks, "_keep"), (blocks, "claims"),
        (Claims, "known_by"), (world, "triangles_of"), (View, "fingerprint"), (View, "drafts"), (services, "states_of"),
        (services, "knowledge"), (event_queries, "events"),
        (services, "measured"), (intake, "view_of"), (intake, "amounts_of"),
        (upkeep, "tell_caveats"),
    ):  # fmt: skip
        setattr(owner, name, _timed(getattr(owner, name), f"  {name}", seconds))
    return seconds


def _timed(function: Callable[..., Any], name: str, seconds: dict[str, list[float]]) -> Callable[..., Any]:
    @functools.wraps(function)
    def timed(*args: Any, **values: Any) -> Any:
        wall, own = time.perf_counter(), time.process_time()
        try:
            return function(*args, **values)
        finally:
            before = seconds.get(name, [0.0, 0.0])
            seconds[name] = [before[0] + time.perf_counter() - wall, before[1] + time.process_time() - own]

    return timed


def replay() -> None:
    began = time.perf_counter()
    call_command("replay", "--tenant", SLUG, "--output", str(Path(settings.VAR_DIR) / "replay.csv"), "--json")
    print(f"{'replay':28} {time.perf_counter() - began:8.2f} s")


if __name__ == "__main__":
    main()
