"""`demo`: build the demo practices through real workers, say what was found, and serve the portal."""

import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from upstream.core import tenancy
from upstream.core.stages import wake
from upstream.demo import build
from upstream.demo.build import Built
from upstream.demo.workers import serve, wait_until, workers
from upstream.samples.invented.practices import PRACTICES

ADDRESS = "127.0.0.1:8000"
PATIENCE = 900.0


class Command(BaseCommand):
    help = "Build the two demo practices, print what was found, and serve the portal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="exit instead of serving")
        parser.add_argument("--address", default=ADDRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.REAL_DATA_MODE:
            raise CommandError("the demo is refused where real data lives")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the children are stopped too
        started = time.monotonic()
        call_command("migrate", verbosity=0)
        build.staff_address()
        made = {slug: build.prepare(practice) for slug, practice in PRACTICES.items()}
        if not all(self._is_built(organization.pk) for organization, _ in made.values()):
            self._build(made)
        for slug, (organization, _) in made.items():
            with tenancy.bind(organization.pk):
                self._show(build.describe(PRACTICES[slug]))
        self.stdout.write(f"\nDone in {time.monotonic() - started:.0f} s.")
        self._logins(options["address"])
        if not options["once"]:
            with workers():
                serve(options["address"])

    def _is_built(self, tenant_id: int) -> bool:
        with tenancy.bind(tenant_id):
            return build.is_built()

    def _build(self, made: dict[str, Any]) -> None:
        handed_in = {}
        for slug, (organization, last_week) in made.items():
            with tenancy.bind(organization.pk):
                practice, zone = PRACTICES[slug], organization.time_zone
                handed_in[slug] = build.deliver_files(practice, last_week, zone, self._progress)
        with workers() as alive:
            for step, ask in (("analysed", None), ("reported", build.request_report), ("reported", build.go_on)):
                for slug, (organization, _) in made.items():
                    with tenancy.bind(organization.pk):
                        if ask:
                            ask(handed_in[slug])
                    wake(organization.pk)
                for slug, (organization, _) in made.items():
                    with tenancy.bind(organization.pk):
                        self._wait(slug, step, alive)

    def _wait(self, slug: str, step: str, alive: Callable[[], bool]) -> None:
        def tell() -> None:
            if not alive():
                raise CommandError("a worker has ended: see worker.log and beat.log under var/dev")
            left = build.waiting()
            self._progress(f"{PRACTICES[slug].name}: {left} files to read" if left else f"{slug}: being {step}")

        if not wait_until(getattr(build, step), seconds=PATIENCE, told=tell):
            raise CommandError(f"{slug} was not {step} within {PATIENCE:.0f} s")

    def _progress(self, words: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r\x1b[2K{words}", ending="")

    def _show(self, found: Built) -> None:
        self._progress("")
        self.stdout.write(f"\n{found.name}")
        for title in found.incidents:
            self.stdout.write(f"  ! {title}")
        if not found.incidents:
            self.stdout.write(f"  Nothing new in {found.monitored} monitored series.")
        for path in found.files:
            self.stdout.write(f"  {path}")
        self.stdout.write(f"  {found.mails} mails, as .eml files in {settings.MAIL_DIR}")

    def _logins(self, address: str) -> None:
        self.stdout.write(f"\nPortal: http://{address}/   (password of everybody: {build.demo_password()})")
        for slug in PRACTICES:
            for role in build.ROLES:
                self.stdout.write(f"  {role:<10} {build.address(role, slug)}")
        self.stdout.write(f"  staff      {build.staff_address()}  (http://{address}/admin/)")
