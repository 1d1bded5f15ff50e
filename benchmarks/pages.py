"""Server time of the pages of the daily check, in a practice with a long history.

    .venv/bin/python benchmarks/pages.py [--claims 1000000] [--weeks 100] [--times 7] [--path /portal/...]

Works in the practice of benchmarks/nightly.py, which is built when it is missing, after every stage has taken what is
ready. Each page is asked for by a signed-in manager through the whole of Django, in this process; the first answer is
left out, as it imports and compiles. Prints the median and the slowest, queries, and kilobytes of HTML.
"""

import argparse
import re
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.practice import build, the_practice  # isort: skip

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from upstream import pipeline
from upstream.core import tenancy
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership, User

EMAIL = "pages@nightly.example"
PAGES = (
    "/portal/",
    "/portal/incidents/",
    "/portal/incidents/outcomes/",
    "/portal/worklist/",
    "/portal/payers/",
    "/portal/data/",
    "/portal/data/quality/",
    "/portal/data/reconciliation/",
    "/portal/letters/",
    "/portal/authorizations/",
    "/portal/authorizations/risks/",
    "/portal/measures/",
    "/portal/measures/claims/?measure=denied_dollars",
    "/portal/forecast/",
    "/portal/troubles/",
    "/portal/incidents/recovered/",
    "/portal/claims/unmatched/",
    "/portal/calendar/",
    "/portal/reports/",
)
DETAILS = {
    "/portal/incidents/": r"/portal/incidents/[0-9a-f-]{36}/",
    "/portal/payers/": r"/portal/payers/[0-9a-f-]{36}/",
}
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
    client = Client()
    client.force_login(manager)
    for path in [options.path] if options.path else with_details(client):
        ask(client, path, options.times)


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


def with_details(client: Client) -> list[str]:
    """The pages, and the first incident's and the first payer's own."""
    out = []
    for path in PAGES:
        out.append(path)
        if path in DETAILS:
            out += re.findall(rf"{path}[0-9a-f-]{{36}}/", client.get(path).content.decode())[:1]
    return out


def ask(client: Client, path: str, times: int) -> None:
    client.get(path)
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        answer = client.get(path)
        taken.append(1000 * (time.perf_counter() - began))
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    middle, slowest = statistics.median(taken), max(taken)
    mark = "" if slowest < LIMIT_MS else f"  over {LIMIT_MS} ms"
    print(
        f"{answer.status_code} {middle:7.0f} ms, at most {slowest:5.0f}; {len(queries):3} queries, "
        f"{len(answer.content) / 1000:5.0f} kB  {re.sub(r'[0-9a-f-]{36}', '...', path)}{mark}",
        flush=True,
    )


if __name__ == "__main__":
    main()
