from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.ingestion.formats.x12 import enclosed, records_of
from upstream.ingestion.records import AuthorizationRecord, Notice, PatientRecord

PARTIES = (
    "HL*1**20*1~NM1*X3*2*SUMMIT MUTUAL*****PI*SM001~HL*2*1*21*1~NM1*1P*2*LAKESIDE*****XX*1999999984~"
    "HL*3*2*22*1~NM1*IL*1*MOON*JUNE****MI*W1~DMG*D8*19800102*F~"
)
ANSWER = "278*0001*005010X217~BHT*0007*11*REQ-1*20250312*0900*18~" + PARTIES
EVENT = (
    "HL*4*3*EV*1~TRN*1*OWN-9*9PAYER~TRN*2*ASK-1*9CLINIC~UM*HS*I*3*11:B~HCR*A6*AUTH-7*0Z~REF*NT*ADM1~"
    "DTP*AAH*RD8*20250320-20250520~DTP*102*D8*20250311~HI*ABF:M545~HSD*VS*6~"
)
SERVICE = (
    "HL*5*4*SS*0~UM*HS*I*3~HCR*A1*AUTH-8~DTP*472*RD8*20250401-20250430~SV1*HC:97110:GP*120*UN*8~"
    "NM1*SJ*1*STONE*IVY****XX*1888888885~"
)


def decisions(data: bytes) -> list[AuthorizationRecord]:
    return [record for record in records_of(data) if isinstance(record, AuthorizationRecord)]


def answered(text: str, control: str = "000000101") -> bytes:
    return enclosed(text, group="HI", guide="005010X217", control=control)


def test_an_event_and_each_of_its_services_is_a_decision():
    event, service = decisions(answered(ANSWER + EVENT + SERVICE))
    assert event == AuthorizationRecord(
        position=16,
        payer_name="SUMMIT MUTUAL",
        payer_id="SM001",
        action="A6",
        reason_code="0Z",
        authorization_number="AUTH-7",
        trace_number="ASK-1",
        service_type="3",
        diagnosis="M54.5",
        units=Decimal(6),
        decided_date=date(2025, 3, 11),
        valid_from=date(2025, 3, 20),
        valid_until=date(2025, 5, 20),
        provider_npi="1999999984",
        patient=PatientRecord("JUNE", "MOON", date(1980, 1, 2), "W1"),
        event_key=("278|SM001|ASK-1|AUTH-7|A6|0Z|3||6|2025-03-11|2025-03-20|2025-05-20|1999999984|W1|MOON|JUNE"),
    )
    assert (service.action, service.authorization_number, service.procedure_code, service.units) == (
        "A1",
        "AUTH-8",
        "97110",
        Decimal(8),
    )
    assert (service.valid_from, service.valid_until) == (date(2025, 4, 1), date(2025, 4, 30))
    assert (service.diagnosis, service.trace_number, service.provider_npi) == ("M54.5", "ASK-1", "1888888885")


def test_certified_dates_go_before_those_of_the_event():
    text = ANSWER + EVENT.replace("DTP*102", "DTP*007*D8*20250325~DTP*036*D8*20250901~DTP*102")
    (event,) = decisions(answered(text))
    assert (event.valid_from, event.valid_until) == (date(2025, 3, 25), date(2025, 9, 1))


def test_a_service_has_not_the_units_of_its_event():
    assert [decision.units for decision in decisions(answered(ANSWER + EVENT + SERVICE.replace("*UN*8", "")))] == [
        Decimal(6),
        None,
    ]


