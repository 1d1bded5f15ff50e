"""`reset_second_factor`: somebody lost phone and recovery codes, and proved who they are by another way."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from upstream.audit import helping
from upstream.core.errors import DomainError
from upstream.tenants.models import User


class Command(BaseCommand):
    help = "Takes a person's second factors away and ends their sessions; they are asked to set one up anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--reason", required=True, help="how they proved who they are; each practice can read it")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=options["email"].lower()).first()
        if person is None:
            raise CommandError("nobody has this address", returncode=1)
        try:
            with transaction.atomic():
                removed = helping.reset_factors(person, by="command:reset_second_factor", reason=options["reason"])
        except DomainError as exc:
            raise CommandError(f"{exc.message} ({exc.code})", returncode=1) from exc
        self.stdout.write(f"removed {removed}; {person.email} signs in by password alone next time")
