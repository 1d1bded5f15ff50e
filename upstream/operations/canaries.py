"""Recognisable values, put into every entry that real ones come through, so that a leak can be searched for.

Each value is unlike any word or number of the product. What is searched for afterwards: none of them, in any encoding,
outside of what is sealed.
"""

import io
import json
import zipfile
from collections.abc import Iterator

from django.db import transaction

from upstream.alerts import services as alerts
from upstream.alerts.choices import IncidentState
from upstream.alerts.queries import open_incidents
from upstream.ingestion import archives
from upstream.ingestion import services as ingestion

CANARIES = {
    "first_name": "Zyxanthe",
    "last_name": "Quorvathian",
    "birth_date": "1903-07-13",
    "member_id": "CNRYMBR7Q4Z81",
    "account": "CNRYACC5K2W93",
    "claim_number": "CNRYCLM8J6X27",
    "control_number": "CNRYICN3V9B64",
    "authorization": "CNRYAUT2D7N58",
    "record_number": "CNRYMRN6T1P35",
    "rejected_row": "CNRYREJ4H8M19",
    "header_row": "CNRYHDR9F3S72",
    "note": "CNRYNOT1L5G46",
}
FILE_NAME = "{last_name} {first_name} {birth_date} {member_id}.csv"
HEADER = (
    "claim_id,payer,procedure_code,diagnosis,location,submitted_date,decided_date,status,denial_reason,billed,allowed,"
    "paid,original_claim_id,authorization_number,patient_account,patient_first_name,patient_last_name,"
    "patient_birth_date,member_id"
)
ROW = (
    "{claim_number}{n},Summit Mutual,99213,M54.5,Main Street,2026-02-{n:02},2026-03-02,denied,CO-197,100.00,0.00,0.00"
    ",,{authorization},{account},{first_name},{last_name},{birth_date},{member_id}"
)
BAD = "{rejected_row},,,,,not a date,,{last_name},,,,,,,{account},{first_name},{last_name},{birth_date},{member_id}"
HEADERLESS = "{header_row},{last_name},{first_name},{birth_date},{member_id},{account}\n"
REMITTANCE = (
    "ISA*00*          *00*          *ZZ*SUMMITMUTUAL   *ZZ*PRACTICE       *260302*1200*^*00501*000000901*0*P*:",
    "GS*HP*SUMMIT*PRACTICE*20260302*1200*1*X*005010X221A1",
    "ST*835*0001",
    "BPR*I*75*C*ACH*CCP*01*999999999*DA*1234*1512345678**01*999999999*DA*5678*20260302",
    "TRN*1*902101*1512345678",
    "DTM*405*20260302",
    "N1*PR*Summit Mutual",
    "N1*PE*Practice*XX*1234567893",
    "LX*1",
    "CLP*{claim_number}R*1*100*80**12*{control_number}*11*1",
    "NM1*QC*1*{last_name}*{first_name}****MI*{member_id}",
    "NM1*IL*1*{last_name}*{first_name}****MI*{member_id}",
    "NM1*74*1*{last_name}*{first_name}****C*{member_id}",
    "REF*EA*{record_number}",
    "REF*G1*{authorization}",
    "DTM*232*20260220",
    "SVC*HC:99213*100*80**1",
    "DTM*472*20260220",
    "CAS*CO*45*20",
    "PLB*1234567893*20261231*FB:{claim_number}*5",
    "SE*19*0001",
    "GE*1*1",
    "IEA*1*000000901",
)


NPI = {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}


def _answers() -> bytes:
    """FHIR: an explanation of benefit with its patient inside, a prior authorization, and a line that is cut."""
    patient = {
        "resourceType": "Patient",
        "id": "p",
        "name": [{"family": CANARIES["last_name"], "given": [CANARIES["first_name"]]}],
        "birthDate": CANARIES["birth_date"],
        "identifier": [{"type": {"coding": [{"code": "MB"}]}, "value": CANARIES["member_id"]}],
    }
    answer = {
        "resourceType": "ExplanationOfBenefit",
        "contained": [patient],
        "identifier": [
            {"type": {"coding": [{"code": "uc"}]}, "value": CANARIES["control_number"] + "F"},
            {"value": CANARIES["record_number"]},
        ],
        "status": "active",
        "use": "claim",
        "patient": {"reference": "#p", "display": CANARIES["last_name"]},
        "created": "2026-03-02",
        "insurer": {"display": "Summit Mutual"},
        "provider": {"identifier": NPI},
        "outcome": "complete",
        "supportingInfo": [
            {
                "category": {"coding": [{"code": "patientaccountnumber"}]},
                "valueString": CANARIES["claim_number"] + "F",
            }
        ],
        "insurance": [{"focal": True, "preAuthRef": [CANARIES["authorization"]]}],
        "total": [
            {"category": {"coding": [{"code": "submitted"}]}, "amount": {"value": 100}},
            {"category": {"coding": [{"code": "benefit"}]}, "amount": {"value": 80}},
        ],
    }
    text = json.dumps(answer)
    return "\n".join([text, text.replace('"claim"', '"preauthorization"'), text[:-20]]).encode()


def _archive(name: str) -> bytes:
    """A zip whose file has a name and rows that name a person."""
    out = io.BytesIO()
    row = ROW.format(n=21, **CANARIES).replace("2026-02-21", "2026-02-20")
    with zipfile.ZipFile(out, "w") as packed:
        # A day of its own, so that the same archive is made at any time.
        member = zipfile.ZipInfo(f"{CANARIES['last_name']}/inside {name}", (2026, 3, 3, 0, 0, 0))
        packed.writestr(member, "\n".join([HEADER, row, ""]))
    return out.getvalue()


