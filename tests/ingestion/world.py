"""Small files, and what the bound practice holds after them."""

from datetime import UTC, datetime

from upstream.claims.models import (
    Adjudication,
    Adjustment,
    Claim,
    ClaimIdentity,
    ClaimRevision,
    Patient,
    PayerWeek,
    Remittance,
    ServiceLine,
)
from upstream.ingestion import services
from upstream.ingestion.models import Batch

MAY = datetime(2026, 5, 1, 12, tzinfo=UTC)
HEADER = (
    "claim_id,payer,procedure_code,diagnosis,location,submitted_date,decided_date,status,denial_reason"
    ",billed,allowed,paid"
)
PHI = ",patient_first_name,patient_last_name,patient_birth_date,member_id,patient_account"


def load(text: str | bytes, known_at: datetime | None = None, name: str = "file.csv") -> Batch:
    content = text.encode() if isinstance(text, str) else text
    batch, _ = services.receive([content], name=name, received_from="test", known_at=known_at)
    services.load(batch.pk)
    return Batch.objects.get(pk=batch.pk)


def csv_of(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def paid(number: str = "C1", day: str = "2026-03-02") -> str:
    return f"{number},Summit Mutual,99213,M54.50,Main,{day},2026-03-16,paid,,100.00,80.00,64.00"


def denied(number: str = "C1", day: str = "2026-03-02", decided: str = "2026-03-20") -> str:
    return f"{number},Summit Mutual,73721,M17.11,Main,{day},{decided},denied,CO-197,900.00,,0.00"


def pending(number: str = "C1", day: str = "2026-03-02") -> str:
    return f"{number},Summit Mutual,99213,M54.50,Main,{day},,pending,,100.00,,"


def counts() -> dict[str, int]:
    models = (
        Claim,
        Adjudication,
        Adjustment,
        ServiceLine,
        ClaimIdentity,
        Patient,
        ClaimRevision,
        Remittance,
        PayerWeek,
    )
    return {model.__name__: model.objects.count() for model in models}


def x12(*claims: str, amount: str, plb: str = "", check: str = "CHK1", control: str = "000000001") -> bytes:
    """One 835 with these CLP loops; segments are counted, so that nothing is noticed."""
    body = [
        "ST*835*0001",
        f"BPR*I*{amount}*C*ACH*CCP*01*111*DA*1*1512345678**01*222*DA*2*20260320",
        f"TRN*1*{check}*1512345678",
        "DTM*405*20260319",
        "N1*PR*SUMMIT MUTUAL*XV*DSM01",
        "N1*PE*LAKESIDE*XX*1234567893",
        "LX*1",
        *[segment for claim in claims for segment in claim.split("~") if segment],
        *([plb] if plb else []),
    ]
    segments = [
        f"ISA*00*          *00*          *ZZ*PAYER          *ZZ*PROVIDER       *260320*1200*^*00501*{control}*0*P*:",
        f"GS*HP*PAYER*PROVIDER*20260320*1200*{int(control)}*X*005010X221A1",
        *body,
        f"SE*{len(body) + 1}*0001",
        f"GE*1*{int(control)}",
        f"IEA*1*{control}",
    ]
    return ("~".join(segments) + "~").encode()


def sent(*claims: tuple[str, str, str], day: str = "20260303") -> bytes:
    """One 837 with these claims: (number, frequency, the payer's number of the claim that it replaces)."""
    body = [
        "ST*837*0001*005010X222A1", f"BHT*0019*00*1*{day}*1200*CH", "NM1*41*2*LAKESIDE*****46*L1",
        "NM1*40*2*CLEARING*****46*C1", "HL*1**20*1", "NM1*85*2*LAKESIDE*****XX*1234567893", "HL*2*1*22*0",
        "SBR*P*18*******CI", "NM1*IL*1*LOVELACE*ADA****MI*M100", "NM1*PR*2*SUMMIT MUTUAL*****PI*DSM01",
    ]  # fmt: skip
    for number, frequency, replaced in claims:
        body += [f"CLM*{number}*100***11:B:{frequency}*Y*A*Y*Y", *([f"REF*F8*{replaced}"] if replaced else [])]
        body += ["HI*ABK:M5450", "LX*1", "SV1*HC:99213*100*UN*1***1", "DTP*472*D8*20260227"]
    whole = [
        f"ISA*00*          *00*          *ZZ*LAKESIDE       *ZZ*CLEARING       *{day[2:]}*1200*^*00501*000000007*0*P*:",
        f"GS*HC*LAKESIDE*CLEARING*{day}*1200*7*X*005010X222A1",
        *body,
        f"SE*{len(body) + 1}*0001",
        "GE*1*7",
        "IEA*1*000000007",
    ]
    return ("~".join(whole) + "~").encode()


PAID_835 = (
    "CLP*C1*1*100*64*16*12*ICN1*11~NM1*QC*1*LOVELACE*ADA****MI*M100~DTM*232*20260227"
    "~SVC*HC:99213*100*64**1~CAS*CO*45*20~CAS*PR*2*16~AMT*B6*80"
)
DENIED_835 = "CLP*C2*1*900*0**12*ICN2*11~DTM*232*20260227~SVC*HC:73721*900*0**1~CAS*CO*197*900"


REVERSAL = "CLP*C1*22*-100*-64**12*ICN1*11~DTM*232*20260227~SVC*HC:99213*-100*-64**1~CAS*CO*45*-20~CAS*PR*2*-16"
CORRECTION = "CLP*C1*1*100*70*10*12*ICN3*11~DTM*232*20260227~SVC*HC:99213*100*70**1~CAS*CO*45*20~CAS*PR*2*10"
