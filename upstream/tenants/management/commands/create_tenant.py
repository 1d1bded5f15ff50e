import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from upstream.core import tenancy
from upstream.core.errors import DomainError
from upstream.tenants import services
from upstream.tenants.choices import Role
from upstream.tenants.models import Organization, User
from upstream.tenants.people import password_link

DAY = 24 * 60 * 60


class Command(BaseCommand):
    help = "Makes a practice and, with --owner-email, its first owner, who sets a password by the link printed."

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
        link = _link(options["owner_email"])
        facts = {"tenant": made.slug, "id": str(made.public_id), "name": made.name, "owner": options["owner_email"]}
        said = f"made {made.slug}: {made.name}"
        if link:
            facts["password_link"] = link
            days = settings.INVITATION_SECONDS // DAY
            said += f"\nthe owner sets a password within {days} days, once, at\n{link}"
        self.stdout.write(json.dumps(facts) if options["json"] else said)


def _link(owner_email: str) -> str:
    """Where an owner without a password sets one, else ""."""
    owner = User.objects.filter(email=owner_email.lower()).first()
    return "" if owner is None or owner.has_usable_password() else password_link(owner, invites=True)


def create(slug: str, name: str, time_zone: str, owner_email: str) -> Organization:
    """The practice and its owner, or neither."""
    with transaction.atomic():
        organization = services.create_organization(slug=slug, name=name, time_zone=time_zone)
        if owner_email:
            with tenancy.bind(organization.pk):
                services.add_member(email=owner_email, role=Role.OWNER)
    return organization