def _interchange(kind: str, group: str, guide: str, *body: str) -> str:
    """One transaction with its envelope; braces are filled in by the canaries."""
    segments = [
        "ISA*00*          *00*          *ZZ*SUMMITMUTUAL   *ZZ*PRACTICE       *260303*1200*^*00501*000000902*0*P*:",
        f"GS*{group}*SUMMIT*PRACTICE*20260303*1200*2*X*{guide}",
        f"ST*{kind}*0001*{guide}",
        *body,
        f"SE*{len(body) + 2}*0001",
        "GE*1*2",
        "IEA*1*000000902",
    ]
    return "~\n".join([*segments, ""])


PATIENT = "NM1*{role}*1*{last_name}*{first_name}****MI*{member_id}"
BORN = "DMG*D8*19030713*F"
TURNED_AWAY = _interchange(
    "277", "HN", "005010X214",
    "BHT*0085*08*1*20260303*1200*TH", "HL*1**20*1", "NM1*PR*2*Summit Mutual*****PI*DSM01", "HL*2*1*21*1",
    "NM1*41*2*PRACTICE*****46*P1", "HL*3*2*19*1", "NM1*85*2*PRACTICE*****XX*1234567893", "HL*4*3*PT",
    PATIENT.replace("{role}", "QC"), "TRN*2*{claim_number}1", "STC*A7:21*20260303*U*100", "REF*1K*{control_number}",
)  # fmt: skip
APPROVED = _interchange(
    "278", "HI", "005010X217",
    "BHT*0007*11*{authorization}T*20260303*1200*18", "HL*1**20*1", "NM1*X3*2*Summit Mutual*****PI*DSM01", "HL*2*1*21*1",
    "NM1*1P*2*PRACTICE*****XX*1234567893", "HL*3*2*22*1", PATIENT.replace("{role}", "IL"), BORN, "HL*4*3*EV*0",
    "TRN*2*{authorization}*9SUMMIT", "HCR*A1*{authorization}", "REF*BB*{authorization}", "DTP*472*D8*20260310",
    "SV1*HC:73721*900*UN*1",
)  # fmt: skip
COVERED = _interchange(
    "271", "HB", "005010X279A1",
    "BHT*0022*11*{account}*20260303*1200", "HL*1**20*1", "NM1*PR*2*Summit Mutual*****PI*DSM01", "HL*2*1*21*1",
    "NM1*1P*2*PRACTICE*****XX*1234567893", "HL*3*2*22*0", "TRN*2*{account}*9SUMMIT", PATIENT.replace("{role}", "IL"),
    BORN, "DTP*291*D8*20260301", "EB*1**30**GOLD PLAN",
)  # fmt: skip
BILLED = _interchange(
    "837", "HC", "005010X222A1",
    "BHT*0019*00*{account}*20260303*1200*CH", "NM1*41*2*PRACTICE*****46*P1", "NM1*40*2*CLEARING*****46*C1",
    "HL*1**20*1", "NM1*85*2*PRACTICE*****XX*1234567893", "HL*2*1*22*0", "SBR*P*18*******CI",
    PATIENT.replace("{role}", "IL"), BORN, "NM1*PR*2*Summit Mutual*****PI*DSM01",
    "CLM*{claim_number}P*100***11:B:7*Y*A*Y*Y", "REF*F8*{control_number}", "REF*G1*{authorization}",
    "REF*EA*{record_number}", "HI*ABK:M545", "LX*1", "SV1*HC:99213*100*UN*1***1", "DTP*472*D8*20260220",
    "REF*6R*{record_number}L",
)  # fmt: skip


def files() -> Iterator[tuple[str, bytes]]:
    """Names and contents: claims with a bad row, a remittance, a table whose first row is no header, FHIR answers with
    a bad line, an archive."""
    rows = [ROW.format(n=n, **CANARIES) for n in range(1, 21)]
    name = FILE_NAME.format(**CANARIES)
    yield name, "\n".join([HEADER, *rows, BAD.format(**CANARIES), ""]).encode()
    yield f"835 of {name}", "~\n".join([*REMITTANCE, ""]).format(**CANARIES).encode()
    for told in (TURNED_AWAY, APPROVED, COVERED, BILLED):
        yield f"X12 of {name}", told.format(**CANARIES).encode()
    yield f"table of {name}", HEADERLESS.format(**CANARIES).encode() * 3
    yield f"answers of {name}", _answers()
    yield f"archive of {name}", _archive(name)


def plant() -> dict[str, int]:
    """Land and load the files, and write a note at an open incident of the bound practice; what was planted."""
    planted = {"files": 0, "notes": 0}
    for name, content in files():
        batch, _ = ingestion.receive([content], name=name, received_from="command:plant_canaries")
        ingestion.load(batch.pk)
        with transaction.atomic():
            inside = [member.batch_id for member in archives.members_of(batch) if member.batch_id]
        for part in inside:
            ingestion.load(part)
        planted["files"] += 1
    with transaction.atomic():
        found = open_incidents().filter(state=IncidentState.NEW).first()
        if found is not None:
            actor, note = "command:plant_canaries", CANARIES["note"]
            alerts.move(found, to_state=IncidentState.ACKNOWLEDGED, actor=actor, note=note)
            planted["notes"] = 1
    return planted
