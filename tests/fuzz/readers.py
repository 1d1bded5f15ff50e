"""Coverage-guided fuzzing of the readers of files, run by hand:

    nice .venv/bin/python -m tests.fuzz.readers x12 --seconds 600 [--seeds FOLDER] [--found FOLDER]

A reader may yield records or raise Unreadable, and nothing else; what broke it is kept in the folder `--found`. Seeds
are the smaller files of a folder (and of those in it) that the reader's format is told of, and what earlier runs found
worth keeping in `--found`.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["upstream.ingestion", "upstream.core.money"]):
    from upstream.core.errors import Unreadable
    from upstream.ingestion.formats.detect import sniff
    from upstream.ingestion.formats.readers import READERS

LARGEST_SEED = 4_096
TOKENS = {
    "x12": ["ISA*00*", "~GS*HP*", "~ST*835*0001", "~CLP*A*1*1*1", "~SVC*HC:99213*1*1", "~CAS*CO*45*1", "~NM1*QC*1*A*B",
            "~DTM*232*20250301", "~REF*6R*1", "~AMT*B6*1", "~LQ*HE*N1", "~PLB*1*20251231*WO:X*1", "~SE*1*0001", "~LX*1",
            "~HL*1**20*1", "~CLM*A*1***11:B:1", "~STC*A3:21", "~HCR*A1*9", "~EB*1", "~IEA*1*1", "~TA1*1"],
    "csv": ["claim_id,", "payer,", "submitted_date", '"', "\r\n", ";", "\t", "2025-01-06", "(12.00)", "$1,2", "paid"],
    "fhir": ['{"resourceType":"', "ExplanationOfBenefit", '"adjudication":[', "<Bundle xmlns=", "urn:uuid:", "\n{"],
    "xlsx": ["PK\\x03\\x04", "xl/worksheets/sheet1.xml", "<row r=", "<c t=", "sharedStrings.xml"],
}  # fmt: skip


def fuzz(kind: str, seconds: int, seeds: Path | None, found: Path) -> None:
    """Runs until the time is over or something breaks; ends the process."""
    reader = READERS[kind]

    def one(data: bytes) -> None:
        sniff(data)
        half = len(data) // 2
        try:
            for _ in reader([data[:half], data[half:]]):
                pass
        except Unreadable:
            pass

    found.mkdir(parents=True, exist_ok=True)
    begun = Path(tempfile.mkdtemp(prefix=f"seeds-{kind}-"))
    for number, path in enumerate(sorted(seeds.rglob("*")) if seeds else []):
        if path.is_file() and path.stat().st_size <= LARGEST_SEED and sniff(path.read_bytes()) == kind:
            (begun / str(number)).write_bytes(path.read_bytes())
    words = begun.with_suffix(".dict")
    escaped = (token.replace('"', '\\"').replace("\r", "\\x0d").replace("\n", "\\x0a") for token in TOKENS[kind])
    words.write_text("".join(f'"{token}"\n' for token in escaped))
    limits = [f"-max_total_time={seconds}", "-max_len=8192", "-timeout=20", "-rss_limit_mb=2048", f"-dict={words}"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={found}/broke-", str(found), str(begun)], one)
    atheris.Fuzz()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=sorted(READERS))
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seeds", type=Path)
    parser.add_argument("--found", type=Path)
    options = parser.parse_args()
    fuzz(options.kind, options.seconds, options.seeds, options.found or Path(f"var/fuzz/{options.kind}"))


if __name__ == "__main__":
    main()
