"""Makers of denied claims with invented people, and of letters on them."""

from datetime import date
from typing import Any
from uuid import UUID

from tests import factories
from tests.factories import NOON
from upstream.alerts.models import Incident
from upstream.appeals import batches, services
from upstream.appeals.drafting import draft
from upstream.appeals.models import Letter, Packet
from upstream.appeals.rules import Sent
from upstream.appeals.templates import put_in
from upstream.claims.choices import Outcome
from upstream.claims.models import Claim, ClaimIdentity, Patient, Payer, ServiceLine
from upstream.claims.models.identity import packed
from upstream.core import clock
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import tenant_keys

BY = "user:00000000-0000-0000-0000-000000000001"
PERSON = ("Robin", "Example", "1971-04-09", "SMX000123456", "AC-88120")


def patient(first: str = "Robin", member: str = "SMX000123456") -> Patient:
    """Robin Example, born on 9 April 1971."""
    keys = tenant_keys()
    key = keys.index("member_id", member)
    plain = packed(first, *PERSON[1:3], member, PERSON[4])
    sealed = keys.seal(plain, Patient.TABLE, "sealed", key)
    found, _ = Patient.objects.get_or_create(
        key_bidx=key, defaults={"sealed": sealed, "member_bidx": key, "fingerprint": keys.mark(plain)}
    )
    return found


def identify(claim: Claim, number: str, control: str = "", authorization: str = "") -> Claim:
    """The claim's numbers are known, sealed."""
    keys = tenant_keys()
    plain = packed(number, control, authorization, "")
    sealed = keys.seal(plain, ClaimIdentity.TABLE, "sealed", bytes(claim.number_bidx))
    ClaimIdentity.objects.create(
        claim=claim, number_bidx=claim.number_bidx, sealed=sealed, fingerprint=keys.mark(plain)
    )
    return claim


def denied(of_payer: Payer, number: str = "LK-1", *, known: bool = True, **fields: Any) -> Claim:
    """A knee MRI of $980, submitted on 14 January 2026, denied with CO-197 on 3 February, of Robin Example."""
    values: dict[str, Any] = {
        "procedure_code": "73721", "diagnosis": "M23.51", "submitted_date": date(2026, 1, 14),
        "service_date": date(2026, 1, 12), "billed_cents": 98_000, "allowed_cents": 0, "paid_cents": 0,
        "outcome": Outcome.DENIED, "decided_date": date(2026, 2, 3), "denial_group": "CO", "denial_carc": "197",
        "denial_category": "AUTH", "patient": patient() if known else None,
    }  # fmt: skip
    made = factories.claim(of_payer, number, **{**values, **fields})
    ServiceLine.objects.create(
        claim=made, number=1, procedure_code="73721", modifiers="RT", units=1, service_date=made.service_date,
        billed_cents=made.billed_cents, known_at=NOON,
    )  # fmt: skip
    return identify(made, number, f"ICN{number}") if known else made


def letter(of_claim: Claim, *, actor: str = BY, **fields: Any) -> Letter:
    """A draft on the claim."""
    made, _ = draft(of_claim, actor=actor, **fields)
    return made


def one_of_each(of_payer: Payer, incident: Incident) -> dict[str, UUID]:
    """Public ids of a letter, a batch, a template and a packet, by the words that their addresses begin with."""
    words = {"statement": "Known to Lakeside alone", "clause": "", "clause_source": ""}
    packet = Packet(incident=incident, number=1, as_of=NOON.date(), requested_by=BY, requested_at=NOON)
    packet.seal_in("sealed_words", words, tenant_keys())
    packet.save()
    claims = [denied(of_payer, "LK-8"), denied(of_payer, "LK-9")]
    batch = batches.start(actor=BY, claims=claims)
    sent = letter(claims[0])
    services.move(sent, to_state="ready", version=1, actor=BY)
    day = clock.today(bound_organization().time_zone)
    services.move(sent, to_state="sent", version=2, actor=BY, sent=Sent("fax", day, "FX-1"))
    return {
        "letter": letter(claims[1]).public_id,
        "letterset": batch.public_id,
        "template": put_in(subject="AUTH", words="Known to Lakeside alone.", actor=BY).public_id,
        "packet": packet.public_id,
    }
