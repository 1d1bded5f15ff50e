import csv
from pathlib import Path

import pytest

from tests.ingestion.formats.x12 import claims_of, remittance
from upstream.claims.choices import AdjustmentClass, DenialCategory, Outcome
from upstream.claims.rules import CarcMap, Decision, classify, denial_words, outcome_of, procedure_group
from upstream.ingestion.records import AdjustmentRecord, ClaimRecord

TABLE = Path(__file__).parents[2] / "upstream" / "claims" / "data" / "carc_map.csv"


@pytest.fixture(scope="module")
def carcs() -> CarcMap:
    with TABLE.open(newline="") as file:
        return CarcMap.of((row["carc"], row["category"], row["class"]) for row in csv.DictReader(file))


def decide(segments: str, carcs: CarcMap) -> Decision:
    """The decision of one claim written as 835 segments."""
    (claim,) = claims_of(remittance(segments))
    return outcome_of(claim, carcs)


def denied(category: str, group: str = "", carc: str = "") -> Decision:
    return Decision(Outcome.DENIED, category, group, carc)


def partly(category: str, group: str, carc: str) -> Decision:
    return Decision(Outcome.PARTIAL, category, group, carc)


NOT_DENIED = Decision(Outcome.ZERO_OTHER)
PAID = Decision(Outcome.PAID)


