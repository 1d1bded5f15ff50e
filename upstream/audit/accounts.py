"""Acts on people's accounts: in the person's own history, and in the access log of each of their practices."""

from dataclasses import dataclass

from django.db.models import QuerySet

from upstream.audit.models import AccountEvent
from upstream.audit.services import record_access
from upstream.core import clock, tenancy
from upstream.core.observability import request_id
from upstream.tenants.models import Membership, User

SIGN_IN, REFUSED = "sign_in", "sign_in_refused"


@dataclass(frozen=True)
class Where:
    """From which address and browser; `device_key` is a digest of the browser's own cookie."""

    address: str | None = None
    device: str = ""
    device_key: str = ""


NOWHERE = Where()


def note(
    person: User | None, act: str, *, where: Where = NOWHERE, by: str = "", why: str = "", outcome: str = "granted"
) -> AccountEvent:
    """`act` is written down, in the open transaction. `by` names who did it, when it was not the person themselves.

    While a practice is bound, its access log alone gets the entry; else each practice of the person does. An address
    that no account has (`person` None) is counted without its text.
    """
    event = AccountEvent.objects.create(
        person=person, act=act, at=clock.now(), by=by[:80], why=why[:80], address=where.address,
        device=where.device[:60], device_key=where.device_key, request_id=(request_id() or "")[:64],
    )  # fmt: skip
    if person is None:
        return event
    for tenant_id in _practices(person):
        with tenancy.bind(tenant_id, user_id=person.pk):
            record_access(
                actor=by or f"user:{person.public_id}", action=act, subject=f"person:{person.public_id}", records=0,
                purpose=why, outcome=outcome,
            )  # fmt: skip
    return event


def _practices(person: User) -> list[int]:
    bound = tenancy.current()
    if bound is not None:
        return [bound]
    with tenancy.acting_as(person.pk):
        found = Membership.own.filter(user=person, active=True).order_by("tenant_id")
        return list(found.values_list("tenant_id", flat=True))


def history(person: User) -> QuerySet[AccountEvent]:
    """What happened to this account, newest first."""
    return AccountEvent.objects.filter(person=person).order_by("-at", "-pk")


def is_new_device(person: User, where: Where) -> bool:
    """Whether the person signed in before, but never from this browser."""
    before = AccountEvent.objects.filter(person=person, act=SIGN_IN)
    return before.exists() and not before.filter(device_key=where.device_key).exists()
