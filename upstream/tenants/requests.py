"""A request as TenantMiddleware leaves it."""

from contextlib import ExitStack

from django.http import HttpRequest

from upstream.tenants.models import Membership, Organization


class TenantRequest(HttpRequest):
    """Whose it is: both None for strangers. What is bound for it is undone by `tenancy_exit` once it is answered."""

    tenant: Organization | None
    membership: Membership | None
    tenancy_exit: ExitStack
