"""A practice's sample: a tenant of its own, full of invented claims, that workers make and remove.

It is nobody's customer. Its people are those of the practice who opened it, each in the role that they have there;
what comes in is written by us alone, and nothing goes out.
"""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction

from upstream.core import clock, tenancy
from upstream.core.errors import Conflict
from upstream.core.stages import nudge
from upstream.tenants.choices import SampleState
from upstream.tenants.models import Membership, Organization, TenantSecret, User
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import give_secret

NAME = "Larkfield Orthopedics (sample)"
MAKER = "command:sample"
LASTS = timedelta(days=30)
BEING_MADE = (SampleState.MAKING, SampleState.READING)


def sample_of(practice: Organization) -> Organization:
    """The practice's one sample, asked for now where there is none: several clicks at once get the same."""
    with tenancy.directory(), transaction.atomic():
        found, _ = Organization.objects.get_or_create(
            sample_of=practice,
            defaults={
                "sample_state": SampleState.MAKING, "slug": f"sample-{uuid4().hex}", "name": NAME,
                "time_zone": practice.time_zone, "paper": practice.paper, "second_factor": practice.second_factor,
                "idle_minutes": practice.idle_minutes, "created_at": clock.now(),
            },
        )  # fmt: skip
    return found


def join(person: User, role: str) -> Membership:
    """The person is a member of the bound sample, in this role from now on. Conflict("sample_gone") while it goes."""
    sample = Organization.objects.select_for_update().get(pk=tenancy.required())
    if sample.sample_state == SampleState.LEAVING:
        raise Conflict("sample_gone", "the sample practice is just being removed; open a new one in a minute")
    if not TenantSecret.objects.exists():
        give_secret()
    membership: Membership
    membership, _ = Membership.objects.update_or_create(user=person, defaults={"role": role, "active": True})
    nudge()
    return membership


def move(sample: Organization, to: SampleState) -> bool:
    """The bound sample is so far; False when it was not as far as `sample` says any more."""
    moved = Organization.objects.filter(pk=sample.pk, sample_state=sample.sample_state).update(sample_state=to)
    return bool(moved)


def let_go(sample: Organization) -> None:
    """Nobody finds a way into the bound sample from the next request on, and a worker removes all of it."""
    Organization.objects.filter(pk=sample.pk).update(sample_state=SampleState.LEAVING)
    Membership.objects.update(active=False)
    nudge()


def refuse_in_sample(why: str) -> None:
    """Conflict("sample_practice") where a sample is bound: real data and real addresses are for one's own practice."""
    if bound_organization().is_sample:
        raise Conflict("sample_practice", f"this is a sample practice: {why}")
