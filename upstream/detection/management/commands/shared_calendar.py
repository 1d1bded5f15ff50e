"""`shared_calendar`: federal holidays and other days of every practice's calendar, for more years."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from upstream.core import clock
from upstream.detection.calendar import services


class Command(BaseCommand):
    help = "Writes the shared events of the years up to YEAR; those that are there stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--through", type=int, required=True, metavar="YEAR")

    def handle(self, *args: Any, **options: Any) -> None:
        made = services.extend_shared(clock.now().year, options["through"])
        self.stdout.write(f"{made} events are new.")
