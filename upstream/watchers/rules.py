"""What counts as a trouble, and what it means in words. Pure: counts and times in, judgements and words out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from upstream.watchers.choices import Kind, Limit, TroubleState

LOOK_EVERY = timedelta(minutes=5)
# What comes back within the hour is the same trouble, not another one.
FLAPS = timedelta(hours=1)
DEFAULTS: dict[str, tuple[int, str]] = {
    Limit.DETECTOR_HOURS: (26, "a look every day, and two hours for it to end"),
    Limit.STUCK_HOURS: (2, "ours: a file of a million claims takes minutes"),
    Limit.MAIL_MINUTES: (30, "ours: a mail server that rests is tried again for half an hour"),
    Limit.UNWATCHED_PERCENT: (2, "ours: what is less changes no rate that people act upon"),
    Limit.WATCH_MINUTES: (30, "ours: six looks, and the time that a long file may keep a worker from them"),
    Limit.QUIET_PERCENT: (1, "ours: one false word in a hundred silences of a sender's usual rhythm"),
}
RANGES = {
    Limit.DETECTOR_HOURS: (2, 240), Limit.STUCK_HOURS: (1, 72), Limit.MAIL_MINUTES: (5, 1440),
    Limit.UNWATCHED_PERCENT: (0, 50), Limit.QUIET_PERCENT: (1, 20), Limit.WATCH_MINUTES: (10, 10080),
}  # fmt: skip
MOVES = {
    TroubleState.OPEN: {TroubleState.ACKNOWLEDGED, TroubleState.OVER},
    TroubleState.ACKNOWLEDGED: {TroubleState.OPEN, TroubleState.OVER},
    TroubleState.OVER: frozenset[TroubleState](),
}


@dataclass(frozen=True)
class Seen:
    """One trouble as a look finds it: `subject` tells it from others of its kind, `facts` are counts, days, codes and
    names that the practice gave to its own things. `claims`: how many the numbers leave out because of it."""

    kind: Kind
    subject: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    claims: int = 0
    rows: int = 0
    stale: bool = False

    @property
    def affects_numbers(self) -> bool:
        return bool(self.claims or self.rows or self.stale)


@dataclass(frozen=True)
class Words:
    """What is said of a trouble: its title, what it means for the numbers, what to do, and the page for that."""

    title: str
    means: str
    todo: str
    page: str


TEMPLATES: dict[str, Words] = {
    Kind.DETECTOR: Words(
        "Nobody has looked for changes {since_words}",
        "Incidents, rates and deadlines are as old as the last look. That nothing is reported means nothing.",
        "It usually means that no worker runs. Whoever runs Upstream finds the section DetectionNotRun in the runbook.",
        "portal:data",
    ),
    Kind.SOURCE: Words(
        "{name} {what}",
        "Numbers stand still for what this sender usually brings{since_tail}.",
        "{todo}",
        "{page}",
    ),
    Kind.FILE: Words(
        "{title}",
        "Nothing of what stands in them is counted.",
        "{todo}",
        "portal:data",
    ),
    Kind.STUCK: Words(
        "{files} for more than {hours} hours",
        "Nothing of what stands in them is counted yet.",
        "{todo}",
        "portal:data",
    ),
    Kind.MAIL: Words(
        "Mail does not go out: {count} {messages}",
        "People are not told of incidents and reports by mail. What was to be said stands in the portal.",
        "Whoever runs Upstream looks at the mail server; messages that failed are sent again from the staff pages.",
        "portal:today",
    ),
    Kind.ADDRESS: Words(
        "{who} gets no mail any more: {because}",
        "This person does not learn of incidents, deadlines and reports by mail.",
        "Ask for an address that works, or say on the page People why mail will arrive now.",
        "portal:people",
    ),
    Kind.CHANNEL: Words(
        "The channel {name} {what}",
        "The system behind it does not learn of incidents. Nothing is lost: {waiting} wait, {parked} can be resent.",
        "Look at what was tried, mend it on the receiver's side, then switch the channel on or send again.",
        "portal:channels",
    ),
    Kind.MAPPING: Words(
        "{claims} claims under {payers} payer names that nobody has confirmed are not watched",
        "They are {percent} of all claims: rates and incidents leave them out.",
        "Say for each name which payer it is. The page shows what it resembles.",
        "portal:payers",
    ),
    Kind.CODES: Words(
        "{count} reason codes of payers have no meaning yet",
        "Denials with them are counted as unspecified, so their causes stay unnamed.",
        "Give each code its meaning; the list shows how often it was used.",
        "portal:codes",
    ),
    Kind.AUDIT: Words(
        "The access log does not fit together",
        "Entries of who looked at patients were changed or removed by somebody with access to the database.",
        "Treat it as a security incident: change nothing, keep copies, tell whoever runs Upstream (AuditChainBroken).",
        "portal:access_log",
    ),
    Kind.STORAGE: Words(
        "{what} cannot be read",
        "{means}",
        "Whoever runs Upstream looks at the disk, the bucket and the key ring before anything is restarted.",
        "portal:data",
    ),
    Kind.WATCH: Words(
        "Nobody watched from {began} to {ended}",
        "What failed in that time was noticed late. No message was lost; what waited was taken up again.",
        "Whoever runs Upstream finds out why workers or the clock stood still (WatcherDead in the runbook).",
        "portal:today",
    ),
}  # fmt: skip


def words_of(kind: str, facts: Mapping[str, Any]) -> Words:
    """The trouble in words; facts that a sentence does not name are left out."""
    told = TEMPLATES[kind]
    return Words(*(part.format_map(_Facts(facts)) for part in (told.title, told.means, told.todo, told.page)))


class _Facts(dict[str, Any]):
    """A fact that an older row did not keep reads as nothing."""

    def __missing__(self, key: str) -> str:
        return ""
