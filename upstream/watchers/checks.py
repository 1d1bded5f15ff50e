"""What a look finds wrong with what is received and looked at: each check yields what fails now, and nothing else."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q

from upstream.claims.payer_queries import unmapped, volumes_of
from upstream.claims.queries import codes_without_meaning
from upstream.core import clock
from upstream.core.clock import monday_of
from upstream.detection.models import DetectionRun
from upstream.ingestion.choices import BatchState, RejectionState
from upstream.ingestion.models import Batch, Rejection, Source
from upstream.ingestion.quality.queries import open_findings
from upstream.ingestion.quality.rhythm import DAY, days_between, learned
from upstream.ingestion.sources.choices import Circuit
from upstream.ingestion.sources.models import SourceObject
from upstream.watchers.choices import Kind, Limit
from upstream.watchers.limits import Standing
from upstream.watchers.rules import Seen

REFUSED_WITHIN = timedelta(days=7)
RHYTHM_FROM = timedelta(weeks=34)
SILENCES = ("payer_silent", "files_missing")


@dataclass(frozen=True)
class Now:
    """When the look is made, and the limits of that day."""

    at: datetime
    today: date
    zone: str
    limits: Mapping[str, Standing]

    def hours(self, limit: Limit) -> timedelta:
        return timedelta(hours=self.limits[limit].value)


Check = Callable[[Now], Iterator[Seen]]


def detector(now: Now) -> Iterator[Seen]:
    """Nobody has looked at data that are there for longer than a day."""
    last = DetectionRun.objects.aggregate(at=Max("looked_at"))["at"]
    first = Batch.objects.filter(state=BatchState.ANALYSED).aggregate(at=Min("loaded_at"))["at"]
    since = last or first
    if since is not None and now.at - since > now.hours(Limit.DETECTOR_HOURS):
        day = since.astimezone(ZoneInfo(now.zone))
        yield Seen(Kind.DETECTOR, facts={"since_words": f"since {day.day} {day:%B, %H:%M}"}, stale=True)


def stuck(now: Now) -> Iterator[Seen]:
    """Files wait to be read, to be analysed, or for somebody to match their columns."""
    before = now.at - now.hours(Limit.STUCK_HOURS)
    counts = Batch.objects.aggregate(
        landed=Count("pk", filter=Q(state=BatchState.LANDED, received_at__lt=before)),
        loaded=Count("pk", filter=Q(state=BatchState.LOADED, loaded_at__lt=before)),
        mapping=Count("pk", filter=Q(state=BatchState.MAPPING)),
    )
    hours = now.limits[Limit.STUCK_HOURS].value
    no_worker = "It usually means that no worker runs. Whoever runs Upstream finds FilesWaiting in the runbook."
    for stage, words, todo in (
        ("landed", "wait to be read", no_worker),
        ("loaded", "wait to be analysed", no_worker),
        ("mapping", "wait until their columns are matched", "Match the columns of each file once; it is read at once."),
    ):
        if counts[stage]:
            files = _counted(counts[stage], "file") + " " + (words if counts[stage] > 1 else _singular(words))
            told = {"files": files, "hours": hours, "todo": todo}
            yield Seen(Kind.STUCK, stage, told, stale=True)


def refused(now: Now) -> Iterator[Seen]:
    """Files of the last days were refused; and rows of files wait in quarantine, which numbers leave out."""
    files = Batch.objects.filter(state=BatchState.REJECTED, received_at__gte=now.at - REFUSED_WITHIN).count()
    if files:
        todo = "Open each file: the reason stands beside it. A file that was put right is sent again as it is."
        verb = "was" if files == 1 else "were"
        told = {"title": f"{_counted(files, 'file')} of the last 7 days {verb} refused", "todo": todo}
        yield Seen(Kind.FILE, "refused", told, stale=True)
    rows = Rejection.objects.filter(state=RejectionState.OPEN).values("batch", "position").distinct().count()
    if rows:
        todo = "Open the files that have them: each row says what is wrong and can be put right there."
        told = {"title": f"{_counted(rows, 'row')} of files could not be read", "todo": todo}
        yield Seen(Kind.FILE, "rows", told, rows=rows)


def sources(now: Now) -> Iterator[Seen]:
    """Places that files are pulled from rest after failures, or were silent longer than their rhythm explains."""
    enabled = list(Source.objects.filter(enabled=True, ended_at=None).order_by("pk"))
    landed = _days_of(enabled, now)
    for source in enabled:
        told = {"name": source.name, "page": "portal:sources"}
        if source.circuit != Circuit.CLOSED:
            todo = "Mend what the words beside it say, then test the connection: it is asked again at once."
            yield Seen(Kind.SOURCE, str(source.public_id), {**told, "what": "fails", "todo": todo}, stale=True)
        elif days := _silent_days(landed.get(source.pk, set()), now):
            todo = "Ask the sender whether they send. Upstream reaches the place and finds nothing new."
            what = f"has sent nothing for {_counted(days, 'day')}, which is not its way"
            yield Seen(Kind.SOURCE, str(source.public_id), {**told, "what": what, "todo": todo}, stale=True)


def silences(_now: Now) -> Iterator[Seen]:
    """Payers, or everybody, silent past their rhythm, as the last look at the data's quality found it."""
    for found in open_findings().filter(check_name__in=SILENCES).select_related("payer"):
        name = found.payer.name if found.payer else "The practice's senders"
        what = f"{'has' if found.payer else 'have'} sent nothing for {_counted(found.count, 'day')} beyond the usual"
        todo = "Ask whether enrolment or passwords changed. If the silence is right, say so on the finding's page."
        told = {"name": name, "what": what, "todo": todo, "page": "portal:quality"}
        yield Seen(Kind.SOURCE, f"finding:{found.public_id}", told, stale=True)


