"""What the checks found: caveats for the numbers they touch, scores over time, and the rows behind each finding."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from upstream.claims.models import Adjudication, Claim, Remittance
from upstream.core import clock
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch
from upstream.ingestion.quality import wording
from upstream.ingestion.quality.choices import FindingState, Severity
from upstream.ingestion.quality.models import FileScore, Finding, Threshold
from upstream.ingestion.quality.rules import mean_score
from upstream.tenants.queries import bound_organization

READ = (BatchState.LOADED, BatchState.ANALYSED)
AGAIN_DAYS, MOST_AGAIN = 120, 50
EARLIER_FILES = 8


def read_files() -> QuerySet[Batch]:
    """Every file that was read, oldest first."""
    return Batch.objects.filter(state__in=READ).order_by("pk")


def files_to_measure() -> QuerySet[Batch]:
    """Read files not looked at since they were read, and recent ones whose findings later files may have cleared."""
    looked_at = FileScore.objects.filter(batch=OuterRef("pk"), payer=None, measured_at__gte=OuterRef("loaded_at"))
    never = ~Exists(looked_at)
    since = clock.now() - timedelta(days=AGAIN_DAYS)
    standing = Finding.objects.filter(state=FindingState.OPEN, found_at__gte=since).exclude(batch=None)
    again = list(standing.order_by("-batch").values_list("batch", flat=True).distinct()[:MOST_AGAIN])
    return read_files().filter(never | Q(pk__in=again))


def kind_of(batch: Batch) -> str:
    """Files of one kind are compared with one another: payments, claims, and authorizations or coverages alone."""
    if Remittance.objects.filter(batch_id=batch.pk).exists():
        return f"{batch.format}-payments"[:16]
    only_told = not (batch.claims or batch.adjudications) and (batch.authorizations or batch.coverages)
    return f"{batch.format}-told"[:16] if only_told else batch.format


def known_on(batch: Batch) -> date:
    """The practice's day on which the file's content became known."""
    return (batch.known_at or batch.received_at).astimezone(ZoneInfo(bound_organization().time_zone)).date()


def earlier_scores(batch: Batch, kind: str) -> QuerySet[FileScore]:
    """Of the last files of this kind before it, newest first."""
    rows = FileScore.objects.filter(payer=None, kind=kind, batch__lt=batch.pk)
    return rows.order_by("-batch")[:EARLIER_FILES]


def earlier_shares(batch: Batch, kind: str, payers: Iterable[int]) -> dict[int, list[dict[str, list[Any]]]]:
    """What was measured of each payer's rows in the last files of this kind before it, newest first. One query."""
    scores = FileScore.objects.filter(payer__in=list(payers), kind=kind, batch__lt=batch.pk).exclude(measured={})
    nth = Window(RowNumber(), partition_by="payer", order_by=F("batch").desc())
    found: dict[int, list[dict[str, list[Any]]]] = defaultdict(list)
    last = scores.annotate(nth=nth).filter(nth__lte=EARLIER_FILES).order_by("nth")
    for payer, measured in last.values_list("payer", "measured"):
        found[payer].append(measured)
    return found


def codes_before(batch: Batch) -> set[str] | None:
    """Adjustment codes of all files before it; None while fewer than three of them had any."""
    rows = FileScore.objects.filter(payer=None, batch__lt=batch.pk).exclude(codes=[])
    files = list(rows.values_list("codes", flat=True))
    return set().union(*files) if len(files) >= 3 else None


def own_limits(day: date) -> dict[str, float | None]:
    """The practice's own limits on a day, by check."""
    rows = Threshold.objects.filter(valid_from__lte=day).order_by("valid_from")
    return dict(rows.values_list("check_name", "value"))


def window_of(batch: Batch) -> tuple[date | None, date | None]:
    """The days that a file's rows touch: its claims' submissions, answers' decisions and payments."""
    found = [
        Claim.objects.filter(batch_id=batch.pk).aggregate(first=Min("submitted_date"), last=Max("submitted_date")),
        Adjudication.objects.filter(batch_id=batch.pk).aggregate(first=Min("decided_date"), last=Max("decided_date")),
        Remittance.objects.filter(batch_id=batch.pk).aggregate(first=Min("payment_date"), last=Max("payment_date")),
    ]
    first, last = ([row[end] for row in found if row[end]] for end in ("first", "last"))
    return min(first, default=None), max(last, default=None)


def findings() -> QuerySet[Finding]:
    """All, with payer and file, the newest first."""
    return Finding.objects.select_related("payer", "batch").order_by("-found_at", "-pk")


