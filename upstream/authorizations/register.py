"""What payers told becomes the register: one entry for each service of an authorization, as it stands now."""

from collections.abc import Iterable, Sequence

from django.db.models import Q

from upstream.authorizations.clocks import Clocks, tell_due
from upstream.authorizations.models import Entry
from upstream.claims.choices import Approval
from upstream.claims.models import Authorization

ROWS_AT_ONCE = 5000
Key = tuple[str, bytes, str]
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

    In the open transaction, as the only one for the practice.
    """
    touched: list[int] = []
    told = Authorization.objects.filter(batch_id__in=batches).order_by("known_at", "pk")
    after: list[Authorization] = []
    for row in told.iterator(chunk_size=ROWS_AT_ONCE):
        after.append(row)
        if len(after) == ROWS_AT_ONCE:
            touched += _write(after, clocks, time_zone)
            after = []
    return touched + _write(after, clocks, time_zone)


def _write(told: list[Authorization], clocks: Clocks, time_zone: str) -> list[int]:
    known = _known(told)
    found: dict[int, Entry] = {}
    for row in told:
        entry = next((known[key] for key in _keys(row) if key in known), None)
        if entry is None:
            entry = Entry(event_bidx=row.event_bidx, first_known_at=row.known_at, known_at=row.known_at)
        say(entry, row)
        for key in _keys(entry):
            known[key] = entry
        found[id(entry)] = entry
    entries = list(found.values())
    tell_due(entries, clocks, time_zone)
    made = [entry for entry in entries if entry.pk is None]
    Entry.objects.bulk_create(made, batch_size=ROWS_AT_ONCE)
    Entry.objects.bulk_update([e for e in entries if e not in made], SAVED, batch_size=1000)
    return [entry.pk for entry in entries]


def say(entry: Entry, told: Authorization) -> None:
    """The entry says what this adds: the newer of two words stands, and what a word leaves out stays as it was."""
    newer = told.known_at >= entry.known_at
    for name in (*NEWEST, *DATED):
        value = getattr(told, name)
        if value and (newer or not getattr(entry, name)):
            setattr(entry, name, value)
    for name in (*OF_THE_REQUEST, *KNOWN_BY):
        if getattr(entry, name) is None:
            setattr(entry, name, getattr(told, name))
    if told.units is not None and (newer or entry.approved_units is None):
        entry.approved_units = told.units
    if entry.approved_units is None and entry.action == Approval.APPROVED:
        entry.approved_units = entry.requested_units
    if newer:
        entry.told, entry.payer_id, entry.known_at = told, told.payer_id, told.known_at
    entry.service = entry.procedure_code or entry.service_type


def _keys(row: Authorization | Entry) -> list[Key]:
    """By what it is the same as another: number, else the request's trace, each with the service; else the event."""
    service = row.procedure_code or row.service_type
    named = (("number", row.number_bidx), ("trace", row.trace_bidx))
    keys = [(kind, bytes(value), service) for kind, value in named if value]
    return [*keys, ("event", bytes(row.event_bidx), "")]


def _known(told: Iterable[Authorization]) -> dict[Key, Entry]:
    numbers = {row.number_bidx for row in told if row.number_bidx}
    traces = {row.trace_bidx for row in told if row.trace_bidx}
    events = {row.event_bidx for row in told}
    same = Q(number_bidx__in=numbers) | Q(trace_bidx__in=traces) | Q(event_bidx__in=events)
    entries = Entry.objects.filter(same).order_by("pk")
    return {key: entry for entry in entries for key in _keys(entry)}
