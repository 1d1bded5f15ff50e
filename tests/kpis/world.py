"""A miniature practice whose every measure can be counted by hand, and what is asked of it.

Weeks of 5 and 12 January 2026; it is Monday, 2 March. Summit Mutual ($100 a claim but where said):
A1 paid $64 of $80 allowed after 14 days; turned away by nobody.
A2 $900 MR refused (197) on 19 January, replaced on 26 January by A2R, which is paid $300 on 9 February.
A3 paid $64 on 19 January, taken back and paid $70 on 2 February: one claim, no denial.
A4 $50 by capitation (24), paid nothing: no denial.
A5 two lines: $100 paid $64, $60 refused (50).
A6 $200, no answer yet.
B1 paid $64 after 14 days; the second payer paid nothing on 9 February: not counted.
B2 $150 refused (16) on 26 January, which stands.
Civic Care: C1 $100 paid $80 after 21 days, C2 $100 refused (197) after 21 days and found to be the patient's on 16
February.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

from tests.ingestion.told import status, tell
from tests.ingestion.world import csv_of, load, sent, x12
from upstream.kpis.tallying import take_weeks

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 5), date(2026, 1, 18)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18, tzinfo=UTC)


def pending(number: str, day: date, dollars: int, payer: str = "Summit Mutual", code: str = "99213") -> str:
    return f"{number},{payer},{code},M54.50,Main,{day},,pending,,{dollars}.00,,"


def clp(
    number: str, billed: int, paid: int, *lines: str, status: int = 1, patient: str = "", received: str = ""
) -> str:
    told = f"~DTM*050*{received}" if received else ""
    head = f"CLP*{number}*{status}*{billed}*{paid}*{patient}*12*ICN{number}*11{told}~DTM*232*20260105"
    return "~".join([head, *lines])


def line(code: str, billed: int, paid: int, *reasons: str) -> str:
    return "~".join([f"SVC*HC:{code}*{billed}*{paid}**1", *(f"CAS*{reason}" for reason in reasons)])


def remit(day: date, *claims: str, plb: str = "", payer: str = "SUMMIT MUTUAL", code: str = "DSM01") -> None:
    """One 835 of the day, known on it."""
    text = x12(*claims, amount="1", plb=plb, check=f"CHK{code}{day:%m%d}", control=f"9{day:%m%d}{code[-2:]}00")
    text = text.replace(b"20260320~TRN", f"{day:%Y%m%d}~TRN".encode())
    text = text.replace(b"SUMMIT MUTUAL*XV*DSM01", f"{payer}*XV*{code}".encode())
    load(text, known_at=at(day))


def usual(number: str, paid: int = 64, **more: str) -> str:
    return clp(
        number, 100, paid, line("99213", 100, paid, "CO*45*20", f"PR*2*{80 - paid}"), patient=str(80 - paid), **more
    )


def build(after_each: Callable[[], object] = lambda: None) -> None:
    """Everything above, in the order in which it became known, and summed; `after_each` file something may be done."""
    january = date(2026, 1, 9)
    load(
        csv_of(
            pending("A1", date(2026, 1, 5), 100), pending("A2", date(2026, 1, 5), 900, code="73721"),
            pending("A3", date(2026, 1, 6), 100), pending("A4", date(2026, 1, 7), 50, code="99212"),
            pending("A5", date(2026, 1, 8), 160), pending("A6", date(2026, 1, 8), 200),
            pending("C1", date(2026, 1, 5), 100, "Civic Care"),
        ),
        known_at=at(january),
    )  # fmt: skip
    after_each()
    load(
        csv_of(
            pending("B1", date(2026, 1, 12), 100), pending("B2", date(2026, 1, 12), 150),
            pending("C2", date(2026, 1, 12), 100, "Civic Care"),
        ),
        known_at=at(date(2026, 1, 16)),
    )  # fmt: skip
    after_each()
    remit(
        date(2026, 1, 19),
        usual("A1", received="20260107"),
        clp("A2", 900, 0, line("73721", 900, 0, "CO*197*900")),
        usual("A3"),
        clp("A4", 50, 0, line("99212", 50, 0, "CO*24*50")),
        clp(
            "A5", 160, 64, line("99213", 100, 64, "CO*45*20", "PR*2*16"), line("99214", 60, 0, "CO*50*60"), patient="16"
        ),
    )
    after_each()
    load(sent(("A2R", "7", "ICNA2"), day="20260126"), known_at=at(date(2026, 1, 26)))
    after_each()
    remit(date(2026, 1, 26), usual("B1"), clp("B2", 150, 0, line("99213", 150, 0, "CO*16*150")))
    after_each()
    remit(date(2026, 1, 26), usual("C1", 80), payer="CIVIC CARE", code="DCC01")
    after_each()
    reversal = clp("A3", -100, -64, line("99213", -100, -64, "CO*45*-20", "PR*2*-16"), status=22)
    remit(date(2026, 2, 2), reversal, usual("A3", 70), plb="PLB*1234567893*20261231*WO:ICN9*10")
    after_each()
    refused = clp("C2", 100, 0, line("99213", 100, 0, "CO*197*100"))
    remit(date(2026, 2, 2), refused, payer="CIVIC CARE", code="DCC01")
    after_each()
    second = clp("B1", 100, 0, line("99213", 100, 0, "OA*23*84", "CO*97*16"), status=2)
    paid = clp("A2R", 100, 30, line("99213", 100, 30, "CO*45*70"))
    remit(date(2026, 2, 9), second, paid)
    after_each()
    owed = clp("C2", 100, 0, line("99213", 100, 0, "CO*45*20", "PR*1*80"), patient="80")
    remit(date(2026, 2, 16), owed, payer="CIVIC CARE", code="DCC01")
    after_each()
    tell(status("A1"), status("A2", "A3"), status("A3"))
    sum_up()


def sum_up() -> None:
    while take_weeks(0):
        pass
