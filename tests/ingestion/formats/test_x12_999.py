from datetime import date

from tests.ingestion.formats.x12 import ISA, enclosed, records_of
from upstream.ingestion.records import AcknowledgementRecord, Notice, Record

TA1_FILE = ISA[: ISA.index("GS*")] + "TA1*000000905*250309*1105*{answer}~IEA*0*000000101~"
OPENED = "999*0001*005010X231A1~AK1*HC*17456*005010X222A2~"
TAKEN = "AK2*837*0001*005010X222A2~IK5*A~"
REFUSED = "AK2*837*0002~IK3*CLM*22**8~CTX*CLM01:SECRET~IK4*2*782*1*SECRET~IK5*R*5*I6~"
NOTED = "AK2*837*0003~IK3*REF*57**3~IK5*E*5~"


def answers(data: bytes) -> list[tuple[str, str, bool, tuple[str, ...]]]:
    return [
        (record.control_number, record.code, record.accepted, record.error_codes)
        for record in records_of(data)
        if isinstance(record, AcknowledgementRecord)
    ]


def acknowledged(text: str) -> bytes:
    return enclosed(text, group="FA", guide="005010X231A1")


def test_each_set_of_ours_has_its_answer_with_places_and_codes_only():
    data = acknowledged(OPENED + TAKEN + REFUSED + NOTED + "AK9*P*3*3*2~")
    assert answers(data) == [
        ("17456/0001", "A", True, ()),
        ("17456/0002", "R", False, ("CLM:8", "CLM02:1", "5", "I6")),
        ("17456/0003", "E", True, ("REF:3", "5")),
    ]
    first = records_of(data)[0]
    assert first == AcknowledgementRecord(
        position=6,
        kind="999",
        sender="HARBORADV",
        control_number="17456/0001",
        transaction_type="837",
        code="A",
        accepted=True,
        acknowledged_date=date(2025, 3, 10),
        event_key="999|HARBORADV|17456/0001|837|A|20250310",
    )
    assert "SECRET" not in repr(records_of(data))


def test_a_997_is_read_alike():
    old = OPENED.replace("999*0001*005010X231A1", "997*0001") + "AK2*837*0002~AK3*CLM*22**8~AK4*1:2*1028*1~AK5*R*5~"
    assert answers(acknowledged(old + "AK9*R*1*1*0~")) == [("17456/0002", "R", False, ("CLM:8", "CLM01:1", "5"))]


def test_a_group_is_told_where_its_sets_are_not():
    assert answers(acknowledged(OPENED + "AK9*A*3*3*3~")) == [("17456", "A", True, ())]
    assert answers(acknowledged(OPENED + "AK9*R*1*1*0*17~")) == [("17456", "R", False, ("17",))]
    assert answers(acknowledged(OPENED + REFUSED + "AK9*P*3*3*2~"))[1:] == [("17456", "P", False, ())]
    assert answers(acknowledged(OPENED + TAKEN + "AK9*R*1*1*0*2~"))[1:] == [("17456", "R", False, ("2",))]


def test_a_ta1_answers_the_whole_interchange():
    (answer,) = records_of(TA1_FILE.format(answer="R*024").encode())
    assert answer == AcknowledgementRecord(
        position=2,
        kind="TA1",
        sender="HARBORADV",
        control_number="000000905",
        transaction_type="",
        code="R",
        accepted=False,
        error_codes=("024",),
        acknowledged_date=date(2025, 3, 10),
        event_key="TA1|HARBORADV|000000905||R|024|2503091105",
    )
    assert answers(TA1_FILE.format(answer="A*000").encode()) == [("000000905", "A", True, ())]


def test_a_ta1_stands_beside_other_transactions():
    data = acknowledged(OPENED + TAKEN + "AK9*A*1*1*1~").replace(b"GS*FA", b"TA1*000000905*250309*1105*A*000~GS*FA")
    assert [record.kind for record in records_of(data) if isinstance(record, AcknowledgementRecord)] == ["TA1", "999"]


def test_an_answer_without_a_code_is_said():
    data = acknowledged(OPENED + "AK2*837*0001~IK5~AK9*A*1*1*1~")
    assert [(record.field, record.code) for record in records_of(data) if isinstance(record, Notice)] == [
        ("IK501", "missing_value")
    ]


def test_the_same_answer_again_has_the_same_key_and_another_has_not():
    def keys(records: list[Record]) -> list[str]:
        return [record.event_key for record in records if isinstance(record, AcknowledgementRecord)]

    first = acknowledged(OPENED + TAKEN + "AK9*A*1*1*1~")
    again = first.replace(b"000000101", b"000000555")
    refused = acknowledged(OPENED + TAKEN.replace("IK5*A", "IK5*R*5") + "AK9*R*1*1*0~")
    assert keys(records_of(first)) == keys(records_of(again))
    assert keys(records_of(first)) != keys(records_of(refused))
