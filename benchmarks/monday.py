"""Fifty practices' Monday reports in one go, by two workers that are killed on the way.

    .venv/bin/python benchmarks/monday.py [--practices 50] [--kills 2] [--late 900]

In a database of its own (monday_bench) on the development server each practice gets a week of figures, an incident and
a weekly schedule whose moment has just come. Two Celery workers as in production (one process each) and the beat make
the reports and hand over the mails; a worker is killed with SIGKILL while it draws, and a new one begun, as often as
asked. Prints seconds from the moment to the last report and the last mail, and fails when a practice has none, two, or
one later than allowed.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.practice import with_own_database  # isort: skip

from django.conf import settings
from django.db import transaction

from tests import factories
from tests.factories import practices
from upstream.core import clock, tenancy
from upstream.delivery.choices import OutboxState
from upstream.delivery.models import Outbox
from upstream.detection.models import DetectionRun
from upstream.dev.names import with_database
from upstream.reports.choices import RunState
from upstream.reports.definitions import standard
from upstream.reports.models import Artifact, ReportRun, Schedule

CELERY = (sys.executable, "-m", "celery", "-A", "upstream", "--quiet")
ROOT = Path(__file__).resolve().parents[1]
WORKERS, QUIET_SECONDS = 2, 20
Left = dict[int, tuple[list[ReportRun], list[Outbox]]]


def main() -> None:
    options = _options()
    with_own_database("monday_bench", fresh=True)
    moment = clock.now().replace(second=0, microsecond=0)
    ids = [_practice(number, moment) for number in range(options.practices)]
    print(f"{options.practices} practices are due")
    began = clock.now()
    running = [_start("worker", "--concurrency", "1", "--loglevel", "ERROR", "-n", f"w{n}@%h") for n in range(WORKERS)]
    running.append(_start("beat", "--loglevel", "ERROR", "--pidfile", "", "-s", str(settings.VAR_DIR / "beat")))
    _kick()
    try:
        _watch(ids, running, options.kills, began + timedelta(seconds=options.late))
        left = _left(ids)
        time.sleep(QUIET_SECONDS)  # whoever would make or send something twice has time to
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=90)
    _judge(_left(ids), left, began, options.late)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--practices", type=int, default=50)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--late", type=int, default=900, help="seconds after which a report is late")
    return parser.parse_args()


def _practice(number: int, moment: datetime) -> int:
    """A practice whose weekly report is due at the moment; its id."""
    made = factories.organization(f"monday-{number}")
    with tenancy.bind(made.pk), transaction.atomic():
        practices.week(f"dana@monday-{number}.example")
        DetectionRun.objects.update(finished_at=moment - timedelta(hours=1))
        local = {"cron": f"{moment.minute} {moment.hour} * * {moment.isoweekday() % 7}", "zone": "UTC"}
        Schedule.objects.filter(definition=standard("weekly")).update(**local)
    return int(made.pk)


def _start(*command: str) -> "subprocess.Popen[bytes]":
    """A Celery process on the benchmark's database and folder."""
    name = settings.DATABASES["default"]["NAME"]
    urls = {key: with_database(url, name) for key, url in os.environ.items() if key.startswith("DATABASE_")}
    environment = {**os.environ, **urls, "STORAGE_URL": f"file://{settings.VAR_DIR}", "EMAIL_URL": ""}
    return subprocess.Popen([*CELERY, *command], cwd=ROOT, env=environment, start_new_session=True)


def _kick() -> None:
    """What the beat sends each minute, at once."""
    from upstream.celery import sweep

    sweep.delay()


def _watch(ids: list[int], running: list["subprocess.Popen[bytes]"], kills: int, until: datetime) -> None:
    """Wait for the last mail, killing a worker while reports are made, at equal parts of the way."""
    killed = 0
    while clock.now() < until:
        left = _left(ids)
        ready = sum(run.state == RunState.RENDERED for runs, _ in left.values() for run in runs)
        moving = any(run.state == RunState.RENDERING for runs, _ in left.values() for run in runs)
        if killed < kills and moving and ready >= len(ids) * (killed + 1) // (kills + 1):
            os.killpg(running[killed].pid, 9)
            running[killed].wait()
            print(f"worker {killed} is killed after {ready} reports")
            running[killed] = _start("worker", "--concurrency", "1", "--loglevel", "ERROR", "-n", f"again{killed}@%h")
            killed += 1
        if killed == kills and all(mails and mails[0].state != OutboxState.QUEUED for _, mails in left.values()):
            return
        time.sleep(0.5)


def _left(ids: list[int]) -> Left:
    found = {}
    for practice in ids:
        with tenancy.bind(practice), transaction.atomic():
            mails = Outbox.objects.filter(template="report_ready")
            found[practice] = (list(ReportRun.objects.all()), list(mails))
    return found


def _judge(left: Left, before: Left, began: datetime, late: int) -> None:
    runs = [run for runs, _ in left.values() for run in runs]
    mails = [mail for _, mails in left.values() for mail in mails]
    made = sorted((run.rendered_at - began).total_seconds() for run in runs if run.rendered_at)
    sent = sorted((mail.sent_at - began).total_seconds() for mail in mails if mail.sent_at)
    print(f"reports: {Counter(run.state for run in runs)}, files: {_files(list(left))}")
    print(f"mails: {Counter(mail.state for mail in mails)}")
    if made and sent:
        print(f"{'half of the reports':28} {made[len(made) // 2]:8.1f} s\n{'last report':28} {made[-1]:8.1f} s")
        print(f"{'last mail':28} {sent[-1]:8.1f} s")
    print(f"{'peak memory of a worker':28} {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:8,.0f} MB")
    once = all(len(runs) == 1 and len(mails) == 1 for runs, mails in left.values())
    whole = len(made) == len(left) and made[-1] <= late
    if not (once and whole and _same(left, before)):
        raise SystemExit("a practice has no report, two, or one too late")
    print("none late, none twice")


def _files(ids: list[int]) -> int:
    count = 0
    for practice in ids:
        with tenancy.bind(practice), transaction.atomic():
            count += Artifact.objects.count()
    return count


def _same(left: Left, before: Left) -> bool:
    """Nothing was made or sent anew in the meantime."""
    return [run.rendered_at for runs, _ in left.values() for run in runs] == [
        run.rendered_at for runs, _ in before.values() for run in runs
    ]


if __name__ == "__main__":
    main()
