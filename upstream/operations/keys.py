"""Whether this process holds the keys with which the tenants' secrets were sealed."""

from django.db import transaction

from upstream.core import tenancy
from upstream.core.phi import keyring
from upstream.tenants.queries import organizations
from upstream.tenants.services import tenant_keys


def tenant_secret() -> None:
    """Opens the first tenant's secret, or, where there is none yet, a value sealed just now; UnreadablePHI if not."""
    with tenancy.directory(), transaction.atomic():
        first = organizations().order_by("pk").values_list("pk", flat=True).first()
    if first is None:
        probe = keyring.seal(b"ready", secret=b"", where=b"readyz")
        keyring.unseal(probe, secret=b"", where=b"readyz")
        return
    with tenancy.bind(first), transaction.atomic():
        tenant_keys()
