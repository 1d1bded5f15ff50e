"""End-to-end ingest of claims with PHI, against a bare COPY of the same rows in the same run.

    .venv/bin/python benchmarks/ingest.py [--claims 100000] [--format csv|835]

The 835 tells one service line, an adjustment and the patient of each claim, to a practice that has none of them yet.
Prints claims a second for the whole path (land encrypted, read, validate, seal, index, deduplicate, merge, recount
rollups), for the same file loaded a second time, for a bare COPY of the same rows into a table with a primary and a
unique key, the ratio, the peak memory of this process and of the one that reads, and what each of the three processes
(the database's, this one, the reader's) used of a processor for a claim, which other work on the machine changes less.

Measured 2026-11-21 on Python 3.11 and PostgreSQL 18, two cores kept busy by others (load 10 to 12), 40 000 claims of a
CSV: the database's process 52 to 65 us of processor a claim, this one 8 to 11, the reader 49 to 52, in all 110 to 125.
Two cores have no more than 16 000 to 18 000 times that in a second; 14 900 claims a second were seen in a quiet moment
(0.029 of a bare COPY), of the 40 000 wanted. Half of the database's share is the composite foreign keys: of 66 us, 30.
One trigger a statement that looks for all references of the new rows at once, tried in their place, took 10 and held no
lock against a row's going: a seventh of the whole, and no reason to give up keys that the database itself vouches for.
Plans that are generic from the start change nothing. An 835, with a line, its answer and an
adjustment with each claim: 79, 12 and 57, of the 25 000 claims a second wanted not more than 13 000 on two cores.
"""

import argparse
import csv
import io
import os
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstream.settings.dev")

from upstream.dev.environment import ensure

os.environ.update(ensure())

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from upstream.core import tenancy
from upstream.ingestion import services
from upstream.ingestion.models import Batch
from upstream.tenants.services import create_organization

HEADER = [
    "claim_id", "payer", "procedure_code", "diagnosis", "location", "submitted_date", "decided_date", "status",
    "denial_reason", "billed", "allowed", "paid", "service_date", "rendering_npi", "place_of_service",
    "patient_account", "patient_first_name", "patient_last_name", "patient_birth_date", "member_id",
]  # fmt: skip
PAYERS = ["Summit Mutual", "Northstar Health", "Harbor Advantage", "Civic Care", "Blue Mesa Plan"]
CODES = ["99213", "99214", "73721", "20610", "97110", "72148", "29881", "99203"]
NAMES = ["Avery", "Blake", "Casey", "Devon", "Emery", "Finley", "Gray", "Harper"]


