"""Plain makers of rows: no surprises, everything that matters to a test is an argument."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from upstream.authorizations.models import Entry
from upstream.claims.choices import Outcome
from upstream.claims.models import Authorization, Claim, ClaimMatch, Payer, PayerMove
from upstream.claims.models.identity import packed
from upstream.claims.queries import NEVER
from upstream.delivery.choices import Event
from upstream.delivery.models import Endpoint
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch, Rejection, Source, rejection_place
from upstream.ingestion.sources.services import add_source
from upstream.tenants import services
from upstream.tenants.accounts import drafts
from upstream.tenants.choices import Role
from upstream.tenants.models import Draft, Membership, Organization
from upstream.watchers.models import Trouble

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PASSWORD = "a long enough password"
_count = itertools.count(1)


def organization(slug: str = "", name: str = "") -> Organization:
    """A practice with its secret; nothing is bound afterwards."""
    slug = slug or f"practice-{next(_count)}"
    return services.create_organization(slug=slug, name=name or slug.title())


def member(role: str = Role.MANAGER, email: str = "", password: str = PASSWORD) -> Membership:
    """A person with this role in the bound practice."""
    return services.add_member(email=email or f"person{next(_count)}@example.test", role=role, password=password)


def draft(of: Membership) -> Draft:
    """Words that this member had typed when their session ended."""
    drafts.keep(of, "/portal/data/", {"note": "Known to Lakeside alone"})
    return Draft.objects.get(member=of)


def payer(name: str = "") -> Payer:
    name = name or f"Payer {next(_count)}"
    return Payer.objects.create(name=name, name_key=name.upper())


def decision(of_payer: Payer, **fields: Any) -> PayerMove:
    """Somebody said that this is a payer of its own."""
    values: dict[str, Any] = {
        "decided": "own",
        "state": "done",
        "source": of_payer,
        "target": of_payer,
        "actor": "command:test",
        "at": NOON,
        "done_at": NOON,
    }
    return PayerMove.objects.create(**{**values, **fields})


def batch(**fields: Any) -> Batch:
    """A loaded file of the bound practice."""
    sha256 = f"{next(_count):064x}"
    keys = services.tenant_keys()
    values: dict[str, Any] = {
        "sha256": sha256,
        "size": 100,
        "format": "csv",
        "sealed_name": keys.seal(b"claims.csv", Batch.TABLE, "sealed_name", sha256.encode()),
        "state": BatchState.LOADED,
        "received_at": NOON,
        "loaded_at": NOON,
        "received_from": "test",
    }
    return Batch.objects.create(**{**values, **fields})


def match(of_payer: Payer) -> ClaimMatch:
    """A remitted claim and the practice's claim that it is taken for."""
    ours, told = claim(of_payer), claim(of_payer, facts_known_at=NEVER)
    values = {"agreed": "service date, number, charge", "made_at": NOON, "family_before": told.number_bidx}
    return ClaimMatch.objects.create(remitted=told, claim=ours, **values)


def source(name: str = "", **fields: Any) -> Source:
    """A watched folder of the bound practice that is asked every hour."""
    told = {"kind": "folder", "values": {"folder": "inbox"}, "schedule_words": "hourly", "time_zone": "UTC"}
    made = add_source(name=name or f"Source {next(_count)}", **{**told, **fields})
    made.next_run_at = made.created_at + timedelta(hours=1)
    made.save()
    return made


def endpoint(name: str = "", url: str = "https://127.0.0.1/told", kind: str = "webhook", **fields: Any) -> Endpoint:
    """A channel of the bound practice that asks for every event; its address is not looked at."""
    events = [event.value for event in Event]
    made = Endpoint(
        kind=kind, name=name or f"Channel {next(_count)}", host="127.0.0.1", events=events, created_at=NOON, **fields
    )
    made.seal(services.tenant_keys(), url=url, secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    made.save()
    return made


def rejection(of_batch: Batch, position: int = 3, raw: bytes = b"A1,,,", **fields: Any) -> Rejection:
    """A row of the file that waits because its amount cannot be read."""
    place = rejection_place(of_batch.sha256, position)
    sealed = services.tenant_keys().seal(raw, Rejection.TABLE, "sealed_raw", place)
    values: dict[str, Any] = {"position": position, "field": "billed", "code": "bad_amount", "sealed_raw": sealed}
    return Rejection.objects.create(batch=of_batch, **{**values, **fields})


def claim(of_payer: Payer, number: str = "", **fields: Any) -> Claim:
    """A paid claim of $100 submitted on 2 March 2026 in the bound practice."""
    keys = services.tenant_keys()
    key = keys.index("claim_number", number or f"C{next(_count)}")
    values: dict[str, Any] = {
        "number_bidx": key,
        "family_key": key,
        "procedure_code": "99213",
        "procedure_group": "office",
        "submitted_date": date(2026, 3, 2),
        "service_date": date(2026, 2, 27),
        "billed_cents": 10_000,
        "allowed_cents": 8_000,
        "paid_cents": 8_000,
        "outcome": Outcome.PAID,
        "decided_date": date(2026, 3, 16),
        "decision_known_at": NOON,
        "known_at": NOON,
        "facts_known_at": NOON,
    }
    batch_id = fields.pop("batch_id", None) or batch().pk
    return Claim.objects.create(payer=of_payer, batch_id=batch_id, **{**values, **fields})


def entry(of_payer: Payer, **fields: Any) -> Entry:
    """Twelve units of 97110, approved for March to May 2026 under number AU1."""
    keys, event = services.tenant_keys(), next(_count).to_bytes(16, "big")
    told = Authorization.objects.create(
        payer=of_payer, batch_id=batch().pk, position=1, event_bidx=event, known_at=NOON,
        sealed=keys.seal(packed("AU1", "", "Ada", "Lovelace", "", "M100"), Authorization.TABLE, "sealed", event),
    )  # fmt: skip
    values: dict[str, Any] = {
        "number_bidx": keys.index("authorization_number", "AU1"),
        "service": "97110",
        "procedure_code": "97110",
        "action": "A1",
        "approved_units": 12,
        "valid_from": date(2026, 3, 1),
        "valid_until": date(2026, 5, 31),
        "first_known_at": NOON,
        "known_at": NOON,
    }
    return Entry.objects.create(told=told, payer=of_payer, event_bidx=event, **{**values, **fields})


def trouble(**fields: Any) -> Trouble:
    """Two files have waited for three hours to be read."""
    facts = {"files": "2 files wait to be read", "hours": 2, "todo": "Look at the workers."}
    values = {"kind": "stuck", "subject": f"landed-{next(_count)}", "facts": facts, "affects_numbers": True}
    return Trouble.objects.create(**{**values, "since": NOON, "last_seen_at": NOON, **fields})
