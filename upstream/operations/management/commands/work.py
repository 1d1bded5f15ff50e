import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from upstream import pipeline
from upstream.core import tenancy
from upstream.core.errors import DomainError
from upstream.tenants import queries

SECONDS_BETWEEN_ROUNDS = 3


class Command(BaseCommand):
    help = "Takes every stage's ready rows to their end in this process, without Celery; again and again unless --once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing is ready")
        parser.add_argument("--tenant", metavar="SLUG", help="for one practice alone")
        parser.add_argument("--json", action="store_true", help="print JSON instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.work(options["tenant"], once=options["once"], as_json=options["json"])
        except DomainError as exc:
            raise CommandError(f"{exc.message} ({exc.code})", returncode=1) from exc

    def work(self, slug: str | None, *, once: bool, as_json: bool) -> None:
        """Rounds over the tenants; each round that took something is told."""
        while True:
            taken = sum(run(tenant_id) for tenant_id in tenants(slug))
            if taken or once:
                self.stdout.write(json.dumps({"taken": taken}) if as_json else f"{taken} rows taken to their end")
            if once:
                return
            time.sleep(SECONDS_BETWEEN_ROUNDS)


def tenants(slug: str | None) -> list[int]:
    """The named tenant's id, or every tenant's."""
    if slug is None:
        return pipeline.tenant_ids()
    with transaction.atomic():
        return [queries.organization(slug).pk]


def run(tenant_id: int) -> int:
    """How many rows of the tenant were taken through all stages."""
    with tenancy.bind(tenant_id):
        return pipeline.run_to_end()
