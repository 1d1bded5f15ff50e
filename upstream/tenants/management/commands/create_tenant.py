import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from upstream.core import tenancy
from upstream.core.errors import DomainError
from upstream.tenants import services
from upstream.tenants.choices import Role
from upstream.tenants.models import Organization


class Command(BaseCommand):
    help = "Makes a practice and, with --owner-email, its first owner, who sets a password by the reset page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--name", required=True)
        parser.add_argument("--owner-email", metavar="E", default="")
        parser.add_argument("--time-zone", default="America/Chicago", help="of the practice (default %(default)s)")
        parser.add_argument("--json", action="store_true", help="print JSON instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = create(options["slug"], options["name"], options["time_zone"], options["owner_email"])
        except DomainError as exc:
            raise CommandError(f"{exc.message} ({exc.code})", returncode=1) from exc
        facts = {"tenant": made.slug, "id": str(made.public_id), "name": made.name, "owner": options["owner_email"]}
        self.stdout.write(json.dumps(facts) if options["json"] else f"made {made.slug}: {made.name}")


def create(slug: str, name: str, time_zone: str, owner_email: str) -> Organization:
    """The practice and its owner, or neither."""
    with transaction.atomic():
        organization = services.create_organization(slug=slug, name=name, time_zone=time_zone)
        if owner_email:
            with tenancy.bind(organization.pk):
                services.add_member(email=owner_email, role=Role.OWNER)
    return organization
