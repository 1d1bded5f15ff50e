"""The usual claim read at once is, to the last field, the claim read segment by segment; so are all Notices."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingestion.formats.x12 import PAID_CLAIM, interchange, remittance, transaction
from upstream.core.errors import Unreadable
from upstream.ingestion.formats import x12_835
from upstream.ingestion.formats.envelope import read_transactions
from upstream.ingestion.formats.tokenizer import Delimiters
from upstream.ingestion.formats.transaction import Loop
from upstream.ingestion.formats.values import PLAIN_LENGTH
from upstream.ingestion.formats.x12_835_usual import DOLLARS, Unusual, UsualClaims
from upstream.ingestion.records import ClaimRecord, Notice, Record

STANDARD = UsualClaims(Delimiters("*", ":", "~"))
LAST = "CLP*LAST*1*1*1**12*I~"  # so that there is one after the claim in question


class BySegment(x12_835.Remittance):
    """The reader of an 835 without its shortcut."""

    def at_once(self, text: str, start: int) -> list[Loop]:
        return []


def by_segment(data: bytes) -> list[Record]:
    return list(read_transactions([data], {"835": BySegment}))


def taken(claim: str) -> bool:
    """Whether the shortcut reads this claim."""
    text = "~" + claim.removesuffix("~")
    for found in STANDARD.claims(text, 0):
        try:
            STANDARD.read(found, 1)
        except Unusual:
            return False
        return found[0] == text
    return False


amounts = st.sampled_from(
    ["120", "80.5", "80.50", "0", "-5", "", ".5", "1e3", "$4", "12.345", "9" * 13, " 7", "1234567890.12"]
)
days = st.sampled_from(["20250301", "20250228", "", "2025", "00000000", "20250301 "])
codes = st.sampled_from(["1", "45", "97", "", "N130", "A1", "23", " 3", "16", "123456789"])
groups = st.sampled_from(["CO", "PR", "OA", "PI", "CR", "", "COX", "P"])
words = st.sampled_from(["", "A1", "A 1", " A1", "0", "000", "MU\xd1OZ", "X" * 60, "11", "22", "4", "1", "HC:99213:25"])
composites = st.sampled_from(["HC:99213:25", "HC>97110", "NU:0450", "AD:D0120", "", "99213", "HC:85025:::"])


def joined(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map("*".join)


triplets = st.lists(joined(codes, amounts, st.sampled_from(["", "1", "x", "2.5"])), min_size=1, max_size=6)
cas = st.tuples(groups, triplets).map(lambda made: f"CAS*{made[0]}*{'*'.join(made[1])}".rstrip("*"))
usual_cas = st.sampled_from(["CAS*CO*45*12.5", "CAS*PR*1*3**2*4.25", "CAS*OA*23*7", "CAS*CO*97*1*2", "CAS*PR*45*6"])
dtm = joined("DTM", st.sampled_from(["232", "233", "050", "036", "472", "150", "151", "405", ""]), days)
ref = joined("REF", st.sampled_from(["6R", "EA", "G1", "9F", "F8", "1L", "LU", ""]), words)
amt = joined("AMT", st.sampled_from(["B6", "AU", "I", ""]), amounts)
other = st.sampled_from(
    [
        "QTY*CA*1", "PER*CX*HELP", "LQ*HE*N290", "LQ*RX*70", "LQ*HE", "LQ*HE*M1*X", "MOA***MA01*N19", "MIA*0****MA18",
        "NM1*82*1*RAY*ANN****XX*1811901945", "NM1*82*1*RAY*ANN****FI*12", "NM1*IL*1*MOON*SOL****MI*W9", "K3*NOTE",
        "NM1*74*1*MOON*JUN****C*W8", "NM1*TT*2*OTHER PAYER*****PI*9", "NM1*QC*1*MOON", "NM1*QC*1*MOON*JUNE****MI*W1*X",
        "lx*2", "LX*2", "N1*PR*Other*XV*9", "cas*CO*45*1", "", "DTM*472", "REF*6R", "AMT*B6", "SVC", "TS3*1999999984",
    ]
)  # fmt: skip
svc_ends = st.sampled_from(["", "**1", "*0450*2", "**1*HC:99215*3", "**1*x*y*z"])
svc = st.tuples(joined("SVC", composites, amounts, amounts), svc_ends).map("".join)
lines = st.lists(st.one_of(svc, usual_cas, usual_cas, cas, dtm, ref, amt, other), max_size=12)
clp_ends = st.sampled_from(["", "**12*ICN1*11*1", "*x*MC*ICN1", "*5*ZZ* I *1234567*7"])
statuses = st.sampled_from(["1", "2", "4", "22", "19", "5", "", "123"])
clp = st.tuples(joined("CLP", words, statuses, amounts, amounts), clp_ends).map("".join)
claims = st.tuples(clp, lines).map(lambda made: "~".join([made[0], *made[1]]) + "~")


@given(claims, claims)
def test_any_claim_is_read_the_same(one: str, other: str) -> None:
    data = interchange(transaction(one, other, LAST))
    assert list(x12_835.read([data])) == by_segment(data)


dates = st.sampled_from(["20250301", "20241231", "20250115"])
money = st.integers(0, 10**8).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
usual_line = st.tuples(
    joined("SVC", composites, money, money, "", "1"),
    joined("DTM", "472", dates),
    st.lists(usual_cas, max_size=3).map("~".join),
    joined("REF", "6R", st.just("77")),
    joined("AMT", "B6", money),
).map(lambda parts: "~".join(filter(None, parts)))
usual_head = st.tuples(
    joined("CLP", st.just("A1"), st.sampled_from(["1", "2", "19"]), st.just("120.5"), money)
    .map(lambda begun: begun + "*5*12*ICN1*11*1"),
    st.just("NM1*QC*1*MOON*JUNE****MI*W1~NM1*82*1*RAY*ANN****XX*1811901945~MOA***MA01~REF*EA*7"),
    joined("DTM", "232", dates),
    joined("DTM", "050", dates),
).map("~".join)  # fmt: skip


@given(usual_head, st.lists(usual_line, max_size=3))
def test_what_every_payer_writes_is_taken_by_the_shortcut(head: str, parts: list[str]) -> None:
    claim = "~".join([head, *parts]) + "~"
    assert taken(claim)
    data = remittance(claim, LAST)
    assert list(x12_835.read([data])) == by_segment(data)


def test_the_insured_has_the_member_number_that_the_patient_lacks() -> None:
    data = remittance("CLP*A1*1*9*9**12*I*11*1~NM1*QC*1*MOON*JUNE~NM1*IL*1*MOON*SOL****MI*W9~", LAST, amount="10")
    records = list(x12_835.read([data]))
    assert records == by_segment(data)
    assert [record.patient.member_id for record in records if isinstance(record, ClaimRecord) and record.patient] == [
        "W9",
        "",
    ]


@pytest.mark.parametrize("separators", ["|>\n", "*:\x1e", "~^|", "^|]", "-.~", "\\ab".replace("ab", ":~")])
def test_the_shortcut_knows_any_delimiters(separators: str) -> None:
    element, component, terminator = separators
    marks = str.maketrans({"*": element, ":": component, "~": terminator, "^": "U"})
    data = remittance(PAID_CLAIM, PAID_CLAIM.replace("A1", "A2"), LAST).decode().translate(marks).encode()
    assert list(x12_835.read([data])) == by_segment(data)


@pytest.mark.parametrize("folder", ["835", "malformed"])
def test_every_public_file_is_read_the_same(shared_data: Path, folder: str) -> None:
    for path in sorted((shared_data / folder).glob("*")):
        data = path.read_bytes()
        if b"ISA" in data[:200] or b"I\0S\0A" in data[:200]:
            assert list(x12_835.read([data])) == by_segment(data), path.name


def test_positions_count_no_blank_segments() -> None:
    data = remittance(PAID_CLAIM, PAID_CLAIM, PAID_CLAIM)
    positions = [getattr(record, "position", 0) for record in x12_835.read([data])]
    spaced = data.replace(b"~", b"~\r\n~~\n")
    assert [getattr(record, "position", 0) for record in x12_835.read([spaced])] == positions == [10, 20, 30, 3]


def test_amounts_longer_than_real_ones_are_not_remembered() -> None:
    claim = f"CLP*A1*1*9*9**12*I*11*1~CAS*CO*45*-5.{'0' * 500}~CAS*CO*94*5~"
    data = remittance(claim, LAST, amount="10")
    assert list(x12_835.read([data])) == by_segment(data)
    assert max(map(len, DOLLARS)) <= PLAIN_LENGTH


BEGUN = remittance(PAID_CLAIM, PAID_CLAIM.replace("A1", "A2")).partition(b"SE*")[0]  # its last claim may go on


def test_a_place_that_cannot_be_read_is_counted_from_behind_the_claim_that_waits() -> None:
    with pytest.raises(Unreadable) as refused:
        list(x12_835.read([BEGUN, b"NTE*" + b"X" * (1 << 21)]))
    assert (refused.value.code, refused.value.line) == ("segment_too_long", BEGUN.count(b"~") + 1)


def test_an_odd_header_is_counted_from_behind_the_claim_that_waits() -> None:
    odd = remittance(PAID_CLAIM, LAST).replace(b"HARBORADV      ", b"HARBORADV", 1)
    header = [record for record in x12_835.read([BEGUN + odd]) if isinstance(record, Notice) and record.field == "ISA"]
    assert header == [Notice(BEGUN.count(b"~") + 1, "ISA", "isa_width")]


def test_the_claim_that_waits_is_read_by_its_own_delimiters() -> None:
    other = remittance(PAID_CLAIM, LAST).translate(bytes.maketrans(b"*~", b"|!"))
    records = list(x12_835.read([BEGUN + other]))
    assert [record.claim_number for record in records if isinstance(record, ClaimRecord)] == ["A1", "A1", "LAST"]
    header = BEGUN.count(b"~") + 1
    assert [record for record in records if isinstance(record, Notice)] == [
        Notice(header, "SE", "truncated"),
        Notice(header, "GE", "missing_trailer"),
        Notice(header, "IEA", "missing_trailer"),
    ]