def gravest_first(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """What casts doubt, then what is worth a look, then the rest; each the newest first."""
    weight = Case(*(When(severity=severity, then=Value(n)) for n, severity in enumerate(Severity)), default=Value(9))
    return rows.order_by(weight, "-found_at", "pk")


def finding(public_id: uuid.UUID) -> Finding | None:
    return findings().filter(public_id=public_id).first()


def open_findings() -> QuerySet[Finding]:
    return findings().filter(state=FindingState.OPEN)


@dataclass(frozen=True)
class Caveat:
    """Faults of one kind at one payer (or at no one's alone): what to say beside every number that they touch."""

    check: str
    payer_id: int | None
    files: int
    cents: int
    since: date | None
    until: date | None
    words: str


class Fault(NamedTuple):
    """One open fault; `in_file` are the payers with rows in its file."""

    check: str
    payer_id: int | None
    payer: str | None
    batch_id: int | None
    cents: int
    first_day: date | None
    last_day: date | None
    in_file: list[int]

    def touches(self, payer_id: int | None, since: date | None, until: date | None) -> bool:
        """Whether it is about this payer's numbers (None: about anybody's) between two days."""
        theirs = self.payer_id == payer_id or self.payer_id is None and (not self.batch_id or payer_id in self.in_file)
        begun = until is None or self.first_day is None or self.first_day <= until
        return (payer_id is None or theirs) and begun and (since is None or not self.last_day or self.last_day >= since)


def faults() -> list[Fault]:
    """All that are open. One query."""
    in_file = FileScore.objects.filter(batch=OuterRef("batch")).exclude(payer=None).values("payer")
    rows = open_findings().filter(severity=Severity.FAULT).order_by("pk").annotate(in_file=ArraySubquery(in_file))
    names = ("check_name", "payer_id", "payer__name", "batch_id", "cents", "first_day", "last_day", "in_file")
    return [Fault(*row) for row in rows.values_list(*names)]


def caveats(payer_id: int | None = None, since: date | None = None, until: date | None = None) -> list[Caveat]:
    """Open faults that touch a payer's numbers (or anybody's) between two days, the widest first. One query."""
    return caveats_among(faults(), payer_id, since, until)


def caveats_among(
    known: Iterable[Fault], payer_id: int | None = None, since: date | None = None, until: date | None = None
) -> list[Caveat]:
    """As `caveats`, of faults that were asked for before."""
    grouped: dict[tuple[int | None, str], list[Fault]] = {}
    for fault in known:
        if fault.touches(payer_id, since, until):
            grouped.setdefault((fault.payer_id, fault.check), []).append(fault)
    return sorted((_caveat(found) for found in grouped.values()), key=lambda c: (-c.files, -c.cents, c.words))


def _caveat(found: list[Fault]) -> Caveat:
    first = found[0]
    files = len({fault.batch_id for fault in found if fault.batch_id})
    return Caveat(
        check=first.check,
        payer_id=first.payer_id,
        files=files,
        cents=sum(fault.cents for fault in found),
        since=min((fault.first_day for fault in found if fault.first_day), default=None),
        until=max((fault.last_day for fault in found if fault.last_day), default=None),
        words=wording.caveat(first.check, first.payer or "", files),
    )


@dataclass(frozen=True)
class WeekScore:
    """The score of the files that became known in one week, and how many they are."""

    week: date
    score: float
    files: int
    rows: int


def weekly_scores(time_zone: str, weeks: int, payer_id: int | None = None) -> list[WeekScore]:
    """The last weeks that brought files, oldest first; of one payer's rows where one is named. One query."""
    grouped: dict[date, list[tuple[int, int]]] = {}
    for received, score, claims, answers in FileScore.objects.filter(payer=payer_id).values_list(
        "received_at", "score", "claims", "answers"
    ):
        week = clock.monday_of(received.astimezone(ZoneInfo(time_zone)).date())
        grouped.setdefault(week, []).append((score, claims + answers))
    return [
        WeekScore(week, mean_score(found) or 0.0, len(found), sum(rows for _, rows in found))
        for week, found in sorted(grouped.items())[-weeks:]
    ]


@dataclass(frozen=True)
class PayerScore:
    """One payer's mean over its files of the last 13 weeks of data."""

    payer_id: int
    payer: str
    score: float
    files: int
    rows: int
    open_findings: int


def payer_scores(weeks: int = 13) -> list[PayerScore]:
    """Every payer with files in the weeks before the newest one, the lowest score first. Three queries."""
    newest = FileScore.objects.aggregate(newest=Max("received_at"))["newest"]
    if newest is None:
        return []
    rows = FileScore.objects.filter(received_at__gt=newest - timedelta(weeks=weeks)).exclude(payer=None)
    opened = dict(open_findings().exclude(payer=None).order_by().values_list("payer_id").annotate(n=Count("pk")))
    grouped: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for payer, name, score, claims, answers in rows.values_list(
        "payer_id", "payer__name", "score", "claims", "answers"
    ):
        grouped.setdefault((payer, name), []).append((score, claims + answers))
    scores = [
        PayerScore(payer, name, mean_score(found) or 0.0, len(found), sum(n for _, n in found), opened.get(payer, 0))
        for (payer, name), found in grouped.items()
    ]
    return sorted(scores, key=lambda score: (score.score, score.payer))


def score_of(batch: Batch) -> FileScore | None:
    """The file's own score, None before it was looked at."""
    return FileScore.objects.filter(batch=batch, payer=None).first()


def findings_of_file(batch: Batch) -> QuerySet[Finding]:
    """Everything found in one file, what casts doubt first."""
    return gravest_first(findings().filter(batch=batch))
