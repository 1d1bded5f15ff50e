"""Server time of the pages of the daily check, in a practice with a long history.

    .venv/bin/python benchmarks/pages.py [--claims 1000000] [--weeks 100] [--times 7] [--path /portal/...]

Works in the practice of benchmarks/nightly.py, which is built when it is missing, after every stage has taken what is
ready. The pages are found as a visitor would: by the links from Today on, one page of each kind. Each is asked for by a
signed-in owner through the whole of Django, in this process; the first answer is left out, as it imports and compiles.
Prints the median and the slowest time, what process and server used of a core for one answer (all that counts on a
machine with other work), queries, and kilobytes of HTML; the slow ones once more at the end.
"""

import argparse
import os
import re
import statistics
import sys
import time
from collections import deque
from collections.abc import Iterator
from html import unescape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.practice import build, the_practice  # isort: skip

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from upstream import pipeline
from upstream.core import tenancy
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership, User

EMAIL = "pages@nightly.example"
START = ("/portal/", "/portal/account/")
LEFT_OUT = {"portal:logout"}
LIMIT_MS = 300


def main() -> None:
    options = _options()
    practice = the_practice(options.claims, fresh=False)
    with tenancy.bind(practice.pk):
        build(options.claims, options.weeks)
        manager = _manager()
        began = time.perf_counter()
        taken = pipeline.run_to_end()
        print(f"stages {time.perf_counter() - began:.1f} s, {taken} rows", flush=True)
    settings.ALLOWED_HOSTS = ["*"]
    with connection.cursor() as session:  # helping processes' time would not be counted
        session.execute("SET max_parallel_workers_per_gather = 0")
    client = Client()
    client.force_login(manager)
    paths = [options.path] if options.path else linked(client)
    slow = [path for path in paths if not ask(client, path, options.times)]
    print(f"{len(slow)} over {LIMIT_MS} ms: {' '.join(slow)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--weeks", type=int, default=100)
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--path", default="", help="this page alone")
    return parser.parse_args()


def _manager() -> User:
    """A member of the bound practice who may see every page."""
    with transaction.atomic():
        found, made = User.objects.get_or_create(email=EMAIL)
        if made:
            Membership.objects.create(user=found, role=Role.OWNER, wants_mail=False)
    return found


def linked(client: Client) -> Iterator[str]:
    """One address of every kind of page that can be reached by links, as they are found."""
    waiting, seen = deque(START), set[str]()
    while waiting:
        path = waiting.popleft()
        kind = _kind(path)
        if not kind or kind in seen or kind in LEFT_OUT:
            continue
        seen.add(kind)
        answer = client.get(path, follow=True)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            yield path
            waiting += [unescape(link) for link in re.findall(r'href="(/portal/[^"#]*)', answer.content.decode())]


def _kind(path: str) -> str:
    """The name of the page that an address leads to; empty when it leads nowhere."""
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return ""


def ask(client: Client, path: str, times: int) -> bool:
    """Whether the page costs less than the limit: the processor time of an answer, or its time where that is less."""
    client.get(path)
    taken, before = [], _processor_ms()
    for _ in range(times):
        began = time.perf_counter()
        answer = client.get(path)
        taken.append(1000 * (time.perf_counter() - began))
    cost = (_processor_ms() - before) / times
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    fast = min(cost, max(taken)) < LIMIT_MS
    print(
        f"{answer.status_code} {statistics.median(taken):6.0f} ms, at most {max(taken):5.0f}, processor {cost:4.0f}; "
        f"{len(queries):3} queries, {len(answer.content) / 1000:4.0f} kB  {re.sub(r'[0-9a-f-]{36}', '...', path)}"
        f"{'' if fast else f'  over {LIMIT_MS} ms'}",
        flush=True,
    )
    return fast


def _processor_ms() -> float:
    """What this process, those that it started and its session's one of the server have used of a core so far."""
    connection.ensure_connection()
    fields = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (sum(os.times()[:4]) + sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK"))


if __name__ == "__main__":
    main()
