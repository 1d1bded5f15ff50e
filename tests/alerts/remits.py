"""835 files of one payer, as text, loaded as of a day."""

from collections.abc import Sequence
from datetime import date, timedelta

from tests.factories.worlds import LAST_SUNDAY, noon
from tests.ingestion.world import csv_of, load

FRIDAY = LAST_SUNDAY - timedelta(days=2)


def billed(numbers: Sequence[str], code: str, dollars: int, day: date) -> None:
    """Claims sent to Summit Mutual on a day, and known then."""
    rows = [f"{n},Summit Mutual,{code},M54.50,Main Street,{day},,pending,,{dollars}.00,," for n in numbers]
    load(csv_of(*rows), noon(day))


def remitted(claims: Sequence[str], day: date, *, paid: int, plb: str = "") -> None:
    """One remittance of these CLP loops, known on its day; `paid` is its amount in dollars."""
    said, key = f"{day:%Y%m%d}", f"{day:%j}{len(claims):04d}"
    body = [
        "ST*835*0001", f"BPR*I*{paid}*C*ACH*CCP*01*111*DA*1*1512345678**01*222*DA*2*{said}",
        f"TRN*1*CHK{key}*1512345678", f"DTM*405*{said}", "N1*PR*SUMMIT MUTUAL*XV*DSM01",
        "N1*PE*LAKESIDE*XX*1234567893", "LX*1",
        *(segment for claim in claims for segment in claim.split("~")), *([plb] if plb else []),
    ]  # fmt: skip
    control = f"{int(key):09d}"
    sides = "*00*          *00*          *ZZ*PAYER          *ZZ*PROVIDER       *"
    segments = [
        f"ISA{sides}{said[2:]}*1200*^*00501*{control}*0*P*:",
        f"GS*HP*PAYER*PROVIDER*{said}*1200*{int(control)}*X*005010X221A1",
        *body, f"SE*{len(body) + 1}*0001", f"GE*1*{int(control)}", f"IEA*1*{control}",
    ]  # fmt: skip
    load("~".join(segments) + "~", noon(day), name="remit.835")


def paid_loop(number: str, code: str, charge: int, allowed: int, *, instead: str = "") -> str:
    """A claim paid in full of what is allowed, `instead` of its code under another one."""
    line = f"SVC*HC:{instead}*{charge}*{allowed}**1*HC:{code}" if instead else f"SVC*HC:{code}*{charge}*{allowed}**1"
    return f"CLP*{number}*1*{charge}*{allowed}**12*ICN{number}*11~{line}~CAS*CO*45*{charge - allowed}~AMT*B6*{allowed}"


def reversed_loop(number: str, code: str, charge: int, allowed: int) -> str:
    less = f"SVC*HC:{code}*-{charge}*-{allowed}**1~CAS*CO*45*-{charge - allowed}"
    return f"CLP*{number}*22*-{charge}*-{allowed}**12*ICN{number}*11~{less}"


def denied_loop(number: str, code: str, charge: int, carc: str) -> str:
    return f"CLP*{number}*4*{charge}*0**12*ICN{number}*11~SVC*HC:{code}*{charge}*0**1~CAS*CO*{carc}*{charge}"
