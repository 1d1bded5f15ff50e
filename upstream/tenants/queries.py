"""Organizations and people, asked for by name."""

from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from upstream.core import tenancy
from upstream.core.errors import Invalid
from upstream.tenants.models import ApiClient, Membership, Organization, Site


def organizations() -> QuerySet[Organization]:
    """Every organization, inside `tenancy.directory()`; else the bound one alone."""
    return Organization.objects.order_by("slug")


def customers() -> QuerySet[Organization]:
    """Every organization but the sample practices, inside `tenancy.directory()`."""
    return organizations().filter(sample_of=None)


def organization(slug: str) -> Organization:
    """The organization with this slug; Invalid("unknown_tenant") when there is none."""
    with tenancy.directory():
        found = Organization.objects.filter(slug=slug).first()
    if found is None:
        raise Invalid("unknown_tenant", f"there is no tenant {slug!r}; make one with create_tenant")
    return found


def practice_with(public_id: str) -> int | None:
    """The id of the organization with this public id as hex; None where there is none."""
    try:
        known = UUID(hex=public_id)
    except ValueError:
        return None
    with tenancy.directory(), transaction.atomic():
        return organizations().filter(public_id=known).values_list("pk", flat=True).first()


def bound_organization() -> Organization:
    """The organization that is bound here."""
    return Organization.objects.get(pk=tenancy.required())


def api_clients() -> QuerySet[ApiClient]:
    """Every client of the bound organization, live ones first, the newest before others, with who made it."""
    rows: QuerySet[ApiClient] = ApiClient.objects.select_related("created_by")
    return rows.order_by(F("revoked_at").desc(nulls_first=True), "-created_at", "-pk")


def sites() -> QuerySet[Site]:
    """Places of the bound organization, by name."""
    return Site.objects.order_by("name", "pk")


def active_members() -> QuerySet[Membership]:
    """Members of the bound organization with their people."""
    return Membership.objects.filter(active=True, user__is_active=True).select_related("user").order_by("pk")
