"""`sources`: the places that files are pulled from, at the command line. Secrets come from files or the terminal."""

import time
from datetime import timedelta
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from upstream.core import clock
from upstream.core.db.claiming import exclusive
from upstream.core.stages import wake
from upstream.ingestion.connectors.kinds import KINDS
from upstream.ingestion.models import Source, SourceRun
from upstream.ingestion.sources import pulling, queries, services
from upstream.ingestion.sources.choices import SourceRunState
from upstream.ingestion.sources.sighting import SETTLE
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Lists, adds, tests, pulls, enables, disables and ends a practice's sources."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("act", choices=["list", "add", "test", "pull", "enable", "disable", "end"])
        parser.add_argument("name", nargs="?", default="", help="the source; not for list")
        parser.add_argument("--kind", choices=sorted(KINDS), help="for add")
        parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting, for add")
        parser.add_argument(
            "--secret", action="append", default=[], metavar="KEY[=PATH]",
            help="a secret, for add: read from the file, or asked for; never given on the command line itself",
        )  # fmt: skip
        parser.add_argument("--schedule", default="every 15 minutes")
        parser.add_argument("--time-zone", default="")
        parser.add_argument("--wait", action="store_true", help="for pull: look again until no file is growing")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        act, name = options["act"], options["name"]
        if act == "list":
            self._list()
        elif not name:
            raise CommandError(f"{act} needs the name of a source")
        elif act == "add":
            self._add(name, options)
        else:
            with transaction.atomic():
                source = services.found(name)
            self._with(source, act, wait=options["wait"])
        wake(organization.pk)

    def _list(self) -> None:
        with transaction.atomic():
            rows = [facts_of(source) for source in queries.sources()]
        self.answer("\n".join(map(words_of, rows)) or "there are no sources", {"sources": rows})

    def _add(self, name: str, options: dict[str, Any]) -> None:
        if not options["kind"]:
            raise CommandError(f"add needs --kind: {', '.join(sorted(KINDS))}")
        values = dict(_pair(text) for text in options["set"])
        if refused := sorted(KINDS[options["kind"]].secrets & set(values)):
            raise CommandError(f"{refused[0]} is a secret: give it with --secret {refused[0]}=PATH")
        values |= dict(_secret(text) for text in options["secret"])
        with transaction.atomic():
            source = services.add_source(
                kind=options["kind"], name=name, values=values,
                schedule_words=options["schedule"], time_zone=options["time_zone"],
            )  # fmt: skip
        self.answer(f"added {source.name}", facts_of(source))

    def _with(self, source: Source, act: str, *, wait: bool) -> None:
        if act == "test":
            self._test(source)
        elif act == "pull":
            self._pull(source, wait=wait)
        elif act == "end":
            self._end(source)
        else:
            self._switch(source, on=act == "enable")

    def _test(self, source: Source) -> None:
        tried = services.try_connection(source)
        facts = {"source": source.name, "works": tried.works, "words": tried.words, "code": tried.code}
        self.answer(tried.words, facts)
        if not tried.works:
            raise SystemExit(1)

    def _pull(self, source: Source, *, wait: bool) -> None:
        run = pull_now(source)
        while wait and run.growing and run.state == SourceRunState.SUCCEEDED:
            time.sleep(SETTLE.total_seconds() + 1)
            run = pull_now(source)
        facts = {
            "source": source.name, "state": run.state, "listed": run.listed, "received": run.received,
            "known": run.known, "growing": run.growing, "error_code": run.error_code, "error": run.error_message,
        }  # fmt: skip
        again = f", {run.growing} looked at again in {int(SETTLE.total_seconds())} s" if run.growing else ""
        said = run.error_message or f"{run.received} new files, {run.known} known before{again}"
        self.answer(f"{source.name}: {said}", facts)
        if run.state != SourceRunState.SUCCEEDED:
            raise SystemExit(1)

    def _end(self, source: Source) -> None:
        name = source.name
        with transaction.atomic():
            services.end_source(source)
        self.answer(f"{name} is ended; what it brought stays", facts_of(source))

    def _switch(self, source: Source, *, on: bool) -> None:
        with transaction.atomic():
            services.switch(source, on=on)
        self.answer(f"{source.name} is {'enabled' if on else 'disabled'}", facts_of(source))


def pull_now(source: Source) -> SourceRun:
    """One pull in this process, or, when a worker is at it, what that worker's pull comes to."""
    with transaction.atomic():
        services.ask_now(source)
    asked = clock.now()
    while True:
        with exclusive("sources", source.pk) as mine:
            run = pulling.pull(source.pk) if mine else None
        with transaction.atomic():
            run = run or queries.runs_of(source).filter(started_at__gte=asked - timedelta(seconds=5)).first()
        if run is not None and run.ended_at is not None:
            return run
        time.sleep(0.2)


def facts_of(source: Source) -> dict[str, Any]:
    return {
        "name": source.name, "kind": source.kind, "id": source.public_id, "enabled": source.enabled,
        "circuit": source.circuit, "failures": source.failures, "error": source.error_message,
        "last_file_at": source.last_file_at, "last_success_at": source.last_success_at,
        "next_run_at": source.next_run_at if source.enabled else None, "schedule": source.schedule,
    }  # fmt: skip


def words_of(facts: dict[str, Any]) -> str:
    if not facts["enabled"]:
        health = "switched off"
    elif facts["error"]:
        health = f"{'resting' if facts['circuit'] == 'open' else 'failing'}: {facts['error']}"
    else:
        health = "working" if facts["last_success_at"] else "not asked yet"
    return f"{facts['name']} ({facts['kind']}, {facts['schedule']}): {health}"


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise CommandError(f"--set takes KEY=VALUE, not {key!r}")
    return key, value


def _secret(text: str) -> tuple[str, str]:
    key, sign, path = text.partition("=")
    try:
        return key, Path(path).read_text().strip() if sign else getpass(f"{key}: ")
    except OSError as exc:
        raise CommandError(f"the file of the secret {key} cannot be read") from exc
