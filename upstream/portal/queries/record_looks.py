"""Who looked at one claim's or one person's record: what the access log calls whatever shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.core import signing
from django.db.models import Q

from upstream.alerts.models import IncidentClaim
from upstream.appeals.models import Letter, Packet
from upstream.audit.queries import EXPORTS, Asked, accesses
from upstream.authorizations.models import Use
from upstream.claims.models import Claim, ClaimIdentity, Patient
from upstream.core import tenancy
from upstream.core.errors import Invalid
from upstream.tenants.services import tenant_keys
from upstream.worklist.models import Event

CLAIM, MEMBER, ACCOUNT = "claim", "member", "account"
KINDS = ((CLAIM, "Claim number"), (MEMBER, "Member id of a person"), (ACCOUNT, "Patient account"))
HOUR = 3600


@dataclass(frozen=True)
class Record:
    """The claims of what was asked for, the newest first; `token` stands for them in forms, for an hour, and tells no
    value."""

    claims: tuple[int, ...]
    newest: str

    @property
    def token(self) -> str:
        return signing.dumps(self.claims, salt=_salt(), compress=True)


def record_of(kind: str, value: str) -> Record | None:
    """The claim with exactly this number, or the claims of the person; None where there are none. Two queries."""
    rows = Claim.objects.filter(_which(kind, value.strip())).order_by("-submitted_date", "-pk")
    found = list(rows.values_list("pk", "public_id"))
    return Record(tuple(pk for pk, _ in found), str(found[0][1])) if found else None


def record_behind(token: str) -> Record:
    """The record that a token of this practice stands for. Invalid where it is another's, or older than an hour."""
    try:
        claims = tuple(signing.loads(token, salt=_salt(), max_age=HOUR))
    except signing.BadSignature as exc:
        raise Invalid("record", "ask for the record again: the answer is older than an hour") from exc
    newest = Claim.objects.filter(pk=claims[0]).values_list("public_id", flat=True).first()
    return Record(claims, str(newest))


def subjects_of(claims: Sequence[int]) -> tuple[str, ...]:
    """By what names the log knows looks that showed these claims, alone or with others. Six queries."""
    return tuple(_subjects(claims))


def left_as_files(first: date | None, last: date | None, time_zone: str) -> int:
    """How many files of many records left in these days. One query."""
    return accesses(Asked(action=EXPORTS, first=first, last=last), time_zone).count()


def _which(kind: str, value: str) -> Q:
    keys = tenant_keys()
    if kind == CLAIM:
        return Q(number_bidx=keys.index("claim_number", value))
    if kind == MEMBER:
        people = Patient.objects.filter(member_bidx=keys.index("member_id", value))
        return Q(patient__in=people.values("pk"))
    account = keys.index("account", value)
    people = Patient.objects.filter(account_bidx=account)
    named = ClaimIdentity.objects.filter(account_bidx=account)
    return Q(patient__in=people.values("pk")) | Q(pk__in=named.values("claim_id"))


def _subjects(claims: Sequence[int]) -> Iterator[str]:
    for public_id in Claim.objects.filter(pk__in=claims).values_list("public_id", flat=True):
        yield f"claim:{public_id}"
    for public_id, batch in Letter.objects.filter(claim__in=claims).values_list("public_id", "batch__public_id"):
        yield f"letter:{public_id}"
        if batch:
            yield f"letters:{batch}"
    behind = IncidentClaim.objects.filter(claim__in=claims)
    for public_id in behind.values_list("incident__public_id", flat=True).distinct():
        yield f"incident:{public_id}"
    packets = Packet.objects.filter(incident__in=behind.values("incident"))
    for public_id in packets.values_list("public_id", flat=True):
        yield f"packet:{public_id}"
    acts = Event.objects.filter(item__claim__in=claims)
    for public_id in acts.values_list("act__public_id", flat=True).distinct():
        yield f"act:{public_id}"
    used = Use.objects.filter(claim__in=claims)
    for public_id in used.values_list("entry__public_id", flat=True).distinct():
        yield f"authorization:{public_id}"


def _salt() -> str:
    return f"record looks {tenancy.required()}"
