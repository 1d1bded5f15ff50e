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


PAID_835 = (
    "CLP*C1*1*100*64*16*12*ICN1*11~NM1*QC*1*LOVELACE*ADA****MI*M100~DTM*232*20260227"
    "~SVC*HC:99213*100*64**1~CAS*CO*45*20~CAS*PR*2*16~AMT*B6*80"
)
DENIED_835 = "CLP*C2*1*900*0**12*ICN2*11~DTM*232*20260227~SVC*HC:73721*900*0**1~CAS*CO*197*900"


REVERSAL = "CLP*C1*22*-100*-64**12*ICN1*11~DTM*232*20260227~SVC*HC:99213*-100*-64**1~CAS*CO*45*-20~CAS*PR*2*-16"
CORRECTION = "CLP*C1*1*100*70*10*12*ICN3*11~DTM*232*20260227~SVC*HC:99213*100*70**1~CAS*CO*45*20~CAS*PR*2*10"
