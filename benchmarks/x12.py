"""The 835 reader against the least that any reader in Python must do: split the file into segments and elements.

    .venv/bin/python benchmarks/x12.py [FILE.835] [--claims 100000] [--rounds 5] [--size 1000]

Without FILE a balanced file of `--claims` claims is made. Prints MB and claims a processor-second (the machine is
shared, so not a wall-clock second) for a plain split, the tokenizer, the full reader and a peer, and each one's share
of the plain split; with `--size` the peak memory of reading a made stream of 10 MB and of so many MB, each in a process
of its own. No cycles are sought meanwhile, as in a load: records hold none. The peer is measured where it is installed
(`pip install oxedi==0.6.0 polars`): its parser is compiled, its rows are those of its claims, services and adjustments.

Measured 2026-11-21 on Python 3.11 on a calm machine, 40 000 claims: plain split 170 MB/s, tokenizer 115 MB/s (0.67),
full reader 41 MB/s and 85 000 claims/s (0.24; 0.22 to 0.23 beside busy neighbours), the peer's rows 26 MB/s and 54 000
claims/s (0.15). On a generated file of richer claims it was 0.16 before the last tenth was won, the peer 0.09. So it is
1.6 times the peer, where 2 were wanted, and nearly the quarter of the split that was. Of 12 us a claim: finding claims
and lines by pattern 4.4 (1.5 of them for the text of the groups), their records and sums 4.6, the payment's key and
sums 1.2, handing on 1.2, cutting blocks and taking line breaks out 0.6. A plain split of a claim takes 2.8.
Memory is flat: 131 MB for 10 MB as for 200, with the peer loaded; without it, at an earlier time, 50 for 10 and 53 for
1000.
"""

import argparse
import gc
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from upstream.ingestion.formats.tokenizer import blocks
from upstream.ingestion.formats.x12_835 import read
from upstream.ingestion.records import ClaimRecord, RemittanceRecord

try:
    import oxedi
except ImportError:
    oxedi = None

CHUNK = 1 << 18
CLAIM_BYTES = 480
A_TRANSACTION = 400
CODES = ("99213", "99214:25", "97110:GP", "73721:RT", "20610")
FIRST_DAY = date(2025, 1, 6)
ISA = (
    "ISA*00*          *00*          *ZZ*SUMMITMUTUAL   *ZZ*LAKESIDE       *250106*1200*^*00501*000000001*0*P*:~\n"
    "GS*HP*SUMMITMUTUAL*LAKESIDE*20250106*1200*1*X*005010X221A1~\n"
)


def dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def claim(draw: random.Random, number: int) -> tuple[str, int]:
    """One balanced claim of one to four lines as segments, and its paid cents."""
    day = (FIRST_DAY + timedelta(days=number // 300)).strftime("%Y%m%d")
    lines, billed, paid = [], 0, 0
    for place in range(draw.randint(1, 4)):
        charge = draw.randint(6_000, 60_000)
        allowed = charge * draw.randint(40, 80) // 100
        share = draw.choice((0, 0, 2_000))
        billed, paid = billed + charge, paid + allowed - share
        lines.append(
            f"SVC*HC:{draw.choice(CODES)}*{dollars(charge)}*{dollars(allowed - share)}**1~\nDTM*472*{day}~\n"
            f"CAS*CO*45*{dollars(charge - allowed)}~\n"
            + (f"CAS*PR*3*{dollars(share)}~\n" if share else "")
            + f"REF*6R*{number}{place}~\nAMT*B6*{dollars(allowed)}~\n"
        )
    head = (
        f"CLP*LS{number:08d}*1*{dollars(billed)}*{dollars(paid)}**12*ICN{number:09d}*11*1~\n"
        f"NM1*QC*1*PATIENT*NUMBER {number % 977}****MI*W{number:09d}~\nNM1*82*1*RAY*ANN****XX*1811901945~\n"
        f"REF*EA*MR{number:08d}~\nDTM*232*{day}~\nDTM*233*{day}~\nDTM*050*{day}~\nAMT*AU*{dollars(billed)}~\n"
    )
    return head + "".join(lines), paid


def file_text(claims: int) -> Iterator[str]:
    """A balanced 835 file of so many claims, a transaction at a time."""
    draw = random.Random(7)
    yield ISA
    starts = range(0, claims, A_TRANSACTION)
    for control, start in enumerate(starts, start=1):
        made = [claim(draw, number) for number in range(start, min(start + A_TRANSACTION, claims))]
        body = (
            f"BPR*I*{dollars(sum(paid for _, paid in made))}*C*ACH************20250106~\n"
            f"TRN*1*EFT{control:06d}*1512345678~\nDTM*405*20250106~\nN1*PR*Summit Mutual*XV*SM001~\n"
            "N1*PE*Lakeside*XX*1999999984~\nLX*1~\n" + "".join(text for text, _ in made)
        )
        yield f"ST*835*{control:04d}~\n{body}SE*{body.count('~') + 2}*{control:04d}~\n"
    yield f"GE*{len(starts)}*1~\nIEA*1*000000001~\n"


def write_file(path: Path, claims: int) -> None:
    with path.open("w") as file:
        file.writelines(file_text(claims))


def chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def plain_split(path: Path) -> int:
    rest = b""
    count = 0
    for chunk in chunks_of(path):
        *parts, rest = (rest + chunk).split(b"~")
        for part in parts:
            part.split(b"*")
            count += 1
    return count


def tokenizer(path: Path) -> int:
    return sum(1 for block in blocks(chunks_of(path)) for _ in block.segments)


def full_reader(path: Path) -> int:
    return claims_in(chunks_of(path))


def claims_in(chunks: Iterable[bytes]) -> int:
    count = 0
    for record in read(chunks):
        if isinstance(record, ClaimRecord):
            count += 1
            assert record.balance_cents == 0
        elif isinstance(record, RemittanceRecord):
            assert record.difference_cents == 0
    return count


def peer_rows(path: Path) -> int:
    """What the fastest peer that Python can call takes to the same facts as rows in Python."""
    count = 0
    for batch in oxedi.stream(path.read_bytes()):
        claims = batch.tables["claims"].to_polars().rows()
        count += len(claims)
        for name in ("services", "adjustments"):
            batch.tables[name].to_polars().rows()
    return count


def peak_memory(megabytes: int, told: "multiprocessing.SimpleQueue[tuple[int, int]]") -> None:
    """Reads a made stream of this size; tells its claims and this process's peak in MB."""
    gc.disable()
    chunks = (text.encode() for text in file_text(megabytes * 1_000_000 // CLAIM_BYTES))
    claims = claims_in(chunks)
    told.put((claims, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


def memory_of(megabytes: int) -> tuple[int, int]:
    context = multiprocessing.get_context("spawn")
    told = context.SimpleQueue()
    reader = context.Process(target=peak_memory, args=(megabytes, told))
    reader.start()
    reader.join()
    return told.get()


def best_of(rounds: int, steps: list[Callable[[Path], int]], path: Path) -> dict[str, tuple[float, int]]:
    """The least processor seconds of each step, taken in turn so that all meet the same neighbours."""
    best: dict[str, tuple[float, int]] = {}
    for _ in range(rounds):
        for step in steps:
            start = time.process_time()
            count = step(path)
            seconds = time.process_time() - start
            best[step.__name__] = (min(seconds, best.get(step.__name__, (seconds, 0))[0]), count)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=0)
    options = parser.parse_args()
    gc.disable()
    steps = [tokenizer, full_reader, plain_split, *([peer_rows] if oxedi else [])]
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder) / "made.835"
        if options.file is None:
            write_file(path, options.claims)
        megabytes = path.stat().st_size / 1e6
        best = best_of(options.rounds, steps, path)
    claims = best["full_reader"][1]
    print(f"{megabytes:.1f} MB, {claims} claims, {best['tokenizer'][1]} segments")
    for name, (seconds, _) in sorted(best.items(), key=lambda step: step[1]):
        speed = f"{megabytes / seconds:6.0f} MB/s {claims / seconds:9.0f} claims/s"
        print(f"{name:12} {speed}  {best['plain_split'][0] / seconds:.2f} of a plain split")
    for size in [10, options.size] if options.size else []:
        read_claims, peak = memory_of(size)
        print(f"{size} MB streamed: {read_claims} claims, peak memory {peak} MB")


if __name__ == "__main__":
    main()
