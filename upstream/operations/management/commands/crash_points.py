from typing import Any

from django.core.management.base import BaseCommand

from upstream.core.crash import POINTS


class Command(BaseCommand):
    help = "Lists the points at which UPSTREAM_CRASH_AT=point[:n] kills a process."

    def handle(self, *args: Any, **options: Any) -> None:
        width = max(len(name) for name in POINTS)
        for name, meaning in POINTS.items():
            self.stdout.write(f"{name:{width}}  {meaning}")
