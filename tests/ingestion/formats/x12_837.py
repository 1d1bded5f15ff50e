"""Small 837 files: parts in words, and a generator of whole claims that knows what must be read back."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.ingestion.formats.x12 import enclosed, records_of
from upstream.ingestion.records import ClaimRecord, LineRecord, Notice, PatientRecord

HEADER = (
    "837*0001*005010X222A1~BHT*0019*00*B1*20250310*1200*CH~NM1*41*2*LAKESIDE*****46*L1~PER*IC*DESK*TE*5551234~"
    "NM1*40*2*CLEARING*****46*C1~"
)
PROVIDER = (
    "HL*1**20*1~PRV*BI*PXC*207X00000X~NM1*85*2*LAKESIDE ORTHOPEDICS*****XX*1999999984~N3*1 LAKE RD~"
    "N4*LAKESIDE*OH*43001~REF*EI*123456789~"
)
SUBSCRIBER = (
    "HL*2*1*22*0~SBR*P*18*******CI~NM1*IL*1*MOON*JUNE****MI*W1~N3*1 ELM ST~N4*LAKESIDE*OH*43001~DMG*D8*19800102*F~"
    "NM1*PR*2*SUMMIT MUTUAL*****PI*SM001~"
)
CLAIM = (
    "CLM*A-1*150***11:B:1*Y*A*Y*Y~DTP*431*D8*20250110~REF*G1*AUTH-7~HI*ABK:M545*ABF:I10~"
    "NM1*82*1*STONE*IVY****XX*1888888885~PRV*PE*PXC*207X00000X~NM1*77*2*LAKESIDE EAST*****XX*1777777776~"
    "LX*1~SV1*HC:99213:25*100*UN*1***1~DTP*472*D8*20250301~REF*6R*L1~"
    "LX*2~SV1*HC:97110:GP:59*50*UN*2***1~DTP*472*RD8*20250228-20250301~REF*6R*L2~"
)
BEFORE = HEADER + PROVIDER + SUBSCRIBER


def sent(text: str, *more: str, control: str = "000000101", guide: str = "005010X222A1") -> bytes:
    """A whole file with one 837 or more of these bodies."""
    return enclosed(text, *more, group="HC", guide=guide, control=control)


def claims_of(data: bytes) -> list[ClaimRecord]:
    return [record for record in records_of(data) if isinstance(record, ClaimRecord)]


def notices_of(data: bytes) -> list[tuple[str, str]]:
    return [(record.field, record.code) for record in records_of(data) if isinstance(record, Notice)]


days = st.dates(date(2000, 1, 1), date(2039, 12, 31))
ids = st.text("ABC0123456789-", max_size=12).map("N{}".format)
names = st.text("ABÑZ' .-", max_size=12).map("A{}Z".format)
npis = st.integers(10**9, 2 * 10**9).map(str)
codes = st.integers(10**4, 10**5 - 1).map(str)
modifiers = st.lists(st.sampled_from(["25", "59", "LT", "RT", "GP"]), max_size=4, unique=True)


def dollars(cents: int) -> str:
    """As billing systems write amounts: no trailing zeros."""
    return f"{Decimal(cents) / 100:f}".rstrip("0").rstrip(".") if cents % 100 else str(cents // 100)


@st.composite
def lines(draw: st.DrawFn, number: int, form: str) -> LineRecord:
    return LineRecord(
        number=number,
        procedure_code=draw(codes),
        modifiers=":".join(draw(modifiers)),
        revenue_code=f"0{draw(st.integers(100, 999))}" if form == "SV2" else "",
        units=Decimal(draw(st.integers(1, 99))),
        service_date=draw(days),
        billed_cents=draw(st.integers(0, 10**7)),
        line_control=draw(ids),
    )


@st.composite
def claims(draw: st.DrawFn) -> tuple[str, ClaimRecord]:
    """The form of the claim (SV1, SV2 or SV3) and the record that must be read; its position is not known yet."""
    form = draw(st.sampled_from(["SV1", "SV2", "SV3"]))
    number, frequency = draw(ids), draw(st.sampled_from("178"))
    held = [draw(lines(place + 1, form)) for place in range(draw(st.integers(1, 3)))]
    priced = max(held, key=lambda line: line.billed_cents)
    return form, ClaimRecord(
        position=0,
        claim_number=number,
        payer_name=draw(names),
        payer_id=draw(ids),
        product=draw(st.sampled_from(["CI", "BL", "ZZ"])),
        procedure_code=priced.procedure_code,
        diagnosis=draw(st.sampled_from(["M54.5", "I10", "S72.001A", ""])),
        location=draw(names),
        submitted_date=date(2025, 3, 10),
        service_date=min(line.service_date for line in held if line.service_date),
        frequency_code=frequency,
        original_control_number=draw(ids) if frequency != "1" else "",
        payer_order=draw(st.integers(1, 3)),
        billed_cents=sum(line.billed_cents for line in held),
        place_of_service="" if form == "SV2" else draw(st.sampled_from(["11", "22", "02"])),
        rendering_npi=draw(npis),
        billing_npi=draw(npis),
        authorization_number=draw(st.one_of(st.just(""), ids)),
        lines=held,
        patient=PatientRecord(draw(names), draw(names), draw(days) - timedelta(9_000), draw(ids), number),
    )


def written(form: str, claim: ClaimRecord, *, dependent: bool) -> str:
    """The claim as a body of HL loops of its own provider, subscriber and, if `dependent`, patient."""
    patient = claim.patient
    assert patient is not None
    assert patient.birth_date is not None
    person = f"{patient.last_name}*{patient.first_name}"
    born = f"DMG*D8*{patient.birth_date:%Y%m%d}*U~"
    order = "PST"[claim.payer_order - 1]
    text = f"HL*1**20*1~NM1*85*2*{claim.location}*****XX*{claim.billing_npi}~N3*1 LAKE RD~"
    text += f"HL*2*1*22*{int(dependent)}~SBR*{order}*{'' if dependent else '18'}*******{claim.product}~"
    text += f"NM1*IL*1*{'PARENT*PAT' if dependent else person}****MI*{patient.member_id}~{'' if dependent else born}"
    text += f"NM1*PR*2*{claim.payer_name}*****PI*{claim.payer_id}~"
    text += f"HL*3*2*23*0~PAT*19~NM1*QC*1*{person}~{born}" if dependent else ""
    place = "13:A" if form == "SV2" else f"{claim.place_of_service}:B"
    text += f"CLM*{claim.claim_number}*{dollars(claim.billed_cents)}***{place}:{claim.frequency_code}*Y*A*Y*Y~"
    text += f"REF*F8*{claim.original_control_number}~" if claim.original_control_number else ""
    text += f"REF*G1*{claim.authorization_number}~" if claim.authorization_number else ""
    text += f"HI*ABK:{claim.diagnosis.replace('.', '')}~" if claim.diagnosis else ""
    text += f"NM1*82*1*STONE*IVY****XX*{claim.rendering_npi}~SBR*S*18*******CI~NM1*PR*2*OTHER*****PI*9~REF*F8*NOT-OURS~"
    return text + "".join(_line(form, line) for line in claim.lines)


def _line(form: str, line: LineRecord) -> str:
    code = ":".join(filter(None, ("AD" if form == "SV3" else "HC", line.procedure_code, line.modifiers)))
    charge = dollars(line.billed_cents)
    service = {
        "SV1": f"SV1*{code}*{charge}*UN*{line.units}***1~",
        "SV2": f"SV2*{line.revenue_code}*{code}*{charge}*UN*{line.units}~",
        "SV3": f"SV3*{code}*{charge}****{line.units}~",
    }[form]
    return f"LX*{line.number}~{service}DTP*472*D8*{line.service_date:%Y%m%d}~REF*6R*{line.line_control}~"