def test_a_service_without_a_decision_says_what_its_events_is_about():
    bare = EVENT.replace("DTP*AAH*RD8*20250320-20250520~", "").replace("HSD*VS*6~", "")
    asked = SERVICE.replace("HCR*A1*AUTH-8~", "")
    other = asked.replace("97110", "97140").replace("HL*5", "HL*6")
    event, further = decisions(answered(ANSWER + bare + asked + other))
    assert (event.action, event.authorization_number, event.procedure_code) == ("A6", "AUTH-7", "97110")
    assert (event.units, event.valid_from, event.valid_until) == (Decimal(8), date(2025, 4, 1), date(2025, 4, 30))
    assert (event.provider_npi, "97110" in event.event_key) == ("1888888885", True)
    assert further == replace(
        event, position=further.position, procedure_code="97140", event_key=event.event_key.replace("97110", "97140")
    )
    (told,) = decisions(answered(ANSWER + EVENT + asked))
    assert (told.units, told.valid_from, told.procedure_code) == (Decimal(6), date(2025, 3, 20), "97110")


def test_further_services_of_an_event_are_decided_with_it_and_have_their_own_units_and_dates():
    asked = SERVICE.replace("HCR*A1*AUTH-8~", "")
    second = asked.replace("97110", "97140").replace("*UN*8", "*UN*4").replace("HL*5", "HL*6")
    third = second.replace("97140", "97530").replace("0401-20250430", "0501-20250531").replace("HL*6", "HL*7")
    found = decisions(answered(ANSWER + EVENT + asked + second + third))
    assert [(one.procedure_code, one.units, one.action, one.authorization_number) for one in found] == [
        ("97110", Decimal(6), "A6", "AUTH-7"), ("97140", Decimal(4), "A6", "AUTH-7"),
        ("97530", Decimal(4), "A6", "AUTH-7"),
    ]  # fmt: skip
    assert {(one.valid_from, one.valid_until) for one in found} == {(date(2025, 3, 20), date(2025, 5, 20))}
    assert len({one.event_key for one in found}) == 3


def test_events_are_told_in_their_order():
    second = EVENT.replace("AUTH-7", "AUTH-9").replace("HL*4", "HL*6")
    numbers = [found.authorization_number for found in decisions(answered(ANSWER + EVENT + SERVICE + second))]
    assert numbers == ["AUTH-7", "AUTH-8", "AUTH-9"]


def test_a_dependent_is_the_patient_with_the_subscribers_member_id():
    text = ANSWER + "HL*9*3*23*1~NM1*QC*1*MOON*LEO~DMG*D8*20150607*M~" + EVENT
    (event,) = decisions(answered(text))
    assert event.patient == PatientRecord("LEO", "MOON", date(2015, 6, 7), "W1")


ASKED = (
    "HL*4*3*EV*1~TRN*1*ASK-1*9CLINIC~UM*HS*I*3*11:B**U~DTP*AAH*RD8*20250320-20250520~HI*ABF:M545~HSD*VS*6~"
    "NM1*SJ*1*STONE*IVY****XX*1888888885~"
)
FOR = "HL*5*4*SS*0~UM*HS*I*3~DTP*472*RD8*20250401-20250430~SV1*HC:97110:GP*120*UN*8~"
REQUEST = ANSWER.replace("*0007*11*", "*0007*13*")


def test_a_request_is_not_decided_yet():
    (asked,) = decisions(answered(REQUEST + ASKED))
    assert asked == AuthorizationRecord(
        position=12,
        payer_name="SUMMIT MUTUAL",
        payer_id="SM001",
        action="A4",
        trace_number="ASK-1",
        service_type="3",
        diagnosis="M54.5",
        requested_units=Decimal(6),
        requested_date=date(2025, 3, 12),
        urgency="expedited",
        provider_npi="1888888885",
        patient=PatientRecord("JUNE", "MOON", date(1980, 1, 2), "W1"),
        event_key="278|asked|2025-03-12|6|SM001|ASK-1||A4||3||||||1888888885|W1|MOON|JUNE",
    )


def test_services_that_are_asked_for_stand_for_themselves():
    found = decisions(answered(REQUEST + ASKED + FOR + FOR.replace("97110", "97140").replace("*UN*8", "*UN*4")))
    assert [(one.procedure_code, one.requested_units, one.urgency, one.trace_number) for one in found] == [
        ("97110", Decimal(8), "expedited", "ASK-1"),
        ("97140", Decimal(4), "expedited", "ASK-1"),
    ]
    assert {(one.valid_from, one.decided_date, one.units) for one in found} == {(None, None, None)}
    assert len({one.event_key for one in found}) == 2


