from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from upstream.core import clock
from upstream.tenants import services
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Makes an API client of the practice and shows its secret, once."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--name", required=True, help="what the client is for")
        parser.add_argument("--scopes", default="read", help="comma-separated: read,upload,work,report,read_phi")
        parser.add_argument("--days", type=int, default=365, help="days until it expires (default %(default)s)")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        scopes = [word.strip() for word in options["scopes"].split(",") if word.strip()]
        expires_at = clock.now() + timedelta(days=options["days"])
        with transaction.atomic():
            client, secret = services.create_api_client(name=options["name"], scopes=scopes, expires_at=expires_at)
        facts = {
            "client_id": client.client_id,
            "client_secret": secret,
            "scopes": client.scopes,
            "expires_at": expires_at,
        }
        self.answer(
            f"client_id      {client.client_id}\nclient_secret  {secret}\n"
            f"scopes         {' '.join(client.scopes)}\nexpires        {expires_at:%Y-%m-%d}\n"
            "The secret is shown this once and is not kept.",
            facts,
        )