def mapping(now: Now) -> Iterator[Seen]:
    """Claims under names that nobody has confirmed are more than the practice accepts."""
    waiting = unmapped()
    if not waiting.claims:
        return
    whole = sum(volume.claims for volume in volumes_of().values())
    share = 100 * waiting.claims / max(whole, 1)
    if share >= now.limits[Limit.UNWATCHED_PERCENT].value:
        told = {"claims": f"{waiting.claims:,}", "payers": len(waiting.payers), "percent": f"{share:.0f}%"}
        yield Seen(Kind.MAPPING, facts=told, claims=waiting.claims)


def codes(_now: Now) -> Iterator[Seen]:
    """Reason codes that payers use and no map has."""
    if count := codes_without_meaning():
        yield Seen(Kind.CODES, facts={"count": count})


def _days_of(sources: list[Source], now: Now) -> dict[int, set[date]]:
    """By source the days on which something came from it."""
    zone, days = ZoneInfo(now.zone), dict[int, set[date]]()
    seen = SourceObject.objects.filter(source__in=sources, landed_at__gte=now.at - RHYTHM_FROM)
    for source_id, at in seen.values_list("source_id", "landed_at"):
        days.setdefault(source_id, set()).add(at.astimezone(zone).date())
    return days


def _silent_days(days: set[date], now: Now) -> int:
    """How many days nothing came, where chance does not explain it; 0 where it does."""
    last = max(days, default=None)
    rhythm = learned(days, monday_of(last) + timedelta(days=7)) if last else None
    if last is None or rhythm is None or last >= now.today:
        return 0
    silent = days_between(last + DAY, now.today - DAY)
    rare = rhythm.surprise(silent) <= now.limits[Limit.QUIET_PERCENT].value / 100
    return len(silent) if rare else 0


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _singular(words: str) -> str:
    return words.replace("wait", "waits", 1).replace("their", "its")


def now_of(zone: str, limits: Mapping[str, Standing]) -> Now:
    return Now(clock.now(), clock.today(zone), zone, limits)


ALL: tuple[Check, ...] = (detector, stuck, refused, sources, silences, mapping, codes)