def test_two_events_of_one_request_are_two():
    text = REQUEST + ASKED + FOR + ASKED.replace("ASK-1", "ASK-2") + ASKED.replace("ASK-1", "ASK-3")
    assert [one.trace_number for one in decisions(answered(text))] == ["ASK-1", "ASK-2", "ASK-3"]


@pytest.mark.parametrize(("purpose", "guide"), [("01", "005010X217"), ("13", "005010X215")])
def test_a_cancellation_and_an_inquiry_are_passed_over_with_a_notice(purpose: str, guide: str):
    text = ANSWER.replace("*0007*11*", f"*0007*{purpose}*") + ASKED
    found = records_of(enclosed(text, group="HI", guide=guide, control="000000101"))
    assert found == [Notice(3, "BHT02", "skipped_transaction_type")]


def test_an_answer_with_the_purpose_of_a_request_is_told_by_its_trace():
    text = ANSWER.replace("*0007*11*", "*0007*13*") + EVENT
    assert [decision.action for decision in decisions(answered(text))] == ["A6"]
    assert decisions(answered(text.replace("TRN*2*ASK-1*9CLINIC~", ""))) == []


def test_a_refused_request_has_the_reason_and_no_action():
    (refused,) = decisions(answered(ANSWER + "AAA*N**75*C~"))
    assert (refused.action, refused.reason_code, refused.trace_number) == ("", "75", "")
    assert refused.patient == PatientRecord("JUNE", "MOON", date(1980, 1, 2), "W1")


@pytest.mark.parametrize(
    ("decided", "action", "number"),
    [
        ("HCR*A4~REF*D9*FILE-3~", "A4", "FILE-3"),
        ("HCR*A4**0U~REF*D9*FILE-3~REF*NT*ADM-2~", "A4", "ADM-2"),
        ("HCR*A1*X~REF*BB*OLD-2~REF*D9*FILE-3~", "A1", "OLD-2"),
        ("HCR*A3**0M~", "A3", ""),
        ("STC*A3:Denial*20250309~REF*D9*FILE-3~", "A3", "FILE-3"),
    ],
)
def test_actions_and_numbers_as_payers_write_them(decided, action, number):
    (event,) = decisions(answered(ANSWER + EVENT.replace("HCR*A6*AUTH-7*0Z~REF*NT*ADM1~", decided)))
    assert (event.action, event.authorization_number) == (action, number)


def test_the_4010_shape_is_read_alike():
    text = (
        "278*0001~BHT*0078*11*REQ-1*20030312*0900*18~"
        + PARTIES
        + "HL*4*3*19*1~NM1*SJ*1*STONE*IVY****XX*1888888885~HL*5*4*SS*0~TRN*2*ASK-2*9CLINIC~UM*SC*I*3~HCR*A1*AUTH-9~"
        "DTP*472*D8*20030401~HI*BO:97110~HSD*VS*3~"
    )
    (service,) = decisions(enclosed(text, group="HI", guide="004010X094A1"))
    assert (service.action, service.procedure_code, service.units, service.provider_npi, service.decided_date) == (
        "A1",
        "97110",
        Decimal(3),
        "1888888885",
        date(2003, 3, 12),
    )


def test_an_answer_that_decides_nothing_is_said():
    assert records_of(answered(ANSWER + "HL*4*3*EV*1~TRN*2*ASK-1~UM*HS*I*3~")) == [Notice(3, "HCR", "missing_segment")]


def test_an_answer_sent_again_has_the_same_keys():
    first, again = (decisions(answered(ANSWER + EVENT + SERVICE, control)) for control in ("000000101", "000000999"))
    assert [decision.event_key for decision in first] == [decision.event_key for decision in again]
    assert first[0].event_key != first[1].event_key