@pytest.mark.parametrize(
    ("segments", "decision"),
    [
        ("CLP*A*1*100*80~SVC*HC:99213*100*80~CAS*CO*45*20~", PAID),
        ("CLP*A*1*100*80~CAS*CO*45*20~", PAID),
        ("CLP*A*1*100*100~", PAID),
        # Paid nothing and yet not denied
        ("CLP*A*1*100*0~SVC*HC:99213*100*0~CAS*CO*45*40~CAS*PR*1*60~", NOT_DENIED),
        ("CLP*A*1*100*0~SVC*HC:99213*100*0~CAS*CO*45*40~CAS*PR*2*30**3*30~", NOT_DENIED),
        ("CLP*A*1*100*0~SVC*HC:99213*100*0~CAS*CO*24*100~", NOT_DENIED),
        ("CLP*A*2*100*0~SVC*HC:99213*100*0~CAS*OA*23*100~", NOT_DENIED),
        ("CLP*A*1*100*0~SVC*HC:99213*100*0~CAS*PR*100*100~", NOT_DENIED),
        ("CLP*A*1*100*0~CAS*CO*45*98**253*2~", NOT_DENIED),
        ("CLP*A*1*100*0~CAS*OA*133*100~", NOT_DENIED),
        ("CLP*A*1*100*0~", NOT_DENIED),
        ("CLP*A*23*100*0~CAS*CO*109*100~", NOT_DENIED),
        ("CLP*A*25*100*0~CAS*OA*101*100~", NOT_DENIED),
        ("CLP*A*4*100*0~CAS*CO*45*100~", NOT_DENIED),
        # Denied, whatever the claim status says
        ("CLP*A*1*100*0~SVC*HC:99213*100*0~CAS*CO*197*100~", denied("AUTH", "CO", "197")),
        ("CLP*A*4*100*0~SVC*HC:99213*100*0~CAS*CO*197*100~", denied("AUTH", "CO", "197")),
        ("CLP*A*4*80*0*0~CAS*CO*29*80~", denied("TIMELY", "CO", "29")),
        ("CLP*A*4*80*0~", denied("UNSPEC")),
        ("CLP*A*1*100*0~SVC*HC:99213*100*0~CAS*CO*45*60**16*40~", denied("DATA", "CO", "16")),
        ("CLP*A*1*100*0~SVC*HC:99213*100*0~CAS*CO*97*100~", denied("BUNDLE", "CO", "97")),
        ("CLP*A*2*100*0~SVC*HC:99213*100*0~CAS*OA*23*60~CAS*CO*29*40~", denied("TIMELY", "CO", "29")),
        ("CLP*A*1*100*0~SVC*HC:1*100*0~CAS*CO*16*100~SVC*HC:G8427*.01*0~CAS*CO*246*.01~", denied("DATA", "CO", "16")),
        # Denied although the patient is billed
        ("CLP*A*1*100*0*100~SVC*HC:99213*100*0~CAS*PR*27*100~", denied("ELIG", "PR", "27")),
        ("CLP*A*1*100*0*100~SVC*HC:99213*100*0~CAS*PR*31*100~", denied("ELIG", "PR", "31")),
        ("CLP*A*1*100*0*100~SVC*HC:99213*100*0~CAS*PR*96*100~", denied("NONCOV", "PR", "96")),
        ("CLP*A*1*100*0*100~SVC*HC:99213*100*0~CAS*PR*119*100~", denied("LIMIT", "PR", "119")),
        ("CLP*A*1*100*0*100~SVC*HC:99213*100*0~CAS*PR*204*100~", denied("NONCOV", "PR", "204")),
        # In part
        ("CLP*A*1*200*80~SVC*HC:1*100*80~CAS*CO*45*20~SVC*HC:2*100*0~CAS*CO*50*100~", partly("MEDNEC", "CO", "50")),
        ("CLP*A*1*200*0~SVC*HC:1*100*0~CAS*PR*1*100~SVC*HC:2*100*0~CAS*CO*50*100~", partly("MEDNEC", "CO", "50")),
        ("CLP*A*1*100*60~SVC*HC:1*100*60~CAS*CO*151*40~", partly("LIMIT", "CO", "151")),
        ("CLP*A*1*100*0~SVC*HC:1*100*0~CAS*CO*151*40~CAS*PR*1*60~", partly("LIMIT", "CO", "151")),
        ("CLP*A*1*100*60~CAS*CO*16*40~SVC*HC:1*100*100~", partly("DATA", "CO", "16")),
        ("CLP*A*1*100*0~CAS*CO*16*100~SVC*HC:1*100*0~", denied("DATA", "CO", "16")),
        # Packaged into a paid line
        ("CLP*A*1*200*80~SVC*HC:1*100*80~CAS*CO*45*20~SVC*HC:2*100*0~CAS*CO*97*100~", PAID),
        # Taken back again within one CAS
        ("CLP*A*1*100*80~SVC*HC:1*100*80~CAS*CO*45*20**16*5**16*-5~", PAID),
        # Reversals
        ("CLP*A*22*-100*-80~CAS*CO*45*-20~", Decision(Outcome.REVERSED)),
        ("CLP*A*1*-100*0~CAS*CO*16*-100~", Decision(Outcome.REVERSED)),
        # A code that the table has not
        ("CLP*A*1*100*0~CAS*CO*999*100~", denied("UNSPEC", "CO", "999")),
        ("CLP*A*1*100*0~CAS*PR*999*100~", NOT_DENIED),
    ],
)  # fmt: skip
def test_what_an_835_claim_means(segments: str, decision: Decision, carcs: CarcMap) -> None:
    assert decide(segments, carcs) == decision


@pytest.mark.parametrize(
    ("triplets", "category"),
    [
        ("CO*16*50**197*50", "AUTH"),
        ("CO*197*50**27*50", "AUTH"),
        ("CO*22*50**27*50", "ELIG"),
        ("CO*29*50**22*50", "COB"),
        ("CO*B7*50**29*50", "TIMELY"),
        ("CO*50*50**B7*50", "CRED"),
        ("CO*119*50**50*50", "MEDNEC"),
        ("CO*96*50**119*50", "LIMIT"),
        ("CO*97*50**96*50", "NONCOV"),
        ("CO*4*50**97*50", "BUNDLE"),
        ("CO*252*50**4*50", "CODING"),
        ("CO*16*50**252*50", "DOC"),
        ("CO*18*50**16*50", "DATA"),
        ("CO*A1*50**18*50", "DUP"),
        ("CO*A1*50**45*50", "UNSPEC"),
    ],
)
def test_the_reason_that_counts_is_the_first_by_priority(triplets: str, category: str, carcs: CarcMap) -> None:
    assert decide(f"CLP*A*1*100*0~CAS*{triplets}~", carcs).category == category


