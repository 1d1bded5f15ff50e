import json
import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections, transaction

from upstream import pipeline
from upstream.core import tenancy
from upstream.core.errors import DomainError
from upstream.tenants import queries

SECONDS_BETWEEN_ROUNDS = 3
logger = structlog.get_logger(__name__)


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
        """Rounds over the tenants; each round that took something is told. A tenant that fails stops no other."""
        while True:
            done = [run(tenant_id) for tenant_id in tenants(slug)]
            taken, failed = sum(rows or 0 for rows in done), done.count(None)
            if taken or once:
                self.stdout.write(json.dumps({"taken": taken}) if as_json else f"{taken} rows taken to their end")
            if once and failed:
                raise CommandError(f"{failed} of {len(done)} practices failed; the log says how", returncode=1)
            if once:
                return
            time.sleep(SECONDS_BETWEEN_ROUNDS)


def tenants(slug: str | None) -> list[int]:
    """The named tenant's id, or every tenant's."""
    if slug is None:
        return pipeline.tenant_ids()
    with transaction.atomic():
        return [queries.organization(slug).pk]


def run(tenant_id: int) -> int | None:
    """How many rows of the tenant were taken through all stages; None when it failed, which the log tells."""
    try:
        with tenancy.bind(tenant_id):
            return pipeline.run_to_end()
    except Exception as exc:  # the edge of the process, which works for the other tenants too
        logger.error("tenant_failed", tenant=tenant_id, error=type(exc).__name__, code=getattr(exc, "code", ""))
        close_old_connections()
        return None
