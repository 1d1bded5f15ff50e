"""What besides claims a practice knows, loaded once, and what of it was known on any day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min

from upstream.claims.choices import MoveState, PayerType
from upstream.claims.models import CarcOverride, CarcRule, Payer, PayerMove, Remittance
from upstream.core.clock import monday_of
from upstream.detection.books import books
from upstream.detection.calendar.queries import Calendar, calendar
from upstream.detection.causes.context import Context, Doubt, Move, NewMeaning, Silence, worth_remembering
from upstream.detection.causes.files import DOUBLED
from upstream.detection.causes.sent import Books
from upstream.detection.models import DetectionRun
from upstream.ingestion.quality.choices import FindingState, Severity
from upstream.ingestion.quality.models import Finding
from upstream.ingestion.quality.rhythm import DAY, MOST_WEEKS, days_between, learned

MEDICAID = (PayerType.MEDICAID, PayerType.MEDICAID_PLAN)
BEGINNING = date(2000, 1, 1)
RECENT = timedelta(weeks=26)


@dataclass(frozen=True)
class FileFault:
    """A finding of a file, with when the file was known and when somebody said that it is none."""

    doubt: Doubt
    known: date
    dismissed: date | None


@dataclass(frozen=True)
class Knowledge:
    """`remitted`: by payer the days (dated, known) of its remittances. Moves are not dated: payers are named as now."""

    calendar: Calendar
    moves: tuple[Move, ...]
    meanings: tuple[NewMeaning, ...]
    remitted: Mapping[int, frozenset[tuple[date, date]]]
    faults: tuple[FileFault, ...]
    medicaid: frozenset[int]
    methods: Mapping[str, date]
    books: Books

    def at(self, day: date, method: str) -> Context:
        """What was known at the end of `day`."""
        first = min(self.methods.get(method, day), day)
        before = [since for name, since in self.methods.items() if name != method and since < first]
        return Context(
            events=worth_remembering(self.calendar.at(day), day),
            moves=self.moves,
            meanings=tuple(made for made in self.meanings if day - RECENT <= made.day <= day),
            silences=_silences(self.remitted, day),
            doubts=tuple(
                fault.doubt
                for fault in self.faults
                if day - RECENT <= fault.known <= day and (fault.dismissed is None or fault.dismissed > day)
            ),
            medicaid=self.medicaid,
            method_since=first if before else None,
        )


def knowledge(time_zone: str) -> Knowledge:
    """Of the bound practice, inside a transaction. Eight queries."""
    zone = ZoneInfo(time_zone)
    moves = PayerMove.objects.filter(state=MoveState.DONE, claims__gt=0).order_by("pk")
    return Knowledge(
        calendar(),
        tuple(Move((m.source_id, m.target_id), tuple(m.raws), m.at.astimezone(zone).date()) for m in moves),
        _meanings(zone),
        _remitted(zone),
        _faults(zone),
        frozenset(Payer.objects.filter(payer_type__in=MEDICAID).values_list("pk", flat=True)),
        dict(DetectionRun.objects.values_list("method").annotate(since=Min("as_of")).order_by("method")),
        books(time_zone),
    )


def _meanings(zone: ZoneInfo) -> tuple[NewMeaning, ...]:
    shipped = CarcRule.objects.filter(valid_from__gt=BEGINNING).order_by("valid_from", "carc")
    own = CarcOverride.objects.order_by("made_at", "carc").values_list("carc", "valid_from", "made_at")
    return (
        *(NewMeaning(carc, day, own=False) for carc, day in shipped.values_list("carc", "valid_from")),
        *(NewMeaning(carc, max(day, at.astimezone(zone).date()), own=True) for carc, day, at in own),
    )


def _remitted(zone: ZoneInfo) -> dict[int, frozenset[tuple[date, date]]]:
    rows = Remittance.objects.filter(superseded=False).values_list("payer_id", "payment_date", "known_at").distinct()
    found: dict[int, set[tuple[date, date]]] = {}
    for payer, dated, known_at in rows.iterator():
        known = known_at.astimezone(zone).date()
        found.setdefault(payer, set()).add((dated or known, known))
    return {payer: frozenset(days) for payer, days in found.items()}


def _faults(zone: ZoneInfo) -> tuple[FileFault, ...]:
    """Faults that a verdict asks for: another one would only make a new look of the same."""
    rows = Finding.objects.exclude(batch=None).filter(severity=Severity.FAULT, check_name=DOUBLED)
    found = []
    for row in rows.exclude(state=FindingState.CLEARED).select_related("batch").order_by("pk"):
        known = (row.batch.known_at or row.batch.received_at).astimezone(zone).date()
        closed = row.changed_at.astimezone(zone).date() if row.state == FindingState.DISMISSED else None
        found.append(FileFault(Doubt(row.check_name, row.batch_id, row.payer_id, row.count), known, closed))
    return tuple(found)


def _silences(remitted: Mapping[int, frozenset[tuple[date, date]]], day: date) -> dict[int, Silence]:
    """Of the payers that have been silent since before the newest remittance of any of them."""
    days = {}
    for payer, pairs in sorted(remitted.items()):
        if found := {dated for dated, known in pairs if known <= day and dated <= day}:
            days[payer] = found
    newest = max((max(found) for found in days.values()), default=day)
    silences = {}
    for payer, found in days.items():
        last = max(found)
        recent = {one for one in found if one > last - timedelta(weeks=MOST_WEEKS + 1)}
        rhythm = learned(recent, monday_of(last) + timedelta(days=7))
        if last < newest and rhythm is not None:
            silent = days_between(last + DAY, newest)
            silences[payer] = Silence(last, len(silent), round(rhythm.expected(silent), 1), rhythm.surprise(silent))
    return silences
