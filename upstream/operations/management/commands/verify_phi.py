"""`verify_phi`: open everything sealed and count what cannot be opened."""

from typing import Any

from upstream.ingestion import phi
from upstream.operations.sealed import COLUMNS
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Prove that every sealed value and file of a tenant opens."

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        found = phi.verify(COLUMNS)
        lines = [
            f"{name}: {counts['rows']:,} sealed, {counts['unreadable']:,} unreadable,"
            f" {counts['older_key']:,} on an older key"
            for name, counts in found.items()
        ]
        self.answer("\n".join(lines), {"tenant": organization.slug, "tables": found})
        if any(counts["unreadable"] for counts in found.values()):
            raise SystemExit(1)
