"""What time a payer leaves: the practice's own word for it, else for every payer, else the rule for its type."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from upstream.authorizations.choices import SettingKind
from upstream.authorizations.models import DecisionClock, Entry, PayerSetting
from upstream.authorizations.rules import LEAD_DAYS, LEAD_SOURCE, UNDECIDED, due_at, urgency_of
from upstream.claims.choices import Urgency
from upstream.claims.models import Payer

OURS = "set by this practice"
UNKNOWN = "unknown: check contract"


@dataclass(frozen=True)
class Time:
    """A time in days or hours and who says so; `value` is None where nothing is known."""

    value: int | None
    source: str


class Clocks:
    """All times of the bound practice's payers, for any day; three queries when made."""

    def __init__(self) -> None:
        self.types = dict(Payer.objects.values_list("pk", "payer_type"))
        self.own = list(PayerSetting.objects.order_by("valid_from", "pk"))
        self.rules = list(DecisionClock.objects.order_by("valid_from"))

    def lead(self, payer: int, day: date) -> Time:
        """Days before its end at which more of an authorization is asked for."""
        return self._own(payer, SettingKind.LEAD, day) or Time(LEAD_DAYS, LEAD_SOURCE)

    def decision(self, payer: int, urgency: Urgency, day: date) -> Time:
        """Hours in which the payer has to decide a request made on the day."""
        said = self._own(payer, SettingKind(urgency.value), day)
        if said is not None:
            return said
        kind = self.types.get(payer, "")
        rows = [r for r in self.rules if r.payer_type == kind and r.urgency == urgency and r.valid_from <= day]
        return Time(rows[-1].hours, rows[-1].source) if rows else Time(None, UNKNOWN)

    def _own(self, payer: int, kind: SettingKind, day: date) -> Time | None:
        for whose in (payer, None):
            rows = [r for r in self.own if r.payer_id == whose and r.kind == kind and r.valid_from <= day]
            if rows and rows[-1].value is not None:
                return Time(rows[-1].value, rows[-1].source or OURS)
        return None


def tell_due(entries: Iterable[Entry], clocks: Clocks, time_zone: str) -> None:
    """Each entry says when its payer had to decide, by what rule, and when it did. The caller saves.

    A day without a time counts for the payer: a request of that day was made as it ended, an answer given as it began.
    """
    zone = ZoneInfo(time_zone)
    for entry in entries:
        asked = entry.requested_at or _end_of(entry.requested_date, zone)
        entry.answered_at = None
        if entry.approval not in UNDECIDED:
            entry.answered_at = entry.decided_at or _start_of(entry.decided_date, zone)
        if asked is None:
            entry.due_at, entry.due_source = None, ""
            continue
        limit = clocks.decision(entry.payer_id, urgency_of(entry.urgency), asked.astimezone(zone).date())
        entry.due_at = due_at(asked, limit.value) if limit.value is not None else None
        entry.due_source = limit.source


def _start_of(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if day else None


def _end_of(day: date | None, zone: ZoneInfo) -> datetime | None:
    return _start_of(day + timedelta(days=1), zone) if day else None
