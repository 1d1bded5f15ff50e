"""When a receiver may be disturbed, by what the practice and the person have said."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from upstream.alerts.choices import Severity
from upstream.core import clock
from upstream.delivery import addresses
from upstream.delivery.choices import Kind
from upstream.delivery.models import Endpoint
from upstream.routing import queries
from upstream.routing.choices import Channel, NoticeState
from upstream.routing.hours import Quiet, free_at, next_time
from upstream.routing.models import Policy, Preference, Window
from upstream.tenants.models import Membership
from upstream.tenants.queries import bound_organization


@dataclass(frozen=True)
class Planned:
    """What becomes of a notice and when; `why` in words, "" where it simply goes out."""

    state: NoticeState
    due_at: datetime
    why: str = ""
    window: Window | None = None


@dataclass(frozen=True)
class Receiver:
    """A member over mail or the portal, or an endpoint."""

    channel: Channel
    member: Membership | None = None
    endpoint: Endpoint | None = None

    @property
    def is_read_by_people(self) -> bool:
        """Whether it disturbs anybody: a list in the portal and a machine's address do not."""
        return self.channel == Channel.MAIL or (self.endpoint is not None and self.endpoint.kind != Kind.WEBHOOK)


@dataclass(frozen=True)
class Times:
    """Everything that was said of time, as of now; and whom no mail reaches, read when that is asked first."""

    now: datetime
    zone: str
    policy: Policy
    preferences: Mapping[int, Preference]
    window: Window | None

    @cached_property
    def without_mail(self) -> Set[int]:
        """Members whose address mail came back from, or who called it unwanted."""
        return addresses.stopped().keys()

    def plan(self, to: Receiver, *, severity: str, at_once: bool, why: str = "") -> Planned:
        """Now, at the end of planned work, at the end of the quiet hours, or with the next digest."""
        if self.window is not None:
            state = NoticeState.DIGEST if to.is_read_by_people else NoticeState.HELD
            return Planned(state, self.window.ends_at, f"held during {self.window.name}", self.window)
        if not to.is_read_by_people:
            return Planned(NoticeState.QUEUED, self.now, why)
        critical = severity == Severity.CRITICAL
        if not at_once or (self._digest_only(to) and not critical):
            return Planned(NoticeState.DIGEST, self.digest_at(to), why or "asks for the daily digest alone")
        if critical and self.policy.critical_any_time:
            return Planned(NoticeState.QUEUED, self.now, why)
        free = free_at(self.now, *self.quiets(to))
        if free > self.now:
            return Planned(NoticeState.HELD, free, "quiet hours")
        return Planned(NoticeState.QUEUED, self.now, why)

    def quiets(self, to: Receiver) -> tuple[Quiet, ...]:
        """The practice's quiet hours and the person's own."""
        ours = self.policy.quiet_in(self.zone)
        own = self._preference(to)
        return (ours,) if own is None else (ours, own.quiet_in(own.zone or self.zone))

    def digest_at(self, to: Receiver) -> datetime:
        """When the receiver's next digest goes out."""
        own = self._preference(to)
        zone = own.zone if own is not None and own.zone else self.zone
        return free_at(next_time(self.now, self.policy.digest_at, zone), *self.quiets(to))

    def _preference(self, to: Receiver) -> Preference | None:
        return self.preferences.get(to.member.pk) if to.member is not None else None

    def _digest_only(self, to: Receiver) -> bool:
        own = self._preference(to)
        return own is not None and own.digest_only


def times() -> Times:
    """What was said of time, as of now. Four queries."""
    now, practice = clock.now(), bound_organization()
    return Times(now, practice.time_zone, queries.policy(), queries.preferences(), queries.window_at(now))