def test_the_order_of_the_categories_is_the_order_of_priority():
    assert ", ".join(DenialCategory.values) == (
        "AUTH, ELIG, COB, TIMELY, CRED, MEDNEC, LIMIT, NONCOV, BUNDLE, CODING, DOC, DATA, DUP, UNSPEC"
    )


@pytest.mark.parametrize(
    ("status", "reasons", "decision"),
    [
        ("paid", [("CO", "45")], PAID),
        ("pending", [], Decision(Outcome.PENDING)),
        ("reversed", [("CO", "16")], Decision(Outcome.REVERSED)),
        ("denied", [("CO", "16"), ("CO", "197")], denied("AUTH", "CO", "197")),
        ("denied", [("CO", "45")], denied("UNSPEC", "CO", "45")),
        ("denied", [], denied("UNSPEC")),
        ("partial", [("PR", "1"), ("CO", "50")], partly("MEDNEC", "CO", "50")),
    ],
)
def test_a_stated_status_wins(status: str, reasons: list[tuple[str, str]], decision: Decision, carcs: CarcMap) -> None:
    adjustments = [AdjustmentRecord(0, group, carc, 0) for group, carc in reasons]
    record = ClaimRecord(1, "A", "Civic Care", status=status, paid_cents=100, adjustments=adjustments)
    assert outcome_of(record, carcs) == decision


@pytest.mark.parametrize(
    ("group", "carc", "kind"),
    [
        ("CO", "45", AdjustmentClass.CONTRACT),
        ("PR", "45", AdjustmentClass.PATIENT),
        ("CO", "24", AdjustmentClass.CONTRACT),
        ("PR", "1", AdjustmentClass.PATIENT),
        ("OA", "23", AdjustmentClass.COBADJ),
        ("OA", "18", AdjustmentClass.DENIAL),
        ("PI", "16", AdjustmentClass.DENIAL),
        ("CR", "45", AdjustmentClass.CONTRACT),
        ("PR", "27", AdjustmentClass.DENIAL),
        ("OA", "101", AdjustmentClass.INFO),
        ("OA", "133", AdjustmentClass.PENDED),
        ("CO", "193", AdjustmentClass.APPEALRESULT),
        ("CO", "999", AdjustmentClass.DENIAL),
        ("PR", "999", AdjustmentClass.PATIENT),
    ],
)
def test_the_code_says_why_and_the_group_who_owes(group: str, carc: str, kind: AdjustmentClass, carcs: CarcMap) -> None:
    assert classify(group, carc, carcs) is kind


def test_a_later_row_replaces_an_earlier_one():
    carcs = CarcMap.of([("96", "NONCOV", "DENIAL"), ("96", "PRICE", "CONTRACT")])
    assert classify("CO", "96", carcs) is AdjustmentClass.CONTRACT
    assert (carcs.knows("96"), carcs.knows("97")) == (True, False)


def test_the_shipped_table_has_every_category_and_only_known_classes(carcs: CarcMap) -> None:
    assert len(carcs.meanings) == 262
    denials = {category for category, kind in carcs.meanings.values() if kind is AdjustmentClass.DENIAL}
    assert denials == set(DenialCategory.values)


def test_the_shipped_table_is_the_shared_one(shared_data: Path) -> None:
    assert TABLE.read_bytes() == (shared_data.parent / "domain" / "carc_map.csv").read_bytes()


