"""Whatever a system calls its columns and however it writes them: read by its profile, the claims are the same."""

import csv
import io
from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upstream.ingestion.formats.canonical_csv import read, read_cells
from upstream.ingestion.formats.csv_header import BASE
from upstream.ingestion.formats.csv_vocabulary import EXCEL_START
from upstream.ingestion.formats.profile import Profile, as_json, from_json, keys_of
from upstream.ingestion.records import ClaimRecord, Record

DAYS = st.dates(date(2001, 1, 1), date(2060, 12, 31))
CENTS = st.integers(0, 10**9)
STATUSES = ("paid", "denied", "partial", "pending")
REASONS = st.lists(
    st.tuples(st.sampled_from(("CO", "PR", "OA", "PI")), st.sampled_from(("1", "16", "45", "97", "197", "B7"))),
    max_size=3,
)
LETTERS = st.characters(codec="cp1252", categories=("L", "N"), include_characters=" -'")
NAMES = st.text(LETTERS, min_size=1, max_size=20).filter(str.strip)


class Claim(NamedTuple):
    """What one row tells."""

    number: str
    payer: str
    submitted: date
    waited: int
    status: str
    reasons: list[tuple[str, str]]
    billed: int
    paid: int


CLAIMS = st.lists(
    st.builds(
        Claim, st.integers(1, 10**9).map("{:07}".format), NAMES.map(str.strip), DAYS, st.integers(0, 400),
        st.sampled_from(STATUSES), REASONS, CENTS, CENTS,
    ),
    min_size=1, max_size=8,
)  # fmt: skip


class Manner(NamedTuple):
    """How one system writes."""

    separator: str
    codec: str
    decimals: str
    money: str
    day: str
    reason: str
    words: dict[str, str]


def _words(drawn: list[str]) -> dict[str, str]:
    return dict(zip(STATUSES, drawn, strict=True))


MANNERS = st.builds(
    Manner,
    st.sampled_from(",;\t|"),
    st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1252")),
    st.sampled_from(("us", "eu")),
    st.sampled_from(("plain", "grouped", "currency")),
    st.sampled_from(("iso", "mdy", "dmy", "compact", "excel", "named", "time")),
    st.sampled_from(("{}-{}", "{}{}", "{} {}", "{}:{}")),
    st.lists(st.from_regex(r"[a-z]{3,8}( [a-z]{3,8})?", fullmatch=True), min_size=4, max_size=4, unique=True).map(
        _words
    ),
)
TITLES = st.permutations(
    ("Claim #", "Payor", "DOS", "Decided", "Line Status", "Code", "Code", "Chg Amt", "Ins Pmt", "", "Notes")
)
COLUMNS = (
    "claim_id", "payer", "submitted_date", "decided_date", "status", "denial_reason", "billed", "paid",
)  # fmt: skip


def day_in(manner: Manner, day: date) -> str:
    return {
        "iso": day.isoformat(),
        "mdy": f"{day.month}/{day.day}/{day.year}",
        "dmy": f"{day:%d.%m.%Y}",
        "compact": f"{day:%Y%m%d}",
        "excel": str((day - EXCEL_START).days),
        "named": f"{day.day}-{day:%b-%Y}",
        "time": f"{day.isoformat()}T23:59:59Z",
    }[manner.day]


def money_in(manner: Manner, cents: int) -> str:
    text = f"{cents // 100:,}.{cents % 100:02}" if manner.money != "plain" else f"{cents // 100}.{cents % 100:02}"
    if manner.decimals == "eu":
        text = text.translate(str.maketrans(",.", ".,"))
    return f"{'€' if manner.decimals == 'eu' else '$'} {text}" if manner.money == "currency" else text


def row_in(manner: Manner, claim: Claim) -> list[str]:
    decided = "" if claim.status == "pending" else day_in(manner, claim.submitted + timedelta(days=claim.waited))
    reasons = ", ".join(manner.reason.format(*pair) for pair in claim.reasons)
    return [
        claim.number, claim.payer, day_in(manner, claim.submitted), decided, manner.words[claim.status], reasons,
        money_in(manner, claim.billed), money_in(manner, claim.paid),
    ]  # fmt: skip


def canonical(claims: list[Claim]) -> list[Record]:
    """The same claims in a canonical file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([name for name in BASE if name in COLUMNS or name == "procedure_code"])
    for claim in claims:
        decided = "" if claim.status == "pending" else (claim.submitted + timedelta(days=claim.waited)).isoformat()
        reasons = ";".join("-".join(pair) for pair in claim.reasons)
        writer.writerow(
            [claim.number, claim.payer, "", claim.submitted.isoformat(), decided, claim.status, reasons,
             f"{claim.billed / 100:.2f}", f"{claim.paid / 100:.2f}"]
        )  # fmt: skip
    return list(read([text.getvalue().encode()]))


def as_claims(records: list[Record]) -> list[ClaimRecord]:
    """Claims without what differs by where they stand and which columns there are."""
    claims = [record for record in records if isinstance(record, ClaimRecord)]
    for claim in claims:
        claim.position, claim.stated = 0, None
    return claims


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CLAIMS, MANNERS, TITLES, st.randoms(use_true_random=False))
def test_what_is_written_in_any_manner_is_read_by_its_profile(claims, manner, titles, dice):
    places = list(range(len(titles)))
    dice.shuffle(places)
    at = dict(zip(COLUMNS, places, strict=False))
    titles = list(titles)
    table = [titles]
    for claim in claims:
        row = ["x"] * len(titles)
        for column, cell in zip(COLUMNS, row_in(manner, claim), strict=True):
            row[at[column]] = cell
        table.append(row)
    text = io.StringIO()
    csv.writer(text, delimiter=manner.separator).writerows(table)
    profile = from_json(as_json(Profile(
        {keys_of(titles)[place]: column for column, place in at.items()},
        day_order="dmy" if manner.day == "dmy" else "mdy",
        decimals=manner.decimals,
        statuses={word: status for status, word in manner.words.items()},
    )))  # fmt: skip
    wanted = as_claims(canonical(claims))
    assert len(wanted) == len(claims)
    assert as_claims(list(read([text.getvalue().encode(manner.codec, errors="replace")], profile))) == wanted
    assert as_claims(list(read_cells(enumerate(table, start=1), profile))) == wanted
