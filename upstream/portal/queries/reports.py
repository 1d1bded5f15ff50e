"""What the pages of reports show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from upstream.core import clock
from upstream.portal.queries.people import name_of, names_of
from upstream.reports import mailing, queries, rules, subjects, timing_words
from upstream.reports.choices import MOVING, STOPPED, Unmailed
from upstream.reports.kinds import KINDS, Kind
from upstream.reports.links import Held, held
from upstream.reports.models import Definition, ReportRun, Schedule
from upstream.reports.timing import upcoming
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership

SHOWN_MOMENTS, SHOWN_RUNS = 5, 12


@dataclass(frozen=True)
class Row:
    """A definition in the list."""

    definition: Definition
    kind: Kind | None
    when: str
    next: datetime | None
    run: ReportRun | None


def definition_rows() -> list[Row]:
    """Every report of the practice with its newest run and next moment. Three queries."""
    return [
        Row(one.definition, KINDS.get(one.definition.kind), when_words(one.schedule), one.next, one.run)
        for one in queries.listed()
    ]


def when_words(schedule: Schedule | None) -> str:
    """The schedule as people say it."""
    if schedule is None:
        return "when asked for"
    said = timing_words.words_of(schedule.timing)
    return said if schedule.active else f"{said}, paused"


@dataclass(frozen=True)
class Shown:
    """A definition on its own page."""

    definition: Definition
    kind: Kind | None
    about: str
    when: str
    paused: bool
    moments: list[datetime]
    mailed: list[str]
    unmailed: list[str]
    attached: bool
    kept_days: int
    runs: list[ReportRun]
    subscribed: bool


def shown(row: Definition, member: Membership) -> Shown:
    """All that the page says of a definition."""
    schedule, kind = queries.schedule_of(row), KINDS.get(row.kind)
    mailed, left_out = mailing.readers(row)
    working = schedule is not None and schedule.active and row.ended_at is None
    return Shown(
        definition=row,
        kind=kind,
        about=subjects.name_of(kind, row.subject) if kind else "",
        when=when_words(schedule),
        paused=schedule is not None and not schedule.active,
        moments=upcoming(schedule.timing, clock.now(), SHOWN_MOMENTS) if schedule and working else [],
        mailed=[_person(one) for one in mailed],
        unmailed=[f"{_person(one)}: {why.label}" for one, why in left_out],
        attached="pdf" in row.formats and kind is not None and mailing.may_attach(row),
        kept_days=row.kept_days or queries.policy().kept_days,
        runs=list(queries.runs().filter(definition=row)[:SHOWN_RUNS]),
        subscribed=queries.is_subscribed(row, member),
    )


def _person(member: Membership) -> str:
    return f"{name_of(member)} ({Role(member.role).label.lower()})"


@dataclass(frozen=True)
class RunShown:
    """One run on its own page."""

    run: ReportRun
    kind: Kind | None
    asker: str
    files: list[Held]
    reason: str
    unmailed: list[str]
    moving: bool
    stopped: bool


def run_shown(run: ReportRun) -> RunShown:
    """All that the page says of a run; its links are fresh."""
    return RunShown(
        run=run,
        kind=KINDS.get(run.kind),
        asker="its schedule" if run.requested_by == "schedule" else names_of({run.requested_by})[run.requested_by],
        files=held(list(run.artifacts.all())),
        reason=rules.reason(run.error_code),
        unmailed=_unmailed(run.skipped),
        moving=run.state in MOVING,
        stopped=run.state in STOPPED,
    )


def _unmailed(skipped: Iterable[tuple[int, str]]) -> list[str]:
    whys = dict(skipped)
    rows = Membership.objects.filter(pk__in=whys).select_related("user") if whys else []
    return [f"{_person(member)}: {Unmailed(whys[member.pk]).label}" for member in rows]