def test_denials_have_plain_words():
    assert denial_words("AUTH") == "missing authorization"
    assert denial_words("NOPE") == denial_words("") == "reason not given"


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("99203", "office visit, new"),
        ("99205", "office visit, new"),
        ("99211", "office visit, established"),
        ("99215", "office visit, established"),
        ("99245", "consultation"),
        ("99223", "hospital visit"),
        ("99285", "emergency visit"),
        ("99396", "preventive visit"),
        ("90837", "psychotherapy"),
        ("97153", "behavior analysis"),
        ("97110", "therapy: timed"),
        ("97530", "therapy: timed"),
        ("97014", "therapy: untimed"),
        ("97161", "therapy: untimed"),
        ("90960", "dialysis"),
        ("73030", "imaging: plain"),
        ("76700", "imaging: ultrasound"),
        ("74177", "imaging: CT"),
        ("70553", "imaging: MR"),
        ("72148", "imaging: MR"),
        ("78306", "imaging: nuclear"),
        ("78815", "imaging: PET"),
        ("77067", "imaging: mammography"),
        ("80053", "laboratory"),
        ("00840", "anesthesia"),
        ("27447", "surgery: bones and joints"),
        ("45378", "surgery: digestive"),
        ("66984", "surgery: eye and ear"),
        ("64483", "surgery: nerves and spine"),
        ("90686", "vaccines"),
        ("98012", "telehealth"),
        ("93306", "heart tests and procedures"),
        ("95810", "nerve and sleep tests"),
        ("J1885", "drugs"),
        ("E0601", "equipment"),
        ("L1832", "equipment"),
        ("D0120", "dental"),
        ("99199", "other medical services"),
        ("", ""),
        ("0450", ""),
        ("UNKNOWN", ""),
        ("XXXXX", ""),
        ("Z9999", ""),
    ],
)
def test_procedures_fall_into_groups_with_our_own_names(code: str, group: str) -> None:
    assert procedure_group(code) == group


def test_group_names_fit_their_column():
    assert max(len(procedure_group(f"{number:05d}")) for number in range(0, 100_000, 7)) <= 32


def test_a_reversal_is_reversed_whatever_its_reasons_say(carcs: CarcMap) -> None:
    segments = "CLP*A*22*-100*0~SVC*HC:99213*-100*0~CAS*CO*197*-100~"
    assert decide(segments, carcs) == Decision(Outcome.REVERSED)


REMARKS = [("N706", "DOC", "16 96 A1"), ("N290", "CRED", "16"), ("M62", "AUTH", "16 A1"), ("N130", "NONCOV", "96")]
NO_REASON = "CLP*A*1*100*0~SVC*HC:99213*100*0~CAS*CO*{carc}*100~{remarks}"


@pytest.mark.parametrize(
    ("carc", "remarks", "category"),
    [
        ("16", "LQ*HE*N706~", "DOC"),
        ("16", "LQ*HE*N290~", "CRED"),
        ("16", "LQ*HE*N706~LQ*HE*M62~", "AUTH"),
        ("16", "LQ*HE*N999~", "DATA"),
        ("16", "", "DATA"),
        ("96", "LQ*HE*N290~", "NONCOV"),
        ("197", "LQ*HE*N706~", "AUTH"),
        ("A1", "LQ*HE*N706~", "DOC"),
        ("A1", "", "UNSPEC"),
    ],
)
def test_a_remark_says_what_a_vague_code_leaves_open(carc: str, remarks: str, category: str, carcs: CarcMap) -> None:
    finer = CarcMap(carcs.meanings, CarcMap.of([], REMARKS).finer)
    assert decide(NO_REASON.format(carc=carc, remarks=remarks), finer) == denied(category, "CO", carc)


def test_a_remark_of_the_claim_counts_where_its_line_has_none(carcs: CarcMap) -> None:
    finer = CarcMap(carcs.meanings, CarcMap.of([], REMARKS).finer)
    assert decide("CLP*A*1*100*0~MOA***N706~SVC*HC:99213*100*0~CAS*CO*16*100~", finer).category == "DOC"


def test_every_remark_of_the_shipped_table_gives_a_denial_category() -> None:
    with TABLE.with_name("remark_map.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["category"] for row in rows} <= set(DenialCategory.values)
    assert len({row["remark"] for row in rows}) == len(rows) >= 80
