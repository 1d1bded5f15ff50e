"""`watch`: look now for what fails, in one practice or in all, and end with 1 if anything does."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from upstream.core import tenancy
from upstream.core.errors import DomainError
from upstream.tenants import queries as tenants
from upstream.watchers import queries, services


class Command(BaseCommand):
    help = "Look for what fails of the product itself, as workers do every five minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", default="", metavar="SLUG", help="one practice; all when left out")
        parser.add_argument("--json", action="store_true", help="print JSON instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with tenancy.directory(), transaction.atomic():
                chosen = (
                    [tenants.organization(options["tenant"])] if options["tenant"] else list(tenants.organizations())
                )
        except DomainError as exc:
            raise CommandError(f"{exc.message} ({exc.code})", returncode=1) from exc
        found = {organization.slug: self._troubles(organization.pk) for organization in chosen}
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            lines = [f"{slug}: {', '.join(titles) or 'nothing fails'}" for slug, titles in found.items()]
            self.stdout.write("\n".join(lines))
        if any(found.values()):
            raise CommandError("something fails", returncode=1)

    def _troubles(self, tenant_id: int) -> list[str]:
        with tenancy.bind(tenant_id):
            services.look(tenant_id)
            with transaction.atomic():
                return [row.words.title for row in queries.standing()]
