"""`rotate_phi_keys`: put everything sealed under the newest key of the ring. Restartable."""

from typing import Any

from upstream.ingestion import phi
from upstream.operations.sealed import COLUMNS
from upstream.tenants.accounts import factors
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Re-seal a tenant's identifying values and files under the newest key."

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        moved = phi.rotate(COLUMNS)
        moved["mfa_authenticator"] = factors.reseal_all()  # nobody's in particular: the first practice moves them all
        words = ", ".join(f"{count:,} in {name}" for name, count in moved.items())
        self.answer(f"{organization.slug}: re-sealed {words}", {"tenant": organization.slug, "moved": moved})
