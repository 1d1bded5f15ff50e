"""Small 835 files in words: a balanced remittance of one payer, its claims given as segments."""

from upstream.ingestion.formats.x12 import read as read_all
from upstream.ingestion.formats.x12_835 import read
from upstream.ingestion.records import ClaimRecord, Notice, Record, RemittanceRecord

ISA = (
    "ISA*00*          *00*          *ZZ*HARBORADV      *ZZ*LAKESIDE       *250310*1200*^*00501*000000101*0*P*:~"
    "GS*HP*HARBORADV*LAKESIDE*20250310*1200*101*X*005010X221A1~"
)
PAYMENT = "BPR*I*{amount}*C*ACH************20250310~TRN*1*EFT77*1512345678~DTM*405*20250308~"
PARTIES = "N1*PR*Harbor Advantage*XV*HA001~N1*PE*Lakeside Orthopedics*XX*1999999984~"
PAID_CLAIM = (
    "CLP*A1*1*120*80*10*12*ICN1*11*1~NM1*QC*1*MOON*JUNE****MI*W1~DTM*232*20250301~DTM*050*20250303~"
    "SVC*HC:99213:25*120*80**1~DTM*472*20250301~CAS*CO*45*30~CAS*PR*1*10~REF*6R*L1~AMT*B6*90~"
)


def interchange(*transactions: str, control: str = "000000101") -> bytes:
    """The transactions in one group and one interchange, with right counts."""
    text = ISA.replace("000000101", control) + "".join(transactions)
    return (text + f"GE*{len(transactions)}*101~IEA*1*{control}~").encode("latin-1")


def transaction(*claims: str, amount: str = "80", control: str = "0001", tail: str = "") -> str:
    """One ST..SE of these claims, with the right segment count."""
    body = PAYMENT.format(amount=amount) + PARTIES + "LX*1~" + "".join(claims) + tail
    return f"ST*835*{control}~{body}SE*{body.count('~') + 2}*{control}~"


def remittance(*claims: str, amount: str = "80", tail: str = "") -> bytes:
    """A whole file with one 835."""
    return interchange(transaction(*claims, amount=amount, tail=tail))


def claims_of(data: bytes) -> list[ClaimRecord]:
    return [record for record in read([data]) if isinstance(record, ClaimRecord)]


def remittances_of(data: bytes) -> list[RemittanceRecord]:
    return [record for record in read([data]) if isinstance(record, RemittanceRecord)]


def notices_of(data: bytes) -> list[tuple[str, str]]:
    return [(record.field, record.code) for record in read([data]) if isinstance(record, Notice)]


def enclosed(*sets: str, group: str = "HN", guide: str = "005010X214", control: str = "000000101") -> bytes:
    """ST bodies ("277*0001*005010X214~BHT...~", without SE) in one group and one interchange, with right counts."""
    isa = ISA[: ISA.index("GS*")].replace("000000101", control)
    text = isa + f"GS*{group}*SUMMIT*LAKESIDE*20250310*1200*7*X*{guide}~"
    for body in sets:
        number = body.split("*", 2)[1].partition("~")[0]
        text += f"ST*{body}SE*{body.count('~') + 1}*{number}~"
    return (text + f"GE*{len(sets)}*7~IEA*1*{control}~").encode()


def records_of(data: bytes) -> list[Record]:
    """All that the router of all types reads."""
    return list(read_all([data]))
