"""Packets of evidence: asked for by a person with words and a clause, made by a worker, kept, and opened with a log."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Max

from upstream.alerts.models import Incident
from upstream.appeals.choices import WorkState
from upstream.appeals.evidence import evidence_of
from upstream.appeals.models import Packet, PromptPayRate
from upstream.appeals.packet_pdf import packet_pdf
from upstream.appeals.packet_sheets import packet_xlsx
from upstream.appeals.packet_word import packet_docx
from upstream.appeals.wording import Pattern, statement
from upstream.audit.services import record_access
from upstream.core import clock, crash, stages, storage, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.core.documents.pdf import paper_of
from upstream.core.errors import Conflict, DomainError, Invalid
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import tenant_keys

KEPT_AS = "packets"
FORMATS = ("pdf", "docx", "xlsx")
MAX_ATTEMPTS = 5
LONGEST = 8_000
LONGEST_SOURCE = 120
MOST_DAYS, MOST_PERCENT = 365, Decimal(60)


@dataclass(frozen=True)
class Rate:
    """What late payment is said to cost: days after submission, percent a year, where that is written, how sure."""

    days: int
    percent: Decimal
    source: str
    confidence: str = "low"


def rate_of(row: PromptPayRate) -> Rate:
    """A listed state's, as a packet names it."""
    note = f", {row.note}" if row.note else ""
    return Rate(row.days, row.percent, f"{row.place}{note}: {row.source}"[:LONGEST_SOURCE], row.confidence)


def statement_of(incident: Incident) -> str:
    """What a packet would say of the incident, to be changed by a person."""
    return statement(Pattern(
        title=incident.title, metric=incident.metric, onset=incident.onset_week, until=incident.last_as_of,
        usual=incident.usual_rate, rate=incident.rate, low=incident.rate_low, high=incident.rate_high,
        observed=incident.observed, decided=incident.decided, expected=incident.expected,
    ))  # fmt: skip


@transaction.atomic
def ask(
    incident: Incident,
    *,
    actor: str,
    statement: str = "",
    clause: str = "",
    clause_source: str = "",
    rate: Rate | None = None,
) -> Packet:
    """The incident's next packet, waiting for a worker; one that still waits is taken as it is.

    A blank statement is the one that the incident itself gives. Invalid for text that is too long, a rate out of range
    or without a word on where it is written, or an incident without claims.
    """  # fmt: skip
    words = {
        "statement": statement.strip() or statement_of(incident),
        "clause": clause.strip(),
        "clause_source": " ".join(clause_source.split()),
    }
    _check(words, rate)
    if not incident.members.exists():
        raise Invalid("no_claims", "no claim stands behind this incident")
    one_at_a_time("packets", tenancy.required())
    waiting: Packet | None = Packet.objects.filter(incident=incident, state=WorkState.DUE).first()
    if waiting is not None:
        return waiting
    last = Packet.objects.filter(incident=incident).aggregate(last=Max("number"))["last"] or 0
    made = Packet(
        incident=incident, number=last + 1, as_of=clock.today(bound_organization().time_zone),
        requested_by=actor[:80], requested_at=clock.now(),
    )  # fmt: skip
    if rate is not None:
        made.interest_days, made.interest_percent = rate.days, rate.percent
        made.interest_source, made.interest_confidence = rate.source[:LONGEST_SOURCE], rate.confidence
    made.seal_in("sealed_words", words, tenant_keys())
    made.save()
    subject = f"packet:{made.public_id}"
    record_access(actor=actor, action="packet.ask", subject=subject, records=0, purpose="show a payer")
    stages.nudge()
    return made


def _check(words: dict[str, str], rate: Rate | None) -> None:
    if any(len(text) > LONGEST for text in words.values()) or len(words["clause_source"]) > LONGEST_SOURCE:
        raise Invalid("text", f"a statement and a clause have at most {LONGEST:,} characters each")
    if words["clause"] and not words["clause_source"]:
        raise Invalid("clause_source", "say where the clause stands: contract, section, date")
    if rate is None:
        return
    if not 1 <= rate.days <= MOST_DAYS or not 0 < rate.percent <= MOST_PERCENT:
        raise Invalid("rate", f"1 to {MOST_DAYS} days, and a rate above 0 and up to {MOST_PERCENT} percent")
    if not rate.source.strip():
        raise Invalid("rate_source", "say where the days and the rate are written")


def take(packet_id: int) -> bool:
    """The packet's three files are stored and its sums stand in its row; False when it is not due.

    Tried at most five times, then FAILED with the code of what stood in the way.
    """
    with transaction.atomic():
        due = Packet.objects.filter(pk=packet_id, state=WorkState.DUE)
        if not due.update(attempts=F("attempts") + 1):
            return False
        packet: Packet = Packet.objects.select_related("incident__payer").get(pk=packet_id)
    crash.point("after_claim")
    try:
        _make(packet)
    except DomainError as exc:
        state = WorkState.FAILED if packet.attempts >= MAX_ATTEMPTS else WorkState.DUE
        with transaction.atomic():
            due.update(state=state, error_code=exc.code[:60])
    return True


def _make(packet: Packet) -> None:
    with transaction.atomic():
        keys, paper = tenant_keys(), paper_of(bound_organization().paper)
        found = evidence_of(packet, packet.opened("sealed_words", keys))
    files = {
        "pdf": packet_pdf(found, paper),
        "docx": packet_docx(found, paper),
        "xlsx": packet_xlsx(found),
    }
    stored = {kind: storage.put(KEPT_AS, [content], keys)[0] for kind, content in files.items()}
    crash.point("after_artifact_write")
    with transaction.atomic():
        Packet.objects.filter(pk=packet.pk, state=WorkState.DUE).update(
            state=WorkState.DONE, files=stored, claims=len(found.rows), total_cents=found.total_cents,
            interest_cents=found.interest_cents, content_hash=found.content_hash, made_at=clock.now(), error_code="",
        )  # fmt: skip


def open_file(packet: Packet, file_format: str, *, actor: str) -> bytes:
    """One file of the packet, once that stands in the access log with how many claims it names. In a transaction.

    Conflict when it is not made yet.
    """
    if file_format not in packet.files:
        raise Conflict("not_ready", "the packet is not made yet")
    record_access(
        actor=actor, action=f"download_packet_{file_format}", subject=f"packet:{packet.public_id}",
        records=packet.claims, purpose="show a payer",
    )  # fmt: skip
    return storage.read_whole(KEPT_AS, packet.files[file_format], tenant_keys())


def name_of(packet: Packet) -> str:
    """What its files are called."""
    return f"evidence-{str(packet.incident.public_id)[-8:]}-{packet.number}"
