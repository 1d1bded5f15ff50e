from datetime import date

from tests.ingestion.formats.x12 import enclosed, records_of
from upstream.ingestion.records import CoverageRecord, Notice, PatientRecord

OPENED = (
    "271*0001*005010X279A1~BHT*0022*11*ASK-1*20250312*0900~HL*1**20*1~NM1*PR*2*SUMMIT MUTUAL*****PI*SM001~"
    "HL*2*1*21*1~NM1*1P*2*LAKESIDE*****XX*1999999984~"
)
SUBSCRIBER = (
    "HL*3*2*22*0~TRN*2*ASK-1*9CLINIC~NM1*IL*1*MOON*JUNE****MI*W1~N3*1 ELM ST~REF*18*PLAN-5~DMG*D8*19800102*F~"
    "DTP*346*D8*20240101~DTP*347*D8*20251231~DTP*472*D8*20250315~"
)
DEPENDENT = "HL*4*3*23*0~NM1*03*1*MOON*LEO~DMG*D8*20150607*M~"


def coverages(data: bytes) -> list[CoverageRecord]:
    return [record for record in records_of(data) if isinstance(record, CoverageRecord)]


def told(text: str, control: str = "000000101") -> bytes:
    return enclosed(OPENED + text, group="HB", guide="005010X279A1", control=control)


def test_an_active_plan_is_kept_with_payer_member_and_dates():
    benefits = "EB*1*FAM*30^1^33*C1*GOLD 123~EB*C*IND*30***23*600~EB*B**98****20~"
    (coverage,) = records_of(told(SUBSCRIBER + benefits))
    assert coverage == CoverageRecord(
        position=18,
        payer_name="SUMMIT MUTUAL",
        payer_id="SM001",
        plan="GOLD 123",
        plan_code="PLAN-5",
        insurance_type="C1",
        active=True,
        on_date=date(2025, 3, 15),
        valid_from=date(2024, 1, 1),
        valid_until=date(2025, 12, 31),
        patient=PatientRecord("JUNE", "MOON", date(1980, 1, 2), "W1"),
        event_key="271|SM001|W1|MOON|JUNE|1980-01-02|GOLD 123|PLAN-5|C1|True||2025-03-15|2024-01-01|2025-12-31",
    )


def test_inactive_is_false_and_neither_is_none():
    (inactive,) = coverages(told(SUBSCRIBER + "EB*6**30~"))
    (neither,) = coverages(told(SUBSCRIBER + "EB*V**30~"))
    assert (inactive.active, neither.active) == (False, None)


def test_the_whole_plan_goes_before_single_services():
    (coverage,) = coverages(told(SUBSCRIBER + "EB*6**35~EB*1**30**GOLD 123~EB*6**47~EB*1**30~"))
    assert (coverage.active, coverage.plan) == (True, "GOLD 123")


def test_single_services_count_where_nothing_is_said_of_the_plan():
    (coverage,) = coverages(told(SUBSCRIBER + "EB*1**35**DENTAL~"))
    assert (coverage.active, coverage.plan) == (True, "DENTAL")


def test_each_plan_of_a_member_is_its_own_with_its_own_dates():
    benefits = (
        "EB*1**30*MA~DTP*291*D8*20150701~EB*6**30*MB~DTP*291*RD8*20150701-20241130~REF*18*B-2~"
        "EB*R**30*OT~LS*2120~NM1*PR*2*OTHER PAYER*****PI*999~LE*2120~"
    )
    first, second = coverages(told(SUBSCRIBER + benefits))
    assert (first.insurance_type, first.active, first.valid_from, first.valid_until, first.plan_code) == (
        "MA",
        True,
        date(2015, 7, 1),
        None,
        "PLAN-5",
    )
    assert (second.insurance_type, second.active, second.valid_from, second.valid_until, second.plan_code) == (
        "MB",
        False,
        date(2015, 7, 1),
        date(2024, 11, 30),
        "B-2",
    )
    assert {first.payer_name, second.payer_name} == {"SUMMIT MUTUAL"}


def test_a_dependent_has_the_subscribers_member_id_and_plan():
    subscriber = SUBSCRIBER.replace("HL*3*2*22*0", "HL*3*2*22*1")
    (coverage,) = coverages(told(subscriber + DEPENDENT + "EB*1**30**GOLD 123~"))
    assert coverage.patient == PatientRecord("LEO", "MOON", date(2015, 6, 7), "W1")
    assert (coverage.plan_code, coverage.on_date) == ("PLAN-5", date(2025, 3, 15))


def test_a_refusal_names_its_first_code():
    (refused,) = coverages(told("HL*3*2*22*0~NM1*IL*1*MOON*JUNE****MI*W1~AAA*N**72*C~AAA*N**73*C~"))
    assert (refused.active, refused.reject_code, refused.on_date) == (None, "72", date(2025, 3, 12))
    assert refused.patient == PatientRecord("JUNE", "MOON", None, "W1")


def test_a_refused_provider_is_nobodys_coverage():
    (refused,) = coverages(told("AAA*Y**50*N~"))
    assert (refused.reject_code, refused.patient, refused.payer_name) == ("50", None, "SUMMIT MUTUAL")


def test_members_are_told_apart():
    second = SUBSCRIBER.replace("*W1~", "*W2~").replace("HL*3", "HL*4")
    answers = coverages(told(SUBSCRIBER + "EB*1**30**GOLD~" + second + "EB*6**30**GOLD~"))
    assert [(answer.patient.member_id if answer.patient else "", answer.active) for answer in answers] == [
        ("W1", True),
        ("W2", False),
    ]


def test_odd_dates_are_said_and_lose_nothing():
    records = records_of(told(SUBSCRIBER.replace("D8*20240101", "D8*20241399") + "EB*1**30**GOLD~"))
    assert [record for record in records if isinstance(record, Notice)] == [Notice(15, "DTP*346", "bad_date")]
    assert [record.valid_from for record in records if isinstance(record, CoverageRecord)] == [None]


def test_an_answer_sent_again_has_the_same_key():
    first, again = (coverages(told(SUBSCRIBER + "EB*1**30~", control)) for control in ("000000101", "000000999"))
    assert [coverage.event_key for coverage in first] == [coverage.event_key for coverage in again]
