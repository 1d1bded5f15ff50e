"""What payers told becomes the register: one entry for each service of an authorization, as it stands now.

A word on the whole of a request, which names no service, is said of each of its services that has no word of its own.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Case, Q, When

from upstream.authorizations.clocks import Clocks, tell_due
from upstream.authorizations.models import Entry
from upstream.claims.choices import Approval
from upstream.claims.models import Authorization

ROWS_AT_ONCE = 5000
Key = tuple[str, bytes, str]
Name = tuple[str, bytes]
WAITS = Approval.WAITING
# What the newest word says, and what was known of the request from the first word on.
NEWEST = ("action", "reason_code", "diagnosis", "provider_npi", "procedure_code", "service_type", "urgency")
DATED = ("decided_at", "decided_date", "valid_from", "valid_until")
OF_THE_REQUEST = ("requested_units", "requested_at", "requested_date")
KNOWN_BY = ("number_bidx", "trace_bidx", "member_bidx")
SAVED = (
    *NEWEST, *DATED, *OF_THE_REQUEST, *KNOWN_BY, "approved_units", "told", "payer", "service", "known_at", "due_at",
    "answered_at", "due_source",
)  # fmt: skip


def write(batches: Sequence[int], clocks: Clocks, time_zone: str) -> list[int]:
    """What these files told stands in the register; ids of the entries that it touched. Doing it again changes nothing.

    In the open transaction, as the only one for the practice. Words on services come before those on the whole.
    """
    touched: list[int] = []
    last = Case(When(procedure_code="", then=1), default=0)
    told = Authorization.objects.filter(batch_id__in=batches).order_by("known_at", last, "pk")
    after: list[Authorization] = []
    for row in told.iterator(chunk_size=ROWS_AT_ONCE):
        after.append(row)
        if len(after) == ROWS_AT_ONCE:
            touched += _write(after, clocks, time_zone)
            after = []
    return touched + _write(after, clocks, time_zone)


def _write(told: list[Authorization], clocks: Clocks, time_zone: str) -> list[int]:
    known = _Known(told)
    found: dict[int, Entry] = {}
    for row in told:
        for entry in _spoken_of(known, row):
            known.add(entry)
            found[id(entry)] = entry
    entries = list(found.values())
    tell_due(entries, clocks, time_zone)
    made = [entry for entry in entries if entry.pk is None]
    Entry.objects.bulk_create(made, batch_size=ROWS_AT_ONCE)
    Entry.objects.bulk_update([e for e in entries if e not in made], SAVED, batch_size=1000)
    return [entry.pk for entry in entries]


def _spoken_of(known: "_Known", row: Authorization) -> list[Entry]:
    """The entries of which this word was said, as they stand with it; a new one where there is none yet."""
    services = known.without_own_word(row)
    if not row.procedure_code and services:
        _share(services, row)
        return services
    entry = known.same(row)
    if entry is None and row.action == WAITS:
        entry = known.of_the_whole(row)
    if entry is None:
        entry = Entry(event_bidx=row.event_bidx, first_known_at=row.known_at, known_at=row.known_at)
    say(entry, row, row.units)
    whole = next((one.told for one in services if _is_whole(one)), None)
    if whole is None or row.action != WAITS:
        return [entry]
    beside = [*(one for one in services if one is not entry), entry]
    _share(beside, whole)
    return beside


def _share(services: Sequence[Entry], whole: Authorization) -> None:
    """The word on the whole is said of each of these services; its units are those of a single one alone."""
    for entry in services:
        if len(services) > 1:
            entry.approved_units = None
        say(entry, whole, whole.units if len(services) == 1 else None)


def say(entry: Entry, told: Authorization, units: Decimal | None) -> None:
    """The entry says what this adds: the newer of two words stands, and what a word leaves out stays as it was."""
    newer = _is_newer(told, entry)
    for name in (*NEWEST, *DATED):
        value = getattr(told, name)
        if value and (newer or not getattr(entry, name)):
            setattr(entry, name, value)
    for name in (*OF_THE_REQUEST, *KNOWN_BY):
        if getattr(entry, name) is None:
            setattr(entry, name, getattr(told, name))
    if units is not None and (newer or entry.approved_units is None):
        entry.approved_units = units
    if entry.approved_units is None and entry.action == Approval.APPROVED:
        entry.approved_units = entry.requested_units
    if newer:
        entry.told, entry.payer_id, entry.known_at = told, told.payer_id, told.known_at
    entry.service = entry.procedure_code or entry.service_type


def _is_newer(told: Authorization, entry: Entry) -> bool:
    """Whether it was known later; but an answer is newer than a request made before it, whenever we learned of each."""
    later, waits, waited = told.known_at >= entry.known_at, told.action == WAITS, entry.action in ("", WAITS)
    if waits and not waited:
        return later and _is_made_after(told, entry.decided_date)
    if waited and not waits and entry.told_id:
        return later or not _is_made_after(entry.told, told.decided_date)
    return later


def _is_made_after(request: Authorization, decided: date | None) -> bool:
    return bool(request.requested_date and decided and request.requested_date > decided)


def _is_whole(entry: Entry) -> bool:
    """Whether the newest word on this service was one on the whole of its request."""
    return bool(entry.procedure_code) and not entry.told.procedure_code


def _names(row: Authorization | Entry) -> list[Name]:
    """By what it belongs together with others: the authorization's number, the request's trace."""
    named = (("number", row.number_bidx), ("trace", row.trace_bidx))
    return [(kind, bytes(value)) for kind, value in named if value]


def _keys(row: Authorization | Entry) -> list[Key]:
    """By what it is the same as another: number, else the request's trace, each with the service; else the event."""
    service = row.procedure_code or row.service_type
    keys = [(kind, value, service) for kind, value in _names(row)]
    return [*keys, ("event", bytes(row.event_bidx), "")]


class _Known:
    """The entries that these words may be about."""

    def __init__(self, told: Iterable[Authorization]) -> None:
        numbers = {row.number_bidx for row in told if row.number_bidx}
        traces = {row.trace_bidx for row in told if row.trace_bidx}
        events = {row.event_bidx for row in told}
        same = Q(number_bidx__in=numbers) | Q(trace_bidx__in=traces) | Q(event_bidx__in=events)
        self.by_key: dict[Key, Entry] = {}
        self.by_name: dict[Name, list[Entry]] = {}
        for entry in Entry.objects.filter(same).select_related("told").order_by("pk"):
            self.add(entry)

    def add(self, entry: Entry) -> None:
        self.by_key |= dict.fromkeys(_keys(entry), entry)
        for name in _names(entry):
            others = self.by_name.setdefault(name, [])
            if not any(one is entry for one in others):
                others.append(entry)

    def same(self, row: Authorization) -> Entry | None:
        """The entry of this service, or of this very event."""
        return next((self.by_key[key] for key in _keys(row) if key in self.by_key), None)

    def _together(self, row: Authorization) -> list[Entry]:
        found = {id(one): one for name in _names(row) for one in self.by_name.get(name, [])}
        return list(found.values())

    def without_own_word(self, row: Authorization) -> list[Entry]:
        """Services of the same request that wait, or of which only the whole was spoken."""
        return [
            one for one in self._together(row)
            if one.procedure_code and (one.action in ("", WAITS) or _is_whole(one))
        ]  # fmt: skip

    def of_the_whole(self, row: Authorization) -> Entry | None:
        """The decided entry of the same request that names no service."""
        return next((one for one in self._together(row) if not one.procedure_code), None)
