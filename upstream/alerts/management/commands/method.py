"""`method`: the versions of the method, a comparison of two on the practice's own history, and the switch."""

import time
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from upstream.alerts import replay_queries
from upstream.alerts.method_comparison import Comparison, comparison, request_comparison
from upstream.alerts.models import ReplayFinding
from upstream.alerts.stage import REPLAYS
from upstream.core import clock
from upstream.core.arguments import day
from upstream.core.db.claiming import exclusive
from upstream.core.money import show_dollars
from upstream.detection import method_choices
from upstream.detection.methods import METHODS
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization

ACTOR = "command:method"


class Command(TenantCommand):
    help = "Lists the versions of the method; compares one with the one in force, switches to it, or takes that back."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--compare", metavar="NAME", help="replay the history by both and say how they differ")
        act.add_argument("--switch", metavar="NAME", help="this version is in force from --from on")
        act.add_argument("--undo", action="store_true", help="take the last switch back")
        parser.add_argument("--from", type=day, dest="first", metavar="DATE", help="default: today")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        if options["compare"]:
            self._compare(options["compare"])
        elif options["switch"]:
            method_choices.choose(options["switch"], actor=ACTOR, valid_from=options["first"])
        elif options["undo"]:
            method_choices.undo(actor=ACTOR)
        if not options["compare"]:
            self._list(organization)

    def _list(self, organization: Organization) -> None:
        with transaction.atomic():
            now = method_choices.method_on(clock.today(organization.time_zone))
            choices = list(method_choices.standing())
        lines = [
            f"{'*' if method == now else ' '} {method.name} ({method.since}): {method.changes}" for method in METHODS
        ]
        lines += [f"  {choice.method} from {choice.valid_from}, chosen by {choice.chosen_by}" for choice in choices]
        facts = {
            "in_force": now.name,
            "methods": [{"name": m.name, "since": m.since, "changes": m.changes} for m in METHODS],
            "choices": [{"method": c.method, "valid_from": c.valid_from, "by": c.chosen_by} for c in choices],
        }
        self.answer("\n".join(lines), facts)

    def _compare(self, name: str) -> None:
        wanted = {replay.pk for replay in request_comparison(name, actor=ACTOR)}
        while due := self._due(wanted):
            with exclusive(REPLAYS.name, due[0]) as mine:
                if mine:
                    REPLAYS.take(due[0])
            if not mine:
                time.sleep(0.5)
        with transaction.atomic():
            found = comparison(name)
        if found is not None:
            self.answer(words_of(found), facts_of(found))

    def _due(self, wanted: set[int]) -> list[int]:
        with transaction.atomic():
            return list(replay_queries.replays_due().filter(pk__in=wanted).values_list("pk", flat=True))


def words_of(found: Comparison) -> str:
    """In both, and in one alone, with days and money."""
    now, other = found.now.method, found.other.method
    lines = [f"{found.now.first} to {found.now.last}: {len(found.both)} in both, {len(found.now_alone)} by {now} alone,"
             f" {len(found.other_alone)} by {other} alone"]  # fmt: skip
    for pair in found.pairs:
        title = next(finding.title for finding in (pair.one, pair.other) if finding is not None)
        lines.append(f"  {_told(now, pair.one)}; {_told(other, pair.other)}: {title}")
    return "\n".join(lines)


def _told(method: str, finding: ReplayFinding | None) -> str:
    if finding is None:
        return f"{method}: not raised"
    return f"{method}: {finding.as_of}, {show_dollars(finding.lost_cents, whole=True)}"


def facts_of(found: Comparison) -> dict[str, Any]:
    return {
        "first": found.now.first,
        "last": found.now.last,
        "methods": [found.now.method, found.other.method],
        "both": len(found.both),
        "alone": [len(found.now_alone), len(found.other_alone)],
        "incidents": [[_facts(pair.one), _facts(pair.other)] for pair in found.pairs],
    }


def _facts(finding: ReplayFinding | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    return {"week": finding.as_of, "lost_cents": finding.lost_cents, "title": finding.title}
