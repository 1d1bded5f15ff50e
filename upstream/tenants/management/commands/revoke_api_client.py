from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from upstream.tenants import services
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Ends an API client of the practice: its secret and its tokens stop working at once."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("client_id", metavar="CLIENT_ID")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        with transaction.atomic():
            services.revoke_api_client(options["client_id"])
        self.answer(f"revoked {options['client_id']}", {"revoked": options["client_id"]})