def rows(count: int, seed: int) -> Iterator[list[str]]:
    """Claims over 52 weeks: nine in ten decided, one in ten of those denied."""
    rng = random.Random(seed)
    start = date(2025, 1, 6)
    for number in range(count):
        submitted = start + timedelta(days=rng.randrange(364))
        decided = submitted + timedelta(days=rng.randrange(5, 40))
        billed = rng.randrange(5_000, 90_000)
        allowed = billed * 6 // 10
        kind = rng.random()
        status, reason, paid = ("denied", "CO-197", 0) if kind < 0.1 else ("paid", "", allowed * 9 // 10)
        if kind > 0.9:
            status, reason, paid, decided_text = "pending", "", 0, ""
        else:
            decided_text = decided.isoformat()
        allowed_text = f"{allowed / 100:.2f}" if status == "paid" else ""
        yield [
            f"B{seed}-{number:07d}", rng.choice(PAYERS), rng.choice(CODES), "M54.50", rng.choice(["Main", "North"]),
            submitted.isoformat(), decided_text, status, reason, f"{billed / 100:.2f}", allowed_text,
            f"{paid / 100:.2f}" if decided_text else "", submitted.isoformat(), "1234567893", "11",
            f"A{number % 40000:06d}", NAMES[number % len(NAMES)], f"Sample{number % 40000}", "1980-02-03",
            f"M{number % 40000:08d}",
        ]  # fmt: skip


def csv_bytes(count: int, seed: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows(rows(count, seed))
    return out.getvalue().encode()


ISA = (
    "ISA*00*          *00*          *ZZ*SUMMITMUTUAL   *ZZ*LAKESIDE       *250106*1200*^*00501*000000001*0*P*:~"
    "GS*HP*SUMMITMUTUAL*LAKESIDE*20250106*1200*1*X*005010X221A1~"
)


def era_bytes(count: int, seed: int) -> bytes:
    """The answers to those of the claims that are decided, the others paid nothing yet: one transaction for 400."""
    claims = [dict(zip(HEADER, row, strict=True)) for row in rows(count, seed)]
    out = [ISA]
    starts = range(0, count, 400)
    for control, start in enumerate(starts, start=1):
        answers = [answer(claim) for claim in claims[start : start + 400]]
        total = sum(paid for _, paid in answers)
        body = (
            f"BPR*I*{total / 100:.2f}*C*ACH************20260105~TRN*1*E{seed}{control:05d}*1512345678~"
            "N1*PR*Summit Mutual*XV*SM001~N1*PE*Lakeside*XX*1999999984~LX*1~"
        ) + "".join(text for text, _ in answers)
        out.append(f"ST*835*{control:04d}~{body}SE*{body.count('~') + 2}*{control:04d}~")
    out.append(f"GE*{len(starts)}*1~IEA*1*000000001~")
    return "".join(out).encode()


def answer(claim: dict[str, str]) -> tuple[str, int]:
    """The segments of one paid or denied claim, and its paid cents."""
    billed, paid = (round(float(claim[name] or 0) * 100) for name in ("billed", "paid"))
    day = claim["service_date"].replace("-", "")
    reason = "CO*45" if paid else "CO*197"
    return (
        f"CLP*{claim['claim_id']}*1*{claim['billed']}*{paid / 100:.2f}**12*I{claim['claim_id']}*11*1~"
        f"NM1*QC*1*{claim['patient_last_name']}*{claim['patient_first_name']}****MI*{claim['member_id']}~"
        f"DTM*232*{day}~SVC*HC:{claim['procedure_code']}*{claim['billed']}*{paid / 100:.2f}**1~DTM*472*{day}~"
        f"CAS*{reason}*{(billed - paid) / 100:.2f}~AMT*B6*{paid / 100:.2f}~"
    ), paid


def bare_copy(count: int, seed: int) -> float:
    """Seconds to COPY the same rows as text into a table with a primary and a unique key, and commit."""
    lines = ["\t".join([str(n), *row]) for n, row in enumerate(rows(count, seed))]
    text = ("\n".join(lines) + "\n").encode()
    with transaction.atomic(), connection.cursor() as cursor:
        columns = ", ".join(f"{name} text" for name in HEADER)
        cursor.execute(
            f"CREATE TEMPORARY TABLE bare (id bigint PRIMARY KEY, {columns}, UNIQUE (claim_id)) ON COMMIT DROP"
        )
        started = time.perf_counter()
        with cursor.copy("COPY bare FROM STDIN") as copy:
            for at in range(0, len(text), 1 << 20):
                copy.write(text[at : at + (1 << 20)])
        return time.perf_counter() - started


def whole_path(content: bytes, name: str) -> tuple[float, Batch]:
    """Seconds from the first byte to the commit, and the batch."""
    started = time.perf_counter()
    chunks = (content[at : at + (1 << 20)] for at in range(0, len(content), 1 << 20))
    batch, _ = services.receive(chunks, name=name, received_from="benchmark")
    services.load(batch.pk)
    seconds = time.perf_counter() - started
    with transaction.atomic():
        return seconds, Batch.objects.get(pk=batch.pk)


def used() -> tuple[float, float, float]:
    """Processor seconds so far of the database's process, this one, and the readers that have ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        fields = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    own, readers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    ticks = int(fields[11]) + int(fields[12])
    return (
        ticks / os.sysconf("SC_CLK_TCK"),
        own.ru_utime + own.ru_stime,
        readers.ru_utime + readers.ru_stime,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--format", choices=("csv", "835"), default="csv")
    options = parser.parse_args()
    settings.REAL_DATA_MODE = True  # so that identifying values are sealed and stored, not dropped
    seed = int(time.time()) % 1_000_000
    content = (csv_bytes if options.format == "csv" else era_bytes)(options.claims, seed)
    call_command("migrate", database="owner", verbosity=0)
    organization = create_organization(slug=f"benchmark-{seed}", name="Benchmark")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tenancy.bind(organization.pk):
        at_first = used()
        seconds, batch = whole_path(content, "benchmark")
        spent = [(after - before) * 1e6 / options.claims for before, after in zip(at_first, used(), strict=True)]
        assert (batch.claims, batch.rejected) == (options.claims, 0), (batch.claims, batch.rejected, batch.error_code)
        again, _ = whole_path(content + b"\n", "benchmark-again")
    peak, reading = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    bare = bare_copy(options.claims, seed)
    rate = options.claims / seconds
    print(f"whole path      {rate:10,.0f} claims/s  ({seconds:.2f} s for {options.claims:,})")
    print(f"the same again  {options.claims / again:10,.0f} claims/s  ({again:.2f} s, nothing new)")
    print(f"bare COPY       {options.claims / bare:10,.0f} rows/s    ({bare:.2f} s)")
    print(f"ratio           {bare / seconds:10.3f}  of a bare COPY")
    print(f"processor       {spent[0]:10.0f} us a claim in the database, {spent[1]:.0f} here, {spent[2]:.0f} reading")
    print(f"peak memory     {peak / 1024:10,.0f} MB      ({before / 1024:,.0f} MB before the load)")
    print(f"of the reader   {reading / 1024:10,.0f} MB      (shared with the former in part)")


if __name__ == "__main__":
    main()
