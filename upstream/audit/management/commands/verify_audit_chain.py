"""`verify_audit_chain`: recompute the chain of accesses, against an anchor when one is given."""

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from upstream.audit.services import verify_chain
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Prove that no entry of a tenant's access log was changed, removed or reordered."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--expect-entries", type=int, default=0, help="count written down earlier, elsewhere")
        parser.add_argument("--expect-head", default="", help="head written down with that count")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        with transaction.atomic():
            state = verify_chain(expected_entries=options["expect_entries"], expected_head=options["expect_head"])
        facts = {"tenant": organization.slug, "entries": state.entries, "head": state.head}
        if state.broken_at:
            self.answer(
                f"{organization.slug}: BROKEN at entry {state.broken_at}: {state.why}",
                {**facts, "ok": False, "broken_at": state.broken_at, "why": state.why},
            )
            raise SystemExit(1)
        self.answer(f"{organization.slug}: {state.entries:,} entries, whole; head {state.head}", {**facts, "ok": True})
