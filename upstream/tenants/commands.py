"""The base of every management command that works for one tenant."""

import json
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from upstream.core import tenancy
from upstream.core.errors import DomainError
from upstream.tenants import queries
from upstream.tenants.models import Organization


class TenantCommand(BaseCommand):
    """Finds the tenant of --tenant, binds it and calls `handle_tenant` outside a transaction.

    Days given as `first` and `last` (--from, --to) are in order, or the command is refused. A DomainError ends it with
    its message and exit code 1. `answer` is the only way to stdout, so that --json leaves nothing there but JSON.
    """

    as_json = False
    # They load every page of portal and API: seconds and 40 MB for each command. The tests run them.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="the practice to work for")
        parser.add_argument("--json", action="store_true", help="print JSON instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        self.as_json = options["json"]
        first, last = options.get("first"), options.get("last")
        if first and last and first > last:
            raise CommandError(f"--from {first} is after --to {last}")
        try:
            with transaction.atomic():
                organization = queries.organization(options["tenant"])
            with tenancy.bind(organization.pk):
                self.handle_tenant(organization, **options)
        except DomainError as exc:
            raise CommandError(f"{exc.message} ({exc.code})", returncode=1) from exc

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        """The work itself, with the tenant bound; opens its own transactions."""
        raise NotImplementedError

    def answer(self, text: str, facts: Mapping[str, Any]) -> None:
        """Print `text` for people, or `facts` as one line of JSON under --json."""
        self.stdout.write(json.dumps(facts, cls=DjangoJSONEncoder) if self.as_json else text)
